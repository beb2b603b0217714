"""The cache in files that all processes of the machine share."""

import logging
import os
from contextlib import suppress
from itertools import count
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache

logger = logging.getLogger(__name__)


class FileCache(FileBasedCache):
    """A folder that is full or cannot be written is an empty cache that keeps nothing, never an error of a page.

    Django's, which lists the whole folder before each entry that it writes; this one before some of them.

    A third of the time in which an appeal was taken went into these lists. The folder holds a few more than
    ``MAX_ENTRIES`` at times: ``EVERY`` for each process at most. And Django's removes entries by chance: of thousands
    who write at the same time some would find their CAPTCHA gone before it was fetched. Here the oldest go.
    """

    EVERY = 50
    _written = count()  # by this process, in whichever of these caches; the first entry of a process counts

    def _createdir(self) -> None:
        """Also done when a thread makes its cache, which must not fail: that nothing can be written, ``set`` says."""
        with suppress(OSError):
            super()._createdir()

    def _cull(self) -> None:
        if next(FileCache._written) % self.EVERY:
            return
        files = self._list_cache_files()
        if len(files) >= self._max_entries:
            for _at, name in sorted((_written_at(name), name) for name in files)[: len(files) // self._cull_frequency]:
                self._delete(name)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except OSError as error:
            self._cannot(error)
            return default

    def set(self, key: str, value: Any, *arguments: Any, **named: Any) -> None:
        try:
            super().set(key, value, *arguments, **named)
        except OSError as error:
            self._cannot(error)

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except OSError as error:
            self._cannot(error)
            return False

    def has_key(self, key: str, version: int | None = None) -> bool:
        try:
            return super().has_key(key, version)
        except OSError as error:
            self._cannot(error)
            return False

    def _cannot(self, error: OSError) -> None:
        logger.warning("The cache cannot be used: %s", type(error).__name__)


def _written_at(name: str) -> float:
    try:
        return os.stat(name).st_mtime
    except FileNotFoundError:  # Another process was quicker.
        return 0.0
