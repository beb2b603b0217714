"""The readers' pages of the news."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.caching import public_page
from portal.text_edition import is_text, render_page

from . import calendars
from .filters import Choices, UnknownFilter, choose, read_choices
from .languages import missing
from .listing import read_listing
from .models import Report, ReportQuerySet
from .reading import BadCursor, read_page
from .report_page import find_report, missing_url, report_context
from .text_parts import text_context


def public_reports() -> ReportQuerySet:
    """What the reader may see in the page's language."""
    return Report.objects.published().in_language(get_language())


@public_page
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    return _list(request, _("Events"))


@public_page
@require_safe
def named_list(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The reports of one category, topic or place."""
    choices = read_choices()
    try:
        subject = choose(choices, kind, slug)
    except UnknownFilter:
        raise Http404 from None
    return _list(request, subject.label, choices=choices, subject=subject)


@public_page
@require_safe
def archive(request: HttpRequest, year: int, month: int | None = None, day: int | None = None) -> HttpResponse:
    """The events of a year, a month or a day of the Dushanbe calendar."""
    try:
        period = calendars.period(year, month, day)
    except ValueError:
        raise Http404 from None
    return _list(request, period.title, period=period)


def _list(request: HttpRequest, heading: str, choices: Choices | None = None, **about: Any) -> HttpResponse:
    """A page of the reports of a subject or a period (``about``), else of all, narrowed by the address's filters."""
    query, choices = request.GET, choices or read_choices()
    try:
        listing = read_listing(request.path, query, choices, **about)
        if elsewhere := listing.elsewhere(query):
            return HttpResponseRedirect(elsewhere)
        page = read_page(listing.narrow(public_reports()), query.get("before", ""), query.get("after", ""))
    except (UnknownFilter, BadCursor):
        raise Http404 from None
    context = {
        "heading": heading,
        "listing": listing,
        "site_categories": choices["category"],
        "reports": page.reports,
        "older_url": page.older and listing.url_with(before=page.older),
        "newer_url": page.newer and listing.url_with(after=page.newer),
        "missing": missing(query.get("missing")),
        "wrong_date": query.get("date"),
    }
    return render_page(request, "news/report_list.html", "text/report_list.html", context)


@public_page
@require_safe
def report(request: HttpRequest, event_id: int, slug: str) -> HttpResponse:
    """One report. A wrong slug leads to the right address; a missing language to that language's list."""
    found = find_report(get_language(), event_id)
    if found is None:
        return _not_here(request, event_id)
    if slug != found.slug:
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    context = report_context(found)
    if is_text(request):
        text = text_context(found, context["photos"], request.GET)
        if text is None:
            raise Http404
        context |= text
    response = render_page(request, "news/report_detail.html", "text/report_detail.html", context)
    response.headers["Last-Modified"] = http_date(found.modified_at.timestamp())
    return response


def _not_here(request: HttpRequest, event_id: int) -> HttpResponse:
    """A withdrawn report is gone, in a sentence; one in other languages alone leads to this language's list."""
    language = get_language()
    if Report.objects.withdrawn().filter(event=event_id, language=language).exists():
        return render(request, "news/withdrawn.html", status=410)
    if Report.objects.published().filter(event=event_id).exists():
        return HttpResponseRedirect(missing_url(language, event_id))
    raise Http404
