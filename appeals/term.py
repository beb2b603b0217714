"""Deadlines. Terms count calendar days from registration (Law No. 1339 of 23.07.2016, Article 18)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Dushanbe")


def local_day(moment: datetime) -> date:
    """The Dushanbe calendar day of an aware ``moment``."""
    return moment.astimezone(ZONE).date()


def after_pause(due: date, paused_at: datetime, resumed_at: datetime) -> date:
    """The last day to answer after the clock stood still: later by the calendar days of the pause."""
    return due + (local_day(resumed_at) - local_day(paused_at))


def due_on(registered_at: datetime, days: int) -> date:
    """The last day to answer: ``days`` calendar days after the day of registration."""
    return local_day(registered_at) + timedelta(days=days)
