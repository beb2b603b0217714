"""How often each report is read: a number a day, and nothing about who read it.

A reader's browser says that a page was open for some seconds; the process counts in memory and adds its numbers to
the table every few seconds. No address, cookie or session has a part in it: what limits a flood is how fast any
count may grow.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from multiprocessing.util import Finalize

from django.db import Error as DatabaseError
from django.db import connection, connections, models, transaction
from django.utils import timezone

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_WRITES = 10
# At most so many reports are counted between two writes: addresses of made-up reports cannot fill the memory.
MAX_REPORTS = 1000
# How fast the counts of one process may grow: all together, and that of one report, in a second; and at a stroke.
PER_SECOND, AT_A_STROKE = 100, 1000
REPORT_PER_SECOND, REPORT_AT_A_STROKE = 5, 100


class DailyReads(models.Model):
    """How many times a report was opened on a day of the Dushanbe calendar."""

    report = models.ForeignKey("news.Report", models.CASCADE, related_name="daily_reads", db_index=False)
    day = models.DateField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "day"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.report_id}, {self.day}: {self.count}"


class Bucket:
    """Lets through a stroke of ``size``, then ``per_second``. Not safe by itself among threads."""

    def __init__(self, per_second: float, size: float, now: float) -> None:
        self.per_second, self.size = per_second, size
        self.left, self.at = size, now

    def take(self, now: float) -> bool:
        self.left = min(self.size, self.left + max(0.0, now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class ReadCounter:
    """The counts of this process that are not in the table yet. ``clock`` gives seconds that only rise."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, date], int] = {}
        self._buckets: dict[int, Bucket] = {}
        self._all = Bucket(PER_SECOND, AT_A_STROKE, clock())
        self._timer: threading.Timer | None = None

    def count(self, report_id: int) -> bool:
        """Count one reading of today; False if it came too fast, or too many reports are waiting. Asks no database."""
        key = (report_id, timezone.localdate())
        with self._lock:
            if key not in self._waiting and len(self._waiting) >= MAX_REPORTS:
                return False
            if not self._may_grow(report_id):
                return False
            self._waiting[key] = self._waiting.get(key, 0) + 1
            if self._timer is None:
                self._write_later()
        return True

    def _may_grow(self, report_id: int) -> bool:
        now = self._clock()
        if report_id not in self._buckets and len(self._buckets) >= 2 * MAX_REPORTS:
            fresh = now - REPORT_AT_A_STROKE / REPORT_PER_SECOND  # The others are full again, as a new one is.
            self._buckets = {key: own for key, own in self._buckets.items() if own.at > fresh}
            if len(self._buckets) >= 2 * MAX_REPORTS:
                return False
        own = self._buckets.setdefault(report_id, Bucket(REPORT_PER_SECOND, REPORT_AT_A_STROKE, now))
        return own.take(now) and self._all.take(now)

    def _write_later(self) -> None:
        self._timer = threading.Timer(SECONDS_BETWEEN_WRITES, self._write_from_the_timer)
        self._timer.daemon = True
        self._timer.start()

    def _write_from_the_timer(self) -> None:
        try:
            self.write()
        finally:
            connections.close_all()

    def write(self) -> None:
        """Add what was counted to the table. If the database cannot take it now, it is tried again later."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            if self._timer:
                self._timer.cancel()
                self._timer = None
        try:
            add_reads(waiting)
        except DatabaseError as error:
            logger.warning("Readings could not be written: %s", type(error).__name__)
            self._put_back(waiting)

    def _put_back(self, waiting: dict[tuple[int, date], int]) -> None:
        with self._lock:
            for key, number in waiting.items():
                if key in self._waiting or len(self._waiting) < MAX_REPORTS:
                    self._waiting[key] = self._waiting.get(key, 0) + number
            if self._waiting and self._timer is None:
                self._write_later()


def add_reads(numbers: dict[tuple[int, date], int]) -> None:
    """Add ``numbers`` to the days' counts of the reports that readers may see; the rest is forgotten."""
    from .models import Report  # They know this module's model.

    asked = {report for report, _day in numbers}
    public = set(Report.objects.published().filter(pk__in=asked).values_list("pk", flat=True))
    # In one order, so that two processes wait for each other instead of holding each other up.
    rows = [(report, day, number) for (report, day), number in sorted(numbers.items()) if report in public]
    if not rows:
        return
    places = ", ".join(["(%s, %s, %s)"] * len(rows))
    # One statement that adds: Django's own would put the new number in the place of the old one.
    statement = (  # Built of places for the values alone.
        "INSERT INTO news_dailyreads (report_id, day, count) VALUES "  # noqa: S608  # nosec B608 # places for values alone
        f"{places} ON CONFLICT (report_id, day) DO UPDATE SET count = news_dailyreads.count + excluded.count"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])


COUNTER = ReadCounter()
_at_exit: list[Finalize] = []


def count_read(report_id: int) -> None:
    """Count one reading in this process; what is not written yet is written when the process ends."""
    if not _at_exit:  # Here and not above: a process that was forked later has a counter, and an end, of its own.
        _at_exit.append(Finalize(None, COUNTER.write, exitpriority=10))
    COUNTER.count(report_id)
