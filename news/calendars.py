"""The Dushanbe calendar: days, months and years of the archive, and which of them have events.

A list or a calendar costs one query, however long the archive is. Links to a neighbour lead to the nearest one
that has events, so that nobody (and no search engine) walks through years without any.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
from django.db.models.functions import Trunc
from django.forms import DateField
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import capfirst

from .models import Report

ZONE = ZoneInfo(settings.TIME_ZONE)
# Django has no Tajik ones. Never the whole names: Monday is «Душанбе», which reads as the capital.
TAJIK_WEEKDAYS = ("Дш", "Сш", "Чш", "Пш", "Ҷм", "Шн", "Яш")
YEARS = range(1900, 2200)


@dataclass(frozen=True)
class Period:
    """A year, a month or a day as Dushanbe counts them."""

    year: int
    month: int | None
    day: int | None
    start: datetime
    end: datetime

    @property
    def title(self) -> str:
        if self.month is None:
            return str(self.year)
        return capfirst(formats.date_format(self.start, "DATE_FORMAT" if self.day else "YEAR_MONTH_FORMAT"))


def period(year: int, month: int | None = None, day: int | None = None) -> Period:
    """The year, month or day of these numbers. Raises ``ValueError`` if there is none such."""
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
        last = date(year, month or 12, calendar.monthrange(year, month or 12)[1]) if day is None else first
        start, end = _midnight(first), _midnight(last + timedelta(days=1))
        start.astimezone(UTC), end.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"no such date: {year}-{month}-{day}") from error
    return Period(year, month, day, start, end)


def parse_day(text: str) -> date | None:
    """The day that a reader typed or chose, as the page's language or a browser writes it; None if there is none."""
    try:
        day = DateField().clean(text)
    except ValidationError:
        return None
    return day if day.year in YEARS else None


def today() -> date:
    return timezone.localdate(timezone=ZONE)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


@dataclass(frozen=True)
class Marks:
    """How many public events each day or month of a period has, and the nearest ones with any on either side."""

    numbers: dict[date, int]
    previous: date | None
    next: date | None


def marks(of: Period, language: str, unit: str) -> Marks:
    """Read in one query. ``unit`` is "day" or "month"; a month stands for itself by its first day."""
    public = Report.objects.published().in_language(language).order_by()
    before = public.filter(event__starts_at__lt=of.start).newest_first().values("pk")[:1]
    after = public.filter(event__starts_at__gte=of.end).order_by("event__starts_at").values("pk")[:1]
    inside, *outside = (
        reports.annotate(unit=Trunc("event__starts_at", unit, output_field=models.DateField(), tzinfo=ZONE))
        .values_list("unit")
        .annotate(number=Count("pk"))
        for reports in (
            public.filter(event__starts_at__gte=of.start, event__starts_at__lt=of.end),
            public.filter(pk__in=before),
            public.filter(pk__in=after),
        )
    )
    numbers, start, end = {}, of.start.date(), of.end.date()
    for day, number in inside.union(*outside, all=True):
        numbers[day] = number
    return Marks(
        {day: number for day, number in sorted(numbers.items()) if start <= day < end},
        next((day for day in numbers if day < start), None),
        next((day for day in numbers if day >= end), None),
    )


@dataclass(frozen=True)
class Link:
    """A link to a period of the archive."""

    title: str
    url: str


def month_link(day: date | None, year: int) -> Link | None:
    """A link to the month of ``day``; the year is named only if it is another one."""
    if day is None:
        return None
    title = capfirst(formats.date_format(day, "F" if day.year == year else "YEAR_MONTH_FORMAT"))
    return Link(title, reverse("news:month", args=[day.year, day.month]))


def year_link(day: date | None) -> Link | None:
    return day and Link(str(day.year), reverse("news:year", args=[day.year]))


@dataclass(frozen=True)
class Day:
    """A day of the table; the days of other months are empty places."""

    number: int
    events: int
    url: str
    today: bool


@dataclass(frozen=True)
class MonthCalendar:
    """A month as a table: weeks from Monday, a link on each day with events."""

    title: str
    weekdays: list[str]
    weeks: list[list[Day | None]]
    previous: Link | None
    next: Link | None


def month_calendar(year: int, month: int, language: str) -> MonthCalendar:
    of = period(year, month)
    found = marks(of, language, "day")
    now = today()

    def day(each: date) -> Day | None:
        if each.month != month:
            return None
        number = found.numbers.get(each, 0)
        url = reverse("news:day", args=[year, month, each.day]) if number else ""
        return Day(each.day, number, url, each == now)

    weeks = calendar.Calendar(calendar.MONDAY).monthdatescalendar(year, month)
    return MonthCalendar(
        title=of.title,
        weekdays=weekdays(language),
        weeks=[[day(each) for each in week] for week in weeks],
        previous=month_link(found.previous, year),
        next=month_link(found.next, year),
    )


def weekdays(language: str) -> list[str]:
    """The heads of the table, Monday first."""
    return list(TAJIK_WEEKDAYS) if language == "tg" else [str(WEEKDAYS_ABBR[number]) for number in range(7)]


@dataclass(frozen=True)
class YearMonths:
    """The months of a year that have events."""

    months: list[tuple[Link, int]]
    previous: Link | None
    next: Link | None


def year_months(year: int, language: str) -> YearMonths:
    found = marks(period(year), language, "month")
    months = [(month_link(day, year), number) for day, number in found.numbers.items()]
    return YearMonths(months, year_link(found.previous), year_link(found.next))
