"""Who else has a page of the desk open: it says so every few seconds, and is forgotten a minute after it stops."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext

SECONDS = 60
# More people than a desk has: nobody makes the record longer.
MOST = 30


@dataclass(frozen=True)
class Present:
    """Somebody who has the page open: since when, and when it said so last (seconds since 1970).

    ``writing``: since when something typed stands in it that is not sent yet; 0.0 if nothing does.
    """

    user: int
    name: str
    since: float
    seen: float
    writing: float = 0.0

    def __str__(self) -> str:
        return gettext("%(name)s (since %(time)s)") % {"name": self.name, "time": _clock(self.since)}


def _clock(moment: float) -> str:
    local = timezone.localtime(datetime.fromtimestamp(moment, tz=timezone.get_current_timezone()))
    return f"{local:%H:%M}"


def name_of(user: Any | None) -> str:
    """A member of staff as colleagues call them."""
    return (user.get_full_name() or user.get_username()) if user else gettext("somebody")


def present(key: str) -> dict[int, Present]:
    """Who has the page open now, by the number of the user."""
    now = time.time()
    # A clock that was set back must not keep anybody for ever.
    return {user: one for user, one in (cache.get(key) or {}).items() if abs(now - one.seen) < SECONDS}


def beat(key: str, user: Any, *, leaving: bool = False, writing: bool = False) -> list[Present]:
    """``user`` has the page open, or leaves it; returns the others. Two at the same moment: one is heard next time."""
    known = present(key)
    others = sorted((one for one in known.values() if one.user != user.pk), key=lambda one: one.since)[:MOST]
    kept = {one.user: one for one in others}
    if not leaving:
        now, before = time.time(), known.get(user.pk)
        since = before.since if before else now
        started = (before.writing if before else 0.0) or now
        kept[user.pk] = Present(user.pk, name_of(user), since, now, started if writing else 0.0)
    cache.set(key, kept, SECONDS)
    return others


def stop_writing(key: str, user_id: int) -> None:
    """Forget that somebody was writing: another has taken over."""
    known = present(key)
    if one := known.get(user_id):
        cache.set(key, known | {user_id: Present(one.user, one.name, one.since, one.seen)}, SECONDS)
