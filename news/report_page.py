"""What the page of a report shows: the same for readers and in a preview."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import BooleanField, CharField, Exists, OuterRef, Value
from django.urls import reverse
from django.utils.translation import override

from .languages import only_in
from .models import Category, Partner, Report
from .reading import surroundings
from .videos import films

_NAMED = ("pk", "slug", "name_tg", "name_ru", "name_en", "position")
_OF_PARTNERS = ("url", "short_name_tg", "short_name_ru", "short_name_en")


def report_context(report: Report) -> dict[str, Any]:
    """The context of ``news/report_detail.html``; four queries besides that of the report with its event and place."""
    categories, of_event, partners = sections_and_partners(report.event_id)
    around = surroundings(report, of_event)
    photos = list(report.event.photos.ready())
    lead, *gallery = photos or [None]
    return {
        "report": report,
        "event": report.event,
        "event_categories": of_event,
        "site_categories": categories,
        "site_partners": partners,
        "films": films(list(report.event.videos.all()), photos),
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
    with override(language):
        return f"{reverse('news:list')}?missing={event_id}"


def sections_and_partners(event_id: int) -> tuple[list[Category], list[Category], list[Partner]]:
    """The sections of the site, those among them that the event is in, and the partners: one query for all."""
    of_event = Category.events.through.objects.filter(event=event_id, category=OuterRef("pk"))
    no_text, no = Value("", output_field=CharField()), Value(False, output_field=BooleanField())
    sections = Category.objects.order_by().annotate(
        kind=Value("section"), of_event=Exists(of_event), **dict.fromkeys(_OF_PARTNERS, no_text)
    )
    partners = Partner.objects.order_by().annotate(kind=Value("partner"), of_event=no)
    columns = ("kind", "of_event", *_NAMED, *_OF_PARTNERS)
    rows = sections.values_list(*columns).union(partners.values_list(*columns), all=True)
    found: dict[str, list[Any]] = {"section": [], "partner": []}
    inside = []
    for kind, is_inside, *values in sorted(rows, key=lambda row: (row[columns.index("position")], row[2])):
        if kind == "section":
            found[kind].append(Category(**dict(zip(_NAMED, values, strict=False))))
            inside += found[kind][-1:] if is_inside else []
        else:
            found[kind].append(Partner(**dict(zip(_NAMED + _OF_PARTNERS, values, strict=True))))
    return found["section"], inside, found["partner"]
