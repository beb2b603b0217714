"""A file by which nginx on the same machine learns that public pages have just changed (``deploy/nginx``).

It keeps a page for the rest of a second, and counts in whole seconds: by that alone readers might wait for a change for
longer than one. While this file is there it asks the portal each time. Each process that sees a change puts it there,
or makes it newer; the last one takes it away. It is only about speed: nginx on another machine never sees it.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

# Until the slowest process has looked, its grace (see ``page_cache``) is over, and what nginx kept before is too old.
SECONDS = 1.5


class ProxyFlag:
    """The file as one process sees it."""

    def __init__(self, path: Path | None) -> None:
        """``path``: None if there is no proxy."""
        self.path = path
        self._since: float | None = float("-inf")  # One that a killed process left is looked for once.

    def put_up(self) -> None:
        if self.path:
            with contextlib.suppress(OSError):  # A full disk: readers see the change a second later.
                self.path.touch()
                self._since = time.monotonic()

    def take_down(self) -> None:
        """If its time is over, and no other process has made it newer."""
        if self._since is None or not self.path or time.monotonic() < self._since + SECONDS:
            return
        try:
            age = time.time() - self.path.stat().st_mtime
            if abs(age) < SECONDS:  # A clock that was put back must not keep it for hours.
                return
            self.path.unlink()
        except OSError:
            pass  # Another process was quicker.
        self._since = None
