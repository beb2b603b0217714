"""How many appeals came, how they ended and how soon, in a period; by kind, region, topic, ground and so on.

Each figure counts what happened in the period: an appeal that came in March and was answered in April is received
in March and answered in April. So the months of a year add up to the year. An erased appeal still counts.
Forwarding never counts as solved, and neither does an answer after which the case was opened again.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, partial, reduce
from itertools import repeat
from operator import add
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, DateField, F, Func, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from . import divisions, term
from .choices import Kind
from .models import Appeal, Forwarding, JournalEntry
from .periods import Period

Status = Appeal.Status
# What an appeal is counted by; its months are counted each by the time of what happened.
DIMENSIONS = ("kind", "region", "topic", "ground", "channel", "language")
# Whatever happened, there is a row for each of these.
ALWAYS: dict[str, Iterable[str]] = {
    "kind": Kind.values,
    "region": [region.code for region in divisions.regions()],
    "channel": Appeal.Channel.values,
    "language": dict(settings.LANGUAGES),
}
# Which of an appeal's times puts what happened into a month.
TIMES = {
    "received_at": ("received",),
    "registered_at": ("registered",),
    "due_on": ("overdue",),
    "ended_at": ("ended", "answered", "in_time", "not_examined", "withdrawn", "helped", "not_helped"),
}


@dataclass
class Figures:
    """The counts of one row, and how many appeals ended after how many calendar days from their registration."""

    counts: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)

    def __getitem__(self, name: str) -> int:
        return self.counts[name]

    @property
    def in_time_share(self) -> int | None:
        """The answers that came on or before their day, in per cent."""
        return percent(self["in_time"], self["answered"])

    @property
    def helped_share(self) -> int | None:
        """Of those who said whether the answer helped, how many said yes, in per cent."""
        return percent(self["helped"], self["helped"] + self["not_helped"])

    def within(self, share: int) -> int | None:
        """In how many days at most ``share`` per cent of what ended had ended (nearest rank); None: nothing did."""
        left = math.ceil(self.days.total() * share / 100)
        for days in sorted(self.days):
            left -= self.days[days]
            if left <= 0:
                return days
        return None


@dataclass(frozen=True)
class Statistics:
    """The figures of a period: all of them, and by each dimension and ``month`` for each value that occurs."""

    period: Period
    today: date
    total: Figures
    by: dict[str, dict[Any, Figures]]


def percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def count(period: Period, now: datetime | None = None) -> Statistics:
    """Count in a number of questions that does not depend on how many appeals there are."""
    today = term.local_day(now or timezone.now())
    figures = _figures(period, today)
    by: dict[str, dict[Any, Figures]] = {
        name: defaultdict(Figures, {key: Figures() for key in ALWAYS.get(name, ())}) for name in (*DIMENSIONS, "month")
    }
    _count_appeals(period, figures, by)
    _count_steps(period, by)
    total = Figures()
    for row in by["kind"].values():
        total.counts.update(row.counts)
        total.days.update(row.days)
    return Statistics(period, today, total, {name: dict(rows) for name, rows in by.items()})


def _count_appeals(period: Period, figures: dict[str, Q], by: dict[str, dict[Any, Figures]]) -> None:
    """One pass over the appeals of the period: each comes as a few words and numbers, which are counted here.

    A question to the database for each dimension would read the whole table as many times.
    """
    bits = (Case(When(condition, then=1 << place), default=0) for place, condition in enumerate(figures.values()))
    days = {moment: DaysBetween(_local(moment), Value(period.first, DateField())) for moment in TIMES}
    appeals = _touched(period).annotate(
        mask=reduce(add, bits),
        spent=Case(When(figures["ended"], then=DaysBetween(_local("ended_at"), _local("registered_at"))), default=None),
        **{f"{moment}_day": day for moment, day in days.items()},
    )
    rows = _values(appeals, "", "mask", "spent", *(f"{moment}_day" for moment in TIMES))
    columns = list(zip(*rows, strict=True)) if rows else [()] * (len(DIMENSIONS) + 2 + len(TIMES))
    masks, spent = columns[len(DIMENSIONS) : len(DIMENSIONS) + 2]
    happened = {mask: [name for place, name in enumerate(figures) if mask >> place & 1] for mask in set(masks)}
    for dimension, column in zip(DIMENSIONS, columns, strict=False):
        _add(by[dimension], partial(_keys, dimension), column, masks, spent, happened)
    months = _months(period)
    for names, column in zip(TIMES.values(), columns[-len(TIMES) :], strict=True):
        of_moment = {mask: [name for name in found if name in names] for mask, found in happened.items()}
        until_end = spent if "ended" in names else repeat(None, len(rows))
        _add(by["month"], lambda month: (month,), map(months.get, column), masks, until_end, of_moment)


def _add(
    rows: dict[Any, Figures],
    keys: Callable[[Any], Iterable[Any]],
    column: Iterable[Any],
    masks: Iterable[int],
    spent: Iterable[int | None],
    happened: dict[int, list[str]],
) -> None:
    """Count each value of ``column`` in the rows of its ``keys``: what its mask says, and the days until the end."""
    for (value, mask, days), number in Counter(zip(column, masks, spent, strict=True)).items():
        for key in keys(value) if happened[mask] else ():
            counts = rows[key].counts
            for name in happened[mask]:
                counts[name] += number
            if days is not None:
                rows[key].days[days] += number


def _figures(period: Period, today: date) -> dict[str, Q]:
    """What makes an appeal count for each figure."""

    def within(moment: str) -> Q:
        return Q(**{f"{moment}__gte": period.begins, f"{moment}__lt": period.ends})

    answered = within("ended_at") & Q(status=Status.ANSWERED)
    # While the clock stands still, nothing is late.
    late = Q(due_on__range=(period.first, period.last), due_on__lt=today, ended_at=None, paused_at=None)
    return {
        "received": within("received_at"),
        "registered": within("registered_at"),
        "ended": within("ended_at") & Q(registered_at__isnull=False),
        "answered": answered,
        "in_time": answered & Q(due_on__gte=_local("ended_at")),
        "overdue": late,
        "not_examined": within("ended_at") & Q(status=Status.NOT_EXAMINED),
        "withdrawn": within("ended_at") & Q(status=Status.WITHDRAWN),
        "helped": answered & Q(satisfied=True),
        "not_helped": answered & Q(satisfied=False),
    }


def _touched(period: Period) -> QuerySet[Appeal]:
    """The appeals to which something happened in the period."""
    found = Q(due_on__range=(period.first, period.last), ended_at=None)
    for moment in TIMES:
        if moment != "due_on":
            found |= Q(**{f"{moment}__gte": period.begins, f"{moment}__lt": period.ends})
    return Appeal.objects.filter(found)


def _count_steps(period: Period, by: dict[str, dict[Any, Figures]]) -> None:
    """What may happen to one appeal more than once, and is counted each time.

    Who says that an answer did not help has the case opened again: the appeal's row then knows nothing of it.
    """
    within = Q(at__gte=period.begins, at__lt=period.ends)
    forwarded = Forwarding.objects.filter(within).annotate(mask=Value(1))
    opened = JournalEntry.objects.filter(within, action=JournalEntry.Action.REOPENED)
    opened = opened.annotate(mask=Case(When(actor=None, then=2), default=1))
    _add_steps(period, by, forwarded, {1: ["forwarded"]})
    _add_steps(period, by, opened, {1: ["reopened"], 2: ["reopened", "not_helped"]})


def _add_steps(
    period: Period, by: dict[str, dict[Any, Figures]], steps: QuerySet[Any], happened: dict[int, list[str]]
) -> None:
    day = DaysBetween(_local("at"), Value(period.first, DateField()))
    rows = _values(steps.annotate(day=day), "appeal__", "mask", "day")
    *columns, masks, days = zip(*rows, strict=True) if rows else [()] * (len(DIMENSIONS) + 2)
    for dimension, column in zip(DIMENSIONS, columns, strict=True):
        _add(by[dimension], partial(_keys, dimension), column, masks, repeat(None, len(rows)), happened)
    months = map(_months(period).get, days)
    _add(by["month"], lambda month: (month,), months, masks, repeat(None, len(rows)), happened)


def _values(rows: QuerySet[Any], appeal: str, *more: str) -> list[tuple[Any, ...]]:
    """The values of each dimension, in their order, and ``more``, as the database gives them.

    Words and whole numbers alone: Django's converters would take longer for them than the database itself.
    """
    columns = [f"{appeal}{name}" if name != "ground" else "words" for name in DIMENSIONS]
    rows = rows.annotate(words=Cast(f"{appeal}grounds", TextField())).order_by().values_list(*columns, *more)
    with connection.cursor() as cursor:
        cursor.execute(*rows.query.sql_with_params())
        return cursor.fetchall()


@lru_cache(maxsize=2000)
def _keys(dimension: str, value: Any) -> tuple[Any, ...]:
    """The rows in which something with ``value`` counts; "" is the row of what rests on no ground."""
    return tuple(json.loads(value)) or ("",) if dimension == "ground" else (value,)


def _months(period: Period) -> dict[int, date]:
    """The month of each day of the period; a day is told by how many days it comes after the first."""
    days = range((period.last - period.first).days + 1)
    by_first = {month: month for month in period.months}  # One object for each month is counted faster.
    return {day: by_first[(period.first + timedelta(day)).replace(day=1)] for day in days}


def _local(moment: str) -> Any:
    return F(moment) if moment == "due_on" else TruncDate(moment, tzinfo=term.ZONE)


class DaysBetween(Func):
    """The whole days from the second date to the first."""

    arity, output_field, template, arg_joiner = 2, IntegerField(), "(%(expressions)s)", " - "

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(julianday(%(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **context)
