"""``make audit``: every page that a person can meet, judged; the table of what is wrong, and what the pages cost.

Each page of ``tests.browser.pages`` in each language, at 360 and 1280 pixels, light and dark: axe, the width, what the
browser complains of, and the Nu HTML checker on the page as it was served. Then the budgets and Lighthouse.
ARGS limits it to pages (``ARGS="home check"``, without budgets and Lighthouse); ``ARGS=--write`` renews docs/quality.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests import html_check
from tests.browser import budgets, content, judge, lighthouse, pages, portal, quality
from tests.browser.chromium import launched
from tests.browser.judge import Fault
from tests.browser.pages import Way
from tests.browser.visitor import Visitor

LANGUAGES = ("tg", "ru", "en")
PROCESSES = 2
# Pages of Django's own are judged, but their HTML is Django's.
FOREIGN = "Django's admin"


@dataclass
class Found:
    """What came of an audit. ``seen`` is every page in every language; what is not ``measured`` was left out."""

    seen: set[tuple[str, str]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    costs: list[budgets.Cost] = field(default_factory=list)
    scores: list[lighthouse.Score] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def is_good(self) -> bool:
        """Contrast of level AAA is told of, not asked for."""
        kept = all(cost.is_kept for cost in self.costs) and all(score.is_good for score in self.scores)
        return kept and not any(fault.kind != judge.AAA for fault in self.faults)


@dataclass(frozen=True)
class Task:
    """The ways that one process walks in one language, with a browser of its own."""

    url: str
    data_dir: Path
    content: dict[str, Any]
    html: Path
    language: str
    is_office: bool
    names: frozenset[str]

    def ways(self) -> list[Way]:
        ways = [way for way in pages.catalogue() if way.is_office == self.is_office]
        return [way for way in ways if not self.names or self.names & set(way.stops)]


def judged(task: Task) -> tuple[set[str], list[Fault]]:
    """Walk the ways of a task; a way that leads elsewhere is a fault of its own."""
    seen: set[str] = set()
    faults: list[Fault] = []
    with launched() as browser:
        for way in task.ways():
            walked, found = along(way, task, browser)
            seen |= walked
            faults += found
    return seen, faults


def along(way: Way, task: Task, browser: Browser) -> tuple[set[str], list[Fault]]:
    seen: set[str] = set()
    faults: list[Fault] = []
    context = portal.visit(browser, task.url, task.language)
    context.set_default_timeout(60_000)
    try:
        visitor = Visitor(context.new_page(), task.language, task.data_dir, task.content)
        with judge.complaints_of(visitor.page) as said:
            for name in pages.pages_of(way, visitor):
                if not task.names or name in task.names:
                    seen.add(name)
                    faults += [Fault("console", name, task.language, one) for one in said]
                    faults += judge.look(visitor.page, name, task.language, enhanced=not way.is_office)
                    keep_html(visitor, way.stops[name].template, task.html / f"{name}-{task.language}.html")
                    visitor.page.set_viewport_size({"width": 360, "height": 900})
                said.clear()  # axe itself is heard there, too.
    except Exception as error:  # Whatever stops a walk, the others go on.
        faults.append(Fault("way", next(iter(way.stops)), task.language, str(error).split("\n")[0], visitor.page.url))
    finally:
        context.close()
    return seen, faults


def keep_html(visitor: Visitor, template: str, path: Path) -> None:
    if visitor.document and template != FOREIGN:
        path.write_bytes(visitor.document.body())


def html_faults(folder: Path, jar: Path) -> list[Fault]:
    found = html_check.faults(folder, jar)
    return [
        Fault("HTML", *stem.rsplit("-", 1), message)  # The language stands at the end of the name.
        for message, stems in found.items()
        for stem in sorted(stems)
    ]


def audit(names: frozenset[str]) -> Found:
    """Start a portal, judge it, stop it."""
    found, started = Found(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portal-audit-") as folder:
        running = portal.start(str(portal.first_started(Path(folder))), APPEAL_STATISTICS_PUBLIC="1")
        try:
            html = Path(folder) / "html"
            html.mkdir()
            if names:
                found.left_out.append("budgets and Lighthouse: only some pages were asked for")
            else:
                measure(running.url, found)
            made = content.make(running.data_dir)
            tasks = [
                Task(running.url, running.data_dir, made, html, language, is_office, names)
                for is_office in (False, True)
                for language in LANGUAGES
            ]
            with ProcessPoolExecutor(PROCESSES) as pool:
                for task, (seen, faults) in zip(tasks, pool.map(judged, tasks), strict=True):
                    found.seen |= {(name, task.language) for name in seen}
                    found.faults += faults
            check_html(html, found)
        finally:
            running.stop()
    found.seconds = time.monotonic() - started
    return found


def measure(url: str, found: Found) -> None:
    """Budgets and Lighthouse, while nothing else keeps the machine busy."""
    with launched() as browser:
        found.costs = budgets.costs(browser, url)
        report = budgets.report_of(browser, url, "tg")
    program = lighthouse.path()
    if program is None:
        found.left_out.append(lighthouse.HOW_TO)
        return
    found.scores = lighthouse.scores(program, url, report)


def check_html(folder: Path, found: Found) -> None:
    jar = Path(os.environ.get("VNU", html_check.WHERE))
    if jar.is_file() and shutil.which("java"):
        found.faults += html_faults(folder, jar)
    else:
        found.left_out.append(html_check.HOW_TO.format(html_check.WHERE, "audit"))


def told(found: Found) -> str:
    """The table, and below it what is wrong: each fault once, with the pages and views that have it."""
    alike: dict[tuple[str, str, str], list[Fault]] = defaultdict(list)
    for fault in found.faults:
        alike[fault.kind, fault.rule, fault.where].append(fault)
    lines = [quality.table(found), ""]
    for (kind, rule, where), faults in sorted(alike.items()):
        on = Counter(fault.page for fault in faults)
        some = ", ".join(f"{page} ({count})" for page, count in on.most_common(4))
        lines += [f"{kind}: {rule}", f"    {where[:300]}" if where else "", f"    {some}, pages: {len(on)}"]
        lines += [f"    first: {faults[0].view}"]
    lines += [f"Over the budget: {cost}" for cost in found.costs if not cost.is_kept]
    lines += [f"Lighthouse, {score.page}: {', '.join(score.faults)}" for score in found.scores if score.faults]
    lines += [f"Left out: {why}" for why in found.left_out]
    return "\n".join(line for line in lines if line)


def main() -> str | None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/quality.md")
    parser.add_argument("pages", nargs="*", help="only these pages")
    options = parser.parse_args()
    known = {name for way in pages.catalogue() for name in way.stops}
    if unknown := set(options.pages) - known:
        return f"There are no pages {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}"
    found = audit(frozenset(options.pages))
    print(told(found))
    if options.write and found.left_out:
        return "Nothing was written: an audit that leaves something out is none for the record."
    if options.write:
        quality.write(found)
    return None if found.is_good else "Some pages have faults."


if __name__ == "__main__":
    sys.exit(main())
