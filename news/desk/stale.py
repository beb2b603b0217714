"""A form that was opened before somebody else saved: what is stored now, what was typed, and who came first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from portal.presence import name_of

from ..body import clean_body
from ..models import Event, Report
from .differences import PartDifference, text_differences


@dataclass(frozen=True)
class Conflict:
    """Why a save was refused, and what is needed to save nevertheless.

    ``name`` and ``value`` are those of the checkbox: the value names the version that was shown, so that it
    allows to save over that one and not over a later one. Without a name there is nothing to be allowed.
    """

    saved_by: str
    saved_at: datetime | None
    differences: list[PartDifference]
    name: str = ""
    value: str = ""


def number(text: Any) -> int:
    """A revision that came back from a form; 0 for anything that is none."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def version_seen(report: Report, revision: int) -> Any | None:
    """The version of ``report`` that a form with ``revision`` showed, if its history still holds it."""
    return report.history.filter(revision=revision).order_by("-history_id").first()


def report_conflict(stored: Report, typed: dict[str, Any], name: str) -> Conflict:
    """``stored`` was saved after the form was opened: the difference between it and the ``typed`` parts."""
    last = stored.history.select_related("history_user").order_by("-history_id").first()
    mine = SimpleNamespace(
        title=typed.get("title", stored.title),
        lead=typed.get("lead", stored.lead),
        body=clean_body(typed.get("body", stored.body)),
    )
    return Conflict(
        name_of(last.history_user if last else None),
        last.history_date if last else stored.updated_at,
        text_differences(stored, mine),
        name,
        str(stored.revision),
    )


def last_entry(event: Event) -> LogEntry | None:
    """What was recorded last about ``event``."""
    kind = ContentType.objects.get_for_model(Event)
    return LogEntry.objects.filter(content_type=kind, object_id=str(event.pk)).select_related("user").first()
