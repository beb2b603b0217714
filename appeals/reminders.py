"""Which terms the office is reminded of, whom they concern, and the letter about them: numbers and days alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import outbox

from .models import Appeal
from .queues import RUNNING
from .term_words import left, short

# So many days before the last one; what is overdue is told once more, to those who supervise.
AHEAD = (5, 1)
OVERDUE = 0
# Who approves what others wrote, supervises.
SUPERVISES = "appeals.approve_answer"
# A letter names so many appeals of each kind; the rest is a number.
MOST = 50


def running() -> QuerySet[Appeal]:
    """Appeals whose clock runs, at another authority too: not those that wait or that end together with another one."""
    return Appeal.objects.filter(status__in=RUNNING, paused_at=None, due_on__isnull=False)


def threshold(due: date, today: date) -> int | None:
    """Of which of ``AHEAD`` the office is to be reminded now, or that the term is over; None: of nothing yet."""
    days = (due - today).days
    return OVERDUE if days < 0 else min((ahead for ahead in AHEAD if days <= ahead), default=None)


def concerns(user: Any) -> Q:
    """The appeals that are this person's to work on: all, for who supervises."""
    if user.has_perm(SUPERVISES):
        return Q()
    return Q(officer=user) | Q(officer=None, department__in=user.appeal_departments.all())


def near(user: Any, today: date) -> dict[int, int]:
    """How many of this person's terms are over soon: for each of ``AHEAD``, those that end within so many days."""
    own = running().filter(concerns(user), due_on__gte=today)
    asked = {f"in_{days}": Count("pk", filter=Q(due_on__lte=today + timedelta(days=days))) for days in AHEAD}
    found = own.aggregate(**asked)
    return {days: found[f"in_{days}"] for days in AHEAD}


def supervisors() -> QuerySet[User]:
    return User.objects.with_perm(SUPERVISES, include_superusers=False)


def letter(to: User, appeals: Sequence[tuple[int, Appeal]], today: date) -> outbox.Letter:
    """One letter a day for each person, in the state language; ``appeals`` stand with their thresholds."""
    with override(settings.LANGUAGE_CODE):
        titles = {OVERDUE: _("Overdue"), 1: _("The last day is near"), 5: _("A few days are left")}
        parts = []
        for days, title in titles.items():
            of_kind = [appeal for threshold_, appeal in appeals if threshold_ == days]
            if of_kind:
                parts.append("\n".join([f"{title}: {len(of_kind)}", *(_line(one, today) for one in of_kind[:MOST])]))
        text = "\n\n".join([*parts, _("All of them stand in the office's list of appeals.")])
        subject = _("Terms of appeals that end: %(count)s") % {"count": len(appeals)}
    key = f"reminder:{to.pk}:{today}"
    return outbox.Letter(to.email, subject, text + "\n", settings.LANGUAGE_CODE, kind="reminder", key=key)


def _line(appeal: Appeal, today: date) -> str:
    due: date = appeal.due_on
    return f"{appeal.number}: {short(due)}, {left((due - today).days)}"
