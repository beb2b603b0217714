"""How many appeals came, how they ended and how soon, in a period; by kind, region, topic, ground and so on.

Each figure counts what happened in the period: an appeal that came in March and was answered in April is received
in March and answered in April. So the months of a year add up to the year. An erased appeal still counts.
Forwarding never counts as solved, and neither does an answer after which the case was opened again.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import add
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Func, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, TruncDate, TruncMonth
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
    _by_dimension(period, figures, by)
    for moment, names in TIMES.items():
        _by_month(period, {name: figures[name] for name in names}, moment, by["month"])
    for name, steps in _steps(period).items():
        _add_steps(by, name, steps)
    total = Figures()
    for row in by["kind"].values():
        total.counts.update(row.counts)
        total.days.update(row.days)
    return Statistics(period, today, total, {name: dict(rows) for name, rows in by.items()})


def by_month(period: Period, now: datetime | None = None) -> dict[date, Figures]:
    """Received and answered alone, for each month of the period in which something happened."""
    figures, rows = _figures(period, term.local_day(now or timezone.now())), defaultdict(Figures)
    for moment, name in (("received_at", "received"), ("ended_at", "answered")):
        _by_month(period, {name: figures[name]}, moment, rows)
    return dict(rows)


def _by_dimension(period: Period, figures: dict[str, Q], by: dict[str, dict[Any, Figures]]) -> None:
    """One pass over the appeals of the period: each comes as a few words and two numbers, which are counted here.

    A question to the database for each dimension would read the whole table as many times.
    """
    bits = (Case(When(condition, then=1 << place), default=0) for place, condition in enumerate(figures.values()))
    appeals = _touched(period).annotate(mask=reduce(add, bits), days=_days(figures["ended"]))
    rows = _values(appeals, "", "mask", "days")
    *columns, masks, days = zip(*rows, strict=True) if rows else [()] * 8
    happened = {mask: [name for place, name in enumerate(figures) if mask >> place & 1] for mask in set(masks)}
    for dimension, column in zip(DIMENSIONS, columns, strict=True):
        for (value, mask), number in Counter(zip(column, masks, strict=True)).items():
            for key in _keys(dimension, value):
                by[dimension][key].counts.update(dict.fromkeys(happened[mask], number))
        for (value, spent), number in Counter(zip(column, days, strict=True)).items():
            for key in _keys(dimension, value) if spent is not None else ():
                by[dimension][key].days[spent] += number


def _by_month(period: Period, figures: dict[str, Q], moment: str, rows: dict[date, Figures]) -> None:
    counts = {name: Count("pk", filter=condition) for name, condition in figures.items()}
    spent = _days(figures["ended"]) if "ended" in figures else Value(None, output_field=IntegerField())
    month = TruncMonth(moment, **({} if moment == "due_on" else {"tzinfo": term.ZONE}))
    found = _touched(period, moment).order_by().annotate(month=month, days=spent).values("month", "days")
    for row in found.annotate(**counts):
        figure, days = rows[_day(row.pop("month"))], row.pop("days")
        figure.counts.update(row)
        if days is not None:
            figure.days[days] += row["ended"]


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


def _touched(period: Period, *moments: str) -> QuerySet[Appeal]:
    """The appeals to which something happened in the period."""
    found = Q()
    for moment in moments or TIMES:
        if moment == "due_on":
            found |= Q(due_on__range=(period.first, period.last), ended_at=None)
        else:
            found |= Q(**{f"{moment}__gte": period.begins, f"{moment}__lt": period.ends})
    return Appeal.objects.filter(found)


def _steps(period: Period) -> dict[str, QuerySet[Any]]:
    """What may happen to one appeal more than once, and is counted each time.

    Who says that an answer did not help has the case opened again: the appeal's row then knows nothing of it.
    """
    within = Q(at__gte=period.begins, at__lt=period.ends)
    opened = JournalEntry.objects.filter(within, action=JournalEntry.Action.REOPENED)
    return {
        "forwarded": Forwarding.objects.filter(within),
        "reopened": opened,
        "not_helped": opened.filter(actor=None),
    }


def _add_steps(by: dict[str, dict[Any, Figures]], name: str, steps: QuerySet[Any]) -> None:
    steps = steps.annotate(month=TruncMonth("at", tzinfo=term.ZONE))
    for *values, month in _values(steps, "appeal__", "month"):
        by["month"][_day(month)].counts[name] += 1
        for dimension, value in zip(DIMENSIONS, values, strict=True):
            for key in _keys(dimension, value):
                by[dimension][key].counts[name] += 1


def _values(rows: QuerySet[Any], appeal: str, *more: str) -> list[tuple[Any, ...]]:
    """The values of each dimension, in their order, and ``more``; grounds as text, which is read once for many."""
    columns = [f"{appeal}{name}" if name != "ground" else "words" for name in DIMENSIONS]
    return list(rows.annotate(words=Cast(f"{appeal}grounds", TextField())).order_by().values_list(*columns, *more))


def _keys(dimension: str, value: Any) -> Iterable[Any]:
    """The rows in which something with ``value`` counts; "" is the row of what rests on no ground."""
    return (json.loads(value) or [""]) if dimension == "ground" else [value]


def _local(moment: str) -> TruncDate:
    return TruncDate(moment, tzinfo=term.ZONE)


class DaysBetween(Func):
    """The whole days from the second date to the first."""

    arity, output_field, template, arg_joiner = 2, IntegerField(), "(%(expressions)s)", " - "

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(julianday(%(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **context)


def _days(ended: Q) -> Case:
    """From the registration to the end, of what has ``ended``."""
    return Case(When(ended, then=DaysBetween(_local("ended_at"), _local("registered_at"))), default=None)


def _day(month: date | datetime) -> date:
    return month.date() if isinstance(month, datetime) else month
