"""Work for later: a function marked ``@task`` is called by a worker (``manage.py work``), at least once.

``make_renditions.later(photo_id=3)`` writes a row in the caller's transaction: work is asked for together with
what it is about, or not at all. A worker may die in the middle, and then another calls the function again:
every task must bear being run twice. Arguments are JSON: numbers of rows, never personal data.

Modules with tasks are named by ``<app>/tasks.py``, which the worker imports.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, overload

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.dispatch import Signal
from django.utils import timezone

from .models import Task

logger = logging.getLogger("portal.tasks")

# No task waits longer than this between two attempts; a row due later than that comes from a clock that was wrong.
LONGEST_WAIT = timedelta(hours=25)
TASKS: dict[str, TaskFunction] = {}
# Sent while the error is at hand.
task_failed = Signal()


class GiveUp(Exception):
    """Raised by a task for which trying again is of no use."""


@dataclass(frozen=True)
class TaskFunction:
    """A function that can be called later.

    ``lease`` is how many seconds one call may take at most: after that it is taken for dead and called again.
    A task that failed ``attempts`` times is given up and stands in the admin. A smaller ``priority`` goes first.
    One that ``needs_key`` (the office's) is left to workers that have it.
    """

    function: Callable[..., object]
    lease: int = 300
    attempts: int = 10
    priority: int = 0
    every: timedelta | None = None
    at: time | None = None
    needs_key: bool = False

    @property
    def name(self) -> str:
        return f"{self.function.__module__}.{self.function.__qualname__}"

    @property
    def is_periodic(self) -> bool:
        return self.every is not None or self.at is not None

    def __call__(self, *given: Any, **arguments: Any) -> object:
        return self.function(*given, **arguments)

    def later(self, delay: int = 0, /, **arguments: Any) -> None:
        """Have the function called with ``arguments`` once the transaction is committed, or ``delay`` seconds later.

        With ``TASKS_EAGER`` it is called at once. Raises ``TypeError`` if the arguments are not JSON.
        """
        row = Task(name=self.name, arguments=json.loads(json.dumps(arguments)), priority=self.priority)
        if settings.TASKS_EAGER:
            self.now(row)
        else:
            if delay:
                row.due_at = Now() + timedelta(seconds=delay)
            row.save()

    def now(self, row: Task) -> None:
        """Call the function in this process; outside tests an error stops nobody, and leaves the row to a worker."""
        try:
            with transaction.atomic():
                self.function(**row.arguments)
        except Exception as error:
            if settings.TASKS_EAGER_RAISES:
                raise
            logger.warning("%s failed: %s", self.name, type(error).__name__)
            row.attempts, row.error = 1, type(error).__name__
            row.save()

    def next_time(self, now: datetime) -> datetime:
        """When a periodic function that ran at ``now`` runs again."""
        if self.at is None:
            return now + (self.every or LONGEST_WAIT)
        local = timezone.localtime(now, timezone.get_default_timezone())
        today = local.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)


Function = Callable[..., object]


@overload
def task(function: Function) -> TaskFunction: ...
@overload
def task(*, lease: int = ..., attempts: int = ..., priority: int = ...) -> Callable[[Function], TaskFunction]: ...
def task(function: Function | None = None, **options: int) -> Any:
    """Mark a function as one that a worker can call: ``@task``, or ``@task(lease=900)`` (see ``TaskFunction``)."""

    def mark(function: Function) -> TaskFunction:
        return register(TaskFunction(function, **options))

    return mark(function) if function else mark


def periodic(
    *, hours: float = 0, minutes: float = 0, at: str = "", lease: int = 300, needs_key: bool = False
) -> Callable[[Function], TaskFunction]:
    """Mark a function that a worker calls again and again: every so often, or each day ``at="07:00"`` (Dushanbe time).

    It is never called by two workers at a time, as long as a call takes less than ``lease`` seconds. A time that
    passed while no worker was there is made up for once. Raises ``ValueError`` for a period that cannot be kept.
    """
    every = timedelta(hours=hours, minutes=minutes)
    if bool(every) == bool(at) or not timedelta(0) <= every < LONGEST_WAIT:
        raise ValueError("A periodic task has either a period of at most a day or a time of day.")

    def mark(function: Function) -> TaskFunction:
        clock = time.fromisoformat(at) if at else None
        return register(TaskFunction(function, lease=lease, every=every or None, at=clock, needs_key=needs_key))

    return mark


def register(marked: TaskFunction) -> TaskFunction:
    TASKS[marked.name] = marked
    return marked
