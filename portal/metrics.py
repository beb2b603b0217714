"""The counters of the server's processes (Prometheus), for ``METRICS_PORT`` alone.

Each process counts in a file of its own, mapped into its memory; ``manage.py metrics`` reads them all. Imported only
where somebody counts: prometheus-client decides when it is imported how it counts.
"""

from __future__ import annotations

import os

from django.conf import settings

FOLDER = settings.DATA_DIR / f"metrics-{settings.METRICS_PORT}"
FOLDER.mkdir(parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)

from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: E402

# In no registry of this process's: what all of them counted is read from the files.
_NOWHERE = CollectorRegistry()
REQUESTS = Counter("portal_requests", "Requests by route and answer.", ["route", "method", "status"], registry=_NOWHERE)
SECONDS = Histogram(
    "portal_request_seconds",
    "Time until the answer began.",
    ["route"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=_NOWHERE,
)
PAGE_CACHE = Counter(
    "portal_page_cache", "What the page cache did with requests: hit, miss, stale, passed.", ["outcome"],
    registry=_NOWHERE,
)  # fmt: skip


def count(route: str, method: str, status: int, seconds: float, from_cache: str) -> None:
    REQUESTS.labels(route, method, status).inc()
    SECONDS.labels(route).observe(seconds)
    if from_cache:
        PAGE_CACHE.labels(from_cache).inc()


def forget() -> None:
    """At the start of the server: files of processes that are gone."""
    for path in FOLDER.glob("*.db"):
        path.unlink(missing_ok=True)
