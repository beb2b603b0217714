"""The published figures in words: what is hidden is said so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import charts, suppression
from .statistics_public import Published
from .statistics_words import TITLES, month_name, months_chart, ordered, row_name, row_names
from .suppression import Cell, Hidden

WHOLE = {
    "received": gettext_lazy("Received"),
    "registered": gettext_lazy("Registered"),
    "answered": gettext_lazy("Answered"),
    "in_time_share": gettext_lazy("In time, %"),
    "overdue": gettext_lazy("Overdue, still open"),
    "half": gettext_lazy("Half ended within, days"),
    "nine_of_ten": gettext_lazy("Nine of ten ended within, days"),
    "helped_share": gettext_lazy("The answer helped, %"),
    "not_examined": gettext_lazy("Not examined"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "forwarded": gettext_lazy("Forwarded"),
    "reopened": gettext_lazy("Opened again"),
}
HEAD = (gettext_lazy("Received"), gettext_lazy("Answered"), gettext_lazy("Not examined"))


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    head: list[str]
    rows: list[tuple[str, list[object]]]
    chart: charts.Bars | charts.Lines | None
    total: list[object] = field(default_factory=list)
    note: str = ""


def said(cell: Cell | None) -> object:
    """The number, or words in its place."""
    if cell is Hidden.FEW:
        return _("fewer than %(least)s") % {"least": suppression.LEAST}
    return _("withheld") if cell is Hidden.WITHHELD else cell


def whole(found: Published) -> list[tuple[str, object]]:
    return [(str(title), said(found.whole[name])) for name, title in WHOLE.items()]


def tables(found: Published) -> list[Table]:
    names = row_names()
    return [_trend(found), *(_table(found, name, names) for name in found.by)]


def _trend(found: Published) -> Table:
    def shown(place: int) -> list[int | None]:
        return [cells[place] if not isinstance(cells[place], Hidden) else None for cells in found.trend.values()]

    rows = [(month_name(month), [said(cell) for cell in cells]) for month, cells in found.trend.items()]
    chart = months_chart(list(found.trend), shown(0), shown(1))
    return Table("month", str(TITLES["month"]), [str(name) for name in HEAD[:2]], rows, chart)


def _table(found: Published, name: str, names: dict[str, dict[Any, str]]) -> Table:
    cells = [(row_name(name, key, names), found.by[name][key]) for key in ordered(name, found.by[name], names)]
    bars = [(label, 0 if isinstance(row[0], Hidden) else row[0], str(said(row[0]))) for label, row in cells]
    title = str(TITLES[name])
    adds_up = name != "ground"
    return Table(
        name,
        title,
        [str(column) for column in HEAD],
        [(label, [said(cell) for cell in row]) for label, row in cells],
        charts.bars(_("Received, %(by)s") % {"by": title[:1].lower() + title[1:]}, bars) if bars else None,
        [said(cell) for cell in found.total] if adds_up else [],
        "" if adds_up else _("One appeal may rest on several grounds."),
    )


def month_choices(months: list[date]) -> list[tuple[str, str]]:
    return [(month.isoformat(), month_name(month)) for month in months]


def spread(found: Published) -> list[list[object]]:
    """All of it in one table, for CSV."""
    head = [month_name(found.month), "", *(str(name) for name in HEAD)]
    figures = [[_("Whole month"), name, value] for name, value in whole(found)]
    rows = [[table.title, label, *cells] for table in tables(found) for label, cells in table.rows]
    return [head, *figures, *rows]
