"""The figures in words: the heads of the tables, the names of their rows, and the tables and charts themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.alphabet import by_name

from . import charts
from .article21 import Ground
from .choices import Kind
from .grounds import ground_text
from .models import Appeal, Topic
from .periods import Period
from .statistics import Figures, Statistics

TITLES = {
    "month": gettext_lazy("By month"),
    "kind": gettext_lazy("By kind"),
    "region": gettext_lazy("By region"),
    "topic": gettext_lazy("By topic"),
    "ground": gettext_lazy("By ground of Article 21"),
    "channel": gettext_lazy("By the way it came"),
    "language": gettext_lazy("By language"),
}
Column = tuple[Any, Callable[[Figures], int | None]]
COLUMNS: tuple[Column, ...] = (
    (gettext_lazy("Received"), lambda row: row["received"]),
    (gettext_lazy("Registered"), lambda row: row["registered"]),
    (gettext_lazy("Answered"), lambda row: row["answered"]),
    (gettext_lazy("Answered in time"), lambda row: row["in_time"]),
    (gettext_lazy("In time, %"), lambda row: row.in_time_share),
    (gettext_lazy("Overdue, still open"), lambda row: row["overdue"]),
    (gettext_lazy("Half ended within, days"), lambda row: row.within(50)),
    (gettext_lazy("Nine of ten ended within, days"), lambda row: row.within(90)),
    (gettext_lazy("The answer helped, %"), lambda row: row.helped_share),
    (gettext_lazy("Not examined"), lambda row: row["not_examined"]),
    (gettext_lazy("Withdrawn"), lambda row: row["withdrawn"]),
    (gettext_lazy("Forwarded"), lambda row: row["forwarded"]),
    (gettext_lazy("Opened again"), lambda row: row["reopened"]),
)


@dataclass(frozen=True)
class Table:
    """Rows with their names; ``chart`` shows the received of each."""

    name: str
    title: str
    head: list[str]
    rows: list[tuple[str, list[int | None]]]
    chart: charts.Bars | charts.Lines | None


def whole(statistics: Statistics) -> list[tuple[str, int | None]]:
    """Each figure of the whole period, with its name."""
    return [(str(title), value(statistics.total)) for title, value in COLUMNS]


def tables(statistics: Statistics) -> list[Table]:
    names = row_names()
    return [_table(name, statistics, names) for name in TITLES]


def _table(name: str, statistics: Statistics, names: dict[str, dict[Any, str]]) -> Table:
    found = statistics.by[name]
    begun = [month for month in statistics.period.months if month <= statistics.today]
    keys = begun if name == "month" else ordered(name, found, names)
    rows = [(row_name(name, key, names), found.get(key, Figures())) for key in keys]
    title = str(TITLES[name])
    if not any(figures["received"] + figures["answered"] for _label, figures in rows):
        chart: charts.Bars | charts.Lines | None = None
    elif name == "month":
        chart = months_chart(keys, [figures["received"] for _label, figures in rows],
                             [figures["answered"] for _label, figures in rows])  # fmt: skip
    else:
        said = [(label, figures["received"], str(figures["received"])) for label, figures in rows]
        chart = charts.bars(_("Received, %(by)s") % {"by": title[:1].lower() + title[1:]}, said)
    head = [str(column) for column, _value in COLUMNS]
    cells = [(label, [value(figures) for _column, value in COLUMNS]) for label, figures in rows]
    return Table(name, title, head, cells, chart)


def months_chart(
    months: Sequence[date], received: Sequence[int | None], answered: Sequence[int | None]
) -> charts.Lines | None:
    """None for a single month: it makes no line."""
    if len(months) < 2:
        return None
    series = ((_("Received"), received), (_("Answered"), answered))
    return charts.lines(_("Received and answered, by month"), [f"{month:%m.%Y}" for month in months], series)


def row_names() -> dict[str, dict[Any, str]]:
    """The names of the values that the code does not know by itself: one question for the topics."""
    return {
        "kind": {value: str(label) for value, label in Kind.choices},
        "topic": {topic.pk: topic.name for topic in by_name(Topic.objects.all())} | {None: _("no topic yet")},
        "ground": {ground.value: ground_text(ground).partition(":")[0] for ground in Ground} | {"": _("no ground")},
        "channel": {value: capfirst(str(label)) for value, label in Appeal.Channel.choices},
        "language": dict(settings.LANGUAGES),
    }


def row_name(dimension: str, value: Any, names: dict[str, dict[Any, str]]) -> str:
    if dimension == "month":
        return month_name(value)
    if dimension == "region":
        return Appeal(region=value).region_name
    return names[dimension].get(value, str(value))


def ordered(dimension: str, found: Iterable[Any], names: dict[str, dict[Any, str]]) -> list[Any]:
    """The values that have a row, in the order of the words for them; regions as they come, the known ones first."""
    order = list(names.get(dimension, ()))
    return sorted(found, key=lambda key: order.index(key) if key in order else len(order))


def month_name(month: date) -> str:
    return capfirst(date_format(month, "YEAR_MONTH_FORMAT"))


def period_name(period: Period) -> str:
    return f"{date_format(period.first, 'SHORT_DATE_FORMAT')} – {date_format(period.last, 'SHORT_DATE_FORMAT')}"


def spread(statistics: Statistics) -> list[list[object]]:
    """All tables in one, for CSV: what a row is counted by, its name, the figures."""
    found = tables(statistics)
    head = [period_name(statistics.period), "", *found[0].head]
    total = [_("Whole period"), "", *(value for _title, value in whole(statistics))]
    return [head, total, *([table.title, label, *cells] for table in found for label, cells in table.rows)]


def sheets(statistics: Statistics) -> list[tuple[str, list[list[object]]]]:
    """A sheet for the whole period and one for each table."""
    period = period_name(statistics.period)
    total = [[period, ""], *([title, value] for title, value in whole(statistics))]
    return [
        (_("Whole period"), total),
        *((table.title, [[period, *table.head], *([label, *cells] for label, cells in table.rows)])
          for table in tables(statistics)),
    ]  # fmt: skip
