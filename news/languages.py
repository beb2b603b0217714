"""Which languages a report is published in, in words; never a silent copy of another language's text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .models import Report

# Whole sentences: in Russian and Tajik a language's name bends with the words around it.
ONLY_IN = {
    frozenset({"tg"}): _("This report is published only in Tajik."),
    frozenset({"ru"}): _("This report is published only in Russian."),
    frozenset({"en"}): _("This report is published only in English."),
    frozenset({"tg", "ru"}): _("This report is published only in Tajik and Russian."),
    frozenset({"tg", "en"}): _("This report is published only in Tajik and English."),
    frozenset({"ru", "en"}): _("This report is published only in Russian and English."),
}
_NUMBER = re.compile(r"[0-9]{1,18}")


def only_in(languages: Iterable[str]) -> str:
    """The sentence that names the languages of a report; nothing if there is none, or none is missing."""
    return str(ONLY_IN.get(frozenset(languages), ""))


@dataclass(frozen=True)
class Missing:
    """What a reader is told who came for a report that this language does not have."""

    versions: list[Report]

    @property
    def only_in(self) -> str:
        return only_in(version.language for version in self.versions)


def missing(number: str | None) -> Missing | None:
    """What to say in a list with ``?missing=<number of the event>``: one query, and only if that stands there.

    None: nothing is missing. Of an event that is not public no more is said than of one that never was.
    """
    if number is None:
        return None
    found = []
    if _NUMBER.fullmatch(number):
        found = list(Report.objects.published().filter(event=int(number)).only("event", "language", "title", "slug"))
    order = [code for code, _name in settings.LANGUAGES]
    found.sort(key=lambda version: order.index(version.language))
    return None if any(version.language == get_language() for version in found) else Missing(found)
