"""Who is signed in, and what is asked of them before they see anything of the office."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from . import events, sessions

# What somebody who is not wholly signed in may open: who has a second factor, and who has none yet.
ALWAYS = {"set_language", "staff:sign_in", "staff:sign_out"}
TO_PROVE = ALWAYS | {"staff:second"}
TO_CHOOSE = ALWAYS | {"staff:new_password"}
TO_BEGIN = ALWAYS | {"staff:begin", "staff:app", "staff:passkey", "staff:confirm"}
WHY_ENDED = {
    events.Detail.IDLE: _("You were signed out because nothing was done for long. Please sign in again."),
    events.Detail.LONG: _("You were signed out because 12 hours are over. Please sign in again."),
    events.Detail.CHANGED: _("You were signed out because your rights or your password changed. Please sign in again."),
    events.Detail.OTHER: _("This session was ended. Please sign in again."),
}


class StaffAuthenticationMiddleware(AuthenticationMiddleware):
    """``request.user`` by the rules of ``sessions.who``. A page that does not ask for it pays nothing."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: sessions.who(request))


class StaffSecurityMiddleware:
    """On every address of the admin: the second factor where it is due, and the clock of the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, _args: object, _kwargs: object) -> HttpResponse | None:
        if not request.path.startswith(sessions.ADMIN):
            return None
        if not request.user.is_authenticated:
            reason = getattr(request, "session_ended", "")
            if reason:
                messages.warning(request, WHY_ENDED[reason])
            return None
        row = request.staff_session
        if not getattr(view, "in_background", False):
            sessions.touch(row)
        where, may_open = ("staff:second", TO_PROVE) if row.has_factor else ("staff:begin", TO_BEGIN)
        if row.is_complete and row.needs_password:
            where, may_open = "staff:new_password", TO_CHOOSE
        elif row.is_complete:
            return None
        if request.resolver_match.view_name in may_open:
            return None
        if where == "staff:new_password":
            messages.info(request, _("Please choose a password of your own first: who gave you this one knows it."))
        return HttpResponseRedirect(f"{reverse(where)}?{urlencode({'next': request.get_full_path()})}")
