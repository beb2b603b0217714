"""What is measured within one process: how long the application takes to load, and where the time of a report goes.

``python -m bench.inside import`` and ``python -m bench.inside report PATH`` print JSON; ``… profile PATH`` prints
where the time goes by function. They need the surroundings of a portal (``servers.surroundings``).
"""

import cProfile
import io
import json
import pstats
import statistics
import sys
import time
from typing import Any

ROUNDS = 60
DEEP = 45  # functions that a profile shows


def load() -> dict[str, float]:
    started = time.perf_counter()
    import portal.wsgi  # noqa: F401

    return {"seconds": time.perf_counter() - started}


def ask(application: Any, path: str) -> None:
    environ = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": "gzip, br", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }  # fmt: skip
    said: list[str] = []
    body = application(environ, lambda status, headers, exc_info=None: said.append(status))
    b"".join(body)
    body.close()
    if said != ["200 OK"]:
        raise SystemExit(f"{path}: {said}")


def report(path: str) -> dict[str, float]:
    """The middle times of one request to Django, of its queries within it, and their number."""
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    application, spent = get_wsgi_application(), []

    def timed(execute: Any, *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append(time.perf_counter() - started)

    whole, queries, number = [], [], 0
    with connection.execute_wrapper(timed):
        for _ in range(ROUNDS):
            spent.clear()
            started = time.perf_counter()
            ask(application, path)
            whole.append((time.perf_counter() - started) * 1000)
            queries.append(sum(spent) * 1000)
            number = len(spent)
    return {"whole": statistics.median(whole), "queries": statistics.median(queries), "number": number}


def profile(path: str) -> None:
    from django.core.wsgi import get_wsgi_application

    application, profiler = get_wsgi_application(), cProfile.Profile()
    ask(application, path)
    profiler.enable()
    for _ in range(ROUNDS):
        ask(application, path)
    profiler.disable()
    stats = pstats.Stats(profiler)
    stats.sort_stats("cumulative").print_stats(DEEP)
    stats.sort_stats("tottime").print_stats(DEEP)


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "profile":
        profile(*rest)
    else:
        print(json.dumps({"import": load, "report": report}[what](*rest)))
