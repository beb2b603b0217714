"""Media in an S3-compatible store, for a portal on several machines: loaded only if MEDIA_S3_BUCKET is set.

The store stays private. Readers get files from the portal's own addresses, as with a folder: it asks each time whether
the event is public, and what is withdrawn is gone; an address in the store would be known to nobody's permission.
"""

from __future__ import annotations

import io
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

# What is asked for at a time while a file is read here and there; a film's is let through as it comes.
BUFFER = 64 * 1024


class MediaStore(S3Storage):
    """A private bucket whose files are addressed and opened as those of a folder are."""

    def __init__(self, **options: Any) -> None:
        patience = Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 3}, signature_version="s3v4")
        super().__init__(client_config=patience, file_overwrite=False, **options)

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return settings.MEDIA_URL + filepath_to_uri(name)

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            return super()._open(name, mode)
        size = self.size(name)
        client, key = self.connection.meta.client, self._normalize_name(name)
        file = File(io.BufferedReader(StoredFile(client, self.bucket_name, key, size), BUFFER), name)
        file.size = size
        return file


class StoredFile(io.RawIOBase):
    """A file of the store, fetched from where it is read on; nothing of it lies on this machine's disk."""

    def __init__(self, client: Any, bucket: str, key: str, size: int) -> None:
        self.client, self.bucket, self.key, self.size = client, bucket, key, size
        self.place = 0
        self.body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        if place != self.place:
            self._let_go()
            self.place = max(0, place)
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, buffer: Any) -> int:
        if self.place >= self.size:
            return 0
        if self.body is None:
            self.body = self._fetch()
        read = self.body.read(len(buffer))
        buffer[: len(read)] = read
        self.place += len(read)
        return len(read)

    def close(self) -> None:
        self._let_go()
        super().close()

    def _fetch(self) -> Any:
        try:
            return self.client.get_object(Bucket=self.bucket, Key=self.key, Range=f"bytes={self.place}-")["Body"]
        except ClientError as error:  # Erased since it was opened.
            raise FileNotFoundError(self.key) from error

    def _let_go(self) -> None:
        if self.body is not None:
            self.body.close()
            self.body = None
