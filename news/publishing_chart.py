"""How many reports were published on each day of two months, drawn by the server: no script, no style in the page."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import formats
from django.utils.text import capfirst

from portal import scales

# The drawing in its own units; the page stretches it.
WIDTH, HEIGHT = 340, 150
LEFT, BOTTOM, TOP = 24, 20, 8

Counts = Mapping[tuple[date, str], int]


@dataclass(frozen=True)
class Bar:
    """The part of a day's column that one language has; its height and place in units."""

    language: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Day:
    """A day with its numbers by language, in the order of the site's languages, and its column."""

    date: date
    numbers: list[int]
    bars: list[Bar]
    # A number under the axis, on the first day and each seventh after it.
    mark: str
    middle: float

    @property
    def total(self) -> int:
        return sum(self.numbers)


@dataclass(frozen=True)
class Chart:
    """A month: its days, and the lines of the scale (their places and numbers)."""

    title: str
    days: list[Day]
    lines: list[tuple[float, int]]
    totals: list[int]

    width, height, left, floor = WIDTH, HEIGHT, LEFT, HEIGHT - BOTTOM

    @property
    def total(self) -> int:
        return sum(self.totals)

    @property
    def busy_days(self) -> list[Day]:
        return [day for day in self.days if day.total]


def month_chart(year: int, month: int, counts: Counts, top: int) -> Chart:
    """The chart of a month. ``top`` is the highest number that two charts side by side must hold."""
    length = calendar.monthrange(year, month)[1]
    step = scales.step(top)
    ceiling = max(step, -(-top // step) * step)
    unit = (HEIGHT - BOTTOM - TOP) / ceiling
    days = [_day(date(year, month, number), length, counts, unit) for number in range(1, length + 1)]
    return Chart(
        title=capfirst(formats.date_format(date(year, month, 1), "YEAR_MONTH_FORMAT")),
        days=days,
        lines=[(round(HEIGHT - BOTTOM - number * unit, 2), number) for number in range(0, ceiling + 1, step)],
        totals=[sum(numbers) for numbers in zip(*(day.numbers for day in days), strict=True)],
    )


def _day(day: date, length: int, counts: Counts, unit: float) -> Day:
    slot = (WIDTH - LEFT) / length
    x, floor = LEFT + (day.day - 1) * slot, HEIGHT - BOTTOM
    numbers = [counts.get((day, code), 0) for code, _name in settings.LANGUAGES]
    bars, y = [], float(floor)
    for (code, _name), number in zip(settings.LANGUAGES, numbers, strict=True):
        if number:
            y -= number * unit
            bars.append(
                Bar(code, round(x + slot * 0.15, 2), round(y, 2), round(slot * 0.7, 2), round(number * unit, 2))
            )
    return Day(day, numbers, bars, str(day.day) if day.day % 7 == 1 else "", round(x + slot / 2, 2))
