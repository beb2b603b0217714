"""A journal entry in a sentence with its detail: the timeline of the applicant and the journal of the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import article21, term
from .casework import OTHER
from .casework.notes import Note
from .choices import Kind, Reason, SignedHow
from .models import Appeal, JournalEntry

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
    by_itself = (Action.FOLLOWED_UP, Action.TERM_MOVED, Action.REMINDED, Action.DELAYED)
    return _("the portal") if entry.action in by_itself else _("applicant")


def _registered(entry: JournalEntry, note: Note | None) -> str:
    return _("Registered: the answer is due by %(due)s.") % {"due": _day(entry, "due_on")}


def _assigned(entry: JournalEntry, note: Note | None) -> str:
    department = entry.detail.get("department")
    if not department:
        return _("Given to an officer.")
    facts = {"department": named(department), "day": date_format(term.local_day(entry.at))}
    return _("With %(department)s since %(day)s.") % facts


def named(row: Any) -> str:
    """The name of a department or an authority as the journal keeps it, in the reader's language."""
    return row.get(get_language() or "tg") or row["tg"] if isinstance(row, dict) else str(row)


def _forwarded(entry: JournalEntry, note: Note | None) -> str:
    facts = {"authorities": _authorities(entry), "day": date_format(term.local_day(entry.at))}
    return _("Forwarded to %(authorities)s on %(day)s. The term goes on.") % facts


def _returned(entry: JournalEntry, note: Note | None) -> str:
    said = _("%(authorities)s gave the appeal back; the office goes on with it.") % {"authorities": _authorities(entry)}
    return said + (f" {note.text}" if note else "")


def _authorities(entry: JournalEntry) -> str:
    return ", ".join(named(one) for one in entry.detail["authorities"])


def _classified(entry: JournalEntry, note: Note | None) -> str:
    parts = []
    if topic := entry.detail.get("topic"):
        parts.append(_("Topic: %(topic)s.") % {"topic": named(topic)})
    if kind := entry.detail.get("kind"):
        parts.append(_("Kind: %(kind)s.") % {"kind": Kind(kind).label})
    return " ".join(parts)


def _ruled(entry: JournalEntry, note: Note | None) -> str:
    said = capfirst(entry.get_action_display()) + "."
    if "authorities" in entry.detail:
        said += " " + _("Handed over to %(authorities)s.") % {"authorities": _authorities(entry)}
    return said + _new_verdict(entry) + (f" {note.text}" if note else "")


def _new_verdict(entry: JournalEntry) -> str:
    before, after = entry.detail["verdict_before"], entry.detail["verdict"]
    if before == after:
        return ""
    return " " + article21.VERDICT_TEXTS[article21.Verdict(after)][get_language() or "tg"]


def _joined(entry: JournalEntry, note: Note | None) -> str:
    return _("Examined together with another appeal about the same; the answer comes to each.")


def _separated(entry: JournalEntry, note: Note | None) -> str:
    return _("Examined by itself again.")


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
    return said + _runs_again(entry) + _new_verdict(entry)


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


def _entered(entry: JournalEntry, note: Note | None) -> str:
    facts = {
        "channel": Appeal.Channel(entry.detail["channel"]).label,
        "signed": SignedHow(entry.detail["signed"]).label,
    }
    return _("Entered for the applicant; it came by: %(channel)s; signature: %(signed)s.") % facts


def _printed(entry: JournalEntry, note: Note | None) -> str:
    return {
        "cover": _("The cover sheet was printed."),
        "appeal": _("The appeal was printed."),
        "letter": _("The covering letter was printed."),
    }.get(entry.detail.get("what", ""), "")


def _exported(entry: JournalEntry, note: Note | None) -> str:
    return _("The whole case was saved as files, to be handed over.")


def _term_moved(entry: JournalEntry, note: Note | None) -> str:
    facts = {"was": _day(entry, "was"), "due": _day(entry, "due_on")}
    return _("%(was)s became a day off: the answer is due by %(due)s.") % facts


def _reminded(entry: JournalEntry, note: Note | None) -> str:
    if not entry.detail["days"]:
        return _("The office was reminded that the answer is overdue since %(due)s.") % {"due": _day(entry, "due_on")}
    return _("The office was reminded that the answer is due by %(due)s.") % {"due": _day(entry, "due_on")}


def _delayed(entry: JournalEntry, note: Note | None) -> str:
    return _(
        "The answer was due by %(due)s and is late: the office has received more appeals than it can answer in time. "
        "This one is not forgotten; it will be examined and answered."
    ) % {"due": _day(entry, "due_on")}


def _revealed(entry: JournalEntry, note: Note | None) -> str:
    return _("Saw who the applicant is: %(reason)s.") % {"reason": Reason(entry.detail["reason"]).label}


def _day(entry: JournalEntry, name: str) -> str:
    return date_format(date.fromisoformat(entry.detail[name]))


SENTENCES: dict[Action, Callable[[JournalEntry, Note | None], str]] = {
    Action.REGISTERED: _registered,
    Action.HANDED_OVER: _assigned,
    Action.ASSIGNED: _assigned,
    Action.FORWARDED: _forwarded,
    Action.RETURNED: _returned,
    Action.CLASSIFIED: _classified,
    Action.JOINED: _joined,
    Action.SEPARATED: _separated,
    Action.CRIME: _ruled,
    Action.NO_CRIME: _ruled,
    Action.UNTRUE: _ruled,
    Action.ASKED: _asked,
    Action.ADDED: _added,
    Action.MENDED: _mended,
    Action.EXTENDED: _extended,
    Action.NOT_EXAMINED: _not_examined,
    Action.RATED: _rated,
    Action.REOPENED: _reopened,
    Action.NEW_CODE: _new_code,
    Action.ENTERED: _entered,
    Action.PRINTED: _printed,
    Action.EXPORTED: _exported,
    Action.TERM_MOVED: _term_moved,
    Action.REMINDED: _reminded,
    Action.DELAYED: _delayed,
    Action.REVEALED: _revealed,
}
