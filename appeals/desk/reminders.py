"""What a dashboard shows of terms: what is overdue, what ends soon, what nobody may forget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import reminders, term, term_words
from ..article21 import Crime
from ..models import Appeal, Holiday, kept_calendar

MOST = 10
# What cannot be shown in a list is not read for it.
UNREAD = ("box", "sealed_key", "sealed_to_code", "grounds", "notes")
FARTHEST_DAYS = 120


@dataclass(frozen=True)
class Line:
    appeal: Appeal
    clock: str


@dataclass(frozen=True)
class Shelf:
    """Appeals of one kind: how many there are, and the first of them with what their clocks say."""

    title: str
    count: int
    lines: list[Line]


def shelves(user: Any, now: datetime | None = None) -> list[Shelf]:
    """What is this person's to do, the most urgent first. Costs the same with one appeal or many."""
    now = now or timezone.now()
    calendar, today = kept_calendar(), term.local_day(now)
    own = Appeal.objects.filter(reminders.concerns(user), ended_at=None)
    running = reminders.running().filter(reminders.concerns(user)).order_by("due_on", "pk")
    crimes = own.filter(crime=Crime.CONFIRMED, crime_confirmed_at__isnull=False, crime_handed_at=None)
    last = term.latest_start(today, settings.APPEAL_REGISTER_DAYS, calendar)
    unregistered = Appeal.objects.filter(
        status=Appeal.Status.RECEIVED, received_at__lt=datetime.combine(last + timedelta(days=1), time.min, term.ZONE)
    )
    soon, far = (today + timedelta(days=days) for days in sorted(reminders.AHEAD))
    kinds: list[tuple[str, QuerySet[Appeal]]] = [
        (_("Crime information to be handed over"), crimes.order_by("crime_confirmed_at", "pk")),
        (_("Overdue"), running.filter(due_on__lt=today)),
        (_("The last day is near"), running.filter(due_on__range=(today, soon))),
        (_("A few days are left"), running.filter(due_on__gt=soon, due_on__lte=far)),
    ]
    if user.has_perm("appeals.register_appeal"):
        kinds.append((_("Not registered in time"), unregistered.order_by("received_at", "pk")))
    return [
        Shelf(
            title,
            found.count(),
            [Line(appeal, term_words.clock(appeal, calendar, now)) for appeal in found.defer(*UNREAD)[:MOST]],
        )
        for title, found in kinds
    ]


def year_without_holidays(now: datetime | None = None) -> int | None:
    """A year that terms reach already and for which nobody has entered the days off; they would end on holidays."""
    year = (term.local_day(now or timezone.now()) + timedelta(days=FARTHEST_DAYS)).year
    if not settings.TERM_ENDS_ON_WORKING_DAY or Holiday.objects.filter(date__year=year).exists():
        return None
    return year
