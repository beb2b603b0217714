"""What the page of a report shows: the same for readers and in a preview."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import BooleanField, CharField, Exists, F, OuterRef, QuerySet, Value
from django.utils import timezone

from portal.page_urls import page_url
from portal.prepared import Prepared

from .languages import only_in
from .models import Category, Partner, Photo, Report, Topic, Video
from .reading import surroundings
from .videos import films

_NAMED = ("pk", "slug", "name_tg", "name_ru", "name_en", "position")
_OF_PARTNERS = ("url", "short_name_tg", "short_name_ru", "short_name_en")
_COLUMNS = ("kind", "of_event", *_NAMED, *_OF_PARTNERS)


def report_context(report: Report) -> dict[str, Any]:
    """The context of ``news/report_detail.html``; four queries besides that of the report with its event and place."""
    categories, of_event, topics, partners = names_around(report.event_id)
    around = surroundings(report, of_event, topics)
    photos, videos = PHOTOS.rows(event=report.event_id), VIDEOS.rows(event=report.event_id)
    for filed in (*photos, *videos):
        filed.event = report.event
    lead, *gallery = photos or [None]
    return {
        "report": report,
        "event": report.event,
        "event_categories": of_event,
        "site_categories": categories,
        "site_partners": partners,
        "films": films(videos, photos),
        "photos": photos,
        "lead_photo": lead,
        "gallery": gallery,
        "previous_report": around.previous,
        "next_report": around.next,
        "more_reports": around.more,
        "more_category": around.more_category,
        "alternates": around.alternates,
        "only_in": only_in({report.language, *around.alternates}),
        "missing_urls": {code: missing_url(code, report.event_id) for code, _name in settings.LANGUAGES},
    }


def missing_url(language: str, event_id: int) -> str:
    """That language's list, with a word that the report does not exist in it, and where it does."""
    return f"{page_url('news:list', language=language)}?missing={event_id}"


def find_report(language: str, event_id: int) -> Report | None:
    """The report of an event that readers of ``language`` may see, with its event and place."""
    return next(iter(FOUND.rows(now=timezone.now(), language=language, event=event_id)), None)


def names_around(event_id: int) -> tuple[list[Category], list[Category], list[Topic], list[Partner]]:
    """The sections of the site, those among them that the event is in, its topics, the partners: one query for all."""
    found: dict[str, list[Any]] = {"section": [], "topic": [], "partner": []}
    inside = []
    for kind, mark, *values in sorted(
        NAMES.rows(event=event_id), key=lambda row: (row[_COLUMNS.index("position")], row[2])
    ):
        if kind == "section":
            found[kind].append(Category(**dict(zip(_NAMED, values, strict=False))))
            inside += found[kind][-1:] if mark else []
        elif kind == "topic":
            found[kind].append(Topic(pk=values[0], visit=mark))
        else:
            found[kind].append(Partner(**dict(zip(_NAMED + _OF_PARTNERS, values, strict=True))))
    return found["section"], inside, found["topic"], found["partner"]


def _names(event: Any) -> QuerySet[Any, Any]:
    of_event = Category.events.through.objects.filter(event=event, category=OuterRef("pk"))
    no_text, no = Value("", output_field=CharField()), Value(False, output_field=BooleanField())
    sections = Category.objects.order_by().annotate(
        kind=Value("section"), of_event=Exists(of_event), **dict.fromkeys(_OF_PARTNERS, no_text)
    )
    partners = Partner.objects.order_by().annotate(kind=Value("partner"), of_event=no)
    topics = Topic.objects.order_by().filter(events=event)
    topics = topics.annotate(
        kind=Value("topic"), of_event=F("visit"), position=Value(0), **dict.fromkeys(_OF_PARTNERS, no_text)
    )
    others = (topics.values_list(*_COLUMNS), partners.values_list(*_COLUMNS))
    return sections.values_list(*_COLUMNS).union(*others, all=True)


def _found(now: Any, language: Any, event: Any) -> QuerySet[Report]:
    return Report.objects.published(now).in_language(language).filter(event=event).select_related("event__place")


FOUND = Prepared(_found)
NAMES = Prepared(_names)
PHOTOS = Prepared(lambda event: Photo.objects.ready().filter(event=event))
VIDEOS = Prepared(lambda event: Video.objects.filter(event=event))
