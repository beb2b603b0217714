"""Sitemaps: one section for each year of the archive, one for the standing pages, one of the last two days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as framework
from django.core.paginator import Paginator
from django.db.models import Count, Max, Prefetch
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import override
from django.views.decorators.http import require_safe

from portal.caching import public_page
from portal.text import xml_text

from .models import Category, Photo, Report, ReportQuerySet
from .names import STATE_LANGUAGE

# News readers and search engines look back two days, and take at most 1000 addresses.
NEWS_HOURS = 48
LANGUAGES = [code for code, _name in settings.LANGUAGES]

XML = "application/xml; charset=utf-8"


class Section(Sitemap):
    """Pages in several languages; each names the others, and Tajik as the one for everybody else."""

    limit = 1000

    def get_urls(self, page: int = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        root = f"{protocol}://{site.domain}"
        return [self.url_of(item, root) for item in self.paginator.page(page).object_list]

    def url_of(self, item: Any, root: str) -> dict[str, Any]:
        raise NotImplementedError


def alternates(versions: dict[str, str], root: str) -> list[tuple[str, str]]:
    """Language code and address of every version, then ``x-default`` if there is a Tajik one."""
    links = [(code, root + versions[code]) for code in LANGUAGES if code in versions]
    if STATE_LANGUAGE in versions:
        links.append(("x-default", root + versions[STATE_LANGUAGE]))
    return links


class Pages(Section):
    """The pages that always stand: home, events, categories, the rules of appeals, accessibility. One query."""

    def items(self) -> list[tuple[str, dict[str, str]]]:
        names = [("home", []), ("news:list", []), ("appeals:rules", []), ("accessibility", [])]
        names += [("news:category", [slug]) for slug in Category.objects.values_list("slug", flat=True)]
        pages = []
        for name, args in names:
            versions = {}
            for code in LANGUAGES:
                with override(code):
                    versions[code] = reverse(name, args=args)
            pages += [(path, versions) for path in versions.values()]
        return pages

    @cached_property
    def paginator(self) -> Paginator:
        return Paginator(self.items(), self.limit)

    def url_of(self, item: tuple[str, dict[str, str]], root: str) -> dict[str, Any]:
        path, versions = item
        return {"location": root + path, "alternates": alternates(versions, root)}


class Year(Section):
    """The reports of a year. Four queries, whatever the number of reports."""

    def __init__(self, year: int, lastmod: datetime, number: int) -> None:
        self.year, self.latest_lastmod, self.number = year, lastmod, number

    def get_latest_lastmod(self) -> datetime:
        return self.latest_lastmod

    def items(self) -> ReportQuerySet:
        versions = Report.objects.published().defer("body", "lead")
        return (
            versions.filter(event__starts_at__year=self.year)
            .select_related("event")
            .prefetch_related(
                Prefetch("event__reports", versions, to_attr="versions"),
                Prefetch("event__photos", Photo.objects.leads(), to_attr="lead_photos"),
            )
            .order_by("event__starts_at", "event_id", "language")
        )

    @cached_property
    def paginator(self) -> Paginator:
        paginator = Paginator(self.items(), self.limit)
        paginator.count = self.number
        return paginator

    def url_of(self, item: Report, root: str) -> dict[str, Any]:
        versions = {version.language: version.get_absolute_url() for version in item.event.versions}
        picture = item.lead_photo and item.lead_photo.largest_url
        return {
            "location": root + item.get_absolute_url(),
            "lastmod": item.modified_at.replace(microsecond=0),
            "alternates": alternates(versions, root),
            "picture": picture and (picture if "://" in picture else root + picture),
        }


class Latest(Section):
    """What was published in the last two days, as news aggregators want it."""

    def items(self) -> ReportQuerySet:
        since = timezone.now() - timedelta(hours=NEWS_HOURS)
        return Report.objects.published().filter(published_at__gte=since).defer("body", "lead").newest_first()

    def url_of(self, item: Report, root: str) -> dict[str, Any]:
        return {
            "location": root + item.get_absolute_url(),
            "language": item.language,
            "published_at": item.published_at.replace(microsecond=0),
            "title": xml_text(item.title),
        }


def _years(**wanted: object) -> dict[str, Year]:
    """The years of the archive by the Dushanbe calendar, newest first. One query."""
    rows = (
        Report.objects.published()
        .annotate(year=ExtractYear("event__starts_at"))
        .filter(**wanted)
        .values("year")
        .annotate(number=Count("pk"), text=Max("updated_at"), event=Max("event__updated_at"))
        .order_by("-year")
    )
    return {
        str(row["year"]): Year(row["year"], max(row["text"], row["event"]).replace(microsecond=0), row["number"])
        for row in rows
    }


@public_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    sections: dict[str, Section] = {"pages": Pages()} | _years()
    return framework.index(request, sections, sitemap_url_name="sitemaps:section", content_type=XML)


@public_page
@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """``pages``, or a year of four digits."""
    found = Pages() if section == "pages" else _years(year=int(section)).get(section)
    if found is None:
        raise Http404
    return _answer(request, found, "news/sitemap.xml")


@public_page
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    return _answer(request, Latest(), "news/sitemap_news.xml")


def _answer(request: HttpRequest, section: Section, template: str) -> HttpResponse:
    sections = {"section": section}
    return framework.sitemap(request, sections, section="section", template_name=template, content_type=XML)
