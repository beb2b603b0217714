"""Whether the portal can do its work: each thing that it needs, with a figure.

Without the database, or with one of another version, no request can be answered: then the portal is not ready. The
rest is a warning: readers and citizens are served as before, and somebody has to look.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from .gauges import due_tasks, free_bytes, oldest, waiting_letters
from .models import Task

# Some task is due each minute, and the longest is done in half an hour.
WORKER_LATE = 2400
LETTER_LATE = 3600


@dataclass(frozen=True)
class Check:
    """``figure`` is for operators: a number or the kind of an error, never a name or an address."""

    ok: bool
    figure: float | str = ""
    needed: bool = False


def checks() -> dict[str, Check]:
    found = {
        "database": tried(database, needed=True),
        "migrations": tried(migrations, needed=True),
        "cache": tried(cache_keeps),
        "disk": tried(disk),
    }
    if not settings.TASKS_EAGER:  # Else there is no worker.
        found |= {"worker": tried(worker), "outbox": tried(outbox)}
    return found


def is_ready(found: dict[str, Check]) -> bool:
    return all(check.ok for check in found.values() if check.needed)


def tried(check: Callable[[], tuple[bool, float | str]], needed: bool = False) -> Check:
    try:
        return Check(*check(), needed=needed)
    except (DatabaseError, OSError) as error:
        return Check(False, type(error).__name__, needed)


def database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, ""


def migrations() -> tuple[bool, int]:
    """How many the database lacks."""
    missing = len(known_migrations() - set(MigrationRecorder(connection).applied_migrations()))
    return not missing, missing


@lru_cache
def known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def cache_keeps() -> tuple[bool, str]:
    """What is written can be read again."""
    key, value = f"health:{secrets.token_hex(4)}", secrets.token_hex(4)
    cache.set(key, value, 60)
    kept = cache.get(key) == value
    cache.delete(key)
    return kept, ""


def disk() -> tuple[bool, int]:
    """Free megabytes, of the fuller disk."""
    free = min(free_bytes().values(), default=0) // 2**20
    return free >= settings.DISK_FREE_MB, free


def worker() -> tuple[bool, float | str]:
    """How many seconds late the periodic tasks are: one is due each minute, so who works is never late for long."""
    if not Task.objects.filter(key__isnull=False).exists():
        return False, "never"
    late = round(oldest(due_tasks().filter(key__isnull=False), "due_at"))
    return late < WORKER_LATE, late


def outbox() -> tuple[bool, int]:
    """For how many seconds the first letter has waited."""
    waits = round(oldest(waiting_letters(), "made_at"))
    return waits < LETTER_LATE, waits
