"""Opening what was sent: every reading is recorded. Who the applicant is stays masked until it is revealed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from .. import vault
from ..blind_index import Marks
from ..choices import FileRole, Reason
from ..content import Content
from ..models import Appeal, AppealFile, Message
from .base import Action, Refused, data_key, lock, record, require
from .indexing import marks_of
from .intake import SentFile
from .notes import Note, decrypted, mended, messages_of, write

# Files in which the applicant's name, address or hand is to be seen.
SHOW_WHO = (FileRole.SIGNATURE, FileRole.DOCUMENT)
# Messages in which the office wrote down who somebody is.
NAME_SOMEBODY = (Action.NEW_CODE, Action.REVEALED)


@dataclass(frozen=True)
class Opened:
    """An appeal's words, and what its files are (their bytes are read one by one).

    ``files`` are those sent with the appeal, and signatures given afterwards; others stand with their notes.
    """

    content: Content
    files: list[dict[str, Any]]
    signed: dict[str, Any]  # See ``signing.Signed.as_dict``; empty for appeals taken before it was kept.
    notes: list[Note]
    masked: bool  # Names, addresses, contacts and signatures are left out.
    marks: Marks  # By which other appeals of the same people and of like texts are found.

    def of_role(self, role: str) -> list[dict[str, Any]]:
        return [file for file in self.files if file["role"] == role]


@transaction.atomic
def read(appeal: Appeal, officer: AbstractBaseUser, revealed: bool = False) -> Opened:
    """Decrypt an appeal for an officer; the journal keeps who read it. Raises ``vault.Unreadable``.

    ``revealed``: the officer has given a reason to see who it is (``reveal``), and that still holds.
    """
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
    content = Content.of(mended(box["content"], notes))
    opened = Opened(content, files, box.get("signed", {}), notes, masked=False, marks=marks_of(content))
    return opened if may_know(officer, revealed) else mask(opened)


def may_know(officer: AbstractBaseUser, revealed: bool) -> bool:
    return revealed and officer.has_perm("appeals.reveal_identity")


def mask(opened: Opened) -> Opened:
    """Without what says who the applicant and the others are. The words of the appeal and its attachments stay."""
    return replace(
        opened,
        content=opened.content.masked(),
        files=[_mask_file(file) for file in opened.files],
        signed=opened.signed | {"signer": None},
        notes=[_mask_note(note) for note in opened.notes],
        masked=True,
    )


def _mask_file(file: dict[str, Any]) -> dict[str, Any]:
    return file | {"id": None, "name": ""} if file["role"] in SHOW_WHO else file


def _mask_note(note: Note) -> Note:
    shown = [file for file in note.files if file["role"] not in SHOW_WHO]
    text = "" if note.kind in NAME_SOMEBODY else note.text
    masked = text != note.text or bool(note.values) or shown != note.files
    return replace(note, text=text, values={}, files=shown, masked=masked)


@transaction.atomic
def reveal(appeal: Appeal, officer: AbstractBaseUser, reason: str, words: str = "") -> None:
    """Record that an officer wants to see who the applicant is, and why. Raises ``vault.Unreadable``.

    ``reason`` is one of ``choices.Reason``; the ``words`` may name somebody and are kept encrypted, for the office.
    """
    require(officer, "appeals.read_content")
    require(officer, "appeals.reveal_identity")
    appeal = lock(appeal)
    if appeal.erased_at:
        raise Refused(_("This appeal is erased."))
    if Reason(reason) == Reason.OTHER and not words.strip():
        raise Refused(_("Write why you need to know who it is."))
    key = data_key(appeal)
    detail: dict[str, Any] = {"reason": reason}
    if words.strip():
        detail["message"] = write(appeal, Message.Author.OFFICE, Action.REVEALED, key, {"text": words}).pk
    record(appeal, Action.REVEALED, officer, detail)


@transaction.atomic
def read_file(file: AppealFile, officer: AbstractBaseUser, revealed: bool = False) -> SentFile:
    """Decrypt one file of an appeal for an officer; the journal keeps that too.

    Raises ``Refused`` for a file that is held for scanning or carries a virus, and for one that shows who the
    applicant is while that is not ``revealed``.
    """
    require(officer, "appeals.read_content")
    if file.role in SHOW_WHO and not may_know(officer, revealed):
        raise Refused(_("This file shows who the applicant is. Say first why you need to know."))
    appeal = lock(file.appeal)
    record(appeal, Action.OPENED, officer, {"file": file.pk})
    return decrypted(file, data_key(appeal))
