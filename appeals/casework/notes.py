"""What the office and the applicant wrote to each other, readable with the appeal's data key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .. import vault
from ..models import Appeal


@dataclass(frozen=True)
class Note:
    """One message. ``field``: what the office asked to be mended; ``values``: what the applicant mended."""

    author: str
    kind: str
    at: datetime
    text: str
    field: str
    values: dict[str, str]


def messages_of(appeal: Appeal, key: bytes) -> list[Note]:
    """All messages, the oldest first. Raises ``vault.Unreadable``."""
    notes = []
    for message in appeal.messages.all():
        content = json.loads(vault.decrypt(key, message.box))
        text, field, values = content.get("text", ""), content.get("field", ""), content.get("values", {})
        notes.append(Note(message.author, message.kind, message.at, text, field, values))
    return notes


def mended(content: dict[str, Any], notes: Iterable[Note]) -> dict[str, Any]:
    """What was sent, with what was mended since."""
    values = dict(content)
    for note in notes:
        values |= note.values
    return values
