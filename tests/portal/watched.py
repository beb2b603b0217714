"""A client whose requests pass through what stands before Django in the server, and what was logged meanwhile."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client
from django.test.client import ClientHandler

from portal.logs import JsonFormatter, PlainFormatter
from portal.requests import Watched


class WatchedHandler(ClientHandler):
    def __call__(self, environ: dict[str, Any]) -> Any:
        given = {}

        def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            given["response"] = super(WatchedHandler, self).__call__(environ)
            start_response(f"{given['response'].status_code} X", list(given["response"].items()))
            return []

        def start(_line: str, headers: list[tuple[str, str]]) -> None:
            given["headers"] = headers

        Watched(django)(environ, start)
        for name, value in given["headers"]:
            given["response"].headers[name] = value
        return given["response"]


def watched(**options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.handler = WatchedHandler(enforce_csrf_checks=False)
    return client


class Logged:
    """What the log says, in both formats."""

    def __init__(self) -> None:
        self.plain, self.json = io.StringIO(), io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.json.getvalue().splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]

    @property
    def text(self) -> str:
        return self.plain.getvalue() + self.json.getvalue()


@contextmanager
def logged() -> Iterator[Logged]:
    """All that is written from INFO on, as the server's handler would write it."""
    kept, handlers = Logged(), []
    for stream, formatter in ((kept.plain, PlainFormatter()), (kept.json, JsonFormatter())):
        handlers.append(logging.StreamHandler(stream))
        handlers[-1].setFormatter(formatter)
    names = ("", "django", "portal.requests", "portal.tasks")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel("INFO")
    for name in ("", "django"):
        for handler in handlers:
            logging.getLogger(name).addHandler(handler)
    try:
        yield kept
    finally:
        for name in ("", "django"):
            for handler in handlers:
                logging.getLogger(name).removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
