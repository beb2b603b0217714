"""Telling subscribers what is new. Looked for each minute: publishing ahead and embargoes need nothing of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from portal.outbox import post_many, take_back

from .models import Announcement, Report, ReportQuerySet, Subscription
from .subscription_letters import Reader, about_day, about_report

HOURS_OF_NEWS = 24
# An old event that comes into the archive today is no news.
DAYS_OF_NEWS = 30
# As long as the outbox tries.
DAYS_OF_SENDING = 5


def new_since(moment: datetime) -> ReportQuerySet:
    """Reports that readers have been able to see since ``moment`` at the earliest, with that time as ``seen_from``."""
    seen_from = Greatest("published_at", Coalesce("event__embargo_until", "published_at"))
    recent = Report.objects.published().filter(event__starts_at__gte=moment - timedelta(days=DAYS_OF_NEWS))
    return recent.annotate(seen_from=seen_from).filter(seen_from__gte=moment)


def announce_new() -> None:
    """Put the letters about each new report in the outbox, once for ever."""
    since = timezone.now() - timedelta(hours=HOURS_OF_NEWS)
    new = new_since(since).filter(announcement=None).select_related("event__place").order_by("seen_from", "id")
    trouble: Exception | None = None
    for report in new.prefetch_related("event__categories"):
        try:
            announce(report)
        except Exception as error:  # One report that cannot be told about keeps back no other.
            trouble = error
    if trouble:
        raise trouble


def announce(report: Report) -> None:
    categories = {category.pk for category in report.event.categories.all()}
    everybody = readers(report.language, Subscription.Frequency.AT_ONCE)
    letters = list(about_report(report, [reader for reader in everybody if reader.wants(categories)]))
    with transaction.atomic():
        Announcement.objects.create(report=report)
        post_many(letters)


def take_back_withdrawn() -> None:
    """Letters that still wait are not sent if the report is not public any more."""
    recent = Announcement.objects.filter(made_at__gte=timezone.now() - timedelta(days=DAYS_OF_SENDING))
    for report_id in recent.exclude(report__in=Report.objects.published()).values_list("report_id", flat=True):
        take_back(f"report:{report_id}:")


def send_digests(today: date | None = None) -> None:
    """Put yesterday's reports in the outbox for those who want one letter a day. Again on the same day does nothing."""
    today = today or timezone.localdate()
    day = today - timedelta(days=1)
    start, end = midnight(day), midnight(today)
    for language, _name in settings.LANGUAGES:
        reports = new_since(start).filter(seen_from__lt=end).in_language(language).select_related("event__place")
        rows = list(reports.prefetch_related("event__categories").order_by("event__starts_at", "event_id"))
        if rows:
            send_day(day, rows, language, readers(language, Subscription.Frequency.DAILY))


def send_day(day: date, reports: list[Report], language: str, everybody: Iterable[Reader]) -> None:
    sections = [({category.pk for category in report.event.categories.all()}, report) for report in reports]
    # Readers who get the same reports get the same letter.
    alike: dict[tuple[int, ...], list[Reader]] = {}
    for reader in everybody:
        wanted = tuple(place for place, (categories, _report) in enumerate(sections) if reader.wants(categories))
        if wanted:
            alike.setdefault(wanted, []).append(reader)
    for wanted, group in alike.items():
        post_many(about_day(day, [reports[place] for place in wanted], language, group))


def readers(language: str, frequency: str) -> list[Reader]:
    """Everybody who gets letters of this kind, in one query; several rows of one address are one reader."""
    rows = Subscription.objects.filter(language=language, frequency=frequency).exclude(confirmed_at=None)
    groups: dict[str, list[tuple[int, str, int | None]]] = {}
    for email, *row in rows.order_by("id").values_list("email", "id", "key", "category_id"):
        groups.setdefault(email, []).append(tuple(row))
    return [reader(email, group) for email, group in groups.items()]


def reader(email: str, rows: list[tuple[int, str, int | None]]) -> Reader:
    number, key, _category = rows[0]
    chosen = frozenset(category for _number, _key, category in rows if category)
    return Reader(number, email, key, chosen if len(chosen) == len(rows) else frozenset())


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())
