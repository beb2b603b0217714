"""Feeds of the latest reports, of the whole site, of each category and of each topic, in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Enclosure, SyndicationFeed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.caching import View, public_page
from portal.text import xml_text

from . import feed_formats
from .models import Category, Report, Topic
from .sharing import full_text, guid, root_of, shared_jpeg

LATEST = 30


@dataclass(frozen=True)
class Channel:
    """What a feed is about, and the scheme and host of its links."""

    subject: Category | Topic | None
    root: str


@dataclass(frozen=True)
class Entry:
    report: Report
    root: str


class ReportFeed(Feed):
    """The latest reports. Three queries, of a category or a topic four."""

    item_guid_is_permalink = False

    def __init__(self, feed_type: type[SyndicationFeed]) -> None:
        self.feed_type = feed_type

    def get_object(self, request: HttpRequest, category: str = "", topic: str = "") -> Channel:
        subject: Category | Topic | None = None
        if category:
            subject = Category.objects.get(slug=category)
        elif topic:
            subject = Topic.objects.get(slug=topic)
        return Channel(subject, root_of(request))

    def title(self, channel: Channel) -> str:
        site = _("President of the Republic of Tajikistan")
        return f"{channel.subject.name} – {site}" if channel.subject else site

    def link(self, channel: Channel) -> str:
        return channel.subject.get_absolute_url() if channel.subject else reverse("news:list")

    def description(self) -> str:
        return _(
            "Press Service of the President of the Republic of Tajikistan: events, speeches, visits, documents, "
            "and appeals to the President."
        )

    def author_name(self) -> str:
        return _("Press Service of the President of the Republic of Tajikistan")

    def items(self, channel: Channel) -> list[Entry]:
        reports = Report.objects.published().in_language(get_language()).newest_first().with_cards()
        if isinstance(channel.subject, Category):
            reports = reports.filter(event__categories=channel.subject)
        elif channel.subject:
            reports = reports.filter(event__topics=channel.subject)
        return [Entry(report, channel.root) for report in reports[:LATEST]]

    def item_title(self, entry: Entry) -> str:
        return xml_text(entry.report.title)

    def item_description(self, entry: Entry) -> str:
        return escape(xml_text(entry.report.description))  # RSS and Atom read it as HTML.

    def item_link(self, entry: Entry) -> str:
        return entry.report.get_absolute_url()

    def item_guid(self, entry: Entry) -> str:
        return guid(entry.report)

    def item_pubdate(self, entry: Entry) -> datetime:
        return entry.report.published_at

    def item_updateddate(self, entry: Entry) -> datetime:
        return max(entry.report.modified_at, entry.report.published_at)

    def item_categories(self, entry: Entry) -> list[str]:
        return [xml_text(category.name) for category in entry.report.event.category_list]

    def item_enclosures(self, entry: Entry) -> list[Enclosure]:
        jpeg = entry.report.lead_photo and shared_jpeg(entry.report.lead_photo)
        if not jpeg or jpeg.bytes is None:
            return []
        url = jpeg.url if "://" in jpeg.url else entry.root + jpeg.url
        return [Enclosure(url, str(jpeg.bytes), "image/jpeg")]

    def item_extra_kwargs(self, entry: Entry) -> dict[str, str]:
        return {"content": full_text(entry.report, entry.root), "summary": xml_text(entry.report.description)}


def _view(feed_type: type[SyndicationFeed]) -> View:
    return public_page(require_safe(ReportFeed(feed_type)))


rss = _view(feed_formats.Rss)
atom = _view(feed_formats.Atom)
json = _view(feed_formats.Json)
