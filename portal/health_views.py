"""``/readyz``: a word for everybody, each check with its figure for operators."""

from __future__ import annotations

import ipaddress
from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import __version__, health

# Whoever comes through a proxy is not of this machine, though the proxy is.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The portal can do its work."""
    found = health.checks()
    status = 200 if health.is_ready(found) else 503
    if not is_operator(request):
        said = "ok\n" if status == 200 else "not ready\n"
        return HttpResponse(said, content_type="text/plain; charset=utf-8", status=status)
    told = {name: asdict(it) for name, it in found.items()}
    return JsonResponse({"ready": status == 200, "version": __version__, "checks": told}, status=status)


def is_operator(request: HttpRequest) -> bool:
    """From this machine, or with the token."""
    word, _space, token = request.headers.get("Authorization", "").partition(" ")
    if settings.HEALTH_TOKEN and word == "Bearer":
        return constant_time_compare(token, settings.HEALTH_TOKEN)
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
