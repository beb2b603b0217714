"""What a report still lacks before it is published: rules that know no request and ask no database.

Each check is a sentence in the editor's language, with its weight and the field that it is about. None of them
forbids anything: what cannot be published at all is refused by ``news.workflow``.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from portal.templatetags.portal_tags import dateline

from .body import words
from .images import SHARED_WIDTH
from .models import Event, Photo, Report
from .names import STATE_LANGUAGE
from .weight import Weight

TITLE_LENGTHS = range(20, 121)
LEAD_LENGTH = 300
# Bytes of the first view that a reader on a slow telephone should not have to exceed: the page and its photo.
FIRST_VIEW = 105_000
# The name of the check that is a measure rather than a field.
WEIGHT = "weight"
# So many broken links are named one by one.
NAMED_LINKS = 10


class Level(enum.IntEnum):
    OK = 0
    ADVICE = 1
    PROBLEM = 2


@dataclass(frozen=True)
class Check:
    """One sentence. ``owner`` and ``name`` tell the field: of the "event", the "report", or a photo by its number."""

    level: Level
    text: str
    owner: str | int
    name: str = ""


@dataclass(frozen=True)
class Facts:
    """What the rules look at besides the report: read once for all reports of an event."""

    event: Event
    reports: dict[str, Report]
    photos: Sequence[Photo]
    # Addresses in each report, by its number, of which it is known that they lead nowhere.
    broken: dict[int, list[str]] = field(default_factory=dict)
    weights: dict[int, Weight] = field(default_factory=dict)


def event_checks(facts: Facts) -> list[Check]:
    """What concerns the event in every language."""
    return [*_dateline(facts), *_photos(facts), *_languages(facts)]


def report_checks(report: Report, facts: Facts) -> list[Check]:
    """What concerns the report in its language."""
    parts = (_title(report), _lead(report), _text(report), _source(report, facts), _links(report, facts))
    checks = [check for part in parts for check in part]
    return [*checks, *_descriptions(report, facts), *_captions(report, facts), *_weight(report, facts)]


def problems(report: Report, facts: Facts) -> list[Check]:
    """What is plainly missing, of the report and of its event."""
    return [check for check in (*report_checks(report, facts), *event_checks(facts)) if check.level == Level.PROBLEM]


# The event --------------------------------------------------------------------------------------------------------


def _dateline(facts: Facts) -> Iterator[Check]:
    event, time = facts.event, dateline(facts.event.starts_at)
    if event.place_id:
        yield Check(Level.OK, _("Dateline: %s") % f"{time}, {event.place.name}", "event", "starts_at")
    else:
        said = _("No place is given: the dateline shows the date and the time alone (%s).") % time
        yield Check(Level.ADVICE, said, "event", "place")


def _photos(facts: Facts) -> Iterator[Check]:
    if not facts.photos:
        yield Check(Level.ADVICE, _("There is no photo: lists and shared links show none."), "photos")
        return
    lead = facts.photos[0]
    yield Check(Level.OK, _("Photos: %s") % len(facts.photos), "photos")
    waiting = [photo for photo in facts.photos if not photo.ready]
    if waiting:
        said = _("Photos that are still being prepared and that readers do not see yet: %s") % len(waiting)
        yield Check(Level.ADVICE, said, "photos")
    if (lead.width or 0) < SHARED_WIDTH:
        said = _("The lead photo is %(width)s pixels wide; where the report is shared, %(wanted)s look sharp.")
        yield Check(Level.ADVICE, said % {"width": lead.width or 0, "wanted": SHARED_WIDTH}, lead.pk, "image")
    else:
        yield Check(Level.OK, _("The lead photo is wide enough for the picture of a shared link."), lead.pk, "image")


def _languages(facts: Facts) -> Iterator[Check]:
    missing = [name for code, name in settings.LANGUAGES if code not in facts.reports]
    if not missing:
        yield Check(Level.OK, _("There is a report in every language."), "event", "languages_note")
    elif facts.event.languages_note:
        said = _("There is no report in: %(languages)s. The reason given: %(reason)s")
        values = {"languages": ", ".join(missing), "reason": facts.event.languages_note}
        yield Check(Level.OK, said % values, "event", "languages_note")
    else:
        said = _("There is no report in: %s. Write it, or say why it is missing.") % ", ".join(missing)
        yield Check(Level.PROBLEM, said, "event", "languages_note")


# A report ---------------------------------------------------------------------------------------------------------


def _title(report: Report) -> Iterator[Check]:
    length = len(report.title)
    if length in TITLE_LENGTHS:
        yield Check(Level.OK, _("Title, in characters: %s") % length, "report", "title")
        return
    said = _("Title, in characters: %(length)s. From %(least)s to %(most)s are read best.")
    values = {"length": length, "least": TITLE_LENGTHS[0], "most": TITLE_LENGTHS[-1]}
    yield Check(Level.ADVICE, said % values, "report", "title")


def _lead(report: Report) -> Iterator[Check]:
    length = len(report.lead)
    if not length:
        said = _("There is no lead: lists and shared links do without it or show the first words of the text.")
        yield Check(Level.ADVICE, said, "report", "lead")
    elif length > LEAD_LENGTH:
        said = _("Lead, in characters: %(length)s. Up to %(most)s are read best.")
        yield Check(Level.ADVICE, said % {"length": length, "most": LEAD_LENGTH}, "report", "lead")
    else:
        yield Check(Level.OK, _("Lead, in characters: %s") % length, "report", "lead")


def _text(report: Report) -> Iterator[Check]:
    number = len(words(report.body).split())
    if number:
        yield Check(
            Level.OK, _("Text, in words: %s") % formats.number_format(number, force_grouping=True), "report", "body"
        )
    else:
        yield Check(Level.PROBLEM, _("The text is empty."), "report", "body")


def _source(report: Report, facts: Facts) -> Iterator[Check]:
    """Whether a translation was made from the Tajik text as it is now; nothing of one whose source nobody noted."""
    source = facts.reports.get(STATE_LANGUAGE)
    if report.language == STATE_LANGUAGE or not source or not report.source_digest:
        return
    if report.source_digest == source.digest:
        yield Check(Level.OK, _("It was translated from the present Tajik text."), "report", "body")
    else:
        yield Check(Level.PROBLEM, _("The Tajik text was changed after this translation was made."), "report", "body")


def _links(report: Report, facts: Facts) -> Iterator[Check]:
    links = links_of(report.body)
    broken = facts.broken.get(report.pk, [])
    for url in broken[:NAMED_LINKS]:
        yield Check(Level.PROBLEM, _("A link leads nowhere: %s") % url, "report", "body")
    if len(broken) > NAMED_LINKS:
        yield Check(
            Level.PROBLEM, _("Further links that lead nowhere: %s") % (len(broken) - NAMED_LINKS), "report", "body"
        )
    for url, text in links:
        if not text:
            yield Check(Level.PROBLEM, _("A link has no words: %s") % (url or "—"), "report", "body")
        elif url.strip() in {"", "#"}:
            yield Check(Level.PROBLEM, _("A link has no address: “%s”") % text[:80], "report", "body")
    if links and not broken and all(text and url.strip() not in {"", "#"} for url, text in links):
        yield Check(Level.OK, _("Links, none of them known to be broken: %s") % len(links), "report", "body")


def _descriptions(report: Report, facts: Facts) -> Iterator[Check]:
    if not facts.photos:
        return
    lead, code = facts.photos[0], report.language
    name = f"alt_{code}"
    if lead.decorative:
        yield Check(Level.OK, _("The lead photo is marked as decorative."), lead.pk, "decorative")
    elif getattr(lead, name):
        yield Check(Level.OK, _("The lead photo is described in this language."), lead.pk, name)
    elif getattr(lead, f"caption_{code}"):
        said = _("The lead photo has no description in this language: screen readers read its caption.")
        yield Check(Level.ADVICE, said, lead.pk, name)
    else:
        said = _("The lead photo has neither a description nor a caption in this language, and is not decorative.")
        yield Check(Level.PROBLEM, said, lead.pk, name)


def _captions(report: Report, facts: Facts) -> Iterator[Check]:
    name = f"caption_{report.language}"
    without = [photo for photo in facts.photos if not photo.decorative and not getattr(photo, name)]
    if without:
        said = _("Photos without a caption in this language: %(number)s of %(all)s")
        values = {"number": len(without), "all": len(facts.photos)}
        yield Check(Level.ADVICE, said % values, without[0].pk, name)
    elif facts.photos:
        yield Check(Level.OK, _("Every photo has a caption in this language."), "photos")


def _weight(report: Report, facts: Facts) -> Iterator[Check]:
    weight = facts.weights.get(report.pk)
    if not weight:
        return
    values = {"first": kilobytes(weight.first_view), "everything": kilobytes(weight.everything)}
    if weight.first_view <= FIRST_VIEW:
        said = _("The first view costs a reader %(first)s kB; with everything on the page %(everything)s kB.")
        yield Check(Level.OK, said % values, "photos", WEIGHT)
        return
    said = _(
        "The first view costs a reader %(first)s kB, where %(most)s should do; with everything on the page "
        "%(everything)s kB."
    )
    yield Check(Level.ADVICE, said % (values | {"most": kilobytes(FIRST_VIEW)}), "photos", WEIGHT)


def kilobytes(number: int) -> str:
    """Bytes as the editor's language writes thousands of them, rounded up: something never costs nothing."""
    return formats.number_format(-(-number // 1000), force_grouping=True)


# Links ------------------------------------------------------------------------------------------------------------


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.inside = True
            self.found.append([dict(attributes).get("href") or "", ""])

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "a"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1][1] += data


def links_of(body: str) -> list[tuple[str, str]]:
    """The links of a cleaned text: address and words, in their order."""
    reader = _Links()
    reader.feed(body)
    reader.close()
    return [(url, " ".join(text.split())) for url, text in reader.found]
