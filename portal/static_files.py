"""Static files as they are collected: a style sheet that imports others of its folder becomes one file with them, and
of our sheets and scripts the comments, and in sheets the spaces between rules, are left out.

So the sheets can be small and about one thing each while a reader's first view asks for one. Without collecting (the
development server) the browser follows the imports itself; the order of the rules is the same.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'@import url\("([a-z-]+\.css)"\);\n?')
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_BETWEEN = re.compile(r";?\s*([{}])\s*|(;)\s+")
_COMMENT_LINES = re.compile(r"^\s*//.*\n", re.MULTILINE)


def collected(name: str, read: Callable[[str], str]) -> str:
    """The sheet or script ``name`` as it is served; ``read`` gives the text of a file of its folder."""
    text = read(name)
    if name.endswith(".js"):
        return _COMMENT_LINES.sub("", text)
    joined = _IMPORT.sub(lambda found: collected(found[1], read), text)
    return _BETWEEN.sub(r"\1\2", _COMMENT.sub("", joined))


class _Joined:
    """A storage of sources that opens our sheets and scripts as they are served."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> File:
        folder, _, name = path.rpartition("/")
        if folder not in {"css", "js"}:  # Those of the libraries stay as they are.
            return self.storage.open(path)
        return ContentFile(collected(name, lambda sibling: self._read(f"{folder}/{sibling}")).encode(), name=path)

    def _read(self, path: str) -> str:
        with self.storage.open(path) as file:
            return str(file.read().decode())


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, compressed twins, and joined style sheets."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known_urls: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Asked for twenty times on each page; the table of names does not change while the portal runs."""
        if settings.DEBUG or force:
            return super().url(name, force)
        if name not in self.known_urls:
            self.known_urls[name] = super().url(name)
        return self.known_urls[name]

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        joined = {name: (_Joined(storage), path) for name, (storage, path) in paths.items()}
        return super().post_process(joined, *args, **options)
