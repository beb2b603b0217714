"""python -m bench.bare KIND PORT PAGE: what the portal is compared with, on the same server with the same processes.

KIND is ``bare``, a WSGI application that does nothing but return the page, or ``plain``, a Django project with one
view that does nothing else. PAGE is a file with the status, the headers and the body (``page.save``).
"""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

from bench.servers import WORKERS

# Django without middleware, database and templates: what its handler alone costs.
settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], USE_I18N=False, METRICS_PORT=0)

from portal.management.commands.serve import make_server, stop_from_a_thread  # noqa: E402 - it asks the settings.

THREADS = 32


def read(path: str) -> tuple[list[tuple[str, str]], bytes]:
    head, _, body = Path(path).read_bytes().partition(b"\n")
    return [(name, value) for name, value in json.loads(head)], body


def bare(path: str) -> Callable[..., Any]:
    headers, body = read(path)

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return [body]

    return application


def plain(path: str) -> Callable[..., Any]:
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import re_path

    headers, body = read(path)

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(body, headers=dict(headers))

    global urlpatterns  # noqa: PLW0603 - Django looks for it in this module.
    urlpatterns = [re_path("", view)]
    sys.modules[__name__].urlpatterns = urlpatterns
    return get_wsgi_application()


urlpatterns: list[Any] = []

if __name__ == "__main__":
    kind, port, page = sys.argv[1:]
    server = make_server("127.0.0.1", int(port), WORKERS, THREADS)
    stop_from_a_thread(server.signal_handler_interrupt)
    server.serve(target_loader=lambda: {"bare": bare, "plain": plain}[kind](page), wrap_loader=False)
