"""What a worker does: take a task that is due, call it, and settle what became of it.

Taking a task moves its time on by its lease, so a worker that is killed loses nothing. The attempt is counted
when the task is taken: one that kills its worker each time is given up like any other.
"""

from __future__ import annotations

import logging
import random
import time
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from .logs import about
from .models import Task
from .tasks import LONGEST_WAIT, TASKS, GiveUp, TaskFunction, task_failed

logger = logging.getLogger("portal.tasks")

FIRST_WAIT = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=4)
ATTEMPTS_WITHOUT_FUNCTION = 10


def load_tasks() -> None:
    """Import every module that has tasks."""
    autodiscover_modules("tasks")
    for module in ("portal.outbox", "portal.staff.events", "portal.staff.sessions"):
        import_module(module)


def work_off() -> int:
    """Do all that is due, one after the other; how many were taken."""
    count = 0
    while do_one():
        count += 1
    return count


def do_one() -> bool:
    """Take the next task that is due and do it; False if there is none."""
    row = take()
    if row is None:
        return False
    run(row)
    return True


def take() -> Task | None:
    """The next task that is due, now ours until its lease ends (``due_at``); ``row.now`` is the database's time."""
    due = Task.objects.filter(dead_at=None, due_at__lte=Now()).order_by("priority", "due_at", "id")
    if not settings.OFFICE_KEYS:
        due = due.exclude(name__in=[name for name, marked in TASKS.items() if marked.needs_key])
    if not due.exists():
        return None  # Asked first because on SQLite a transaction locks out the writers.
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        row = due.annotate(now=Now()).first()
        if row is None:
            return None
        marked = TASKS.get(row.name)
        row.attempts = min(row.attempts + 1, 1000)  # A periodic task may fail for months.
        row.due_at = row.now + timedelta(seconds=marked.lease if marked else 60)
        row.save(update_fields=["attempts", "due_at"])
    return row


def run(row: Task) -> None:
    """Call the row's function. Whatever it raises ends in the row, never here."""
    marked = TASKS.get(row.name)
    if marked is None and row.key:
        Task.objects.filter(pk=row.pk).delete()  # A periodic task that the portal does not have any more.
        return
    token, began = about.set({"task": row.name, "task_id": row.pk, "attempt": row.attempts}), time.monotonic()
    try:
        if marked is None:
            raise UnknownTask
        if row.attempts > marked.attempts and not row.key:
            raise NeverReturned
        marked(**row.arguments)
    except Exception as error:
        task_failed.send(sender=None)
        failed(row, marked, error)
    else:
        logger.info("done", extra={"facts": {"ms": round((time.monotonic() - began) * 1000, 1)}})
        done(row, marked)
    finally:
        about.reset(token)


class UnknownTask(Exception):
    """Asked for by a newer version of the portal, perhaps: later this worker may be newer too."""


class NeverReturned(GiveUp):
    """The task's last attempt ended with its worker, or took longer than its lease."""


def done(row: Task, marked: TaskFunction) -> None:
    if row.key:
        ours(row).update(due_at=marked.next_time(row.now), attempts=0, error="")
    else:
        ours(row).delete()


def failed(row: Task, marked: TaskFunction | None, error: Exception) -> None:
    """Let the task wait, each time twice as long, or give it up. Only the error's kind is kept: no personal data."""
    kind = type(error.__cause__ or error).__name__
    logger.warning("%s (attempt %d) failed: %s", row.name, row.attempts, kind)
    limit = marked.attempts if marked else ATTEMPTS_WITHOUT_FUNCTION
    if not row.key and (isinstance(error, GiveUp) or row.attempts >= limit):
        logger.error("%s is given up", row.name)
        ours(row).update(dead_at=Now(), error=kind)
        return
    wait = pause(row.attempts)
    if marked and row.key:
        wait = min(wait, marked.next_time(row.now) - row.now)
    ours(row).update(due_at=Now() + wait, error=kind)


def pause(attempts: int) -> timedelta:
    """15 seconds, 30, a minute … 4 hours, a quarter more or less: what failed together is not tried again together."""
    doubled = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return doubled * random.uniform(0.75, 1.25)  # noqa: S311  # nosec B311 # spreads attempts, keeps no secret


def ours(row: Task) -> QuerySet[Task]:
    """The row, if nobody else has taken it after our lease had ended."""
    return Task.objects.filter(pk=row.pk, attempts=row.attempts, due_at=row.due_at)


def keep_order() -> None:
    """Make the rows of periodic tasks that have none, and bring back tasks that a wrong clock sent far away."""
    periodic = {marked.name: marked for marked in TASKS.values() if marked.is_periodic}
    known = set(Task.objects.filter(key__in=periodic).values_list("key", flat=True))
    missing = [marked for name, marked in periodic.items() if name not in known]
    if missing:
        Task.objects.bulk_create([first_row(marked) for marked in missing], ignore_conflicts=True)
    Task.objects.filter(dead_at=None, due_at__gt=Now() + LONGEST_WAIT).update(due_at=Now())


def first_row(marked: TaskFunction) -> Task:
    return Task(key=marked.name, name=marked.name, due_at=marked.next_time(timezone.now()) if marked.at else Now())
