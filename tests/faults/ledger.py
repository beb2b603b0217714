"""What became of every request while something was broken, and the table that is made of it."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

# Where a run of all faults wants the rows, a JSON object in each line (see tests/faults/__main__.py).
ROWS = "PORTAL_FAULT_ROWS"
HEADS = ("fault", "requests", "5xx", "broken", "acknowledged", "lost", "recovery, s", "what people meet")


@dataclass(frozen=True)
class Row:
    """``requests`` of the time from the fault to the recovery; ``recovery`` seconds after its cause had gone."""

    fault: str
    requests: int
    failed: int
    broken: int
    acknowledged: int
    lost: int
    recovery: float
    met: str

    def keep(self) -> None:
        if path := os.environ.get(ROWS):
            with Path(path).open("a") as file:
                file.write(json.dumps(asdict(self)) + "\n")

    def cells(self) -> list[str]:
        figures = [self.requests, self.failed, self.broken, self.acknowledged, self.lost]
        return [self.fault, *map(str, figures), f"{self.recovery:.1f}", self.met]


def table(rows: list[Row]) -> str:
    """As Markdown."""
    lines = [HEADS, ["---"] * len(HEADS), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


@dataclass(frozen=True)
class Event:
    """A request; ``status`` 0: the connection broke, or no answer came in time."""

    began: float
    ended: float
    status: int


class Ledger:
    """Every request that anybody made, by the clock that only rises."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._waiting: dict[int, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def request(self) -> Iterator[list[int]]:
        """Around a request; its status is to be put into the list."""
        status, began = [0], time.monotonic()
        with self._lock:
            self._waiting[id(status)] = began
        try:
            yield status
        finally:
            with self._lock:
                del self._waiting[id(status)]
                self.events.append(Event(began, time.monotonic(), status[-1]))

    def waiting(self, seconds: float) -> int:
        """How many requests have had no answer for so long."""
        with self._lock:
            return sum(time.monotonic() - began >= seconds for began in self._waiting.values())

    def between(self, began: float, ended: float = float("inf")) -> list[Event]:
        """Those that were under way at some moment of this time."""
        with self._lock:
            return [event for event in self.events if event.ended >= began and event.began <= ended]


def failed(events: list[Event]) -> int:
    return sum(event.status >= 500 for event in events)


def broken(events: list[Event]) -> int:
    return sum(event.status == 0 for event in events)
