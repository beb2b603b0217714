"""Addresses of the former site: a page that is not found is looked for among them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.text import validate_characters

from .links import OldAddress
from .models import Report

GetResponse = Callable[[HttpRequest], HttpResponse]
MAX_PATH = OldAddress._meta.get_field("path").max_length


def normal_path(address: str) -> str:
    """The path that is kept for an address of the former site: without host, query, escapes or a slash at the end.

    Raises ``ValidationError`` with a sentence for the person who typed it.
    """
    try:
        path = unquote(urlsplit(address.strip()).path, errors="strict").rstrip("/")
        validate_characters(path)
    except (ValueError, ValidationError):
        path = ""
    if not path.startswith("/") or path.startswith("//") or len(path) > MAX_PATH or not path.isprintable():
        raise ValidationError(_("Write an address as /en/node/123, of at most 300 characters."), code="old_address")
    return path


class OldAddressMiddleware:
    """Lead readers of an old address to the report's present one. Costs nothing for a page that is there.

    It stands after the middleware for languages and slashes, so that it sees a missing page before they do.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        return _instead(request) or response


def _instead(request: HttpRequest) -> HttpResponse | None:
    """What stands at the old address now: a redirect, or that it was withdrawn; None if nothing public does."""
    old = find(request.path_info)
    if old is None:
        return None
    versions = Report.objects.filter(event=old.event_id, language=old.language)
    if report := versions.published().first():
        response: HttpResponse = HttpResponsePermanentRedirect(report.get_absolute_url())
        # Not for ever, as browsers otherwise would: staff may lead the address elsewhere.
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response
    if not versions.withdrawn().exists():
        return None
    with override(old.language):
        response = render(request, "news/withdrawn.html", status=410)
    response.headers["Content-Language"] = old.language
    return response


def find(path: str) -> OldAddress | None:
    """The old address at ``path`` of a request, with or without a slash at its end."""
    path = path.rstrip("/")
    if not path or len(path) > MAX_PATH or "\0" in path:
        return None
    return OldAddress.objects.filter(path=path).first()
