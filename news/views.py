"""The readers' pages of the news."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.http import http_date
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.caching import public_page

from .models import Category, Report, ReportQuerySet
from .reading import BadCursor, read_page, surroundings


def public_reports() -> ReportQuerySet:
    """What the reader may see in the page's language."""
    return Report.objects.published().in_language(get_language())


@public_page
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    return _list(request, public_reports(), _("Events"))


@public_page
@require_safe
def category_list(request: HttpRequest, slug: str) -> HttpResponse:
    categories = list(Category.objects.all())  # The navigation shows them all: one query finds this one too.
    category = next((category for category in categories if category.slug == slug), None)
    if category is None:
        raise Http404
    reports = public_reports().filter(event__categories=category)
    return _list(request, reports, category.name, category=category, site_categories=categories)


@public_page
@require_safe
def archive(request: HttpRequest, year: int, month: int | None = None) -> HttpResponse:
    """The events of a year or a month of the Dushanbe calendar."""
    zone = ZoneInfo(settings.TIME_ZONE)
    try:
        start = datetime(year, month or 1, 1, tzinfo=zone)
        end = datetime(year + (month in (None, 12)), 1 if month in (None, 12) else month + 1, 1, tzinfo=zone)
        start.astimezone(UTC), end.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Http404 from None
    title = formats.date_format(start, "YEAR_MONTH_FORMAT") if month else str(year)
    reports = public_reports().filter(event__starts_at__gte=start, event__starts_at__lt=end)
    return _list(request, reports, _("Events"), month_title=title)


def _list(request: HttpRequest, reports: ReportQuerySet, heading: str, **context: object) -> HttpResponse:
    try:
        page = read_page(reports, request.GET.get("before", ""), request.GET.get("after", ""))
    except BadCursor:
        raise Http404 from None
    context |= {
        "heading": heading,
        "reports": page.reports,
        "older_url": page.older and f"{request.path}?before={page.older}",
        "newer_url": page.newer and f"{request.path}?after={page.newer}",
        "missing_notice": "missing" in request.GET,
    }
    return render(request, "news/report_list.html", context)


@public_page
@require_safe
def report(request: HttpRequest, event_id: int, slug: str) -> HttpResponse:
    """One report. A wrong slug leads to the right address; a missing language to that language's list."""
    language = get_language()
    found = public_reports().filter(event=event_id).select_related("event__place").first()
    if found is None:
        if Report.objects.published().filter(event=event_id).exists():
            return HttpResponseRedirect(_missing_url(language))
        raise Http404
    if slug != found.slug:
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    membership = Category.events.through.objects.filter(event=event_id, category=OuterRef("pk"))
    categories = list(Category.objects.annotate(of_event=Exists(membership)))
    around = surroundings(found, [category for category in categories if category.of_event])
    lead, *gallery = found.event.photos.all() or [None]
    context = {
        "report": found,
        "event": found.event,
        "event_categories": [category for category in categories if category.of_event],
        "site_categories": categories,
        "lead_photo": lead,
        "gallery": gallery,
        "previous_report": around.previous,
        "next_report": around.next,
        "more_reports": around.more,
        "more_category": around.more_category,
        "alternates": around.alternates,
        "missing_urls": {code: _missing_url(code) for code, _name in settings.LANGUAGES},
    }
    response = render(request, "news/report_detail.html", context)
    response.headers["Last-Modified"] = http_date(found.modified_at.timestamp())
    return response


def _missing_url(language: str) -> str:
    """That language's list, with a word that the report does not exist in it."""
    with override(language):
        return f"{reverse('news:list')}?missing=1"
