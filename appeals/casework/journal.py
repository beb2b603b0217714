"""The journal of all appeals for who looks the office over: found, leafed through, and its exports recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from .. import term
from ..models import JournalEntry, OfficeEntry
from .base import require

PAGE = 100
PERMISSIONS = {
    OfficeEntry.Action.JOURNAL_EXPORTED: "appeals.view_journalentry",
    OfficeEntry.Action.LIST_EXPORTED: "appeals.export_appeals",
}


def entries(
    number: str = "",
    action: str = "",
    actor: AbstractBaseUser | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[JournalEntry]:
    """Entries, the newest first: of one appeal, one kind of step, one person, from the one day to the other."""
    wanted: dict[str, Any] = {"appeal__number": number, "action": action, "actor": actor}
    if since:
        wanted["at__gte"] = datetime.combine(since, time.min, term.ZONE)
    if until:
        wanted["at__lt"] = datetime.combine(until + timedelta(days=1), time.min, term.ZONE)
    found = JournalEntry.objects.filter(**{name: value for name, value in wanted.items() if value})
    shown = ("at", "action", "detail", "hash", "actor__username", "appeal__number")
    return found.select_related("actor", "appeal").only(*shown).order_by("-at", "-id")


def page(found: QuerySet[JournalEntry], before: int | None = None) -> tuple[list[JournalEntry], int | None]:
    """As many as a page holds, older than the entry ``before``; and, if there are more, which is the last of these.

    Nothing is counted or skipped: the last page of millions costs what the first does.
    """
    at = JournalEntry.objects.filter(pk=before).values_list("at", flat=True).first()
    if at:
        found = found.filter(at__lte=at).exclude(at=at, id__gte=before)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def record_export(officer: AbstractBaseUser, action: str, chosen: Mapping[str, object]) -> None:
    """Keep that a list of many appeals was taken out, and by which filter. No personal data in ``chosen``."""
    require(officer, PERMISSIONS[OfficeEntry.Action(action)])
    detail = {name: str(value) for name, value in chosen.items() if value}
    OfficeEntry.objects.create(actor=officer, action=action, detail=detail)
