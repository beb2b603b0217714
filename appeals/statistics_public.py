"""What everybody may see of the figures: one month that is over, without small numbers.

Only months are published, never a quarter or a year beside them: a month that is hidden could be computed from both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Min
from django.utils import timezone

from . import periods, statistics, suppression, term
from .models import Appeal
from .statistics import DIMENSIONS, Figures
from .suppression import Cell, Hidden

MOST_MONTHS = 24
TREND_MONTHS = 12
CACHE_SECONDS = 1800
# What stands in the tables; no one of them is a part of another.
SHOWN = ("received", "answered", "not_examined")
WHOLE = ("received", "registered", "answered", "overdue", "not_examined", "withdrawn", "forwarded", "reopened")


@dataclass(frozen=True)
class Published:
    """The figures of a month with what is hidden in them; ``by`` has the cells of ``SHOWN`` for each value."""

    month: date
    whole: dict[str, Cell | None]
    total: list[Cell]
    by: dict[str, dict[Any, list[Cell]]]
    trend: dict[date, list[Cell]]


def months() -> list[date]:
    """The months that are published, the latest first."""
    first = cache.get_or_set("appeal-statistics-first", _first, CACHE_SECONDS)
    found: list[date] = []
    month = _before(term.local_day(timezone.now()).replace(day=1))
    while first and month >= first and len(found) < MOST_MONTHS:
        found.append(month)
        month = _before(month)
    return found


def published(month: date) -> Published:
    """The figures of a month that is over; they may be some minutes old."""
    return cache.get_or_set(f"appeal-statistics-{month}", lambda: _publish(month), CACHE_SECONDS)


def is_public() -> bool:
    return settings.APPEAL_STATISTICS_PUBLIC


def _publish(month: date) -> Published:
    found = statistics.count(periods.month(month))
    trend = [last for last in months() if last <= month][:TREND_MONTHS]
    by_month = statistics.count(periods.Period(trend[-1], periods.month(month).last)).by["month"] if trend else {}
    return Published(
        month,
        _whole(found.total),
        [suppression.alone(found.total[name]) for name in SHOWN],
        {dimension: _rows(dimension, found.by[dimension]) for dimension in DIMENSIONS},
        {
            day: [suppression.alone(by_month.get(day, Figures())[name]) for name in ("received", "answered")]
            for day in reversed(trend)
        },
    )


def _whole(total: Figures) -> dict[str, Cell | None]:
    cells: dict[str, Cell | None] = {name: suppression.alone(total[name]) for name in WHOLE}
    judged = total["helped"] + total["not_helped"]
    few = 0 < total.days.total() < suppression.LEAST
    return cells | {
        "in_time_share": _share(total["in_time"], total["answered"], total.in_time_share),
        "helped_share": _share(total["helped"], judged, total.helped_share),
        "half": Hidden.FEW if few else total.within(50),
        "nine_of_ten": Hidden.FEW if few else total.within(90),
    }


def _share(part: int, whole: int, share: int | None) -> Cell | None:
    """A share tells a count to who knows the whole: it is shown where both parts could be."""
    return Hidden.WITHHELD if isinstance(suppression.part(part, whole), Hidden) else share


def _rows(dimension: str, found: dict[Any, Figures]) -> dict[Any, list[Cell]]:
    """Grounds do not add up to a sum, for one appeal may rest on several; what rests on none is no row."""
    keys = [key for key in found if dimension != "ground" or key]
    hide = suppression.column if dimension != "ground" else lambda counts: [suppression.alone(n) for n in counts]
    columns = [hide([found[key][name] for key in keys]) for name in SHOWN]
    return {key: list(cells) for key, *cells in zip(keys, *columns, strict=True)}


def _first() -> date | None:
    first = Appeal.objects.aggregate(first=Min("received_at"))["first"]
    return first and term.local_day(first).replace(day=1)


def _before(month: date) -> date:
    return periods.day_before(periods.month(month)).replace(day=1)
