"""What the portal says by itself when terms end: reminders to the office, and to applicants that answers are late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import outbox

from .. import reminders, term
from ..models import Appeal, Department, JournalEntry
from .base import Action, Refused, lock, record, tell

Reminder = tuple[int, Appeal]


@transaction.atomic
def remind() -> int:
    """Remind the office of terms that end, once for each appeal, threshold and last day; returns of how many.

    One letter for each person: to the officer, else the department's members, else who supervises; of what is overdue
    to who supervises. Who has no e-mail address sees it on the dashboard alone.
    """
    today = term.local_day(timezone.now())
    soon = reminders.running().filter(due_on__lte=today + timedelta(days=max(reminders.AHEAD)))
    rows = list(soon.order_by("pk").select_for_update().only("number", "due_on", "officer", "department"))
    told = JournalEntry.objects.filter(appeal__in=rows, action=Action.REMINDED).values_list("appeal", "detail")
    known = {(appeal, detail["days"], detail["due_on"]) for appeal, detail in told}
    due = [(reminders.threshold(appeal.due_on, today), appeal) for appeal in rows]
    new = [(days, one) for days, one in due if days is not None and (one.pk, days, f"{one.due_on}") not in known]
    for days, appeal in new:
        record(appeal, Action.REMINDED, None, {"days": days, "due_on": appeal.due_on.isoformat()})
    outbox.post_many(
        reminders.letter(person, of_person, today) for person, of_person in _by_person(new) if person.email
    )
    return len(new)


def _by_person(due: Iterable[Reminder]) -> Iterable[tuple[User, list[Reminder]]]:
    """Each person with what concerns them."""
    appeals = [appeal for _days, appeal in due]
    officers = User.objects.filter(is_active=True).in_bulk({appeal.officer_id for appeal in appeals} - {None})
    departments = Department.objects.in_bulk({appeal.department_id for appeal in appeals} - {None})
    members = {pk: list(one.members.filter(is_active=True)) for pk, one in departments.items()}
    above = list(reminders.supervisors())
    found: dict[User, list[Reminder]] = defaultdict(list)
    for days, appeal in due:
        own = [officers[appeal.officer_id]] if appeal.officer_id in officers else members.get(appeal.department_id)
        for person in own if days != reminders.OVERDUE and own else above:
            found[person].append((days, appeal))
    return found.items()


def late_and_untold() -> QuerySet[Appeal]:
    """Overdue appeals whose applicants are to be told so: none while there are no more than ``APPEAL_BACKLOG``."""
    overdue = _overdue(term.local_day(timezone.now()))
    if not settings.APPEAL_BACKLOG or overdue.count() <= settings.APPEAL_BACKLOG:
        return Appeal.objects.none()
    told = JournalEntry.objects.filter(appeal=OuterRef("pk"), action=Action.DELAYED)
    return overdue.filter(~Exists(told)).order_by("pk")


def _overdue(today: date) -> QuerySet[Appeal]:
    """Those that this office has to answer: another authority may have other reasons."""
    return reminders.running().filter(status=Appeal.Status.REGISTERED, due_on__lt=today)


@transaction.atomic
def tell_of_delay(appeal: Appeal) -> None:
    """Tell an applicant once that the answer is late, and why."""
    appeal = lock(appeal)
    if not _overdue(term.local_day(timezone.now())).filter(pk=appeal.pk).exists():
        raise Refused(_("This appeal is not overdue."))
    if appeal.journal.filter(action=Action.DELAYED).exists():
        raise Refused(_("The applicant was told already."))
    record(appeal, Action.DELAYED, None, {"due_on": appeal.due_on.isoformat()})
    tell(appeal, Action.DELAYED)
