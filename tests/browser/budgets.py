"""What the first view of a page costs on a telephone with an empty cache, against the budgets."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.browser.visitor import first_report

PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
# The largest number of bytes, compressed as they are served, and of requests. Photos are counted apart.
TRANSFERRED, REQUESTS, HTML, CSS, JS = 60_000, 8, 14_000, 12_000, 12_000
# The form is more than a page to read: four scripts and the style sheet of forms.
FORM_TRANSFERRED, FORM_REQUESTS = 66_000, 11
PHOTO, TEXT_EDITION = 45_000, 14_000
PAGES = {"home": "", "list": "news/", "report": "", "form": "appeals/write/"}
TEXT_PAGES = {"text-home": "text/", "text-list": "text/news/", "text-report": "", "text-search": "text/search/"}
KINDS = {"text/html": "HTML", "text/css": "CSS", "text/javascript": "JS"}


@dataclass(frozen=True)
class Cost:
    """One figure of one page."""

    page: str
    what: str
    value: int
    limit: int

    @property
    def is_kept(self) -> bool:
        return self.value <= self.limit


def costs(browser: Browser, url: str, language: str = "tg") -> list[Cost]:
    """All figures of all pages that have a budget."""
    report = report_of(browser, url, language)
    found: list[Cost] = []
    for page, path in PAGES.items():
        found += of_page(browser, page, f"{url}/{language}/{path}" if page != "report" else f"{url}{report}")
    for page, path in TEXT_PAGES.items():
        address = f"/{language}/{path}" if path else report.replace(f"/{language}/", f"/{language}/text/")
        total = sum(size for _kind, size in fetched(first_view(browser, url + address)))
        found.append(Cost(page, "transferred", total, TEXT_EDITION))
    return found


def report_of(browser: Browser, url: str, language: str) -> str:
    page = browser.new_page()
    try:
        page.goto(f"{url}/{language}/")
        return first_report(page)
    finally:
        page.context.close()


def first_view(browser: Browser, url: str) -> list[str]:
    """The addresses that a telephone asks for which shows a page for the first time and is not scrolled."""
    context = browser.new_context(**PHONE, service_workers="block")  # type: ignore[arg-type]
    try:
        page, asked = context.new_page(), []
        page.on("requestfinished", lambda request: asked.append(request.url))
        page.goto(url, wait_until="networkidle")
        return asked
    finally:
        context.close()


def fetched(addresses: list[str]) -> Iterator[tuple[str, int]]:
    """Kind and bytes of what is at each address, without headers: their size depends on the protocol before us.

    The browser itself does not ask for Brotli where there is no TLS, as there is none here; readers have it.
    """
    for address in addresses:
        parts = urlsplit(address)
        with closing(http.client.HTTPConnection(str(parts.hostname), parts.port or 80, timeout=30)) as connection:
            headers = {"Accept-Encoding": "br, gzip", "Accept": "image/avif,image/webp,*/*"}
            connection.request("GET", f"{parts.path}?{parts.query}".removesuffix("?"), headers=headers)
            answer = connection.getresponse()
            size, kind = len(answer.read()), answer.headers.get_content_type()
        yield "photo" if "/media/" in parts.path else KINDS.get(kind, "other"), size


def of_page(browser: Browser, page: str, url: str) -> list[Cost]:
    sizes = list(fetched(first_view(browser, url)))
    total = {kind: sum(size for one, size in sizes if one == kind) for kind in (*KINDS.values(), "other")}
    photos = [size for kind, size in sizes if kind == "photo"]
    is_form = page == "form"
    found = [
        Cost(page, "transferred", sum(total.values()), FORM_TRANSFERRED if is_form else TRANSFERRED),
        Cost(page, "requests", len(sizes) - len(photos), FORM_REQUESTS if is_form else REQUESTS),
        *(Cost(page, kind, total[kind], limit) for kind, limit in (("HTML", HTML), ("CSS", CSS), ("JS", JS))),
    ]
    return [*found, Cost(page, "largest photo", max(photos), PHOTO)] if photos else found
