"""Printing an appeal and handing it over as files. Both show who the applicant is: each is a recorded act."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from .. import receipt, vault
from ..choices import Scan
from ..content import Content
from ..models import Appeal, AppealFile, Forwarding
from .base import Action, Refused, data_key, lock, record, require
from .notes import Note, mended, messages_of

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class KeptFile:
    """A file of a case; ``digest`` is its SHA-256, ``size`` in bytes, ``message`` the one that it came with, if any."""

    id: int
    role: str
    name: str
    content_type: str
    scan: str
    size: int
    message: int | None
    digest: str = ""

    @property
    def is_closed(self) -> bool:
        """Nobody opens it: it was not scanned yet, or a virus was found."""
        return self.scan in (Scan.HELD, Scan.INFECTED)


@dataclass(frozen=True)
class PrintedCase:
    """An appeal opened to be printed. ``content`` is what was sent, ``present`` that with what was mended since.

    ``genuine``: what is stored has the digest that stands in the register and on the applicant's receipt.
    """

    appeal: Appeal
    content: Content
    present: Content
    signed: dict[str, Any]
    files: list[KeptFile]
    notes: list[Note]
    key: bytes = field(repr=False)
    genuine: bool = False

    def sent(self, role: str) -> list[KeptFile]:
        """What was sent with the appeal itself in this role."""
        return [file for file in self.files if file.message is None and file.role == role]

    def read(self, file: KeptFile) -> bytes:
        """The bytes of one file: they are not kept, so that a case needs the memory of its largest file."""
        return _decrypt(self.key, file.id)


@transaction.atomic
def print_covers(appeals: Sequence[Appeal], officer: AbstractBaseUser) -> list[PrintedCase]:
    """Open appeals for their cover sheets, in the order of their numbers. Raises ``Refused``, ``vault.Unreadable``."""
    require(officer, "appeals.print_appeal")
    if len(appeals) > MOST_AT_ONCE:
        raise Refused(_("At most %(most)s appeals can be printed at once.") % {"most": MOST_AT_ONCE})
    cases = [_open(appeal) for appeal in sorted(appeals, key=lambda one: one.pk)]
    for case in cases:
        record(case.appeal, Action.PRINTED, officer, {"what": "cover"})
    return cases


@transaction.atomic
def print_appeal(appeal: Appeal, officer: AbstractBaseUser) -> PrintedCase:
    """Open an appeal to print all of it. Raises ``Refused``, ``vault.Unreadable``."""
    require(officer, "appeals.print_appeal")
    case = _hashed(_open(appeal))
    record(case.appeal, Action.PRINTED, officer, {"what": "appeal"})
    return case


@transaction.atomic
def print_letter(forwarding: Forwarding, officer: AbstractBaseUser) -> str:
    """What the authority is asked, for the covering letter. Raises ``Refused``, ``vault.Unreadable``."""
    require(officer, "appeals.print_appeal")
    case = _open(forwarding.appeal)
    record(case.appeal, Action.PRINTED, officer, {"what": "letter", "authority": forwarding.authority_id})
    return next((note.text for note in case.notes if note.id == forwarding.message_id), "")


@transaction.atomic
def export(appeal: Appeal, officer: AbstractBaseUser) -> PrintedCase:
    """Open an appeal to hand all of it over as files. Raises ``Refused``, ``vault.Unreadable``."""
    require(officer, "appeals.print_appeal")
    case = _hashed(_open(appeal))
    record(case.appeal, Action.EXPORTED, officer, {"left_out": [file.id for file in case.files if file.is_closed]})
    return case


def _open(appeal: Appeal) -> PrintedCase:
    appeal = lock(appeal)
    if appeal.erased_at:
        raise Refused(_("Appeal %(number)s is erased.") % {"number": appeal.number})
    key = data_key(appeal)
    box, notes = json.loads(vault.decrypt(key, appeal.box)), messages_of(appeal, key)
    now = mended(box["content"], notes)
    files = _files(appeal, box, notes)
    return PrintedCase(appeal, Content.of(box["content"]), Content.of(now), box.get("signed", {}), files, notes, key)


def _files(appeal: Appeal, box: dict[str, Any], notes: Iterable[Note]) -> list[KeptFile]:
    """Those that were sent with the appeal first, then those of the messages."""
    rows = list(appeal.files.annotate(length=Length("box")).values_list("pk", "scan", "length", "message"))
    of_messages = {about["id"]: about for note in notes for about in note.files}
    of_appeal = iter(box["files"])
    known = [(row, of_messages[row[0]] if row[3] else next(of_appeal)) for row in rows]
    files = [
        KeptFile(pk, about["role"], about["name"], about["content_type"], scan, length - vault.OVERHEAD, message)
        for (pk, scan, length, message), about in known
    ]
    return sorted(files, key=lambda file: (file.message or 0, file.id))


def _hashed(case: PrintedCase) -> PrintedCase:
    """The case with the digests of all its files, and whether what was sent is what the register says."""
    digests: dict[int, str] = {}

    def sent() -> Iterator[bytes]:
        for file in case.files:
            if file.message is None:
                yield _noting(digests, file.id, _decrypt(case.key, file.id))

    box = json.loads(vault.decrypt(case.key, case.appeal.box))
    genuine = hmac.compare_digest(receipt.digest(box, sent()), case.appeal.digest)
    for file in case.files:
        if file.message is not None:
            _noting(digests, file.id, _decrypt(case.key, file.id))
    files = [replace(file, digest=digests[file.id]) for file in case.files]
    return replace(case, files=files, genuine=genuine)


def _noting(digests: dict[int, str], file_id: int, content: bytes) -> bytes:
    digests[file_id] = hashlib.sha256(content).hexdigest()
    return content


def _decrypt(key: bytes, file_id: int) -> bytes:
    return vault.decrypt(key, AppealFile.objects.values_list("box", flat=True).get(pk=file_id))
