"""How the portal's log is written: as lines of text, or of JSON; in both without a word of anybody's.

Only the portal's own modules say what they like: they name no person. Of what a library says the text is left out
where values may stand in it; of an error the kind and the places in the code, never its message, which often quotes.
"""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# What the work at hand is: a request or a task. It stands in every line that is written meanwhile.
about: ContextVar[dict[str, Any]] = ContextVar("about", default={})  # noqa: B039 - nobody changes it, each sets a new one
OURS = ("portal", "news", "appeals")


def said(record: logging.LogRecord) -> str:
    """The record's message as far as it names nobody."""
    if record.name.split(".")[0] in OURS:
        return record.getMessage()
    if status := getattr(record, "status_code", 0):  # Django's own words carry the address, and with it codes.
        return f"answered with {status}"
    if record.args and isinstance(record.msg, str):
        return record.msg  # Without what would be put in.
    return f"{record.module}:{record.lineno}"


def places(error: BaseException) -> list[str]:
    """Where an error came from, and its causes: kinds, files and lines."""
    seen: list[str] = []
    current: BaseException | None = error
    while current is not None and len(seen) < 200:
        frames = traceback.extract_tb(current.__traceback__)
        seen += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        seen.append(type(current).__name__)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return seen


class PlainFormatter(logging.Formatter):
    """A line of text, and the places of an error below it."""

    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {name}={value}" for name, value in facts_of(record).items())
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {said(record)}{facts}"
        error = record.exc_info[1] if record.exc_info else None
        return "\n  ".join([line, *places(error)]) if error else line


class JsonFormatter(logging.Formatter):
    """One object to a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": said(record),
        } | facts_of(record)
        if error := record.exc_info[1] if record.exc_info else None:
            line["error"] = places(error)
        return json.dumps(line, ensure_ascii=False, default=str)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What the work at hand is, and what one of our modules gave as ``extra={"facts": …}``."""
    return about.get() | getattr(record, "facts", {})
