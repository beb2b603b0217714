"""Filters that set text for the eye (see ``portal.typography``); every template has them without asking.

Only what a person reads on a page is set: titles of windows, descriptions, feeds and data stay as they were written.
Each filter takes the language of the text, by default the page's.
"""

from typing import Any

from django import template
from django.utils import formats
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import get_language

from portal import typography

register = template.Library()

GROUPED_FROM = 10_000


@register.filter(is_safe=True)
def typeset(text: str, language: str | None = None) -> str:
    """A line or a paragraph; if it is HTML already, without touching its tags."""
    return typeset_html(text, language) if isinstance(text, SafeData) else typography.typeset(str(text), _in(language))


@register.filter
def typeset_html(markup: str, language: str | None = None) -> SafeString:
    """A cleaned text: what was safe stays safe, because no tag and no entity is changed."""
    return mark_safe(typography.typeset_html(markup, _in(language)))  # noqa: S308  # nosec B308 B703 # it was safe before


@register.filter(is_safe=True)
def headline(text: str, language: str | None = None) -> str:
    """A title in large letters: long Tajik words may break between syllables, as browsers do in other languages."""
    printed = typography.typeset(str(text), _in(language))
    return typography.hyphenated(printed) if _in(language) == "tg" else printed


@register.filter
def grouped(number: Any) -> Any:
    """A whole number as people read it: in groups of three from five digits on. Anything else stays as it is."""
    if not isinstance(number, int) or abs(number) < GROUPED_FROM:
        return number
    return formats.number_format(number, force_grouping=True)


def _in(language: str | None) -> str:
    return language or get_language() or ""
