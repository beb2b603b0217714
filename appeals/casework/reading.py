"""Opening what was sent: every reading is recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from .. import vault
from ..content import Content
from ..models import Appeal, AppealFile, Scan
from .base import Action, Refused, data_key, lock, record, require
from .intake import SentFile
from .notes import Note, mended, messages_of


@dataclass(frozen=True)
class Opened:
    """An appeal's words, and what its files are (their bytes are read one by one)."""

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
    key = data_key(appeal)
    box = json.loads(vault.decrypt(key, appeal.box))
    rows = appeal.files.annotate(length=Length("box")).values_list("pk", "scan", "length")
    files = [
        note | {"id": pk, "scan": scan, "size": length - vault.OVERHEAD}
        for note, (pk, scan, length) in zip(box["files"], rows, strict=True)
    ]
    record(lock(appeal), Action.OPENED, officer, {})
    notes = messages_of(appeal, key)
    return Opened(Content.of(mended(box["content"], notes)), files, box.get("signed", {}), notes)


@transaction.atomic
def read_file(file: AppealFile, officer: AbstractBaseUser) -> SentFile:
    """Decrypt one file of an appeal for an officer; the journal keeps that too.

    Raises ``Refused`` for a file that is held for scanning or carries a virus.
    """
    require(officer, "appeals.read_content")
    if file.scan == Scan.HELD:
        raise Refused(_("This file is held until it is scanned for viruses."))
    if file.scan == Scan.INFECTED:
        raise Refused(_("A virus was found in this file. It cannot be opened."))
    key = data_key(file.appeal)
    notes = json.loads(vault.decrypt(key, file.appeal.box))["files"]
    place = list(file.appeal.files.values_list("pk", flat=True)).index(file.pk)
    record(lock(file.appeal), Action.OPENED, officer, {"file": file.pk})
    return SentFile(**notes[place], content=vault.decrypt(key, file.box))


def chain_is_whole(appeal: Appeal) -> bool:
    """No journal entry was changed, removed or put in between."""
    previous = ""
    for entry in appeal.journal.all():
        if entry.previous_hash != previous or entry.hash != entry.computed_hash():
            return False
        previous = entry.hash
    return True
