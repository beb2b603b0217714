"""The text-only edition: the readers' pages under ``/<lang>/text/``, for slow and dear connections.

The same views answer, with other templates. What makes an address leads on within the edition, because ``reverse``
works there by ``portal.text_urls``: the addresses of the edition's pages with ``text/`` in front, all others as ever.
No header decides: an address has one content, which any cache may keep and anybody may pass on.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import is_valid_path, resolve, set_urlconf
from django.utils.encoding import escape_uri_path
from django.views.decorators.http import require_safe

URLCONF = "portal.text_urls"
PREFIX = "text/"


@require_safe
def page(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer with the view that the edition's own addresses name."""
    request.urlconf = URLCONF  # For what comes after the view: the slash at the end, the page of an error.
    set_urlconf(URLCONF)  # For this request: Django sets its own again for the next one.
    match = resolve(request.path_info)
    request.resolver_match = match
    return match.func(request, *match.args, **match.kwargs)


def is_text(request: HttpRequest | None) -> bool:
    """Whether the text edition was asked for."""
    return getattr(request, "urlconf", None) == URLCONF


def render_page(request: HttpRequest, template: str, text_template: str, context: dict[str, Any]) -> HttpResponse:
    """The page in the edition that was asked for."""
    return render(request, text_template if is_text(request) else template, context)


def text_path(path: str) -> str | None:
    """Where the page at ``path`` stands in the text edition; None if it has no place there."""
    language, slash, rest = path.removeprefix("/").partition("/")
    there = f"/{language}/{PREFIX}{rest}"
    return escape_uri_path(there) if slash and is_valid_path(there, URLCONF) else None


def full_path(path: str) -> str:
    """Where the page at ``path`` of the text edition stands in the full one; any other path as it is."""
    language, _slash, rest = path.removeprefix("/").partition("/")
    return f"/{language}/{rest.removeprefix(PREFIX)}" if rest.startswith(PREFIX) else path
