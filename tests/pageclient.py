"""A test client that inspects every HTML page it fetches."""

import json
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

DATA_BLOCK = "application/ld+json"
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
REFERENCES = {
    f"aria-{what}" for what in ("activedescendant", "controls", "describedby", "details", "labelledby", "owns")
}
REFERENCES |= {"form", "list"}
LABELABLE = {"button", "input", "meter", "output", "progress", "select", "textarea"}
CONTROLS = {"a", "audio", "button", "details", "iframe", "input", "label", "select", "textarea", "video"}
LANGUAGES = dict(settings.LANGUAGES)


class PageClient(Client):
    """``get(url)`` and ``post(url, data)`` as in Django's client; a page with a fault fails the test.

    ``inspect=False`` fetches without looking, for a page of Django's own.
    """

    def request(self, inspect: bool = True, **environ: Any) -> HttpResponse:
        response = super().request(**environ)
        if inspect and response.get("Content-Type", "").startswith("text/html") and response.content:
            faults = find_faults(response.content.decode(), response.request["PATH_INFO"])
            if "Content-Security-Policy" not in response.headers:
                faults.append("no Content-Security-Policy")
            assert not faults, f"{response.request['PATH_INFO']}: {'; '.join(faults)}"
        return response


def as_written(page: str) -> str:
    """A page without the typographer's spaces and soft hyphens: what somebody wrote is found in it."""
    return page.replace("\u00a0", " ").replace("\u00ad", "")


def find_faults(html: str, path: str = "/") -> list[str]:
    """What is wrong with the page, each fault in a few words; empty for a good page."""
    page = Page()
    page.feed(html)
    page.close()
    faults = list(page.faults)
    try:
        page.structured_data  # noqa: B018
    except ValueError as error:
        faults.append(f"structured data that is no JSON: {error}")
    if page.counts["h1"] != 1:
        faults.append(f"{page.counts['h1']} h1 elements")
    if not page.title.strip():
        faults.append("no title")
    faults += [f"the id {name!r} is used {count} times" for name, count in Counter(page.ids).items() if count > 1]
    faults += [f"the {tag} {name!r} has no label" for tag, name, id_ in page.fields if id_ not in page.labelled]
    ids = {*page.ids, "top"}  # "#top" is the top of every page.
    faults += [f"{name}={id_!r} names nothing" for name, id_ in page.references if id_ not in ids]
    faults += [f"a label for {id_!r}, which is no field" for id_ in page.labelled - page.labelable if id_]
    faults += [f"unrendered {mark}" for mark in ("{{", "{%") if mark in html]
    language = path.strip("/").split("/")[0]
    if language in LANGUAGES and page.language != language:
        faults.append(f"lang={page.language!r} on a page in {language!r}")
    elif not page.language:
        faults.append("no lang")
    return faults


class Page(HTMLParser):
    """What the faults are read from."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.counts: Counter[str] = Counter()
        self.title = self.language = ""
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.labelable: set[str] = set()
        self.references: list[tuple[str, str]] = []
        self.within = ""  # the link or button that is open
        self.fields: list[tuple[str, str, str]] = []
        self.open_labels = 0
        self.in_title = self.in_svg = self.in_data = False
        self.data: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.counts[tag] += 1
        if "id" in given:
            self.ids.append(given["id"])
        self.inspect_inline_code(tag, given)
        self.inspect_references(tag, given)
        self.inspect_nesting(tag, given)
        match tag:
            case "html":
                self.language = given.get("lang", "")
            case "svg":
                self.in_svg = True
            case "title":
                self.in_title = not self.in_svg
            case "label":
                self.open_labels += 1
                self.labelled.add(given.get("for", ""))
            case "img":
                lacking = [name for name in ("alt", "width", "height") if name not in given]
                self.faults += [f"the picture {given.get('src')!r} has no {name}" for name in lacking]
            case "input" | "select" | "textarea":
                self.inspect_field(tag, given)

    def inspect_inline_code(self, tag: str, given: dict[str, str]) -> None:
        if tag == "script" and given.get("type") == DATA_BLOCK:
            self.in_data = True  # A block of data is no code: no browser runs it.
            self.data.append("")
        elif tag == "style" or (tag == "script" and "src" not in given):
            self.faults.append(f"an inline {tag}")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.faults.append(f"the attribute {name}={value!r}")
            if value.strip().lower().startswith("javascript:"):
                self.faults.append(f"the address {value!r}")

    def inspect_references(self, tag: str, given: dict[str, str]) -> None:
        for name in REFERENCES & given.keys():
            self.references += [(name, id_) for id_ in given[name].split() or [""]]
        if tag == "a" and given.get("href", "").startswith("#"):
            self.references.append(("href", given["href"][1:]))
        if tag in LABELABLE and given.get("type") != "hidden":
            self.labelable.add(given.get("id", ""))

    def inspect_nesting(self, tag: str, given: dict[str, str]) -> None:
        if self.within and (tag in CONTROLS or "tabindex" in given):
            self.faults.append(f"a {tag} inside a {self.within}")
        if tag in {"a", "button"}:
            self.within = tag

    def inspect_field(self, tag: str, given: dict[str, str]) -> None:
        named = given.get("aria-label") or given.get("aria-labelledby") or self.open_labels
        if given.get("type") not in UNLABELLED and not named:
            self.fields.append((tag, given.get("name", ""), given.get("id") or "(no id)"))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.within:
            self.within = ""
        if tag == "label":
            self.open_labels -= 1
        elif tag == "svg":
            self.in_svg = False
        elif tag == "title":
            self.in_title = False
        elif tag == "script":
            self.in_data = False

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title += data
        if self.in_data:
            self.data[-1] += data

    @property
    def structured_data(self) -> list[Any]:
        """What the blocks of data hold; one that is no JSON raises ``ValueError``."""
        return [json.loads(block) for block in self.data]
