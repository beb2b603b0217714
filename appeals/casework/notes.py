"""What the office and the applicant wrote to each other, readable with the appeal's data key."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import vault
from ..choices import Scan
from ..models import Appeal, AppealFile, Message
from .base import Refused
from .intake import SentFile


@dataclasses.dataclass(frozen=True)
class Note:
    """One message. ``field``: what the office asked to be mended; ``values``: what the applicant mended."""

    id: int
    author: str
    kind: str
    at: datetime
    text: str
    field: str = ""
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    checked: str = ""  # What an officer checked before he found the data untrue.
    files: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    masked: bool = False  # Something in it that says who somebody is was left out.


def messages_of(appeal: Appeal, key: bytes) -> list[Note]:
    """All messages, the oldest first. Raises ``vault.Unreadable``."""
    files = Prefetch("files", AppealFile.objects.defer("box"))
    return [_note(message, key) for message in appeal.messages.prefetch_related(files)]


def _note(message: Message, key: bytes) -> Note:
    content = json.loads(vault.decrypt(key, message.box))
    kept = zip(content.pop("files", []), message.files.all(), strict=True)
    files = [about | {"id": file.pk, "scan": file.scan} for about, file in kept]
    return Note(message.pk, message.author, message.kind, message.at, content.pop("text", ""), files=files, **content)


def write(
    appeal: Appeal, author: str, kind: str, key: bytes, content: dict[str, Any], files: Sequence[SentFile] = ()
) -> Message:
    """Keep a message with its files, encrypted."""
    if files:
        content = content | {"files": [about(file) for file in files]}
    box = vault.encrypt(key, json.dumps(content).encode())
    message = Message.objects.create(appeal=appeal, author=author, kind=kind, at=timezone.now(), box=box)
    AppealFile.objects.bulk_create(
        AppealFile(appeal=appeal, message=message, role=file.role, scan=file.scan, box=vault.encrypt(key, file.content))
        for file in files
    )
    return message


def about(file: SentFile) -> dict[str, str]:
    """What is kept of a file beside its bytes."""
    return {"name": file.name, "content_type": file.content_type, "role": file.role}


def decrypted(file: AppealFile, key: bytes) -> SentFile:
    """A file with its name and type. Raises ``vault.Unreadable``, and ``Refused`` while it may hold a virus."""
    if file.scan == Scan.HELD:
        raise Refused(_("This file is held until it is scanned for viruses."))
    if file.scan == Scan.INFECTED:
        raise Refused(_("A virus was found in this file. It cannot be opened."))
    owner = file.message or file.appeal
    known = json.loads(vault.decrypt(key, owner.box))["files"]
    place = list(file.appeal.files.filter(message=file.message).values_list("pk", flat=True)).index(file.pk)
    about_file = {name: known[place][name] for name in ("name", "content_type", "role")}
    return SentFile(**about_file, content=vault.decrypt(key, file.box))


def mended(content: dict[str, Any], notes: Iterable[Note]) -> dict[str, Any]:
    """What was sent, with what was mended since."""
    values = dict(content)
    for note in notes:
        values |= note.values
    return values
