"""Small helpers of every template: languages, addresses, dates."""

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.urls import translate_url
from django.utils import formats, timezone
from django.utils.translation import get_language

register = template.Library()


@dataclass(frozen=True)
class LanguageLink:
    """Where the language switch leads: to this page, or to the language's list if this page has no such version."""

    code: str
    name: str
    url: str
    current: bool
    available: bool


@register.simple_tag(takes_context=True)
def language_links(context: RequestContext) -> list[LanguageLink]:
    """The links of the language switch. A view may give ``alternates`` (code to address) and
    ``missing_url`` (code to address), else every page exists in each language at the same address."""
    request = context.get("request")
    path = request.path if request else "/"
    alternates, missing = context.get("alternates"), context.get("missing_urls", {})
    links = []
    for code, name in settings.LANGUAGES:
        available = alternates is None or code in alternates
        if alternates is None:
            url = translate_url(path, code)
            url = url if url.startswith(f"/{code}/") else f"/{code}/"
        else:
            url = alternates.get(code) or missing.get(code, f"/{code}/")
        links.append(LanguageLink(code, name, url, code == get_language(), available))
    return links


@register.simple_tag
def own_language_names() -> list[tuple[str, str]]:
    """Code and name of each language, in that language itself (Django's own tag translates the names)."""
    return list(settings.LANGUAGES)


@register.simple_tag(takes_context=True)
def absolute_url(context: RequestContext, url: str) -> str:
    """``url`` with scheme and host, for canonical links and feeds."""
    request = context.get("request")
    return request.build_absolute_uri(url) if request else url


@register.filter
def dateline(moment: datetime) -> str:
    """Date and time as the press service prints them above a report: ``10.01.2022 13:45``, Dushanbe time."""
    return timezone.localtime(moment).strftime("%d.%m.%Y %H:%M")


@register.filter
def day_month(moment: datetime) -> str:
    """The day in words, in the page's language."""
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT")


@register.filter
def clock(moment: datetime) -> str:
    """The time of day in Dushanbe: ``13:45``."""
    return timezone.localtime(moment).strftime("%H:%M")
