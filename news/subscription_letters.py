"""The letters of subscriptions: to confirm, to remind, about one new report, about yesterday's reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import letter_page
from portal.outbox import Letter, post

from .models import Report, Subscription
from .subscriptions import new_key


@dataclass(frozen=True)
class Reader:
    """Whom letters go to: a number for the outbox, the address, the key of the way out, the categories (none: all)."""

    number: int
    email: str
    key: str
    categories: frozenset[int]

    def wants(self, categories: set[int]) -> bool:
        return not self.categories or bool(self.categories & categories)


def address(name: str, key: str, language: str) -> str:
    """The full address of a subscription's page."""
    with override(language):
        return settings.SITE_URL + reverse(f"subscription:{name}", args=[key])


def send_confirmation(subscription: Subscription, key: str) -> None:
    send_alone(subscription, key, "confirm", _subject_confirm)


def send_reminder(subscription: Subscription, key: str) -> None:
    """Somebody who is subscribed asked again: say so, and where the choices are."""
    send_alone(subscription, key, "reminder", _subject_reminder)


def _subject_confirm() -> str:
    return _("Please confirm your subscription to the news")


def _subject_reminder() -> str:
    return _("You are subscribed to the news already")


def send_alone(subscription: Subscription, key: str, template: str, subject: Any) -> None:
    language = subscription.language
    with override(language):
        title = subject()
    text, html = rendered(template, language, subscription.key, {"subject": title})
    post(subscription.email, title, text, html, language=language, kind=f"subscription-{template}", key=key)


def about_report(report: Report, readers: Sequence[Reader]) -> Iterator[Letter]:
    """A letter about ``report`` for each reader."""
    context = {"subject": report.title, "report": report, "url": settings.SITE_URL + report.get_absolute_url()}
    return letters("report", report.language, report.title, context, f"report:{report.pk}:", readers)


def about_day(day: date, reports: Sequence[Report], language: str, readers: Sequence[Reader]) -> Iterator[Letter]:
    """A letter about ``reports``, all of one day, for each reader; readers of the same choice share the rendering."""
    rows = [(report, settings.SITE_URL + report.get_absolute_url()) for report in reports]
    with override(language):
        subject = _("News of %(day)s") % {"day": date_format(day, "DATE_FORMAT")}
    context = {"rows": rows, "subject": subject, "day": day}
    return letters("digest", language, subject, context, f"digest:{day:%Y%m%d}:{language}:", readers)


def letters(
    template: str, language: str, subject: str, context: dict[str, Any], key: str, readers: Sequence[Reader]
) -> Iterator[Letter]:
    """Render once, with a key that stands in for each reader's own."""
    stand_in = new_key()
    text, html = rendered(template, language, stand_in, context)
    headers = list_headers(stand_in, language)
    for reader in readers:
        yield Letter(
            to=reader.email,
            subject=subject,
            text=text.replace(stand_in, reader.key),
            html=html.replace(stand_in, reader.key),
            language=language,
            headers={name: value.replace(stand_in, reader.key) for name, value in headers.items()},
            kind=f"news-{template}",
            key=f"{key}{reader.number}",
        )


def list_headers(key: str, language: str) -> dict[str, str]:
    """By which mail programs show a button that ends the subscription (RFC 2369, RFC 2919, RFC 8058)."""
    return {
        "List-Id": f"<news-{language}.{settings.SITE_HOST}>",
        "List-Unsubscribe": f"<{address('end', key, language)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def rendered(template: str, language: str, key: str, context: dict[str, Any]) -> tuple[str, str]:
    """The text and the HTML part in ``language``."""
    addresses = {f"{name}_url": address(name, key, language) for name in ("confirm", "manage", "end")}
    return letter_page.parts(TEXTS[template], PAGES[template], language, context | addresses)


TEXTS = {
    "confirm": "email/confirm.txt",
    "reminder": "email/reminder.txt",
    "report": "email/report.txt",
    "digest": "email/digest.txt",
}
PAGES = {
    "confirm": "email/confirm.html",
    "reminder": "email/reminder.html",
    "report": "email/report.html",
    "digest": "email/digest.html",
}
