"""The register of appeals as a table for a spreadsheet: numbers, days and states, nothing personal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import term
from ..models import Appeal
from ..spreadsheets import csv_file


def response(appeals: Iterable[Appeal]) -> HttpResponse:
    """The table as a file to keep."""
    rows = (_cells(appeal) for appeal in appeals)
    return csv_file(f"register-{timezone.localdate():%Y-%m-%d}.csv", [_columns(), *rows])


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


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
