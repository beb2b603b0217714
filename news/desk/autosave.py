"""Unsaved work at the desk: the addresses under which the page keeps it, asks for it and throws it away."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from ..models import Event
from .working_copies import Fields, forget, keep, offered, read_fields

MAX_BYTES = 2_400_000


def event_of(admin: Any, request: HttpRequest, event_id: int | None) -> Event | None:
    """The event that is written about, None for a new one; raises unless this person may write about it."""
    event = get_object_or_404(Event, pk=event_id) if event_id else None
    allowed = admin.has_change_permission(request, event) if event else admin.has_add_permission(request)
    if not allowed:
        raise PermissionDenied
    return event


def autosave(admin: Any, request: HttpRequest, event_id: int | None = None) -> HttpResponse:
    """GET: what is kept, and a token for a page whose own is of an earlier login. POST: keep what was typed."""
    event = event_of(admin, request, event_id)
    if request.method == "GET":
        copy = offered(request.user, event)
        found = {"saved_at": copy.saved_at.isoformat(), "fields": copy.fields} if copy else {}
        return JsonResponse(found | {"token": get_token(request), "user": request.user.pk})
    try:
        fields = read_fields(json.loads(request.body if len(request.body) <= MAX_BYTES else b""))
    except (ValueError, RecursionError, RawPostDataException):  # NotTyped, no JSON, no UTF-8, a form
        return JsonResponse({"error": "not typed into this form"}, status=400)
    copy = keep(request.user, event, fields)
    return JsonResponse({"saved_at": copy.saved_at.isoformat()})


def discard(admin: Any, request: HttpRequest, event_id: int | None = None) -> HttpResponse:
    """Throw the unsaved text away and show the form as it is stored."""
    event = event_of(admin, request, event_id)
    forget(request.user, event)
    return redirect("admin:news_event_change", event.pk) if event else redirect("admin:news_event_add")


def restored(request: HttpRequest, event: Event | None) -> Fields:
    """What fills the form of a page that was asked for with ``?restore=1``; else nothing."""
    if request.method != "GET" or "restore" not in request.GET:
        return {}
    copy = offered(request.user, event)
    return copy.fields if copy else {}


def saved_at(user: Any, event: Event | None) -> str:
    """When ``user`` last saved this event, or for a new one any new one; what a browser kept before is of no use."""
    entries = LogEntry.objects.filter(user=user, content_type=ContentType.objects.get_for_model(Event))
    entries = entries.filter(object_id=str(event.pk)) if event else entries.filter(action_flag=ADDITION)
    last = entries.order_by("-action_time").values_list("action_time", flat=True).first()
    return last.isoformat() if last else ""


def panel(request: HttpRequest, event: Event | None) -> dict[str, Any]:
    """What the template of the form needs of all this."""
    copy = None if request.method != "GET" or "restore" in request.GET else offered(request.user, event)
    number = [event.pk] if event else []
    return {
        "working_copy": copy,
        "desk_saved_at": saved_at(request.user, event),
        # The form holds unsaved text already: of a copy, or sent back with errors.
        "desk_filled": request.method != "GET" or "restore" in request.GET,
        "autosave_url": reverse("admin:news_event_autosave", args=number),
        "discard_url": reverse("admin:news_event_discard", args=number),
    }


def routes(admin: Any) -> list[URLPattern]:
    """The addresses of the form of an event, and of the one for a new event."""

    @require_http_methods(["GET", "POST"])
    def autosave_view(request: HttpRequest, event_id: int | None = None) -> HttpResponse:
        return autosave(admin, request, event_id)

    @require_POST
    def discard_view(request: HttpRequest, event_id: int | None = None) -> HttpResponse:
        return discard(admin, request, event_id)

    views = {"autosave": autosave_view, "discard": discard_view}
    return [
        path(f"{which}/{name}/", admin.admin_site.admin_view(view), name=f"news_event_{name}")
        for name, view in views.items()
        for which in ("<int:event_id>", "new")
    ]
