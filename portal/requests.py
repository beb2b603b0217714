"""Every request gets a number, a line in the log and a place in the figures; none of them says what was read.

``Watched`` stands before the page cache and sees what that answers, too. What a request was for is told by the name
of its route: addresses carry codes, and queries what somebody typed.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.functional import SimpleLazyObject, empty

from .logs import about

logger = logging.getLogger("portal.requests")

Environ = dict[str, Any]
# Under these names the parts tell each other, in the request's environment.
ROUTE, STAFF, FROM_CACHE = "portal.route", "portal.staff", "portal.page_cache"
HEADER = "X-Request-ID"
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
# Asked for every few seconds by machines: only what is wrong is worth a line.
QUIET = {"portal.views.healthz", "portal.health_views.readyz"}
_NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")


class Watched:
    """A WSGI application before another.

    ``at_once`` gives an answer, or None; what it answers has no number, no line and no place in the figures: they would
    cost four times as much as a page that is kept.
    """

    def __init__(
        self,
        application: Callable[[Environ, Any], Iterable[bytes]],
        count: Any = None,
        at_once: Callable[[Environ, Any], Iterable[bytes] | None] | None = None,
    ) -> None:
        self.application, self.count, self.at_once = application, count, at_once

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if self.at_once and (answer := self.at_once(environ, start_response)) is not None:
            return answer
        began, status, number = time.monotonic(), 500, number_of(environ)

        def start(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start_response(line, [*headers, (HEADER, number)], *error)

        token = about.set({"request_id": number})
        try:
            return self.application(environ, start)
        finally:
            self.note(environ, status, time.monotonic() - began)
            about.reset(token)

    def note(self, environ: Environ, status: int, seconds: float) -> None:
        route = route_of(environ)
        method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other"
        if self.count:
            self.count(route, method, status, seconds, environ.get(FROM_CACHE, ""))
        if logger.isEnabledFor(logging.INFO) and (route not in QUIET or status >= 400):
            facts = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            facts |= {name: environ[key] for name, key in (("cache", FROM_CACHE), ("staff", STAFF)) if environ.get(key)}
            logger.info("request", extra={"facts": facts})


class RouteMiddleware:
    """Write down for ``Watched`` which route answered, and who of the staff asked, if somebody looked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.resolver_match:
            request.environ[ROUTE] = request.resolver_match.view_name
        # Never asked for here: to look up a session costs, and makes a page one person's.
        user = getattr(request, "user", None)
        if isinstance(user, SimpleLazyObject) and user._wrapped is not empty and user.is_staff:
            request.environ[STAFF] = user.pk
        return response


def number_of(environ: Environ) -> str:
    """The number that our proxy gave the request, else a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "") if settings.BEHIND_PROXY else ""
    return given if _NUMBER.fullmatch(given) else secrets.token_hex(8)


def route_of(environ: Environ) -> str:
    if ROUTE in environ:
        return environ[ROUTE]
    if environ.get(FROM_CACHE, "passed") != "passed":
        return _route(environ["PATH_INFO"])
    return "static" if environ["PATH_INFO"].startswith(settings.STATIC_URL) else "none"


@lru_cache(maxsize=2000)
def _route(path: str) -> str:
    """Of a page that Django was not asked for: public ones alone, of which there are not many."""
    try:
        with translation.override(path[1:3]):
            return resolve(path).view_name
    except Resolver404:
        return "none"
