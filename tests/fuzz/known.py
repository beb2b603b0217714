"""What the portal has: its addresses by the URL resolver, what stands in its pages, what its views read.

Nothing is listed here, so a new address, form or parameter is fuzzed from the day it is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RegexPattern
from django.utils import translation
from django.utils.regex_helper import normalize

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("tg", "ru", "en")
_READ = re.compile(
    r"""(?:GET|POST|FILES)(?:\.get(?:list)?\(|\[)\s*["'](\w+)["']|["'](\w+)["'] in request\.(?:GET|POST)"""
)


@dataclass
class Form:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Known:
    """``routes``: patterns of paths, with ``\\0converter\\0`` for what changes; ``paths``: real ones, by their route."""

    routes: list[str]
    parameters: list[str]
    paths: dict[str, list[str]] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)

    def add(self, path: str) -> None:
        found = self.paths.setdefault(route_of(path), [])
        if path not in found:
            found.append(path)


def known(staff: bool) -> Known:
    """``staff``: what stands under /admin/, else everything but that."""
    with translation.override("tg"):
        routes = sorted(set(_routes(get_resolver(), "/")))
    chosen = [route for route in routes if route.startswith("/admin/") == staff]
    return Known(chosen, sorted(set(_parameters("appeals", "news", "portal"))))


def _routes(resolver: URLResolver, above: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = above + _readable(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path
        else:
            yield from _routes(pattern, path)


def _readable(pattern: Any) -> str:
    """``<row:event_id>``, and the groups of regular expressions, as ``\\0row\\0``."""
    if isinstance(pattern, RegexPattern):
        [(text, _names), *_others] = normalize(str(pattern))
        return re.sub(r"%\(\w+\)s", "\0str\0", text)
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: f"\0{found[1] or 'str'}\0", str(pattern))


def route_of(path: str) -> str:
    try:
        return str(resolve(urlsplit(path).path).route)
    except Resolver404:
        return ""


def _parameters(*apps: str) -> Iterator[str]:
    for app in apps:
        for file in (ROOT / app).rglob("*.py"):
            for names in _READ.findall(file.read_text(encoding="utf-8")):
                yield from filter(None, names)


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        for name in ("href", "src", "data-url"):
            if name in given:
                self._link(given[name])
        if tag == "form":
            self.forms.append(Form(self._own(given.get("action", "")) or self.path, given.get("method", "get").upper()))
        elif self.forms and given.get("name") and tag in {"input", "select", "textarea", "button"}:
            self.forms[-1].fields.append((given["name"], given.get("value", "")))

    def _own(self, address: str) -> str:
        parts = urlsplit(urljoin(f"http://here{self.path}", address))
        query = f"?{parts.query}" if parts.query else ""
        return parts.path + query if parts.netloc == "here" and parts.scheme == "http" else ""

    def _link(self, address: str) -> None:
        if own := self._own(address):
            self.links.append(own)


def crawl(known: Known, read: Callable[[str], str | None], start: list[str], most: int, under: str = "/") -> None:
    """Read up to ``most`` pages, a few of each route, and note their addresses and forms."""
    waiting, seen, of_route = list(start), set(start), {}
    while waiting and most:
        path = waiting.pop(0)
        route = route_of(path)
        of_route[route] = of_route.get(route, 0) + 1
        if of_route[route] > 4 or (html := read(path)) is None:
            continue
        most -= 1
        known.add(path)
        page = Page(path)
        page.feed(html)
        known.forms += [form for form in page.forms if form.fields]
        for link in page.links:
            if link not in seen and link.startswith(under) and "logout" not in link:
                seen.add(link)
                waiting.append(link)
                known.add(link)
