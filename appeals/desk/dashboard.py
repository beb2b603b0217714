"""The office's part of the admin's first page: what this officer does next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import OuterRef, QuerySet, Subquery

from .. import queue_words, queues, reminders
from ..models import Appeal, Message, year_without_holidays
from ..queues import QUEUES, Desk
from .queues import shown

ROWS = 5
# The queues whose counts stand on the first page, in this order.
NUMBERS = ("todo", "crime", "overdue", "soon", "new", "held", "nobody", "passed")


@dataclass(frozen=True)
class Dashboard:
    """``numbers``: (queue, its title, its count). Each list holds at most ``ROWS`` appeals, with their reasons."""

    numbers: list[tuple[str, Any, str]]
    urgent: list[Appeal]
    unread: list[Appeal]
    held: list[Appeal]
    second: list[Appeal]
    near: dict[int, int]  # See ``reminders.near``.
    missing_year: int | None  # For which nobody has entered the days off.


def dashboard(user: AbstractBaseUser) -> Dashboard | None:
    """None for those who do not work on appeals: they learn nothing, not even that there are any."""
    if not (user.has_perm("appeals.view_appeal") and user.has_perm("appeals.answer_appeal")):
        return None
    desk = queues.desk_of(user)
    counts = queues.counts(desk)
    lists = {
        "urgent": _top(desk, "mine", ~queues.waits_for_others(desk)),
        "unread": _unread(desk),
        "held": _top(desk, "held") if counts["held"] else [],
        "second": _top(desk, "second") if counts["second"] and desk.approves else [],
    }
    times = queue_words.since({one.pk: one for rows in lists.values() for one in rows}.values())
    for one in (one for rows in lists.values() for one in rows):
        one.why = queue_words.why(one, desk, times)
    missing = year_without_holidays(desk.today) if user.has_perm("appeals.change_holiday") else None
    return Dashboard(
        [(name, QUEUES[name].title, shown(counts[name])) for name in NUMBERS],
        **lists,
        near=reminders.near(user, desk.today),
        missing_year=missing,
    )


def _rows(queryset: QuerySet[Appeal]) -> list[Appeal]:
    return list(queues.rows(queryset, queryset[:ROWS]))


def _top(desk: Desk, name: str, *more: Any) -> list[Appeal]:
    queue = QUEUES[name]
    order = ["id"] if name == "held" else queues.order(queue, desk)
    return _rows(Appeal.objects.filter(queue.where(desk), *more).order_by(*order))


def _unread(desk: Desk) -> list[Appeal]:
    """Mine in which the applicant had the last word."""
    last = Message.objects.filter(appeal=OuterRef("pk")).order_by("-id").values("author")[:1]
    found = Appeal.objects.filter(queues.mine(desk)).annotate(last=Subquery(last))
    return _rows(found.filter(last=Message.Author.APPLICANT).order_by(*queues.order(QUEUES["mine"], desk)))
