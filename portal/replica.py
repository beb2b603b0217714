"""Readers' pages of the news from a copy of the database that follows it (``DATABASE_REPLICA_URL``).

Only what a page marked by ``for_readers`` reads of the news comes from the replica. Appeals, the office, tasks, writes
and whatever happens in a transaction stay on the primary, and so do the pages of who is signed in: staff see at once
what they saved. A replica that does not have the last change of what readers see is not asked until it has it: its
number of changes (``public_changes``) is read on its own connection before the page is. So there is no lag to set, and
no page is older than the change after which it was made.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from . import public_changes

logger = logging.getLogger(__name__)

REPLICA = "replica"
# A database that did not answer is not asked again for so many seconds.
RETRY = 10
_silent_until = dict.fromkeys((DEFAULT_DB_ALIAS, REPLICA), float("-inf"))
_reading: ContextVar[bool] = ContextVar("reading", default=False)

View = Callable[..., HttpResponse]


class Router:
    """Every answer is given: Django's own would write to where a row was read."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        wanted = _reading.get() and model._meta.app_label in settings.REPLICA_APPS
        return REPLICA if wanted and not connections[DEFAULT_DB_ALIAS].in_atomic_block else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **_hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_rows: Any, **_hints: Any) -> bool:
        return True  # The same rows.

    def allow_migrate(self, database: str, *_args: Any, **_hints: Any) -> bool:
        return database == DEFAULT_DB_ALIAS


def for_readers(view: View) -> View:
    """Let ``view`` read from the replica, if there is one that is up to date; if it fails midway, from the primary."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if _may_serve(request) and _is_up_to_date():
            try:
                with _replica():
                    return view(request, *args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                connections[REPLICA].close()
                logger.warning("The replica failed: %s", type(error).__name__)
        return view(request, *args, **kwargs)

    return wrapped


@contextmanager
def _replica() -> Iterator[None]:
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def _may_serve(request: HttpRequest) -> bool:
    """There is a replica, and the reader is nobody of the staff: only they have sessions."""
    reads = request.method in {"GET", "HEAD"}
    return REPLICA in settings.DATABASES and reads and settings.SESSION_COOKIE_NAME not in request.COOKIES


def _is_up_to_date() -> bool:
    """It answers, and has every change that the primary tells of. Without a primary it is the best there is."""
    has = _number(REPLICA)
    return has is not None and has >= (_number(DEFAULT_DB_ALIAS) or 0)


def _number(database: str) -> int | None:
    """How many changes ``database`` has seen; None if it does not answer."""
    if time.monotonic() < _silent_until[database]:
        return None
    try:
        return public_changes.number(database) or 0
    except (OperationalError, InterfaceError) as error:
        _silent_until[database] = time.monotonic() + RETRY
        connections[database].close()
        logger.warning("The database “%s” does not answer: %s", database, type(error).__name__)
        return None
