"""Who else has an event open (see ``portal.presence``)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from portal import presence
from portal.staff.sessions import in_background

from ..models import Event


def key_of(event_id: int) -> str:
    return f"desk-presence-{event_id}"


def heard(admin: Any, request: HttpRequest, event_id: int) -> HttpResponse:
    """A beat of an open page: answers who else is there, and the present revision of each report."""
    event = get_object_or_404(Event, pk=event_id)
    if not admin.has_change_permission(request, event):
        raise PermissionDenied
    others = presence.beat(key_of(event.pk), request.user, leaving="leaving" in request.POST)
    revisions = dict(event.reports.values_list("language", "revision"))
    return JsonResponse({"others": [str(one) for one in others], "revisions": revisions})


def panel(request: HttpRequest, event: Event | None) -> dict[str, Any]:
    """What the template needs; opening the page is the first beat, so that it works without JavaScript too."""
    if event is None:
        return {"others": [], "presence_url": ""}
    others = [str(one) for one in presence.beat(key_of(event.pk), request.user)]
    return {"others": others, "presence_url": reverse("admin:news_event_presence", args=[event.pk])}


def routes(admin: Any) -> list[URLPattern]:
    """The address for the beats."""

    @in_background  # An open page alone keeps nobody signed in.
    @require_POST
    def view(request: HttpRequest, event_id: int) -> HttpResponse:
        return heard(admin, request, event_id)

    return [path("<int:event_id>/presence/", admin.admin_site.admin_view(view), name="news_event_presence")]
