"""What stands around a report, and pages of a list: few queries, the same number whatever the archive holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.lookups import Exact, In
from django.utils import timezone

from portal.prepared import Prepared

from .models import Category, Event, Report, ReportQuerySet, Topic
from .unindexed import Unindexed

_CURSOR = re.compile(r"([0-9]{8}T[0-9]{12})-([0-9]{1,18})")

PAGE_SIZE = 20
MORE = 4
_PLACE = tuple(f"event__place__name_{code}" for code in ("tg", "ru", "en"))
# What a page shows of another report; its text above all is not read with it.
NAMED_BY = ("language", "title", "slug", "event__starts_at", *_PLACE)


class BadCursor(ValueError):
    """A cursor that this site did not make."""


@dataclass(frozen=True)
class Page:
    """One page of a list, with the cursors of its neighbours (None at the ends)."""

    reports: list[Report]
    older: str | None
    newer: str | None


def cursor(report: Report) -> str:
    """The place of ``report`` in the order (date and time, number): ``20220110T084500-57``, in UTC."""
    return f"{report.event.starts_at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{report.event_id}"


def parse_cursor(text: str) -> tuple[datetime, int]:
    """What ``cursor`` was made of. Raises ``BadCursor``."""
    found = _CURSOR.fullmatch(text)
    try:
        if not found:
            raise ValueError
        return datetime.strptime(found[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), int(found[2])
    except ValueError:
        raise BadCursor(text) from None


def read_page(reports: ReportQuerySet, before: str = "", after: str = "", size: int = PAGE_SIZE) -> Page:
    """The newest ``size`` of ``reports``, or those just before or after a cursor: costs the same on every page."""
    reports = reports.with_cards()
    if after:
        rows = list(reports.after(*parse_cursor(after)).order_by("event__starts_at", "event_id")[: size + 1])
        shown = rows[:size][::-1]
        return Page(shown, cursor(shown[-1]) if shown else None, cursor(shown[0]) if len(rows) > size else None)
    if before:
        reports = reports.before(*parse_cursor(before))
    rows = list(reports.newest_first()[: size + 1])
    shown = rows[:size]
    return Page(
        shown,
        cursor(shown[-1]) if len(rows) > size else None,
        cursor(shown[0]) if before and shown else None,
    )


class Ties:
    """What binds other events to one: the editor's choice, a visit, topics.

    The topics are named by their numbers: of a number PostgreSQL knows whether it is rare, and how to look for it.
    """

    def __init__(self, event: Any, topics: list[Any], visits: list[Any]) -> None:
        self.chosen = Event.related.through.objects.filter(from_event=event)
        self.on_topics = Event.topics.through.objects.filter(In(F("topic"), topics))
        self.on_visit = Event.topics.through.objects.filter(In(F("topic"), visits))

    def candidates(self, others: ReportQuerySet, category: Any) -> list[ReportQuerySet]:
        """The first of each kind, one more than is shown for each neighbour in time that may be among them."""
        chosen = others.filter(event__in=self.chosen.values("to_event"))
        bound = [others.filter(event__in=events.values("event")) for events in (self.on_visit, self.on_topics)]
        # SQLite walks along the times: a category is mostly a large part of the archive, too large to be sorted.
        bound += [others.filter(Exact(Unindexed("event__categories"), category))] if category else []
        first = [self.annotate(chosen).order_by("choice"), *(some.newest_first() for some in bound)]
        return [some.values("pk")[: MORE + 2] for some in first]

    def annotate(self, reports: ReportQuerySet) -> ReportQuerySet:
        return reports.annotate(
            # The order in which the desk chose them.
            choice=Subquery(self.chosen.filter(to_event=OuterRef("event")).values("pk")[:1]),
            # Not EXISTS: PostgreSQL would read all events of the topic to tell it of these few.
            on_visit=Subquery(self.on_visit.filter(event=OuterRef("event")).values("pk")[:1]),
            on_topics=Subquery(self.on_topics.filter(event=OuterRef("event")).values("pk")[:1]),
        )

    @staticmethod
    def rank(report: Report) -> tuple[bool, int, bool, bool]:
        """What comes first; of equal ones the order stays."""
        return report.choice is None, report.choice or 0, report.on_visit is None, report.on_topics is None


def _around(
    now: Any, language: Any, event: Any, starts_at: Any, category: Any, topics: list[Any], visits: list[Any]
) -> ReportQuerySet:
    """The other versions of a report, the one before, the next, and what may be related."""
    public = Report.objects.published(now)
    same_language = public.in_language(language)
    previous = same_language.before(starts_at, event).newest_first().values("pk")[:1]
    following = same_language.after(starts_at, event).order_by("event__starts_at", "event_id").values("pk")[:1]
    ties = Ties(event, topics, visits)
    wanted = [previous, following, *ties.candidates(same_language.exclude(event=event), category)]
    # A union, because a database that is asked for one or the other reads the whole archive.
    versions = public.filter(event=event).order_by().values("pk")
    parts = [Report.objects.filter(pk__in=some).order_by().values("pk") for some in wanted]
    found = Report.objects.filter(pk__in=versions.union(*parts))
    return ties.annotate(found).select_related("event__place").only(*NAMED_BY).newest_first()


AROUND = Prepared(_around)


@dataclass(frozen=True)
class Surroundings:
    """The other languages of a report, its neighbours in time, and more on its topics or of its first category."""

    alternates: dict[str, str]
    previous: Report | None
    next: Report | None
    more: list[Report]
    more_category: Category | None


def surroundings(report: Report, categories: list[Category], topics: list[Topic]) -> Surroundings:
    """Read in one query: other versions, previous, next, and what is related.

    Related are the editor's choice in its order, then the latest of the same visit, on the same topics, and of the
    first category.
    """
    here = (report.event.starts_at, report.event_id)
    category = categories[0] if categories else None
    rows = AROUND.rows(
        now=timezone.now(),
        language=report.language,
        event=report.event_id,
        starts_at=report.event.starts_at,
        category=category.pk if category else None,
        topics=[topic.pk for topic in topics],
        visits=[topic.pk for topic in topics if topic.visit],
    )
    around = [row for row in rows if row.language == report.language and row.event_id != report.event_id]
    older = [row for row in around if (row.event.starts_at, row.event_id) < here]
    newer = [row for row in around if (row.event.starts_at, row.event_id) > here]
    before, after = (older[0] if older else None), (newer[-1] if newer else None)
    related = sorted((row for row in around if row not in (before, after)), key=Ties.rank)
    return Surroundings(
        alternates={row.language: row.get_absolute_url() for row in rows if row.event_id == report.event_id},
        previous=before,
        next=after,
        more=related[:MORE],
        more_category=category,
    )
