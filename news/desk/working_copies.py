"""What somebody typed into the form of an event and did not save: what of it is kept, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from portal.tasks import periodic
from portal.text import clean_line, clean_lines, nfc, xml_text

from ..body import clean_body
from ..models import Event, Report, WorkingCopy

KEPT_FOR = timedelta(days=7)
# The only fields that are kept, each with the most characters that it takes.
FACTS = {"starts_at_0": 40, "starts_at_1": 40, "place": 20, "languages_note": 1_000}
PARTS = {"title": 2_000, "lead": 10_000, "body": 600_000, "correction": 2_000, "revision": 9}
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)

Fields = dict[str, Any]


class NotTyped(ValueError):
    """This was not typed into the form: another shape, or longer than a field may be."""


def read_fields(sent: Any) -> Fields:
    """``sent`` as it is kept: ``{"facts": {name: text}, "reports": {language: {part: text}}}``. Raises ``NotTyped``."""
    if not isinstance(sent, dict):
        raise NotTyped
    reports = sent.get("reports", {})
    if not isinstance(reports, dict) or not set(reports) <= set(LANGUAGES):
        raise NotTyped
    kept = {"facts": _read(sent.get("facts", {}), FACTS)}
    kept["reports"] = {language: _read(parts, PARTS) for language, parts in reports.items()}
    return kept


def _read(sent: Any, known: dict[str, int]) -> dict[str, str]:
    if not isinstance(sent, dict) or not set(sent) <= set(known):
        raise NotTyped
    for name, text in sent.items():
        if not isinstance(text, str) or len(text) > known[name]:
            raise NotTyped
    # PostgreSQL's JSON holds neither NUL nor half a character.
    return {name: nfc(xml_text(text)) for name, text in sent.items()}


def keep(user: AbstractBaseUser, event: Event | None, fields: Fields) -> WorkingCopy:
    """Write down what ``user`` has typed by now, in place of what was kept before."""
    return WorkingCopy.objects.update_or_create(user=user, event=event, defaults={"fields": fields})[0]


def forget(user: AbstractBaseUser, event: Event | None) -> None:
    """It is saved, or not wanted."""
    WorkingCopy.objects.filter(user=user, event=event).delete()


def offered(user: AbstractBaseUser, event: Event | None) -> WorkingCopy | None:
    """The unsaved text to offer when the form is opened: not older than a week, and not what is stored."""
    recent = timezone.now() - KEPT_FOR
    copy = WorkingCopy.objects.filter(user=user, event=event, saved_at__gte=recent).first()
    if copy is None or not _is_sound(copy.fields):
        return None
    stored = {report.language: report for report in event.reports.all()} if event else {}
    new = any(_says_more(parts, stored.get(language)) for language, parts in copy.fields["reports"].items())
    return copy if new or any(copy.fields["facts"].values()) else None


def _is_sound(fields: Any) -> bool:
    try:
        return read_fields(fields) == fields
    except NotTyped:
        return False


def _says_more(typed: dict[str, str], stored: Report | None) -> bool:
    """Whether ``typed`` holds anything that ``stored`` does not."""
    title, lead, body = (stored.title, stored.lead, stored.body) if stored else ("", "", "")
    return (
        clean_line(typed.get("title", title)) != title
        or clean_lines(typed.get("lead", lead)) != lead
        or clean_body(typed.get("body", body)) != body
        or bool(typed.get("correction", "").strip())
    )


@periodic(hours=24)
def forget_old_copies() -> None:
    """Erase unsaved work that nobody came back to."""
    WorkingCopy.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()
