"""Who else has an event open: each page says so every few seconds, and is forgotten a minute after it stops."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from portal.staff.sessions import in_background

from ..models import Event
from .stale import name_of

SECONDS = 60
# More people than the desk has: nobody makes the record longer.
MOST = 30


@dataclass(frozen=True)
class Present:
    """Somebody who has the event open: since when, and when their page said so last (seconds since 1970)."""

    user: int
    name: str
    since: float
    seen: float

    def __str__(self) -> str:
        since = timezone.localtime(datetime.fromtimestamp(self.since, tz=timezone.get_current_timezone()))
        return gettext("%(name)s (since %(time)s)") % {"name": self.name, "time": f"{since:%H:%M}"}


def _key(event_id: int) -> str:
    return f"desk-presence-{event_id}"


def present(event_id: int) -> dict[int, Present]:
    """Who has the event open now, by the number of the user."""
    now = time.time()
    # A clock that was set back must not keep anybody for ever.
    return {user: one for user, one in (cache.get(_key(event_id)) or {}).items() if abs(now - one.seen) < SECONDS}


def beat(event_id: int, user: Any, *, leaving: bool = False) -> list[Present]:
    """``user`` has the event open, or leaves it; returns the others. Two at the same moment: one is heard next time."""
    known = present(event_id)
    others = sorted((one for one in known.values() if one.user != user.pk), key=lambda one: one.since)[:MOST]
    kept = {one.user: one for one in others}
    if not leaving:
        now = time.time()
        since = known[user.pk].since if user.pk in known else now
        kept[user.pk] = Present(user.pk, name_of(user), since, now)
    cache.set(_key(event_id), kept, SECONDS)
    return others


def presence(admin: Any, request: HttpRequest, event_id: int) -> HttpResponse:
    """A beat of an open page: answers who else is there, and the present revision of each report."""
    event = get_object_or_404(Event, pk=event_id)
    if not admin.has_change_permission(request, event):
        raise PermissionDenied
    others = beat(event.pk, request.user, leaving="leaving" in request.POST)
    revisions = dict(event.reports.values_list("language", "revision"))
    return JsonResponse({"others": [str(one) for one in others], "revisions": revisions})


def panel(request: HttpRequest, event: Event | None) -> dict[str, Any]:
    """What the template needs; opening the page is the first beat, so that it works without JavaScript too."""
    if event is None:
        return {"others": [], "presence_url": ""}
    others = [str(one) for one in beat(event.pk, request.user)]
    return {"others": others, "presence_url": reverse("admin:news_event_presence", args=[event.pk])}


def routes(admin: Any) -> list[URLPattern]:
    """The address for the beats."""

    @in_background  # An open page alone keeps nobody signed in.
    @require_POST
    def view(request: HttpRequest, event_id: int) -> HttpResponse:
        return presence(admin, request, event_id)

    return [path("<int:event_id>/presence/", admin.admin_site.admin_view(view), name="news_event_presence")]
