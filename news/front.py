"""The front page by rule and by hand.

The rule: the latest event with a photo leads, the next four with a photo stand under it. What a press chief pinned
takes its place first, as long as its report is public in the page's language.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from .models import FrontPin, Photo, Report, card_parts

SECOND, LATEST, STRIP = 4, 10, 8
MOST_PINS = 20


@dataclass(frozen=True)
class FrontPage:
    lead: Report | None
    second: list[Report]
    latest: list[Report]
    strip: list[Photo]


def front_page(language: str) -> FrontPage:
    """Read the front page of a language: four queries, whatever the archive holds."""
    public = Report.objects.published().in_language(language).select_related("event__place")
    pinned = list(
        public.filter(event__front_pin__in=FrontPin.objects.current())
        .select_related("event__front_pin")
        .order_by("event__front_pin__position", "-event__front_pin__pk")[:MOST_PINS]
    )
    newest = list(public.newest_first()[: 1 + SECOND + LATEST + STRIP + len(pinned)])
    known = {report.pk for report in pinned}
    rest = [report for report in newest if report.pk not in known]
    prefetch_related_objects([*pinned, *rest], *card_parts())
    return arrange([(report.event.front_pin.position, report) for report in pinned], rest)


def arrange(pinned: list[tuple[int, Report]], rest: list[Report]) -> FrontPage:
    """Put the pinned reports in their places and fill the others by the rule. ``rest`` is newest first."""
    places: dict[int, Report | None] = dict.fromkeys(range(1 + SECOND))
    waiting = []
    for position, report in pinned:
        if places[position] is None:
            places[position] = report
        else:
            waiting.append(report)
    with_photo = [report for report in rest if report.lead_photo]
    if places[0] is None:
        places[0] = next(iter(with_photo or rest or waiting), None)
    taken = {id(report) for report in places.values()}
    fillers = iter([report for report in [*waiting, *with_photo] if id(report) not in taken])
    second = [places[position] or next(fillers, None) for position in range(1, 1 + SECOND)]
    second = [report for report in second if report]
    lead = places[0] or (second.pop(0) if second else None)
    shown = {id(lead), *map(id, second)}
    return FrontPage(
        lead=lead,
        second=second,
        latest=[report for report in rest if id(report) not in shown][:LATEST],
        strip=strip([report for report in with_photo if id(report) not in shown][:STRIP]),
    )


def strip(reports: list[Report]) -> list[Photo]:
    """The lead photos of ``reports``, each knowing the report that it leads to."""
    photos = []
    for report in reports:
        report.lead_photo.report = report
        photos.append(report.lead_photo)
    return photos
