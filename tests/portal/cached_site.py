"""The page cache before an application, asked as a server asks it."""

import io
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connections

from portal.page_cache import MADE_AT_A_TIME, PageCache
from portal.page_cache_watch import Watch


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def environ(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """What granian makes of a request; ``host="…"`` and the like are its headers."""
    path, _mark, query = path.partition("?")
    given = {"host": "testserver"} | headers
    made = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.7",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    return made | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items()}


@dataclass
class Site:
    """``get(path)`` through the cache. ``asked`` is what the application behind it was asked for."""

    application: Any = field(default_factory=get_wsgi_application)
    megabytes: int = 8
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watch = Watch()
        self.watch.running = True  # No thread: a test looks when it wants to.
        self.cache = PageCache(self._application, self.megabytes, self.watch)

    def sees(self, generation: int = 1) -> "Site":
        """The database has answered just now; without it, of a site that needs none."""
        self.watch.generation, self.watch.trusted_until = generation, time.monotonic() + 60
        return self

    @property
    def kept(self) -> list[str]:
        """Path and query of the pages that are kept."""
        return [f"{path}?{query}" if query else path for _scheme, _host, path, query in self.cache._pages]

    def _application(self, request: dict[str, Any], start_response: Any) -> Any:
        self.asked.append(request)
        return self.application(request, start_response)

    def get(self, path: str, method: str = "GET", extra: dict[str, Any] | None = None, **headers: str) -> Answer:
        said: list[Any] = []
        body = self.cache(
            environ(path, method, **headers) | (extra or {}), lambda status, given: said.extend((status, given))
        )
        try:
            content = b"".join(body)
        finally:
            getattr(body, "close", lambda: None)()
        return Answer(int(said[0].split()[0]), {name.lower(): value for name, value in said[1]}, content)

    def times_asked(self, path: str, **headers: str) -> int:
        """How often the application is asked when the page is wanted twice."""
        before = len(self.asked)
        self.get(path, **headers)
        self.get(path, **headers)
        return len(self.asked) - before

    def close(self) -> None:
        """Let go of the threads, and of the connections that they hold: the test's database is to be emptied."""
        together = threading.Barrier(MADE_AT_A_TIME)

        def let_go() -> None:
            together.wait(10)
            connections.close_all()

        for _thread in range(MADE_AT_A_TIME):
            self.cache._pool.submit(let_go)
        self.cache._pool.shutdown()


PUBLIC = ("Cache-Control", "public, max-age=60")


class Body(list):
    """What an application answers with; a server closes it."""

    closed = False

    def close(self) -> None:
        self.closed = True


def answering(*headers: tuple[str, str], status: str = "200 OK", body: bytes = b"ok") -> Any:
    """An application that answers everything so."""
    size = [] if "Content-Length" in dict(headers) else [("Content-Length", str(len(body)))]

    def application(request: dict[str, Any], start_response: Any) -> Body:
        start_response(status, [("Content-Type", "image/svg+xml"), *size, *headers])
        return Body([body])

    return application
