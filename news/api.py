"""A small read-only interface for the media: the public reports as JSON, for programs on any site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.caching import PUBLIC, View
from portal.replica import for_readers

from . import openapi
from .models import Category, Photo, Report, ReportQuerySet
from .names import STATE_LANGUAGE
from .reading import BadCursor, read_page
from .sharing import full_text, shared_jpeg

PAGE_SIZE = 50
LANGUAGES = dict(settings.LANGUAGES)

Absolute = Callable[[str], str]


class Refusal(Exception):
    """A request that cannot be answered: a sentence for the person who wrote the program, and a status."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def open_data(view: View) -> View:
    """Only GET and HEAD; refusals are JSON; programs on other sites may read the answer; ETag and 304."""

    read = for_readers(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        readable = request.method in {"GET", "HEAD"}
        try:
            if not readable:
                raise Refusal(_("This address is only read: use GET."), 405)
            told = read(request, *args, **kwargs)
            response = JsonResponse(told, json_dumps_params={"ensure_ascii": False}, headers={"Cache-Control": PUBLIC})
            response = get_conditional_response(request, set_response_etag(response)["ETag"], None, response)
        except Refusal as refusal:
            response = JsonResponse({"error": str(refusal)}, status=refusal.status)
        if readable:
            response.headers["Access-Control-Allow-Origin"] = "*"
        else:
            response.headers["Allow"] = "GET, HEAD"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    answer.csrf_exempt = True  # Nothing is ever changed here; another method is refused with a sentence.
    return answer


@open_data
def reports(request: HttpRequest) -> dict[str, Any]:
    """A page of the reports in one language, the latest event first. At most four queries."""
    asked = {name: request.GET[name] for name in openapi.PARAMETERS if request.GET.get(name)}
    language = asked.setdefault("language", STATE_LANGUAGE)
    if language not in LANGUAGES:
        raise Refusal(_("There is no language “%(code)s”.") % {"code": language[:20]})
    try:
        page = read_page(_selected(asked), before=asked.get("cursor", ""), size=PAGE_SIZE)
    except BadCursor:
        raise Refusal(_("The cursor was not made here: use “next” of the page before.")) from None
    absolute = request.build_absolute_uri
    following = page.older and f"{reverse('api:reports')}?{urlencode(asked | {'cursor': page.older})}"
    with override(language):
        return {
            "reports": [_summary(report, absolute) for report in page.reports],
            "next": following and absolute(following),
        }


@open_data
def report(request: HttpRequest, event_id: int, language: str) -> dict[str, Any]:
    """One report whole, with all its photos. Five queries."""
    found = Report.objects.published().filter(event=event_id).with_cards()
    found = found.in_language(language).first() if language in LANGUAGES else None
    if found is None:
        raise Refusal(_("There is no such report, or it has not been published in this language."), 404)
    versions = Report.objects.published().filter(event=event_id).order_by("language")
    root = request.build_absolute_uri("/").rstrip("/")
    absolute = request.build_absolute_uri
    with override(language):
        return _summary(found, absolute) | {
            "body_html": full_text(found, root),
            "photos": [_photo(photo, absolute) for photo in found.event.photos.ready()],
            "versions": {
                version.language: absolute(_address(version)) for version in versions.only("event_id", "language")
            },
        }


@open_data
def description(request: HttpRequest) -> dict[str, Any]:
    return openapi.DOCUMENT


def _selected(asked: dict[str, str]) -> ReportQuerySet:
    found = Report.objects.published().in_language(asked["language"])
    if slug := asked.get("category"):
        category = next((category for category in Category.objects.all() if category.slug == slug), None)
        if category is None:
            raise Refusal(_("There is no category “%(slug)s”.") % {"slug": slug[:100]})
        found = found.filter(event__categories=category)
    if since := asked.get("since"):
        found = found.filter(event__starts_at__gte=_moment("since", since))
    if until := asked.get("until"):
        found = found.filter(event__starts_at__lt=_moment("until", until))
    return found


def _moment(name: str, text: str) -> datetime:
    """A moment, or the midnight that a day begins with; without an offset by the Dushanbe clock."""
    try:
        day: date | None = parse_date(text)
        moment = datetime.combine(day, time()) if day else parse_datetime(text)
        if moment is None:
            raise ValueError
        moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        return moment.astimezone(timezone.get_fixed_timezone(0))
    except (ValueError, OverflowError):
        raise Refusal(
            _("“%(name)s” must be a day (2026-01-31) or a moment (2026-01-31T09:00:00+05:00).") % {"name": name}
        ) from None


def _address(report: Report) -> str:
    return reverse("api:report", args=[report.event_id, report.language])


def _summary(report: Report, absolute: Absolute) -> dict[str, Any]:
    event = report.event
    return {
        "id": report.event_id,
        "language": report.language,
        "title": report.title,
        "lead": report.lead,
        "starts_at": timezone.localtime(event.starts_at).isoformat(),
        "place": event.place and event.place.name,
        "categories": [{"slug": category.slug, "name": category.name} for category in event.category_list],
        "photo": report.lead_photo and _photo(report.lead_photo, absolute),
        "published_at": report.published_at.isoformat(),
        "modified_at": report.modified_at.isoformat(),
        "url": absolute(report.get_absolute_url()),
        "api_url": absolute(_address(report)),
    }


def _photo(photo: Photo, absolute: Absolute) -> dict[str, Any]:
    jpeg = shared_jpeg(photo)
    return {
        "url": absolute(jpeg.url),
        "width": jpeg.width,
        "height": jpeg.height,
        "largest_url": absolute(photo.largest_url),
        "caption": photo.caption_text,
        "description": photo.alt_text,
        "credit": photo.credit,
    }
