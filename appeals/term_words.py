"""The arithmetic of the term in words: for the receipt, before registration, and for the timeline after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from . import term
from .models import JournalEntry

Action = JournalEntry.Action


@dataclass(frozen=True)
class Promise:
    """What a receipt says of the term: its last day, and how it comes about."""

    due_by: date
    registered: str
    answered: str


def promise(received_at: datetime) -> Promise:
    """The latest days, counted from the day of receipt."""
    days = {"register": settings.APPEAL_REGISTER_DAYS, "term": settings.APPEAL_TERM_DAYS}
    latest = term.forecast(received_at, days["register"], days["term"])
    facts = days | {"received": short(latest.received_on), "registered": short(latest.registered_by)}
    facts |= {"due": short(latest.due_by)}
    return Promise(
        latest.due_by,
        _("%(received)s + %(register)s days to register, by the office's own rule = %(registered)s") % facts,
        _("%(registered)s + %(term)s days from registration, by Article 18 of the law = %(due)s") % facts,
    )


def total(entries: Iterable[JournalEntry]) -> term.Sum | None:
    """The sum of the term as the journal tells it; None before registration."""
    steps = []
    for entry in entries:
        day, detail = term.local_day(entry.at), entry.detail
        if entry.action in (Action.REGISTERED, Action.REOPENED):
            steps.append(("start", day, (date.fromisoformat(detail["due_on"]) - day).days))
        elif entry.action == Action.EXTENDED:
            steps.append(("extended", day, detail["days"]))
        elif detail.get("paused"):
            steps.append(("paused", day, detail["paused"]))
    return term.sum_up(steps)


def equation(parts: term.Sum) -> str:
    """``27.11.2026 + 30 days = 27.12.2026``, with what else there is to add."""
    words = [short(parts.start), _("%(term)s days (the term)") % {"term": parts.term}]
    if parts.paused:
        words.append(_("%(paused)s (waiting for your answer)") % {"paused": parts.paused})
    if parts.extended:
        words.append(_("%(extended)s (extension)") % {"extended": parts.extended})
    return " + ".join(words) + " = " + short(parts.due)


def short(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
