"""How files that are sent are taken in."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

PRIVATE = "/appeals/"
_FILENAME = re.compile(rb"\r\ncontent-disposition:[^\r\n]*?filename=([^\r\n]*)", re.IGNORECASE)
HEAD = 1024  # as much as a part's headers take, as Django reads them


class PrivateUploadHandler(MemoryFileUploadHandler):
    """Keep what is sent with an appeal in memory, whatever its size: a temporary file would hold it in clear.

    The body's limit bounds the memory.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: bytes, *args: Any) -> None:
        self.activated = PRIVATE in self.request.path_info
        if self.activated:
            self.request._stream = NameWatch(self.request, boundary)


class NameWatch:
    """The request's stream, watched while it is read: Django drops a file without a word if its name is no UTF-8."""

    def __init__(self, request: HttpRequest, boundary: bytes) -> None:
        self.request, self.stream, self.boundary, self.tail = request, request._stream, b"--" + boundary, b""

    def read(self, *args: Any, **kwargs: Any) -> bytes:
        data = self.stream.read(*args, **kwargs)
        seen = self.tail + data
        # A part's headers are judged once all of them have come; what is cut off is looked at with the next piece.
        end = len(seen) - HEAD if data else len(seen)
        place = seen.find(self.boundary, 0)
        while 0 <= place < end:
            self._judge(seen[place : place + HEAD])
            place = seen.find(self.boundary, place + 1)
        self.tail = seen[max(end, 0) :]
        return data

    def _judge(self, head: bytes) -> None:
        named = _FILENAME.search(head.partition(b"\r\n\r\n")[0])
        try:
            named and named[1].decode()
        except UnicodeDecodeError:
            self.request.names_were_lost = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def names_were_lost(request: HttpRequest) -> bool:
    """A file came whose name could not be read, and which is therefore not among the request's files."""
    return getattr(request, "names_were_lost", False)
