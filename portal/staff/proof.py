"""Before something grave a person shows once more who it is: for five minutes that counts.

``@needs_proof`` on a view sends who has not done so to a page that asks, and from there back. A POST cannot be
sent again from there: ask on the page that has the button, or its owner presses the button twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

VALID = timedelta(minutes=5)


def recently_proved(request: HttpRequest) -> bool:
    """Within five minutes the person signed in, or showed again who it is."""
    row = getattr(request, "staff_session", None) if request.user.is_authenticated else None
    return bool(row and row.proved_at and timedelta(0) <= row.now - row.proved_at <= VALID)


def ask_for_proof(request: HttpRequest) -> HttpResponse:
    """To the page that asks, and from there back: to this page or, for a POST, to the one with its button."""
    back = request.get_full_path()
    if request.method not in {"GET", "HEAD"}:
        came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
        back = f"{came_from.path}?{came_from.query}" if came_from.netloc == request.get_host() else ""
        messages.info(request, _("Nothing was done yet. After confirming who you are please press the button again."))
    return HttpResponseRedirect(f"{reverse('staff:confirm')}?{urlencode({'next': back})}")


def needs_proof(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return view(request, *args, **kwargs) if recently_proved(request) else ask_for_proof(request)

    return wrapped


def safe_next(request: HttpRequest, default: str = "admin:index") -> str:
    """Where the request wants to go next, if that is on this site."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse(default)
