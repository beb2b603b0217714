"""Appeals that came in, for tests of what the office does with them; the way through the pages has tests of its own."""

from __future__ import annotations

from typing import Any

from appeals import casework
from appeals.choices import FileRole
from appeals.content import Content
from appeals.models import Appeal
from tests.appeals.citizen import picture, values

SIGNATURE = casework.SentFile(FileRole.SIGNATURE, "signature.png", "image/png", picture().getvalue())


def taken(typed: dict[str, Any] | None = None, **changes: Any) -> Appeal:
    """An appeal as an ordinary citizen sends it, signed, with ``changes``."""
    written = (values() if typed is None else typed) | {"crime": False} | changes
    return casework.receive(Content.of(written).relevant(), [SIGNATURE], "tg")[0]
