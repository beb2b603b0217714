"""Spans of whole days for which figures are given, in the calendar of Dushanbe."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .term import ZONE


@dataclass(frozen=True)
class Period:
    """From ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time.min, ZONE)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, ZONE)

    @property
    def months(self) -> Iterator[date]:
        """The first day of each month that it touches."""
        month = self.first.replace(day=1)
        while month <= self.last:
            yield month
            month = after(month)


def after(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def months(first: date, number: int) -> Period:
    """``number`` calendar months, the first of which holds the day ``first``."""
    index = first.year * 12 + first.month - 1 + number - 1
    last = date(index // 12, index % 12 + 1, 1)
    return Period(first.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1]))


def month(day: date) -> Period:
    return months(day, 1)


def quarter(day: date) -> Period:
    return months(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3)


def year(day: date) -> Period:
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def day_before(period: Period) -> date:
    return period.first - timedelta(days=1)
