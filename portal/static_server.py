"""Static files, answered before Django is asked: a first view asks for eight, which may not cost what pages do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from whitenoise.base import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from . import policies
from .middleware import COMPANIONS

Environ = dict[str, Any]
HEADERS = COMPANIONS | {"Content-Security-Policy": policies.STATIC}
if settings.SECURE_HSTS_SECONDS:
    HEADERS["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"


class StaticFiles(WhiteNoiseMiddleware):
    """A WSGI application before another; of Django's middleware it has the settings, and in development the finders."""

    def __init__(self, application: Any) -> None:
        super().__init__()
        self.application = application

    __call__ = WhiteNoise.__call__

    def add_cache_headers(self, headers: Headers, path: str, url: str) -> None:
        """And what every answer carries (``SecurityHeadersMiddleware``)."""
        super().add_cache_headers(headers, path, url)
        for name, value in HEADERS.items():
            headers[name] = value

    @staticmethod
    def serve(static_file: StaticFile, environ: Environ, start_response: Any) -> Iterable[bytes]:
        response = static_file.get_response(environ["REQUEST_METHOD"], environ)
        start_response(f"{response.status} {response.status.phrase}", list(response.headers))
        if response.file is None:
            return []
        with response.file as file:  # The largest has 200 kB: in one piece the server sends it soonest.
            return [file.read()]
