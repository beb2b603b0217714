"""Appeals as bare rows, with the times that a test of the figures gives them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from appeals.models import Appeal
from appeals.term import ZONE


def at(day: str, clock: str = "12:00") -> datetime:
    """A moment in Dushanbe, of a day written like ``03-15`` in 2026, or like ``2025-12-31``."""
    return datetime.combine(date.fromisoformat(day if len(day) > 5 else f"2026-{day}"), time.fromisoformat(clock), ZONE)


def appeal(received: str | datetime, **values: Any) -> Appeal:
    """A row; ``registered``, ``due`` and ``ended`` are days, what ended is answered unless a status is given."""
    number = Appeal.objects.count() + 1
    days = {name: values.pop(name, None) for name in ("registered", "due", "ended")}
    ended = days["ended"] and (at(days["ended"]) if isinstance(days["ended"], str) else days["ended"])
    defaults: dict[str, Any] = {
        "number": f"2026-{number:06d}", "tracking_hash": f"{number:064d}", "digest": "0" * 64, "language": "tg",
        "applicant": "individual", "kind": "request", "region": "TJ-SU", "verdict": "examined", "policy_version": "",
        "sealed_key": b"", "box": b"",
        "status": "answered" if ended else "registered" if days["registered"] else "received",
        "received_at": received if isinstance(received, datetime) else at(received),
        "registered_at": days["registered"] and at(days["registered"]),
        "due_on": days["due"] and at(days["due"]).date(),
        "ended_at": ended,
    }  # fmt: skip
    return Appeal.objects.create(**defaults | values)
