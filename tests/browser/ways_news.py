"""The ways to the pages of the news and of the site itself: see ``tests.browser.pages``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.browser.pages import Stop, Way, straight
from tests.browser.visitor import Visitor, first_report

LIST, REPORT, SEARCH = "news/report_list.html", "news/report_detail.html", "news/search.html"
QUOTED = "мактаб ва бозор дуранд"
LARGE_TYPE, DARK_CONTRAST = "s3p1c2i0f1", "s3p0c1i1f0"
WORDS = {"tg": "Душанбе", "ru": "Душанбе", "en": "Dushanbe"}
MISSPELT = {"tg": "Данғапа", "ru": "Душамбе", "en": "Dushambe"}
TOO_MANY = """async () => {
  const form = document.querySelector("main form");
  form.website.value = "x";
  form.email.value = "x@example.tj";
  for (let tried = 0; tried < 21; tried += 1) await fetch(form.action, { method: "POST", body: new FormData(form) });
}"""


def report(visitor: Visitor) -> Iterator[str]:
    visitor.go("")
    visitor.page.goto(first_report(visitor.page))
    yield "report"


def searches(visitor: Visitor) -> Iterator[str]:
    visitor.go("search/")
    yield "search"
    visitor.go(f"search/?q={WORDS[visitor.language]}")
    yield "search-results"
    visitor.go(f"search/?q={MISSPELT[visitor.language]}")
    yield "search-did-you-mean"
    visitor.go("search/?q=zzzqqqxxx&category=meetings")
    yield "search-nothing"
    visitor.go("search/?q=a&since=x")
    yield "search-mistake"


def verifying(visitor: Visitor) -> Iterator[str]:
    visitor.go("news/verify/")
    yield "verify-text"
    visitor.fill(quote="ки")
    visitor.press("main form[method=post] .button")
    yield "verify-text-mistakes"
    visitor.fill(quote=QUOTED)
    visitor.press("main form[method=post] .button")
    yield "verify-text-found"
    visitor.fill(quote="ин суханҳоро ҳеҷ кас нагуфтааст")
    visitor.press("main form[method=post] .button")
    yield "verify-text-not-found"
    visitor.go("news/verify/{digests}/")
    yield "verify-digest"
    visitor.go(f"news/verify/{'0' * 64}/")
    yield "verify-digest-unknown"


def subscribing(visitor: Visitor) -> Iterator[str]:
    visitor.go("subscribe/")
    yield "subscribe"
    visitor.press("main form .button")
    yield "subscribe-mistakes"
    visitor.go("subscribe/sent/")
    yield "subscribe-sent"
    visitor.go("subscribe/confirm/{unconfirmed}/")
    yield "subscribe-confirm"
    visitor.press("main form .button")
    yield "subscribe-confirmed"
    visitor.go("subscribe/{subscriptions}/")
    yield "subscribe-manage"
    visitor.press("main form:first-of-type .button:not(.button--quiet)")
    yield "subscribe-saved"
    visitor.go("subscribe/unsubscribe/{subscriptions}/")
    yield "subscribe-end"
    visitor.press("main form .button:not(.button--quiet)")
    yield "subscribe-ended"
    visitor.go("subscribe/none-of-this-name/")
    yield "subscribe-unknown"
    visitor.go("subscribe/")
    visitor.page.evaluate(TOO_MANY)
    visitor.page.locator("[name=website]").evaluate("field => { field.value = 'x' }")
    visitor.fill(email="x@example.tj")
    visitor.press("main form .button")
    yield "subscribe-too-many"


def preferences(visitor: Visitor) -> Iterator[str]:
    visitor.go("preferences/")
    yield "preferences"
    for name, value in (("large", LARGE_TYPE), ("contrast", DARK_CONTRAST)):
        visitor.cookie("view", value)
        for page, path in LOW_VISION.items():
            visitor.go(path)
            yield f"{page}-{name}"


def errors(visitor: Visitor) -> Iterator[str]:
    """What a browser cannot be brought to ask is asked beside it; a fault of the portal is drawn from its template."""
    home = f"/{visitor.language}/"
    visitor.ask("GET", home, Host="other.example")
    yield "error-400"
    visitor.ask("POST", f"{home}subscribe/", Content_Length="0")
    yield "error-403-csrf"
    visitor.sign_in("operator")
    visitor.page.goto("/admin/appeals/journalentry/")
    yield "error-403"
    visitor.page.goto(f"{home}no/such/page/")
    yield "error-404"
    visitor.ask("POST", f"{home}appeals/write/", Content_Length=str(2**30))
    yield "error-413"
    for status in (500, 503):  # As the portal wrote them for the server in front of it.
        page = visitor.data_dir / "static" / "errors" / visitor.language / f"{status}.html"
        visitor.show(status, {"content-type": "text/html; charset=utf-8"}, page.read_bytes())
        yield f"error-{status}"


def without_reports(visitor: Visitor) -> Iterator[str]:
    with hidden_reports(visitor.data_dir, visitor.language):
        visitor.go("")
        yield "home-without-reports"
        visitor.go("news/")
        yield "list-without-reports"
        visitor.go("text/")
        yield "text-without-reports"


@contextmanager
def hidden_reports(data_dir: Path, language: str) -> Iterator[None]:
    """For a moment the language has no report."""
    chosen = "FROM news_report WHERE language = ? AND status = 'published'"
    with closing(sqlite3.connect(data_dir / "portal.sqlite3", timeout=20)) as database:
        numbers = json.dumps([number for (number,) in database.execute(f"SELECT id {chosen}", [language])])
        change = "UPDATE news_report SET status = ? WHERE id IN (SELECT value FROM json_each(?))"
        try:
            with database:
                database.execute(change, ["draft", numbers])
            yield
        finally:
            with database:
                database.execute(change, ["published", numbers])


LOW_VISION = {"home": "", "list": "news/", "report": "news/{portrait}/x/", "write": "appeals/write/", "text": "text/"}
LOW_VISION_TEMPLATES = {
    "home": "home.html", "list": LIST, "report": REPORT, "write": "appeals/write.html", "text": "text/home.html",
}  # fmt: skip

WAYS = [
    straight("home", "home.html", "", needs_content=False),
    straight("list", LIST, "news/", needs_content=False),
    Way(report, {"report": Stop(REPORT)}, needs_content=False),
    straight("list-filtered", LIST, "news/?category=meetings&place=dushanbe"),
    straight("list-filtered-empty", LIST, "news/?category=calls&place=khujand"),
    straight("category", LIST, "news/category/meetings/"),
    straight("topic", LIST, "news/topic/economy/"),
    straight("place", LIST, "news/place/khujand/"),
    straight("year", LIST, "news/2026/"),
    straight("month", LIST, "news/2026/11/"),
    straight("day", LIST, "news/2026/11/20/"),
    straight("report-photos", REPORT, "news/{photos}/x/"),
    straight("report-plain", REPORT, "news/{plain}/x/"),
    straight("report-portrait-film-correction", REPORT, "news/{portrait}/x/"),
    straight("report-long-headline", REPORT, "news/{long}/x/"),
    straight("list-report-only-in-tajik", LIST, "news/?missing={only_tg}"),
    straight("list-report-only-in-russian", LIST, "news/?missing={only_ru}"),
    straight("withdrawn", "news/withdrawn.html", "news/{gone}/x/", 410),
    straight("press-kit", "news/press_kit.html", "news/{photos}/press-kit/"),
    straight("preview", "news/preview.html", "{previews}"),
    straight("preview-gone", "news/preview_gone.html", "{ended_previews}", 410),
    straight("accessibility", "accessibility.html", "accessibility/"),
    straight("offline", "offline.html", "offline/"),
    straight("text-home", "text/home.html", "text/"),
    straight("text-list", "text/report_list.html", "text/news/"),
    straight("text-report", "text/report_detail.html", "text/news/{photos}/x/"),
    straight("text-report-film", "text/report_detail.html", "text/news/{portrait}/x/"),
    straight("text-search", "text/search.html", "text/search/"),
    straight("text-search-results", "text/search.html", "text/search/?q=2026"),
    Way(searches, dict.fromkeys(
        ("search", "search-results", "search-did-you-mean", "search-nothing", "search-mistake"), Stop(SEARCH),
    )),
    Way(verifying, dict.fromkeys(
        ("verify-text", "verify-text-mistakes", "verify-text-found", "verify-text-not-found", "verify-digest",
         "verify-digest-unknown"), Stop("news/verify.html"),
    )),
    Way(subscribing, {
        "subscribe": Stop("news/subscription_ask.html"),
        "subscribe-mistakes": Stop("news/subscription_ask.html"),
        "subscribe-sent": Stop("news/subscription_sent.html"),
        "subscribe-confirm": Stop("news/subscription_confirm.html"),
        "subscribe-confirmed": Stop("news/subscription_confirmed.html"),
        "subscribe-manage": Stop("news/subscription_manage.html"),
        "subscribe-saved": Stop("news/subscription_manage.html"),
        "subscribe-end": Stop("news/subscription_end.html"),
        "subscribe-ended": Stop("news/subscription_ended.html"),
        "subscribe-unknown": Stop("news/subscription_unknown.html", 404),
        "subscribe-too-many": Stop("news/subscription_ask.html", 429),
    }),
    Way(preferences, {"preferences": Stop("preferences.html")} | {
        f"{page}-{name}": Stop(template)
        for page, template in LOW_VISION_TEMPLATES.items() for name in ("large", "contrast")
    }),
    Way(errors, {
        "error-400": Stop("400.html", 400),
        "error-403": Stop("403.html", 403),
        "error-403-csrf": Stop("403_csrf.html", 403),
        "error-404": Stop("404.html", 404),
        "error-413": Stop("413.html", 413),
        "error-500": Stop("500.html", 500),
        "error-503": Stop("500.html", 503),
    }),
    Way(without_reports, {
        "home-without-reports": Stop("home.html"),
        "list-without-reports": Stop(LIST),
        "text-without-reports": Stop("text/home.html"),
    }),
]  # fmt: skip
