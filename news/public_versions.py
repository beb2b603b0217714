"""Which texts of a report the public could read, and from when until when: what may ever be confirmed.

A draft, a text under embargo, or one that was replaced before its time came was never public: of it nobody
is told anything, not even that it exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils import timezone

from .models import Event, Report

# So many saved versions are looked at, the latest: no report that people wrote has as many.
MOST_VERSIONS = 3000


@dataclass(frozen=True)
class Version:
    """A text that stood on the site: by its digest, from ``since`` until ``until`` (None: it still stands)."""

    report_id: int
    digest: str
    since: datetime
    until: datetime | None
    row: int  # the saved version that holds the text


@dataclass(frozen=True)
class _Saved:
    row: int
    report_id: int
    event_id: int
    digest: str
    status: str
    published_at: datetime | None
    embargo_until: datetime | None
    at: datetime
    kind: str


def public_versions(report_ids: Iterable[int]) -> dict[int, list[Version]]:
    """The texts of each report that were public, the earliest first. Two queries."""
    history = Report.history.model.objects
    fields = ["history_id", "id", "event_id", "digest", "status", "published_at", "event__embargo_until"]
    rows = history.filter(id__in=report_ids).order_by("-history_date", "-history_id")
    rows = rows.values_list(*fields, "history_date", "history_type")[:MOST_VERSIONS]
    saved: dict[int, list[_Saved]] = defaultdict(list)
    for row in rows:
        saved[row[1]].insert(0, _Saved(*row))
    lifted = _embargo_changes({versions[0].event_id for versions in saved.values()})
    now = timezone.now()
    return {
        number: _joined(_stretches(versions, lifted.get(versions[0].event_id), now))
        for number, versions in saved.items()
    }


def _embargo_changes(event_ids: set[int]) -> dict[int, datetime]:
    """When the embargo of each event was last changed by hand: an event keeps no history of it."""
    content_type = ContentType.objects.get_for_model(Event)
    entries = LogEntry.objects.filter(content_type=content_type, object_id__in=[str(number) for number in event_ids])
    changed = entries.filter(change_message__icontains="embargo").values_list("object_id")
    return {int(number): moment for number, moment in changed.annotate(Max("action_time"))}


def _stretches(saved: list[_Saved], embargo_changed: datetime | None, now: datetime) -> Iterable[Version]:
    """The time in which each saved version was public, if there is any."""
    for place, version in enumerate(saved):
        following = saved[place + 1].at if place + 1 < len(saved) else None
        if version.status != Report.Status.PUBLISHED or version.published_at is None or version.kind == "-":
            continue
        # Under an embargo that was lifted early nothing was public before that.
        bounds = [version.at, version.published_at, version.embargo_until, embargo_changed]
        since = max(bound for bound in bounds if bound)
        if since < (following or now):
            yield Version(version.report_id, version.digest, since, following, version.row)


def _joined(stretches: Iterable[Version]) -> list[Version]:
    """Versions that said the same one after the other, as one; its row is the latest."""
    joined: list[Version] = []
    for version in stretches:
        last = joined[-1] if joined else None
        if last and last.digest == version.digest and last.until == version.since:
            version = Version(version.report_id, version.digest, last.since, version.until, version.row)  # noqa: PLW2901
            joined.pop()
        joined.append(version)
    return joined
