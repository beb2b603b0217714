"""Whether what readers see has changed: asked of the database again and again, by a thread and never by a reader."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime

from django.db import connection
from django.utils import timezone

from . import public_changes
from .proxy_flag import ProxyFlag

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.25
# After so long without an answer it is not known any more whether a page is still right.
SECONDS_OF_TRUST = 2.0


class Watch:
    """``generation`` rises with each change: what was made before it is not what readers should see."""

    def __init__(self, flag: ProxyFlag | None = None) -> None:
        self.flag = flag or ProxyFlag(None)
        self.generation, self.running = 0, False
        self.changed_at = self.trusted_until = float("-inf")  # by the clock that only rises
        self._number: int | None = None
        self._moment: datetime | None = None

    def start(self) -> None:
        if not self.running:
            self.running = True
            threading.Thread(target=self._run, name="page-cache-watch", daemon=True).start()

    def look(self) -> None:
        """Ask the database for the number; for the moments at which time alone changes something, after a change."""
        now, number = timezone.now(), public_changes.number()
        if self.generation == 0 or number != self._number or (self._moment and self._moment <= now):
            self._number, self._moment = number, now  # A fault below has it done again.
            self.generation += 1
            self.changed_at = time.monotonic()
            if self.generation > 1:  # What is seen first is no change.
                self.flag.put_up()
            self._moment = min((moment(now) for moment in public_changes.MOMENTS), default=None)
        self.trusted_until = time.monotonic() + SECONDS_OF_TRUST
        self.flag.take_down()

    def _run(self) -> None:
        while self.running:
            try:
                self.look()
            except Exception as error:  # The thread must not end.
                if time.monotonic() < self.trusted_until:
                    logger.warning("The page cache cannot see what changes: %s", type(error).__name__)
                connection.close()
            time.sleep(SECONDS_BETWEEN_LOOKS)
