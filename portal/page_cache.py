"""The page cache: public pages kept in the process's memory, in front of Django.

A page is made once, however many ask for it at a time. What readers see is at most a look at the database older
than the truth (see ``page_cache_watch``). When the database or Django fails, the last good copy is shown.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from .page_cache_pages import Environ, Key, Page, key_of, plain_key, read, request_for, wants_what_all_get
from .page_cache_watch import Watch
from .requests import FROM_CACHE

Application = Callable[[Environ, Any], Iterable[bytes]]

# In seconds. A page that is not fresh any more, though nothing changed, is shown until STALE while a new one is made.
STALE = 600
# After a change they see the old one for GRACE while the new one is made; then all wait for it.
GRACE = 0.3
# Who waits for longer gets the old page; where there is none, asks Django for it.
WAIT, WAIT_FOR_THE_FIRST = 3, 20
# A page that could not be made is not tried again for RETRY; its copy is shown for as long as PUBLIC (caching.py) says.
RETRY, STALE_IF_ERROR = 2, 24 * 3600
MADE_AT_A_TIME = 4  # More would only wait for each other: Python runs one thread at a time.

# What became of the requests to this process. For figures: threads that count at the same moment may lose one.
COUNTS = dict.fromkeys(("hit", "miss", "stale", "passed"), 0)


def count(outcome: str, environ: Environ) -> None:
    COUNTS[outcome] += 1
    environ[FROM_CACHE] = outcome


class PageCache:
    """A WSGI application before another."""

    def __init__(self, application: Application, megabytes: int, watch: Watch) -> None:
        self.application, self.limit, self.watch = application, megabytes * 2**20, watch
        self.size = 0
        self._pages: OrderedDict[Key, Page] = OrderedDict()  # What was not asked for longest comes first.
        self._making: dict[Key, Future[Page | None]] = {}
        self._lock = threading.Lock()  # Never taken for a page that is fresh.
        self._pool = ThreadPoolExecutor(MADE_AT_A_TIME, "page-cache")

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if not wants_what_all_get(environ):
            return self._pass(environ, start_response)
        key = plain_key(environ)
        page = self._pages.get(key)
        if page is None:
            known = key_of(key, environ["SERVER_PORT"])
            if known is None:
                return self._pass(environ, start_response)
            key, page = known, self._pages.get(known)
        now = time.monotonic()
        if page and self._is_fresh(page, now):
            return self._hit(key, page, environ, start_response)
        shown = self._current(key, page, environ, now)
        if shown is None:
            return self._pass(environ, start_response)
        count("stale" if shown is page else "miss", environ)
        return shown.send(environ, start_response, max(1, int(now - shown.made_at)) if shown is page else 0)

    def at_once(self, environ: Environ, start_response: Any) -> Iterable[bytes] | None:
        """The answer, if the page is kept under just this address and is fresh."""
        if not wants_what_all_get(environ):
            return None
        key = plain_key(environ)
        page = self._pages.get(key)
        if page is None or not self._is_fresh(page, time.monotonic()):
            return None
        return self._hit(key, page, environ, start_response)

    def _is_fresh(self, page: Page, now: float) -> bool:
        watch = self.watch
        return page.generation == watch.generation and now < page.fresh_until and now < watch.trusted_until

    def _hit(self, key: Key, page: Page, environ: Environ, start_response: Any) -> Iterable[bytes]:
        try:
            self._pages.move_to_end(key)
        except KeyError:
            pass  # Just thrown out.
        count("hit", environ)
        return page.send(environ, start_response)

    def _current(self, key: Key, old: Page | None, environ: Environ, now: float) -> Page | None:
        """A new page, or the old one where it may be shown; None if this request is for Django alone."""
        if old and now > old.made_at + STALE_IF_ERROR:
            old = None
        if old and now < old.retry_at:
            return old
        with self._lock:
            self.watch.start()
            making = self._making.get(key)
            if making is None:
                making = self._making[key] = Future()
                self._pool.submit(copy_context().run, self._make, key, old, request_for(key, environ), making)
        if old and self._may_be_shown(old, now):
            return old
        try:
            return making.result(WAIT if old else WAIT_FOR_THE_FIRST)
        except TimeoutError:
            return old

    def _may_be_shown(self, old: Page, now: float) -> bool:
        """While a new one is made: nothing has changed, or just now, or whether it has cannot be seen."""
        if old.generation == self.watch.generation:
            return now < old.made_at + STALE or now > self.watch.trusted_until
        return now < self.watch.changed_at + GRACE or now > self.watch.trusted_until

    def _make(self, key: Key, old: Page | None, request: Environ, making: Future[Page | None]) -> None:
        """Ask Django. After a fault the old page stays; what is not public any more goes."""
        page, failed = None, False
        generation = self.watch.generation  # Before: a change in the meantime makes the page an old one.
        try:
            page = read(self.application, request, generation)
            failed = page is not None and page.status.startswith("5")
        except Exception:
            failed = True
        with self._lock:
            if failed and old:
                old.retry_at = time.monotonic() + RETRY
                page = old
            else:
                self._keep(key, page)
            del self._making[key]
        making.set_result(page)

    def _keep(self, key: Key, page: Page | None) -> None:
        """Put ``page`` in the place of the one that is kept, if it may be kept; make room for it."""
        if former := self._pages.pop(key, None):
            self.size -= former.size
        if page and page.may_be_kept:
            self._pages[key] = page
            self.size += page.size
        while self.size > self.limit:
            self.size -= self._pages.popitem(last=False)[1].size

    def _pass(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        count("passed", environ)
        return self.application(environ, start_response)
