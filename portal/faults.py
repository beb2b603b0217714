"""What a reader gets when the portal itself cannot answer: pages that ask the database nothing.

They are made in each language, the reader's first. ``manage.py error_pages`` writes the same pages as files, for a
web server in front of the portal that has to answer when the portal does not.
"""

from __future__ import annotations

import errno
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

RETRY_AFTER = 60  # seconds
READ_ONLY = "25006"  # what PostgreSQL says to a write while it is a standby that is not promoted yet
FULL = {errno.ENOSPC, errno.EDQUOT}
_DRAFT = _("If you were writing an appeal, what was saved of it is kept for 24 hours.")
_LATER = _("Please try again in a few minutes.")
_DOWN = (_("The site does not answer for a moment"), _("The fault is on our side, not on yours."), _LATER, _DRAFT)
# The heading, what happened, what the reader can do now.
SAID: dict[int, tuple[Any, ...]] = {
    413: (
        _("The files are too large"),
        _("What you tried to send is larger than this site takes at once, and nothing was saved."),
        _("Go back, choose fewer or smaller files, and send again."),
    ),
    429: (
        _("Please wait a moment"),
        _("This site was asked very often from your connection."),
        _("Wait a minute, then load the page again. Nothing that was saved is lost."),
    ),
    500: (
        _("The site made a mistake"),
        _("The fault is on our side, not on yours."),
        _("Please try again in a few minutes. If it happens again, tell the Press Service by telephone."),
        _DRAFT,
    ),
    502: _DOWN,
    503: _DOWN,
    504: _DOWN,
}


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault that passes is called one, and whoever sent a form gets it back to send again."""
    passes = _passes(sys.exc_info()[1])
    language = translation.get_language_from_request(request, check_path=True)
    if not passes:
        return HttpResponse(page(500, language), status=500)
    response = _given_back(request, language) or HttpResponse(page(503, language), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _passes(error: BaseException | None) -> bool:
    """The database does not answer or is a standby that takes no writes, or a disk is full."""
    if isinstance(error, OSError):
        return error.errno in FULL
    read_only = error is not None and getattr(error.__cause__, "pgcode", "") == READ_ONLY
    return read_only or isinstance(error, OperationalError | InterfaceError)


def page(status: int, language: str) -> str:
    """The page alone, with nothing of the site that could fail; the other languages stand below."""
    languages = sorted(dict(settings.LANGUAGES), key=lambda code: code != language)
    return render_to_string("500.html", {"status": status, "said": SAID[status], "languages": languages})


def _given_back(request: HttpRequest, language: str) -> HttpResponse | None:
    """A page with every field that was sent and a button that sends them again; None if nothing was typed."""
    try:
        lists, files = list(request.POST.lists()) if request.method == "POST" else [], request.FILES
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return None
    sent = [(name, value) for name, values in lists for value in values if name != "csrfmiddlewaretoken"]
    if not sent or any("password" in name for name, _value in sent):
        return None  # No page repeats a password.
    written = [(name, value) for name, value in sent if len(value.split()) > 1]
    context = {
        "written": written,
        "hidden": [field for field in sent if field not in written],
        "chosen": [(name, [file.name for file in chosen]) for name, chosen in files.lists()],
    }
    with translation.override(language):
        return render(request, "errors/given_back.html", context, status=503)
