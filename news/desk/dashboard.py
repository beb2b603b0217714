"""The first page of the press desk: what waits for somebody, what comes next, what is read, and a month's work.

Its number of queries is fixed, whatever the archive holds; each row leads to where the work is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.templatetags.portal_tags import dateline

from .. import workflow
from ..calendars import ZONE, period, today
from ..link_check import broken_links
from ..models import DailyReads, Event, Report
from ..publishing_chart import Chart, month_chart
from ..workflow import State
from .missing import MISSING, MissingFilter, lacking_languages

SHOWN = 6
DAYS_OF_READING = 7
LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Row:
    """A line of a card: what it leads to, in which language its title is, and a word beside it."""

    title: str
    url: str
    language: str = ""
    note: str = ""


@dataclass(frozen=True)
class Card:
    """A list of things of one kind: the first of them, how many there are, and where all of them are listed."""

    key: str
    title: str
    rows: list[Row]
    total: int
    all_url: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Dashboard:
    cards: list[Card]
    charts: list[Chart] = field(default_factory=list)


NOTHING = gettext_lazy("Nothing at the moment.")


def dashboard(user: Any) -> Dashboard | None:
    """What ``user`` sees of the desk's work; None for somebody of another room."""
    if not (user.has_perm("news.view_event") and user.has_perm("news.view_report")):
        return None
    now = timezone.now()
    cards = [_review(now), _scheduled(now), _embargoed(now), _urgent(), _missing()]
    if user.has_perm("news.view_brokenlink"):
        cards.append(_broken())
    return Dashboard([*cards, _most_read()], _charts(now))


def _card(key: str, title: str, found: Sequence[Any], rows: list[Row], all_url: str = "") -> Card:
    """A card of the rows that a query with ``total`` beside each found."""
    total = found[0].total if found else 0
    return Card(key, title, rows, total, all_url if total > len(rows) else "", str(NOTHING))


def _first(found: QuerySet) -> list[Any]:
    """The first few, each with the number of all: one query."""
    return list(found.annotate(total=Window(Count("pk")))[:SHOWN])


def _reports(condition: Q) -> QuerySet[Report]:
    # Through the index of languages, which knows the status: the archive is not read.
    return Report.objects.filter(condition, language__in=LANGUAGES).select_related("event").defer("body", "lead")


def change_url(event_id: int) -> str:
    return reverse("admin:news_event_change", args=[event_id])


def _events_in(state: State) -> str:
    return f"{reverse('admin:news_event_changelist')}?state={state.value}"


def _rows(reports: Sequence[Report], notes: Sequence[str]) -> list[Row]:
    return [
        Row(report.title, change_url(report.event_id), report.language, f"{LANGUAGES[report.language]}. {note}".strip())
        for report, note in zip(reports, notes, strict=True)
    ]


def _review(now: datetime) -> Card:
    found = _first(_reports(workflow.in_state(State.REVIEW, now)).order_by("updated_at", "pk"))
    notes = [_("since %s") % dateline(report.updated_at) for report in found]
    return _card("review", _("Waiting for review"), found, _rows(found, notes), _events_in(State.REVIEW))


def _scheduled(now: datetime) -> Card:
    found = _first(_reports(workflow.in_state(State.SCHEDULED, now)).order_by("published_at", "pk"))
    notes = [dateline(report.published_at) for report in found]
    return _card("scheduled", _("Scheduled, Dushanbe time"), found, _rows(found, notes), _events_in(State.SCHEDULED))


def _embargoed(now: datetime) -> Card:
    events = Event.objects.filter(embargo_until__gt=now).order_by("embargo_until", "pk").prefetch_related("reports")
    found = _first(events)
    rows = [
        Row(event.headline, change_url(event.pk), note=_("until %s") % dateline(event.embargo_until)) for event in found
    ]
    return _card("embargo", _("Under embargo, Dushanbe time"), found, rows, _events_in(State.EMBARGOED))


def _urgent() -> Card:
    found = _first(workflow.unreviewed().select_related("event").defer("body", "lead"))
    rows = _rows(found, [report.urgent_reason for report in found])
    return _card("urgent", _("Published urgently, not reviewed"), found, rows, reverse("admin:news_event_urgent"))


def _missing() -> Card:
    found = _first(lacking_languages().order_by("-starts_at", "-pk").prefetch_related("reports"))
    rows = [Row(event.headline, change_url(event.pk), note=_lacking(event)) for event in found]
    title = _("Languages missing, events of the last 30 days")
    url = f"{reverse('admin:news_event_changelist')}?{MissingFilter.parameter_name}={MISSING}"
    return _card("missing", title, found, rows, url)


def _lacking(event: Event) -> str:
    """The languages that are not published, with the state of those that are being written."""
    reports = {report.language: report for report in event.reports.all()}
    said = []
    for code, name in LANGUAGES.items():
        report = reports.get(code)
        if report is None:
            said.append(name)
        elif report.status != Report.Status.PUBLISHED:
            said.append(f"{name} ({report.get_status_display()})")
    return ", ".join(said)


def _broken() -> Card:
    found = _first(broken_links().defer("report__body", "report__lead").order_by("-found_at", "-pk"))
    rows = [
        Row(link.url, change_url(link.report.event_id), note=f"{link.report.title[:80]}. {link.reason_text}")
        for link in found
    ]
    return _card("broken", _("Broken links"), found, rows, reverse("admin:news_brokenlink_changelist"))


def _most_read() -> Card:
    since = today() - timedelta(days=DAYS_OF_READING - 1)
    found = (
        DailyReads.objects.filter(day__gte=since)
        .values("report", title=F("report__title"), language=F("report__language"), event=F("report__event"))
        .annotate(reads=Sum("count"))
        .order_by("-reads", "report")[:SHOWN]
    )
    rows = [
        Row(
            one["title"],
            change_url(one["event"]),
            one["language"],
            _("opened: %s") % formats.number_format(one["reads"], force_grouping=True),
        )
        for one in found
    ]
    empty = _("Nothing has been counted yet.")
    return Card("read", _("Most read in the last 7 days"), rows, len(rows), empty=empty)


def _charts(now: datetime) -> list[Chart]:
    """The month before and this one, on one scale."""
    this = today()
    last = (this.replace(day=1) - timedelta(days=1)).replace(day=1)
    start, end = period(last.year, last.month).start, period(this.year, this.month).end
    published = _reports(Q(status=Report.Status.PUBLISHED, published_at__gte=start, published_at__lt=end))
    published = published.select_related(None).filter(published_at__lte=now)
    rows = published.annotate(day=TruncDate("published_at", tzinfo=ZONE)).order_by().values_list("day", "language")
    counts: dict[tuple[date, str], int] = {
        (day, code): number for day, code, number in rows.annotate(number=Count("pk"))
    }
    totals: dict[date, int] = {}
    for (day, _code), number in counts.items():
        totals[day] = totals.get(day, 0) + number
    top = max(totals.values(), default=1)
    return [month_chart(month.year, month.month, counts, top) for month in (last, this)]
