"""Headers that every response carries, and the limit on what a request may send."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import preferences

GetResponse = Callable[[HttpRequest], HttpResponse]

# No inline code, no foreign host, no plug-ins, no frames: nothing on our pages needs them.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_TEXT = re.compile(r"text/|application/(?:[a-z]+\+)?(?:xml|json)")
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeadersMiddleware:
    """Put the content security policy and its companions on every response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class BodyLimitMiddleware:
    """Refuse a body that is too large before a byte of it is read or written to disk."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = settings.BODY_LIMIT if request.path.startswith("/admin/") else settings.BODY_LIMIT_PUBLIC
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > limit:
            language = translation.get_language_from_request(request, check_path=True)
            with translation.override(language):
                return render(request, "413.html", {"limit_mb": limit // 2**20}, status=413)
        return self.get_response(request)


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
