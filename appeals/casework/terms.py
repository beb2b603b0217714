"""The last day to answer: when it is set, made longer, and counted anew after the days off changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from .. import term, term_words
from ..models import Appeal, kept_calendar
from .base import Action, record, require

BATCH = 200


def start(appeal: Appeal, moment: datetime) -> dict[str, Any]:
    """Set the last day for a term that begins at ``moment``; returns what the journal keeps of it."""
    days = settings.APPEAL_TERM_DAYS
    appeal.due_on = term.ending(term.local_day(moment), days, kept_calendar()).due
    return {"due_on": appeal.due_on.isoformat(), "days": days}


def make_longer(appeal: Appeal, days: int) -> None:
    """Give a locked appeal days more, before its journal tells of them. They add to the day as it was counted."""
    total = term_words.total(appeal.journal.all())
    if total and appeal.due_on:
        appeal.due_on = kept_calendar().longer(appeal.due_on, total.counted + timedelta(days=days))


def resume(appeal: Appeal) -> dict[str, Any]:
    """Let the clock run again if it stood still; what the journal keeps of that."""
    if appeal.status != Appeal.Status.WAITING or not appeal.due_on or not appeal.paused_at:
        return {}
    paused = term.days_between(appeal.paused_at, timezone.now())
    make_longer(appeal, paused)
    appeal.status, appeal.paused_at, appeal.wait_until = Appeal.Status.REGISTERED, None, None
    appeal.save(update_fields=["status", "paused_at", "wait_until", "due_on"])
    return {"paused": paused, "due_on": appeal.due_on.isoformat()}


def terms_on(day: date) -> int:
    """How many open terms would move if ``day`` became a day off."""
    return open_terms().filter(due_on=day).count() if settings.TERM_ENDS_ON_WORKING_DAY else 0


def open_terms() -> QuerySet[Appeal]:
    return Appeal.objects.filter(ended_at=None, due_on__isnull=False)


def count_anew(officer: AbstractBaseUser | None = None) -> int:
    """Move each open term that ends on a day off, and say how many moved; ``officer`` changed the days off.

    What was promised never gets earlier: the term of a holiday that is taken back stays where it was moved to. So a
    term moves only if its last day, wherever it came from, is off now.
    """
    if officer:
        require(officer, "appeals.change_holiday")
    calendar = kept_calendar()
    off = [day for day in open_terms().values_list("due_on", flat=True).distinct().order_by() if calendar.is_off(day)]
    moving = list(open_terms().filter(due_on__in=off).order_by("pk").values_list("pk", flat=True))
    return sum(_move(moving[first : first + BATCH], officer) for first in range(0, len(moving), BATCH))


@transaction.atomic
def _move(appeals: Iterable[int], officer: AbstractBaseUser | None) -> int:
    """Two at a time do no harm: the second finds the terms moved."""
    moved = 0
    locked = open_terms().filter(pk__in=appeals).order_by("pk").select_for_update().only("due_on")
    rows, calendar = list(locked), kept_calendar()
    for appeal in rows:
        was: date = appeal.due_on
        appeal.due_on = calendar.last_day(was)
        if appeal.due_on != was:
            appeal.save(update_fields=["due_on"])
            record(appeal, Action.TERM_MOVED, officer, {"was": was.isoformat(), "due_on": appeal.due_on.isoformat()})
            moved += 1
    return moved
