"""What a worker does for the appeals: see ``portal.tasks``."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.utils import timezone

from portal.tasks import periodic

from . import bursts, casework, expiry
from .models import Appeal, JournalEntry


@periodic(at="09:00", lease=1800, needs_key=True)
def ask_whether_the_answer_helped() -> None:
    """Two weeks after an answer, while it can still be judged. Only who has the office's key can read the address."""
    now = timezone.now()
    asked = JournalEntry.objects.filter(
        appeal=OuterRef("pk"), action=JournalEntry.Action.FOLLOWED_UP, at__gt=OuterRef("ended_at")
    )
    answered = Appeal.objects.filter(
        ~Exists(asked),
        status=Appeal.Status.ANSWERED,
        satisfied=None,
        erased_at=None,
        ended_at__lte=now - timedelta(days=casework.FOLLOW_UP_DAYS),
        ended_at__gt=now - timedelta(days=settings.APPEAL_REOPEN_DAYS),
    )
    for appeal in answered.order_by("pk").iterator():
        try:
            casework.follow_up(appeal)
        except casework.Refused:
            continue  # The applicant or the office was quicker.


@periodic(at="00:10", lease=1800)
def count_terms_anew(officer_id: int | None = None) -> None:
    """After the days off changed, and each night: a setting may have changed, or an appeal come in between."""
    casework.count_anew(User.objects.get(pk=officer_id) if officer_id else None)


@periodic(at="08:00", lease=1800)
def remind_of_terms() -> None:
    casework.remind()


@periodic(at="10:00", lease=1800, needs_key=True)
def tell_of_delays() -> None:
    """Only who has the office's key can read the address."""
    for appeal in casework.late_and_untold().iterator():
        try:
            casework.tell_of_delay(appeal)
        except casework.Refused:
            continue  # It was answered meanwhile.


@periodic(at="03:00", lease=3600)
def erase_approved() -> None:
    """At night: on PostgreSQL the tables are locked for the seconds in which they are written anew."""
    casework.expire()
    for _number in casework.work_off():
        pass


@periodic(minutes=5, lease=1800, needs_key=True)
def scan_held_files() -> None:
    casework.scan_held()


@periodic(minutes=1, needs_key=True)
def index_new_appeals() -> None:
    casework.index_new()


@periodic(hours=1)
def erase_expired() -> None:
    expiry.erase()
    bursts.forget_networks()


@periodic(hours=1, needs_key=True)
def tell_of_bursts() -> None:
    """Only the office's own worker knows the address of the office's page."""
    bursts.tell_supervisors()
