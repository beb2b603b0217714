"""Deadlines. Terms count calendar days from registration (Law No. 1339 of 23.07.2016, Article 18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Dushanbe")


def local_day(moment: datetime) -> date:
    """The Dushanbe calendar day of an aware ``moment``."""
    return moment.astimezone(ZONE).date()


def after_pause(due: date, paused_at: datetime, resumed_at: datetime) -> date:
    """The last day to answer after the clock stood still: later by the calendar days of the pause."""
    return due + timedelta(days=days_between(paused_at, resumed_at))


def days_between(paused_at: datetime, resumed_at: datetime) -> int:
    return (local_day(resumed_at) - local_day(paused_at)).days


def due_on(registered_at: datetime, days: int) -> date:
    """The last day to answer: ``days`` calendar days after the day of registration."""
    return local_day(registered_at) + timedelta(days=days)


@dataclass(frozen=True)
class Forecast:
    """What can be said when an appeal is received: the latest days of its registration and of its answer."""

    received_on: date
    registered_by: date
    due_by: date


def forecast(received_at: datetime, register_days: int, term_days: int) -> Forecast:
    registered_by = due_on(received_at, register_days)
    return Forecast(local_day(received_at), registered_by, registered_by + timedelta(days=term_days))


@dataclass(frozen=True)
class Sum:
    """How the last day to answer comes about: the term from its first day, the days of waiting, the extensions."""

    start: date
    term: int
    paused: int
    extended: int

    @property
    def due(self) -> date:
        return self.start + timedelta(days=self.term + self.paused + self.extended)


def sum_up(steps: Iterable[tuple[str, date, int]]) -> Sum | None:
    """The sum of ``("start" | "paused" | "extended", day, days)`` in their order; a new start begins it anew."""
    total: Sum | None = None
    for kind, day, days in steps:
        if kind == "start":
            total = Sum(day, days, 0, 0)
        elif total and kind == "paused":
            total = Sum(total.start, total.term, total.paused + days, total.extended)
        elif total:
            total = Sum(total.start, total.term, total.paused, total.extended + days)
    return total
