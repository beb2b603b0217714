"""The links in a report: which are ours, and which of ours lead to nothing that the public may see."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http.request import validate_host
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

from .calendars import period
from .models import Category, Place, Report, Topic
from .old_addresses import find

# In bytes. Longer ones are no links that somebody set, and no index holds them: see BrokenLink.url.
MAX_URL = 2000
# A report links relatively to its own address; the host stands for the site itself.
_HERE = "https://here.invalid"
# The first steps of addresses that answer, but show a reader nothing.
NOT_FOR_READERS = {"admin", "preview", "captcha", "reads"}
_NAMED = {"category": Category, "place": Place, "topic": Topic}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = (dict(attrs).get("href") or "").strip() if tag == "a" else ""
        if address and not address.startswith("#") and len(address.encode()) <= MAX_URL:
            self.found[address] = None


def links(body: str) -> list[str]:
    """The addresses that a text links to, as they stand there, each once."""
    if "<a" not in body:
        return []
    parser = _Links()
    parser.feed(body)
    parser.close()
    return list(parser.found)


def external_links(body: str) -> list[str]:
    """Those that lead to another site."""
    return [address for address in links(body) if _parts(address, "/")[1] == "external"]


def broken_internal_links(report: Report) -> list[str]:
    """The links of ``report`` into this site that lead to nothing that the public may see, as they stand there."""
    base = report.get_absolute_url()
    parts = ((address, *_parts(address, base)) for address in links(report.body))
    return [address for address, path, kind in parts if kind == "internal" and not leads_somewhere(path)]


def _parts(address: str, base: str) -> tuple[str, str]:
    """The path that ``address`` means on a page at ``base``, and whether it is internal, external, or neither."""
    try:
        parts = urlsplit(urljoin(_HERE + base, address))
        host = parts.hostname or ""
    except ValueError:
        return "", "external"  # The check of external links says that it is none.
    if parts.scheme not in {"http", "https"}:
        return "", ""
    own_hosts = [allowed for allowed in settings.ALLOWED_HOSTS if allowed != "*"]
    ours = parts.netloc == urlsplit(_HERE).netloc or validate_host(host, own_hosts)
    return unquote(parts.path) or "/", "internal" if ours else "external"


def leads_somewhere(path: str) -> bool:
    """Whether a reader finds something at ``path`` of this site. Asks the addresses and the database, never itself."""
    if "\0" in path:
        return False
    if path.startswith(settings.STATIC_URL):
        return _is_static(path.removeprefix(settings.STATIC_URL))
    language = get_language_from_path(path)
    with override(language):
        for candidate in (path, f"{path}/"):  # A missing slash is put there for the reader.
            try:
                match = resolve(candidate)
            except Resolver404:
                continue
            if _is_public(match.kwargs, language) and path.split("/")[1] not in NOT_FOR_READERS:
                return True
    old = find(path)
    return bool(old and Report.objects.published().filter(event=old.event_id, language=old.language).exists())


def _is_static(name: str) -> bool:
    try:
        return bool(finders.find(name))
    except (
        SuspiciousOperation,
        ValueError,
        OSError,
    ):  # A path out of the folders, or that no system takes.
        return False


def _is_public(named: dict[str, Any], language: str | None) -> bool:
    """Whether what an address of ours names is there: a report, a section, a picture, a day."""
    public = Report.objects.published()
    if "rest" in named:  # The text edition: the same pages under addresses of their own.
        rest = str(named["rest"])
        return not rest.startswith("text/") and leads_somewhere(f"/{language}/{rest}")
    if "event_id" in named:
        return public.filter(event=named["event_id"], language=named.get("language", language)).exists()
    if "report_id" in named:
        return public.filter(pk=named["report_id"]).exists()
    if "token" in named:
        token = named["token"]
        return public.filter(Q(event__photos__token=token) | Q(event__videos__token=token)).exists()
    if "slug" in named:
        return named.get("kind") in _NAMED and _NAMED[named["kind"]].objects.filter(slug=named["slug"]).exists()
    if "year" in named:
        return _is_period(named)
    return True


def _is_period(named: dict[str, Any]) -> bool:
    try:
        period(named["year"], named.get("month"), named.get("day"))
    except ValueError:
        return False
    return True
