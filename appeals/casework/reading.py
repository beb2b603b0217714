"""Opening what was sent: every reading is recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models.functions import Length

from .. import vault
from ..choices import FileRole
from ..content import Content
from ..models import Appeal, AppealFile
from .base import Action, data_key, lock, record, require
from .intake import SentFile
from .notes import Note, decrypted, mended, messages_of


@dataclass(frozen=True)
class Opened:
    """An appeal's words, and what its files are (their bytes are read one by one).

    ``files`` are those sent with the appeal, and signatures given afterwards; others stand with their notes.
    """

    content: Content
    files: list[dict[str, Any]]
    signed: dict[str, Any]  # See ``signing.Signed.as_dict``; empty for appeals taken before it was kept.
    notes: list[Note]

    def of_role(self, role: str) -> list[dict[str, Any]]:
        return [file for file in self.files if file["role"] == role]


@transaction.atomic
def read(appeal: Appeal, officer: AbstractBaseUser) -> Opened:
    """Decrypt an appeal for an officer; the journal keeps who read it. Raises ``vault.Unreadable``."""
    require(officer, "appeals.read_content")
    appeal = lock(appeal)
    key = data_key(appeal)
    box = json.loads(vault.decrypt(key, appeal.box))
    rows = appeal.files.filter(message=None).annotate(length=Length("box")).values_list("pk", "scan", "length")
    files = [
        note | {"id": pk, "scan": scan, "size": length - vault.OVERHEAD}
        for note, (pk, scan, length) in zip(box["files"], rows, strict=True)
    ]
    record(appeal, Action.OPENED, officer, {})
    notes = messages_of(appeal, key)
    files += [file for note in notes for file in note.files if file["role"] == FileRole.SIGNATURE]
    return Opened(Content.of(mended(box["content"], notes)), files, box.get("signed", {}), notes)


@transaction.atomic
def read_file(file: AppealFile, officer: AbstractBaseUser) -> SentFile:
    """Decrypt one file of an appeal for an officer; the journal keeps that too.

    Raises ``Refused`` for a file that is held for scanning or carries a virus.
    """
    require(officer, "appeals.read_content")
    appeal = lock(file.appeal)
    record(appeal, Action.OPENED, officer, {"file": file.pk})
    return decrypted(file, data_key(appeal))
