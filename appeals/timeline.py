"""A journal entry in a sentence with its detail: the timeline of the applicant and the journal of the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import article21, term
from .casework import OTHER
from .casework.notes import Note
from .choices import Reason
from .models import JournalEntry

Action = JournalEntry.Action


def sentence(entry: JournalEntry, note: Note | None = None) -> str:
    """What happened. ``note`` is the message that came with the step, for who may read it."""
    words = SENTENCES.get(Action(entry.action))
    said = words(entry, note) if words else ""
    return said or capfirst(entry.get_action_display())


def actor(entry: JournalEntry) -> str:
    """Who took the step, for the office."""
    if entry.actor:
        return str(entry.actor)
    if entry.action in (Action.CLEARED, Action.INFECTED):
        return _("virus scanner")
    return _("the portal") if entry.action == Action.FOLLOWED_UP else _("applicant")


def _registered(entry: JournalEntry, note: Note | None) -> str:
    return _("Registered: the answer is due by %(due)s.") % {"due": _day(entry, "due_on")}


def _handed_over(entry: JournalEntry, note: Note | None) -> str:
    facts = {"department": entry.detail["department"], "day": date_format(term.local_day(entry.at))}
    return _("With %(department)s since %(day)s.") % facts


def _asked(entry: JournalEntry, note: Note | None) -> str:
    if "until" not in entry.detail:
        return ""
    facts = {"until": _day(entry, "until")}
    return {
        "address": _("The office asked for the whole address, by %(until)s. Meanwhile the term stands still."),
        "name": _("The office asked for the full name, by %(until)s. Meanwhile the term stands still."),
        "signature": _("The office asked for a signature, by %(until)s. Meanwhile the term stands still."),
    }.get(
        entry.detail.get("field", ""),
        _("The office asked the applicant something, by %(until)s. Meanwhile the term stands still."),
    ) % facts


def _added(entry: JournalEntry, note: Note | None) -> str:
    return _("The applicant wrote to the office.") + _runs_again(entry)


def _mended(entry: JournalEntry, note: Note | None) -> str:
    said = {
        "address": _("The applicant mended the address."),
        "name": _("The applicant mended the name."),
        "signature": _("The applicant gave a new signature."),
    }.get(entry.detail.get("field", ""), "")
    if not said:
        return ""
    before, after = entry.detail["verdict_before"], entry.detail["verdict"]
    verdict = article21.VERDICT_TEXTS[article21.Verdict(after)][get_language() or "tg"] if before != after else ""
    return said + _runs_again(entry) + (f" {verdict}" if verdict else "")


def _runs_again(entry: JournalEntry) -> str:
    if "due_on" not in entry.detail:
        return ""
    return " " + _("The term runs again: the answer is due by %(due)s.") % {"due": _day(entry, "due_on")}


def _extended(entry: JournalEntry, note: Note | None) -> str:
    facts = {"due": _day(entry, "due_on"), "reason": note.text if note else ""}
    if not note:
        return _("The term was extended until %(due)s.") % facts
    return _("The term was extended until %(due)s, because: %(reason)s") % facts


def _not_examined(entry: JournalEntry, note: Note | None) -> str:
    ground, language = entry.detail.get("ground", OTHER), get_language() or "tg"
    if ground == OTHER:
        return _("Not examined, for the reason that the office's message gives.")
    facts = {
        "ground": article21.GROUND_TEXTS[article21.Ground(ground)][language],
        "law": article21.LAW_WORDS[article21.Ground(ground)][language],
    }
    return _("Not examined. %(ground)s In the words of Article 21: “%(law)s”.") % facts


def _rated(entry: JournalEntry, note: Note | None) -> str:
    if entry.detail["satisfied"]:
        return _("The applicant said that the answer helped.")
    return _("The applicant said that the answer did not help.")


def _reopened(entry: JournalEntry, note: Note | None) -> str:
    return _("Opened again: the new answer is due by %(due)s.") % {"due": _day(entry, "due_on")}


def _new_code(entry: JournalEntry, note: Note | None) -> str:
    return _("A new tracking code was given after proof of identity; the old one opens nothing any more.")


def _revealed(entry: JournalEntry, note: Note | None) -> str:
    return _("Saw who the applicant is: %(reason)s.") % {"reason": Reason(entry.detail["reason"]).label}


def _day(entry: JournalEntry, name: str) -> str:
    return date_format(date.fromisoformat(entry.detail[name]))


SENTENCES: dict[Action, Callable[[JournalEntry, Note | None], str]] = {
    Action.REGISTERED: _registered,
    Action.HANDED_OVER: _handed_over,
    Action.ASKED: _asked,
    Action.ADDED: _added,
    Action.MENDED: _mended,
    Action.EXTENDED: _extended,
    Action.NOT_EXAMINED: _not_examined,
    Action.RATED: _rated,
    Action.REOPENED: _reopened,
    Action.NEW_CODE: _new_code,
    Action.REVEALED: _revealed,
}
