"""Two officers, one appeal: who else has it open, and who is writing in it. Who writes keeps it, until taken over."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import presence
from portal.presence import Present
from portal.staff.sessions import in_background

from ..models import Appeal


class PresencePart:
    """Mixed into the admin of appeals."""

    def get_urls(self) -> list[URLPattern]:
        # An open page alone keeps nobody signed in.
        view = in_background(self.admin_site.admin_view(require_POST(self.presence_view)))
        return [path("<row:appeal_id>/presence/", view, name="appeals_appeal_presence"), *super().get_urls()]

    def presence_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        """A beat of an open page: answers who else is there, who writes, and the present revision."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        appeal = get_object_or_404(Appeal.objects.only("revision"), pk=appeal_id)
        writes = "writing" in request.POST and request.user.has_perm("appeals.answer_appeal")
        others = presence.beat(key_of(appeal_id), request.user, leaving="leaving" in request.POST, writing=writes)
        writer = who_writes(others)
        return JsonResponse(
            {
                "others": [str(one) for one in others],
                "writes": writer.name if writer else "",
                "revision": appeal.revision,
            }
        )


def key_of(appeal_id: int) -> str:
    return f"case-presence-{appeal_id}"


def opened(appeal: Appeal, user: Any) -> dict[str, Any]:
    """What the page needs; opening it is the first beat, so that it works without JavaScript too."""
    others = presence.beat(key_of(appeal.pk), user)
    return {"others": [str(one) for one in others], "writes": who_writes(others)}


def who_writes(others: list[Present]) -> Present | None:
    """Of several, who began first."""
    writing = [one for one in others if one.writing]
    return min(writing, key=lambda one: one.writing) if writing else None


def refusal(appeal: Appeal, user: Any, take_over: bool) -> str:
    """Why ``user`` cannot take a step now: a colleague writes in this case. Empty: nobody does."""
    known = presence.present(key_of(appeal.pk))
    writer = who_writes([one for one in known.values() if one.user != user.pk])
    if writer is None:
        return ""
    if take_over:
        presence.stop_writing(key_of(appeal.pk), writer.user)
        return ""
    return _("%(name)s is writing in this case. To go on all the same, tick “Take over” and press again.") % {
        "name": writer.name
    }
