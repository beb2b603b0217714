"""A report as readers will see it, before they may: the same page with a mark across it, kept by nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from .models import Report
from .report_page import report_context
from .workflow import State, state_of


@dataclass(frozen=True)
class Draft:
    """What the banner and the mark of a preview say."""

    state: State
    report: Report
    purpose: str
    until: datetime | None = None


def preview_page(
    request: HttpRequest,
    report: Report,
    purpose: str,
    *,
    until: datetime | None = None,
    grant: str = "",
    versions: dict[str, str] | None = None,
) -> HttpResponse:
    """The page of ``report`` in its language, as it is saved.

    ``grant`` shows the pictures to somebody without a login; ``versions`` leads to previews in other languages.
    """
    with override(report.language):
        context = report_context(report)
        for shown in (*context["photos"], *context["films"]):
            shown.grant = grant
        context["only_in"] = None  # What the other languages are now, they need not be when this one is published.
        context["draft"] = Draft(state_of(report), report, purpose, until)
        context["alternates"] = {report.language: request.path} | (versions or {})
        response = render(request, "news/preview.html", context)
    response.headers["Content-Language"] = report.language
    return kept_by_nobody(response)


def kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """No cache keeps it, no search engine lists it, and no other site is told its address."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, noimageindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
