"""Deadlines. Terms count calendar days from registration (Law No. 1339 of 23.07.2016, Article 18).

What the law says of a last day that is a day off was not to be had; the office sets whether a term then ends on the
next working day (``TERM_ENDS_ON_WORKING_DAY``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Dushanbe")
WEEKEND = frozenset({5, 6})  # Saturday and Sunday.


def local_day(moment: datetime) -> date:
    """The Dushanbe calendar day of an aware ``moment``."""
    return moment.astimezone(ZONE).date()


def days_between(paused_at: datetime, resumed_at: datetime) -> int:
    """The calendar days for which a clock stood still."""
    return (local_day(resumed_at) - local_day(paused_at)).days


def due_on(moment: datetime, days: int) -> date:
    """The last of ``days`` calendar days after the day of ``moment``, whatever day it is."""
    return local_day(moment) + timedelta(days=days)


def hand_over_by(confirmed_at: datetime, hours: int) -> datetime:
    """Until when confirmed information about a crime goes to the body that is competent for it."""
    return confirmed_at + timedelta(hours=hours)


@dataclass(frozen=True)
class Calendar:
    """Which days are off: weekends and ``holidays``, but for the weekend days that are ``working`` ones."""

    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    weekend: frozenset[int] = WEEKEND

    def is_off(self, day: date) -> bool:
        return day not in self.working and (day in self.holidays or day.weekday() in self.weekend)

    def last_day(self, counted: date) -> date:
        """The last day of a term that was counted until ``counted``: if that is off, the next working day."""
        while self.is_off(counted):
            counted += timedelta(days=1)
        return counted

    def longer(self, due: date, counted: date) -> date:
        """The last day of a term that was due on ``due`` and is now counted until ``counted``: never earlier."""
        return self.last_day(max(due, counted))


@dataclass(frozen=True)
class Ending:
    """The end of a term: the day to which it was counted, and its last day."""

    counted: date
    due: date


@dataclass(frozen=True)
class Forecast:
    """What can be said when an appeal is received: the latest days of its registration and of its answer."""

    received_on: date
    registered: Ending
    answered: Ending


def forecast(received_at: datetime, register_days: int, term_days: int, calendar: Calendar) -> Forecast:
    received_on = local_day(received_at)
    registered = ending(received_on, register_days, calendar)
    return Forecast(received_on, registered, ending(registered.due, term_days, calendar))


def ending(start: date, days: int, calendar: Calendar) -> Ending:
    counted = start + timedelta(days=days)
    return Ending(counted, calendar.last_day(counted))


def latest_start(today: date, days: int, calendar: Calendar) -> date:
    """The latest day from which a term of ``days`` is over ``today``."""
    start = today - timedelta(days=days + 1)
    while ending(start, days, calendar).due >= today:
        start -= timedelta(days=1)
    return start


@dataclass(frozen=True)
class Sum:
    """How the last day to answer comes about: the term from its first day, the days of waiting, the extensions.

    All add up to ``counted``; only then a day off is passed over, so that however often that happens nothing drifts.
    """

    start: date
    term: int
    paused: int
    extended: int

    @property
    def counted(self) -> date:
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
