"""The check of links: those of public reports are tried each night, and what leads nowhere is kept in a list."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from .link_fetch import Prober
from .link_finding import broken_internal_links, external_links
from .links import BrokenLink
from .models import Report

# At most so many of a site's addresses a night, one after the other with a pause: we are a guest there.
PER_SITE = 200
PAUSE_SECONDS = 1.0
WORKERS = 8
# Other work waits meanwhile. What was not reached may be the next night, for the order is another each time.
NIGHT_SECONDS = 600

Probe = Callable[[str], str]


@dataclass
class Outcome:
    """How many addresses were tried, and how many of them lead nowhere."""

    tried: int = 0
    broken: int = 0


def broken_links() -> QuerySet[BrokenLink]:
    """The links of public reports that led nowhere when they were last tried, the latest found first."""
    return BrokenLink.objects.filter(report__in=Report.objects.published()).select_related("report__event")


def check_report(report: Report) -> list[str]:
    """The internal links of ``report`` that lead nowhere; the list is brought up to date, if the report is public."""
    broken = broken_internal_links(report)
    kept = broken + external_links(report.body) if report.is_public else []
    BrokenLink.objects.filter(report=report).exclude(url__in=kept).delete()
    if report.is_public:
        note(report.pk, dict.fromkeys(broken, "not_here"))
    return broken


def note(report: int, reasons: dict[str, str]) -> None:
    """Keep what was found about links of the report with this number; "" takes a link off the list."""
    for url, reason in reasons.items():
        if not reason:
            BrokenLink.objects.filter(report=report, url=url).delete()
            continue
        if not Report.objects.filter(pk=report).exists():
            return
        try:
            with transaction.atomic():
                BrokenLink.objects.update_or_create(report_id=report, url=url, defaults={"reason": reason})
        except IntegrityError:
            pass  # The report was deleted meanwhile, or somebody else noted the same.


def check_internal_links() -> Outcome:
    """Look at every link of the public reports into this site: what it leads to may have been withdrawn since."""
    outcome = Outcome()
    BrokenLink.objects.exclude(report__in=with_links().values("pk")).delete()
    for report in with_links().iterator(chunk_size=200):
        broken = check_report(report)
        outcome.tried += 1
        outcome.broken += len(broken)
    return outcome


def check_external_links(
    probe: Probe | None = None, seconds: float = NIGHT_SECONDS, pause: float = PAUSE_SECONDS
) -> Outcome:
    """Try every link of the public reports to other sites, and keep those that lead nowhere in the list.

    Each address once, one at a time for each site; nothing new is begun after ``seconds``. ``probe(url)`` tells why an
    address leads nowhere, "" if it does not.
    """
    probe, outcome, until = probe or Prober().reason, Outcome(), time.monotonic() + seconds
    reports_of, stop = _addresses(), threading.Event()
    with ThreadPoolExecutor(WORKERS) as pool:
        # The threads ask the sites; only this one speaks with the database.
        started = [pool.submit(_try_site, urls, probe, until, pause, stop) for urls in _by_site(reports_of)]
        try:
            for site in as_completed(started):
                for url, reason in site.result().items():
                    outcome.tried += 1
                    outcome.broken += bool(reason)
                    for report in reports_of[url]:
                        note(report, {url: reason})
        finally:
            stop.set()  # Ctrl-C: no site is asked anything more.
    return outcome


def with_links() -> QuerySet[Report]:
    """The public reports whose text links to anything."""
    return Report.objects.published().filter(body__contains="<a ").select_related("event")


def _addresses() -> dict[str, list[int]]:
    """The addresses of other sites, with the numbers of the reports that link to them."""
    found: dict[str, list[int]] = defaultdict(list)
    for report, body in with_links().values_list("pk", "body").iterator(chunk_size=200):
        for url in external_links(body):
            found[url].append(report)
    return found


def _by_site(urls: Iterable[str]) -> list[list[str]]:
    """The addresses of each site, in another order each time; those that led nowhere last time before others."""
    known = set(BrokenLink.objects.values_list("url", flat=True))
    sites: dict[str, list[str]] = defaultdict(list)
    shuffled = list(urls)
    random.shuffle(shuffled)
    for url in sorted(shuffled, key=lambda url: url not in known):
        sites[_site(url)].append(url)
    return [some[:PER_SITE] for some in sites.values()]


def _site(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _try_site(urls: list[str], probe: Probe, until: float, pause: float, stop: threading.Event) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for url in urls:
        if time.monotonic() > until or stop.wait(pause if reasons else 0):
            break
        reasons[url] = probe(url)
    return reasons
