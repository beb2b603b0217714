"""Small helpers of every template: languages, addresses, dates."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import RequestContext
from django.template.loader import get_template
from django.urls import get_urlconf
from django.utils import formats, timezone
from django.utils.encoding import escape_uri_path
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal import text_edition

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
    path = escape_uri_path(request.path) if request else "/"
    alternates, missing = context.get("alternates"), context.get("missing_urls", {})
    known = request is not None and request.resolver_match is not None
    links = []
    for code, name in settings.LANGUAGES:
        available = alternates is None or code in alternates
        if alternates is None:
            # Nothing else in an address is of a language.
            url = f"/{code}{path[3:]}" if known and path.startswith(f"/{get_language()}/") else f"/{code}/"
        else:
            url = alternates.get(code) or missing.get(code, f"/{code}/")
        links.append(LanguageLink(code, name, url, code == get_language(), available))
    return links


@register.simple_tag
def own_language_names() -> list[tuple[str, str]]:
    """Code and name of each language, in that language itself (Django's own tag translates the names)."""
    return list(settings.LANGUAGES)


@register.simple_tag
def ready(template_name: str, section: str = "") -> SafeString:
    """A part of many pages, made once for each language, edition and section.

    The template is given ``section`` (an ``app_name``) and nothing else of the page: beside the language, and the
    edition in which its addresses lead on, there is nothing that it could depend on.
    """
    make = _ready.__wrapped__ if settings.DEBUG else _ready
    return make(template_name, section or "", get_language(), get_urlconf())


@lru_cache(maxsize=128)
def _ready(template_name: str, section: str, language: str | None, urlconf: str | None) -> SafeString:
    return get_template(template_name).render({"section": section})


@register.simple_tag(takes_context=True)
def absolute_url(context: RequestContext, url: str) -> str:
    """``url`` with scheme and host, for canonical links and feeds."""
    request = context.get("request")
    return request.build_absolute_uri(url) if request else url


@register.simple_tag(takes_context=True)
def text_edition_url(context: RequestContext) -> str:
    """This page in the text edition, with the same question; its home page where this one has no place in it."""
    request = context.get("request")
    found = text_edition.text_path(request.path) if request and "request_path" not in context else None
    return _with_query(found, request) if found else f"/{get_language()}/{text_edition.PREFIX}"


@register.simple_tag(takes_context=True)
def full_edition_url(context: RequestContext) -> str:
    """This page of the text edition in the full one, with the same question."""
    request = context["request"]
    return _with_query(escape_uri_path(text_edition.full_path(request.path)), request)


@register.filter
def full_path(path: str) -> str:
    """An address of the text edition in the full one."""
    return text_edition.full_path(path)


def _with_query(path: str, request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("part", None)  # The text edition alone has parts.
    return f"{path}?{query.urlencode()}" if query else path


@register.filter(expects_localtime=True)
def machine_time(moment: datetime) -> str:
    """For ``<time datetime>``, which knows no finer fractions than thousandths: ``2022-01-10T13:45:00+05:00``."""
    return moment.isoformat(timespec="seconds")


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
