"""The register of appeals as a table for a spreadsheet: numbers, days and states, nothing personal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import term
from ..models import Appeal

BOM = "\ufeff"  # Without it spreadsheets take Ғ Ӣ Қ for another encoding.
# A cell that begins so would be run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def response(appeals: Iterable[Appeal]) -> HttpResponse:
    """The table as a file to keep."""
    table = io.StringIO(BOM, newline="")
    table.seek(0, io.SEEK_END)
    write = csv.writer(table).writerow
    write(_columns())
    for appeal in appeals:
        write([safe(str(cell)) for cell in _cells(appeal)])
    name = f"register-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(table.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _columns() -> list[str]:
    return [
        _("Number"), _("Received"), _("Registered"), _("Kind"), _("Applicant"), _("Region"), _("Status"),
        _("Assessment"), _("Answer due on"), _("Ended"),
    ]  # fmt: skip


def _cells(appeal: Appeal) -> tuple[object, ...]:
    return (
        appeal.number,
        _day(term.local_day(appeal.received_at)),
        _day(appeal.registered_at and term.local_day(appeal.registered_at)),
        appeal.get_kind_display(),
        appeal.get_applicant_display(),
        appeal.region_name,
        appeal.get_status_display(),
        appeal.get_verdict_display(),
        _day(appeal.due_on),
        _day(appeal.ended_at and term.local_day(appeal.ended_at)),
    )


def safe(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
