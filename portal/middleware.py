"""Headers that every response carries, and the limit on what a request may send."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import policies, preferences

GetResponse = Callable[[HttpRequest], HttpResponse]

_TEXT = re.compile(r"text/|application/(?:[a-z]+\+)?(?:xml|json)")
# These take the place of a page that nginx keeps; else it would go on showing that one while it asks, and while the
# portal is down. X-Accel-Expires is for nginx alone: it tells nobody else.
GONE_OR_MOVED = {301, 404, 410}
# Django's own middleware says some of these, too, but not when it refuses the host's name.
COMPANIONS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeadersMiddleware:
    """Put the content security policy and its companions on every response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        office = request.path.startswith("/admin/")
        response.headers.setdefault("Content-Security-Policy", policies.OFFICE if office else policies.PUBLIC)
        if response.status_code in GONE_OR_MOVED and "public" not in response.headers.get("Cache-Control", ""):
            # In front of the other header: nginx before 1.23 heeds the one that it reads first.
            said = response.headers.get("Cache-Control", "")
            del response.headers["Cache-Control"]
            response.headers["X-Accel-Expires"] = "1"
            if said:
                response.headers["Cache-Control"] = said
        if response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        for name, value in COMPANIONS.items():
            response.headers.setdefault(name, value)
        return response


class BodyLimitMiddleware:
    """Refuse a body that is too large before a byte of it is read or written to disk, and a form that is none.

    Whoever reads the form first would meet the fault: also what makes the page for a wrong address.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = settings.BODY_LIMIT if request.path.startswith("/admin/") else settings.BODY_LIMIT_PUBLIC
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > limit:
            return too_large(request, limit)
        if request.method == "POST":
            try:
                request.POST  # noqa: B018 - it is read here
            except RequestDataTooBig:  # What is typed, without files.
                request._mark_post_parse_error()
                return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
            except UnreadablePostError as error:  # Who sent it went away meanwhile.
                request._mark_post_parse_error()
                raise BadRequest from error
        return self.get_response(request)


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """``limit`` in bytes; the language is that of the address, for nobody has read another yet."""
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        return render(request, "413.html", {"limit_mb": limit // 2**20}, status=413)


class ViewMiddleware:
    """Read the reader's wish for ``request.view``; keep a page that was made by it out of shared caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.view = preferences.parse(request.COOKIES.get(preferences.COOKIE, ""))
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if request.view and is_page and "public" in response.headers.get("Cache-Control", ""):
            # The browser keeps it, and asks each time: another wish shows at once.
            response.headers["Cache-Control"] = "private, no-cache"
            patch_vary_headers(response, ["Cookie"])
        return response


class CompressTextMiddleware(GZipMiddleware):
    """Compress pages, feeds and data; pictures are compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if _TEXT.match(response.headers.get("Content-Type", "")):
            return super().process_response(request, response)
        return response
