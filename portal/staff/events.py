"""The record of security events, and how a browser and its network are named there."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import get_language

from portal.tasks import periodic
from portal.throttle import network

from .models import SecurityEvent

DAYS_TO_KEEP = 730
Kind, Detail = SecurityEvent.Kind, SecurityEvent.Detail

# The first that stands in what a browser says of itself: most of them also name those that they descend from.
BROWSERS = {
    "YaBrowser/": "Yandex Browser",
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def record(kind: str, request: HttpRequest | None, user: User | None, detail: str = "", actor: str = "") -> None:
    """Write down what happened to the login of ``user`` (None: unknown); ``actor`` is another who did it."""
    where: dict[str, Any] = {"device": device(request), "place": place(request)} if request else {}
    language = (get_language() or "")[:2]
    login = user.get_username() if user else ""
    SecurityEvent.objects.create(
        kind=kind, user=user, login=login, detail=detail, actor=actor, language=language, **where
    )


def device(request: HttpRequest) -> str:
    """The browser in words: ``Firefox, Windows``; "" if it does not say."""
    said = request.META.get("HTTP_USER_AGENT", "")
    found = (next((name for mark, name in names.items() if mark in said), "") for names in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found))


def place(request: HttpRequest) -> str:
    """The network that a request comes from, shared by many: /24 of IPv4, /48 of IPv6."""
    try:
        found = ipaddress.ip_network(network(request))
    except ValueError:
        return ""
    return str(found.supernet(new_prefix=24 if found.version == 4 else 48))


@periodic(at="04:10")
def forget_old_events() -> None:
    """The only deletion: what is older than two years."""
    old = SecurityEvent.objects.filter(at__lt=Now() - timedelta(days=DAYS_TO_KEEP))
    old._raw_delete(old.db)
