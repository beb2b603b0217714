"""The term in words: how its last day comes about, for both sides, and what the clock says, for the office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from . import term
from .article21 import Crime
from .models import Appeal, JournalEntry, kept_calendar

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
    latest = term.forecast(received_at, days["register"], days["term"], kept_calendar())
    registered, answered = latest.registered, latest.answered
    facts = days | {"received": short(latest.received_on), "registered": passed_over(registered)}
    said = _("%(received)s + %(register)s days to register, by the office's own rule = %(registered)s") % facts
    facts |= {"registered": short(registered.due), "due": passed_over(answered)}
    return Promise(
        answered.due,
        said,
        _("%(registered)s + %(term)s days from registration, by Article 18 of the law = %(due)s") % facts,
    )


def total(entries: Iterable[JournalEntry]) -> term.Sum | None:
    """The sum of the term as the journal tells it; None before registration."""
    steps = []
    for entry in entries:
        day, detail = term.local_day(entry.at), entry.detail
        if entry.action in (Action.REGISTERED, Action.REOPENED):
            # Before days off were passed over, the day in the journal was the day that was counted.
            counted = detail.get("days", (date.fromisoformat(detail["due_on"]) - day).days)
            steps.append(("start", day, counted))
        elif entry.action == Action.EXTENDED:
            steps.append(("extended", day, detail["days"]))
        elif detail.get("paused"):
            steps.append(("paused", day, detail["paused"]))
    return term.sum_up(steps)


def equation(parts: term.Sum, due: date, calendar: term.Calendar) -> str:
    """``27.11.2026 + 30 days = 27.12.2026, a day off → 28.12.2026``, with what else there is to add."""
    words = [short(parts.start), _("%(term)s days (the term)") % {"term": parts.term}]
    if parts.paused:
        words.append(_("%(paused)s (waiting for your answer)") % {"paused": parts.paused})
    if parts.extended:
        words.append(_("%(extended)s (extension)") % {"extended": parts.extended})
    ending = term.Ending(parts.counted, due)
    shown = passed_over(ending) if calendar.last_day(parts.counted) == due else _promised(ending)
    return " + ".join(words) + " = " + shown


def passed_over(ending: term.Ending) -> str:
    """A last day; if it was counted to a day off, that too."""
    if ending.counted == ending.due:
        return short(ending.due)
    return _("%(counted)s, a day off → %(due)s") % {"counted": short(ending.counted), "due": short(ending.due)}


def _promised(ending: term.Ending) -> str:
    """The day was moved because of a day that is no day off any more, and nobody takes a promised day back."""
    return _("%(counted)s, set to %(due)s") % {"counted": short(ending.counted), "due": short(ending.due)}


@dataclass(frozen=True)
class Told:
    """What the office reads of an open appeal's term."""

    clock: str
    counted: str
    forward: str


def told(appeal: Appeal) -> Told:
    calendar, parts = kept_calendar(), total(appeal.journal.all())
    counted = equation(parts, appeal.due_on, calendar) if parts and appeal.due_on and not appeal.ended_at else ""
    return Told(clock(appeal, calendar), counted, forward(appeal, calendar))


def clock(appeal: Appeal, calendar: term.Calendar, now: datetime | None = None) -> str:
    """What comes next and by when; empty when nothing does. ``calendar`` is asked for once for many appeals."""
    now = now or timezone.now()
    if appeal.ended_at:
        return ""
    if appeal.crime == Crime.CONFIRMED and appeal.crime_confirmed_at and not appeal.crime_handed_at:
        return _hand_over(term.hand_over_by(appeal.crime_confirmed_at, settings.CRIME_HANDOVER_HOURS), now)
    if appeal.status == Appeal.Status.RECEIVED:
        by = term.ending(term.local_day(appeal.received_at), settings.APPEAL_REGISTER_DAYS, calendar).due
        late = by < term.local_day(now)
        said = _("was to be registered by %(day)s") if late else _("to be registered by %(day)s")
        return said % {"day": short(by)}
    if appeal.paused_at:
        return _("stands still since %(day)s") % {"day": short(term.local_day(appeal.paused_at))}
    return left((appeal.due_on - term.local_day(now)).days) if appeal.due_on else ""


def left(days: int) -> str:
    """The days until the last one, in words; less than none: overdue."""
    near = {0: _("due today"), 1: _("due tomorrow"), -1: _("overdue since yesterday")}
    said = _("due in %(days)s days") if days > 0 else _("%(days)s days overdue")
    return near.get(days) or said % {"days": abs(days)}


def _hand_over(until: datetime, now: datetime) -> str:
    today = term.local_day(until) == term.local_day(now)
    when = date_format(timezone.localtime(until, term.ZONE), "TIME_FORMAT" if today else "SHORT_DATETIME_FORMAT")
    said = _("was to be handed over by %(when)s") if until < now else _("to be handed over by %(when)s")
    return said % {"when": when}


def forward(appeal: Appeal, calendar: term.Calendar, now: datetime | None = None) -> str:
    """By when a registered appeal goes to the authority that is competent for it; empty once that day is over."""
    if appeal.status != Appeal.Status.REGISTERED or not appeal.registered_at:
        return ""
    by = term.ending(term.local_day(appeal.registered_at), settings.APPEAL_FORWARD_DAYS, calendar).due
    if by < term.local_day(now or timezone.now()):
        return ""
    return _("If another authority is competent: to be forwarded by %(day)s.") % {"day": short(by)}


def short(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
