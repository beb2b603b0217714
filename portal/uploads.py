"""How files that are sent are taken in."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler

PRIVATE = "/appeals/"


class PrivateUploadHandler(MemoryFileUploadHandler):
    """Keep what is sent with an appeal in memory, whatever its size: a temporary file would hold it in clear.

    The body's limit bounds the memory.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = PRIVATE in self.request.path_info
