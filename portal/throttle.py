"""How often somebody may do something. The cache holds keyed hashes only, never an address."""

from __future__ import annotations

import ipaddress
import math
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _


def wait_for(purpose: str, who: str, *, burst: int, seconds: float) -> float:
    """Take one from a bucket of ``burst`` that gets one back every ``seconds``; returns 0.0, or how long to wait.

    A cache that forgets lets people through. A clock that jumps back makes nobody wait longer.
    """
    key = bucket(purpose, who)
    now = time.time()
    left, since = cache.get(key) or (float(burst), now)
    left = min(float(burst), left + max(0.0, now - since) / seconds)
    taken = left >= 1
    if taken or now < since:
        cache.set(key, (left - taken, now), timeout=int(burst * seconds) + 1)
    return 0.0 if taken else (1 - left) * seconds


def bucket(purpose: str, who: str) -> str:
    digest = salted_hmac("portal.throttle", f"{purpose}\0{who}", algorithm="sha256").hexdigest()
    return f"throttle:{purpose}:{digest[:40]}"


def network(request: HttpRequest) -> str:
    """Where a request comes from: the address, of IPv6 the /64 that one household or office has.

    Behind our proxy it is the last address in its header: those before it are what the visitor claims.
    """
    text = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        text = request.META.get("HTTP_X_FORWARDED_FOR", text).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))


def sentence(wait: float) -> str:
    """How long to wait, in words."""
    seconds = max(1, math.ceil(wait))
    if seconds < 100:
        time = _("%(number)s s") % {"number": seconds}
    else:
        time = _("%(number)s min") % {"number": math.ceil(seconds / 60)}
    return _("This was done very often from your connection. Nothing is lost. Please try again in: %(time)s.") % {
        "time": time
    }


def told(response: HttpResponse, wait: float) -> HttpResponse:
    """``response`` with the status and the header that say to programs, too, how long to wait."""
    response.status_code = 429
    response.headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return response


def too_many(request: HttpRequest, wait: float) -> HttpResponse:
    """A page of its own, for where no form stands in which to say it."""
    return told(render(request, "429.html", {"sentence": sentence(wait)}), wait)
