"""The versions of a report: who saved which, what changed from one to the next, and the way back to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.templatetags.portal_tags import dateline

from .models import Event, Report

# What is brought back with a version; a translation brings back, too, which Tajik text it was made from.
TEXT = ("title", "lead", "body")
# As much as one page shows of what was done to the event beside its reports.
MAX_ENTRIES = 200


class Refused(Exception):
    """A version that cannot be brought back, in a sentence."""


@dataclass(frozen=True)
class Version:
    """A saved version: its number in the history, when, by whom, in which state, and what changed with it."""

    number: int
    at: datetime
    by: Any
    status: str
    revision: int
    changes: list[str]
    text_changed: bool
    is_present: bool
    note: str


@dataclass(frozen=True)
class Entry:
    """One line of who did what when: a version of the report, or what was done to its event."""

    at: datetime
    by: Any
    said: str = ""
    version: Version | None = None


def versions(report: Report) -> QuerySet:
    """The history of ``report``, the latest first, without the texts; ``body_mark`` tells one text from another."""
    rows = report.history.order_by("-history_id").select_related("history_user").defer("body")
    return rows.annotate(body_mark=MD5("body"))


def described(rows: Sequence[Any], older: Any | None, present: Any | None) -> list[Version]:
    """The versions of ``rows``, the latest first, each with what changed since the next; ``older`` comes after them.

    ``present`` is the version that the report is in now.
    """
    now = present and _text(present)
    pairs = zip(rows, [*rows[1:], older], strict=True) if rows else ()
    return [_described(row, before, _text(row) == now) for row, before in pairs]


def _text(row: Any) -> tuple[str, str, str]:
    return row.title, row.lead, row.body_mark


def _described(row: Any, before: Any | None, is_present: bool) -> Version:
    changes = [_("The report was begun.")] if before is None else [*_text_changes(row, before), *_other(row, before)]
    return Version(
        number=row.history_id,
        at=row.history_date,
        by=row.history_user,
        status=row.get_status_display(),
        revision=row.revision,
        changes=changes or [_("Saved without a change.")],
        text_changed=before is None or _text(row) != _text(before),
        is_present=is_present,
        note=_note(row.history_change_reason),
    )


def _text_changes(row: Any, before: Any) -> list[str]:
    names = {"title": _("title"), "lead": _("lead")}
    changed = [name for field, name in names.items() if getattr(row, field) != getattr(before, field)]
    if row.body_mark != before.body_mark:
        changed.append(_("text"))
    return [_("Changed: %s") % ", ".join(changed)] if changed else []


def _other(row: Any, before: Any) -> list[str]:
    """What changed besides the text, in sentences."""
    said = []
    if row.status != before.status:
        values = {"before": before.get_status_display(), "after": row.get_status_display()}
        said.append(_("Status: %(before)s → %(after)s") % values)
    if row.published_at != before.published_at:
        said.append(_("Time of publishing: %s") % (dateline(row.published_at) if row.published_at else "—"))
    if row.language != before.language:
        said.append(_("Language: %s") % row.get_language_display())
    if len(row.corrections) > len(before.corrections):
        said.append(_("Correction for readers: %s") % row.corrections[-1]["text"])
    if row.urgent_reason and row.urgent_reason != before.urgent_reason:
        said.append(_("Urgent: %s") % row.urgent_reason)
    if row.urgent_reviewed_at and row.urgent_reviewed_at != before.urgent_reviewed_at:
        said.append(_("The urgent publication was reviewed."))
    if row.source_digest != before.source_digest and row.source_digest:
        said.append(_("Matched with the Tajik text."))
    return said


RESTORED = "restored "


def _note(reason: str | None) -> str:
    """The reason that a version was saved for, if it is one that staff should read."""
    if reason and reason.startswith(RESTORED):
        return _("The version of %s was restored.") % reason.removeprefix(RESTORED)
    return ""


def find(report: Report, number: str) -> Any | None:
    """The version of this report with the number that a browser sent; None if there is none, whatever was sent."""
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    return report.history.select_related("history_user").filter(history_id=int(number)).first()


def before(version: Any) -> Any | None:
    """The version of the same report that was saved before ``version``."""
    return Report.history.filter(id=version.id, history_id__lt=version.history_id).order_by("-history_id").first()


def restore(report: Report, version: Any, user: Any, revision: int) -> Report:
    """Save the title, lead and text of ``version`` as a new version; nothing else of the report changes.

    Raises ``Refused`` if the report was saved after ``revision``, which the person saw, or says so already.
    """
    with transaction.atomic():
        current = Report.objects.select_for_update(of=("self",)).select_related("event").get(pk=report.pk)
        if current.revision != revision:
            raise Refused(_("Somebody saved this report after you opened the page. Look at what changed first."))
        if all(getattr(current, name) == getattr(version, name) for name in TEXT):
            raise Refused(_("The report already says this."))
        for name in (*TEXT, "source_digest"):
            setattr(current, name, getattr(version, name))
        current._history_user = user
        current._change_reason = f"{RESTORED}{timezone.localtime(version.history_date):%d.%m.%Y %H:%M:%S}"
        current.save()
        return current


def with_entries(event: Event, shown: Sequence[Version], first: bool, last: bool) -> list[Entry]:
    """``shown`` together with what was done to the event in their time, the latest first.

    ``first`` and ``last`` say that no later and no earlier versions exist than those shown.
    """
    kind = ContentType.objects.get_for_model(Event)
    found = LogEntry.objects.filter(content_type=kind, object_id=str(event.pk)).select_related("user")
    if shown and not first:
        found = found.filter(action_time__lte=shown[0].at)
    if shown and not last:
        found = found.filter(action_time__gt=shown[-1].at)
    entries = [Entry(one.action_time, one.user, one.get_change_message()) for one in found[:MAX_ENTRIES]]
    entries += [Entry(version.at, version.by, version=version) for version in shown]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
