"""Figures that are asked for when somebody looks: lengths and ages of queues, the disk. Numbers alone, of nobody.

A function marked ``@gauge`` gives a number for each set of labels. An app has its own in ``<app>/gauges.py``.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from .models import Message, SecurityEvent, Task

Values = dict[tuple[str, ...], float]


@dataclass(frozen=True)
class Gauge:
    name: str
    help: str
    labels: tuple[str, ...]
    read: Callable[[], Values]


GAUGES: list[Gauge] = []


def gauge(name: str, help: str, *labels: str) -> Callable[[Callable[[], Values]], Callable[[], Values]]:  # noqa: A002
    """Mark a function whose numbers are shown as ``name``."""

    def mark(read: Callable[[], Values]) -> Callable[[], Values]:
        GAUGES.append(Gauge(name, help, labels, read))
        return read

    return mark


def oldest(rows: QuerySet[Any, Any], field: str) -> float:
    """For how many seconds the first of ``rows`` has waited since its ``field``, by the database's clock."""
    row = rows.order_by(field).annotate(now=Now()).values(field, "now").first()
    return max(0.0, (row["now"] - row[field]).total_seconds()) if row else 0.0


def due_tasks() -> QuerySet[Task]:
    return Task.objects.filter(dead_at=None, due_at__lte=Now())


def waiting_letters() -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, failed_at=None)


def free_bytes() -> dict[str, int]:
    """Of the disks on which the data folder and the photos lie."""
    folders = {"data": settings.DATA_DIR, "media": settings.MEDIA_ROOT}
    return {name: shutil.disk_usage(path).free for name, path in folders.items() if path.exists()}


def by(rows: QuerySet[Any, Any], field: str) -> Values:
    """How many ``rows`` there are of each value of ``field``."""
    counted = rows.order_by().values(field).annotate(number=Count("pk"))
    return {(str(row[field]),): row["number"] for row in counted}


@gauge("portal_tasks", "Background tasks: due now, tried without success, given up.", "state")
def tasks() -> Values:
    found = Task.objects.aggregate(
        due=Count("pk", filter=Q(dead_at=None, due_at__lte=Now())),
        failing=Count("pk", filter=Q(dead_at=None) & ~Q(error="")),
        dead=Count("pk", filter=Q(dead_at__isnull=False)),
    )
    return {(state,): number for state, number in found.items()}


@gauge("portal_tasks_oldest_seconds", "For how long the first due task has waited.")
def oldest_task() -> Values:
    return {(): oldest(due_tasks(), "due_at")}


@gauge("portal_outbox", "Letters that wait for the mail server.")
def letters() -> Values:
    return {(): waiting_letters().count()}


@gauge("portal_outbox_oldest_seconds", "For how long the first of them has waited.")
def oldest_letter() -> Values:
    return {(): oldest(waiting_letters(), "made_at")}


@gauge("portal_security_events_last_day", "Sign-ins and refusals of the last 24 hours.", "kind")
def security_events() -> Values:
    none: Values = {(kind,): 0 for kind in SecurityEvent.Kind.values}
    return none | by(SecurityEvent.objects.filter(at__gt=Now() - timedelta(days=1)), "kind")


@gauge("portal_disk_free_bytes", "Free space where the data folder and the photos lie.", "folder")
def disk() -> Values:
    return {(name,): free for name, free in free_bytes().items()}
