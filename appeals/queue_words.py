"""What a row of the office's lists says: why it is there, and its term, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from . import term
from .article21 import Crime
from .models import Appeal, JournalEntry
from .queues import OPEN, RUNNING, SOON_DAYS, Desk
from .term_words import short

Action = JournalEntry.Action
Status = Appeal.Status
# Since when an appeal is where it is: the last of these steps.
STEPS = (Action.ASSIGNED, Action.PREPARED, Action.FORWARDED)

Since = Mapping[tuple[int, str], datetime]


@dataclass(frozen=True)
class Why:
    """``mark``: how pressing it is, for the style; the words say it too."""

    mark: str
    words: str


def since(appeals: Iterable[Appeal]) -> Since:
    """When each of the appeals last took one of ``STEPS``."""
    rows = JournalEntry.objects.filter(appeal__in=[appeal.pk for appeal in appeals], action__in=STEPS).order_by()
    return {(pk, action): at for pk, action, at in rows.values_list("appeal", "action").annotate(Max("at"))}


def why(appeal: Appeal, desk: Desk, times: Since) -> list[Why]:
    """Why the appeal is on somebody's list, the most pressing first."""
    if appeal.status not in OPEN:
        return []
    found = [*_crime(appeal), *_gate(appeal, desk), *_late(appeal, desk)]
    if appeal.status == Status.WAITING:
        found.append(_wait(appeal, desk))
    if appeal.prepared_by_id:
        found.append(
            Why("", _with_day(_("the answer waits for a second person"), times.get((appeal.pk, Action.PREPARED))))
        )
    if appeal.status == Status.FORWARDED:
        found.append(Why("", _with_day(_("at another authority"), times.get((appeal.pk, Action.FORWARDED)))))
    return [*found, *_whose(appeal, desk, times)]


def _crime(appeal: Appeal) -> Iterable[Why]:
    if appeal.crime == Crime.CLAIMED:
        yield Why("urgent", _("crime information, not ruled on"))
    elif appeal.crime == Crime.CONFIRMED and not appeal.crime_handed_at:
        yield Why("urgent", _("crime information confirmed, not handed over"))


def _gate(appeal: Appeal, desk: Desk) -> Iterable[Why]:
    if appeal.held:
        days = (desk.today - term.local_day(appeal.received_at)).days
        yield Why("", _("held, days: %(days)s (%(why)s)") % {"days": days, "why": appeal.held_because})
    elif appeal.status == Status.RECEIVED:
        received = term.local_day(appeal.received_at)
        by = term.ending(received, settings.APPEAL_REGISTER_DAYS, desk.calendar).due
        if by < desk.today:
            yield Why("late", _("to be registered, days late: %(days)s") % {"days": (desk.today - by).days})
        else:
            yield Why("", _("to be registered by %(day)s") % {"day": short(by)})


def _late(appeal: Appeal, desk: Desk) -> Iterable[Why]:
    if appeal.status not in RUNNING or not appeal.due_on:
        return
    left = (appeal.due_on - desk.today).days
    if left < 0:
        yield Why("late", _("overdue, days: %(days)s") % {"days": -left})
    elif left == 0:
        yield Why("soon", _("due today"))
    elif left <= SOON_DAYS:
        yield Why("soon", _("due soon, days left: %(days)s") % {"days": left})


def _wait(appeal: Appeal, desk: Desk) -> Why:
    day = appeal.wait_until
    if day and day < desk.today:
        return Why("late", _("the applicant's day has passed: %(day)s") % {"day": short(day)})
    return Why("", _("waits for the applicant until %(day)s") % {"day": short(day) if day else "—"})


def _whose(appeal: Appeal, desk: Desk, times: Since) -> Iterable[Why]:
    if appeal.officer_id == desk.officer and not appeal.prepared_by_id and appeal.status == Status.REGISTERED:
        yield Why("", _with_day(_("waits for you"), times.get((appeal.pk, Action.ASSIGNED)) or appeal.registered_at))
    elif appeal.officer_id is None and appeal.department_id:
        yield Why("", _("nobody in the department has it yet"))
    elif appeal.officer_id is None and appeal.status != Status.RECEIVED:
        yield Why("", _("nobody has it yet"))


def _with_day(words: str, at: datetime | None) -> str:
    return _("%(what)s since %(day)s") % {"what": words, "day": short(term.local_day(at))} if at else words


def term_in_words(appeal: Appeal, today: date) -> str:
    """The last day and what it means today."""
    if appeal.status == Status.RECEIVED:
        return _("not registered yet")
    if appeal.status == Status.WAITING:
        return _("the clock stands still")
    if appeal.status not in RUNNING:
        return _ended(appeal)
    if not appeal.due_on:
        return ""
    left = (appeal.due_on - today).days
    words = _("%(day)s, days over: %(days)s") if left < 0 else _("%(day)s, days left: %(days)s")
    return words % {"day": short(appeal.due_on), "days": abs(left)}


def _ended(appeal: Appeal) -> str:
    """When it ended and, of an answer, whether its term was kept."""
    if not appeal.ended_at:
        return ""
    ended = term.local_day(appeal.ended_at)
    if appeal.status != Status.ANSWERED or not appeal.due_on:
        return _("ended %(day)s") % {"day": short(ended)}
    over = max(ended - appeal.due_on, timedelta()).days
    if over:
        return _("answered %(day)s, days over: %(days)s") % {"day": short(ended), "days": over}
    return _("answered %(day)s, in time") % {"day": short(ended)}
