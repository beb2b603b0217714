"""The draft of one browser: what was typed and attached, kept encrypted on the server for 24 hours.

The cookie holds a random secret. The row is found by one hash of it and read with another, so that who has
the database alone can read no draft.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from . import receipt, vault
from .choices import FileRole, Scan
from .models import Draft, DraftFile

COOKIE = f"{settings.COOKIE_PREFIX}appeal_draft"
RECEIPT_MINUTES = 60
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class AlreadySent(Exception):
    """The draft has become an appeal; what is left of it is the receipt."""


@dataclass
class FileNote:
    """What a draft knows of one of its files; the bytes are a row of their own.

    ``hidden_data`` is the word of ``uploads``; ``upload_id`` was made by the browser, and tells a repeated attempt.
    """

    id: int
    role: str
    name: str
    content_type: str
    size: int
    hidden_data: str = ""
    scan: str = Scan.NONE
    upload_id: str = ""


@dataclass(frozen=True)
class OpenFile:
    """A file of an open draft; its bytes are read when they are asked for."""

    draft: OpenDraft
    note: FileNote

    @property
    def role(self) -> str:
        return self.note.role

    @property
    def name(self) -> str:
        return self.note.name

    @property
    def content_type(self) -> str:
        return self.note.content_type

    @property
    def hidden_data(self) -> str:
        return self.note.hidden_data

    @property
    def scan(self) -> str:
        return self.note.scan

    @property
    def content(self) -> bytes:
        return self.draft.read(self.note)


@dataclass
class OpenDraft:
    """A draft with its key. ``values`` are the form's raw values, as they were typed."""

    row: Draft
    secret: str
    values: dict[str, Any] = field(default_factory=dict)
    files: list[FileNote] = field(default_factory=list)
    receipt: dict[str, str] = field(default_factory=dict)
    saved_at: str = ""
    started_at: str = ""  # when it was saved first
    trapped: bool = False  # see ``gate``
    receipt_life: timedelta = timedelta(minutes=RECEIPT_MINUTES)
    attached: dict[int, bytes] = field(default_factory=dict)  # what was attached in this request need not be read

    @property
    def signature(self) -> FileNote | None:
        return next((note for note in self.files if note.role == FileRole.SIGNATURE), None)

    @property
    def attachments(self) -> list[FileNote]:
        return [note for note in self.files if note.role == FileRole.ATTACHMENT]

    @property
    def open_files(self) -> list[OpenFile]:
        return [OpenFile(self, note) for note in self.files]

    def save(self) -> None:
        """Encrypt and store; the 24 hours start anew.

        Raises ``AlreadySent`` if it was sent in another tab meanwhile: its receipt is never written over.
        """
        self._store_attached()
        self._seal()
        stored = Draft.objects.filter(pk=self.row.pk)
        changed = {"box": self.row.box, "expires_at": self.row.expires_at, "sent": self.row.sent}
        if self.row.sent:
            changed |= {"code_id": None, "code_box": b""}  # The code opens a draft, and this is one no more.
        if self.row.pk is None:
            self.row.save()
        elif not stored.filter(sent=False).update(**changed):
            raise AlreadySent

    def _seal(self) -> None:
        self.saved_at = timezone.now().isoformat()
        self.started_at = self.started_at or self.saved_at
        content = {
            "values": self.values,
            "files": [vars(note) for note in self.files],
            "receipt": self.receipt,
            "saved_at": self.saved_at,
            "started_at": self.started_at,
            "trapped": self.trapped,
        }
        self.row.box = vault.encrypt(vault.draft_key(self.secret), json.dumps(content).encode())
        lifetime = self.receipt_life if self.row.sent else timedelta(hours=settings.DRAFT_HOURS)
        self.row.expires_at = timezone.now() + lifetime

    def attach(self, role: str, name: str, content: bytes, content_type: str, **facts: str) -> FileNote:
        """Keep a file; a new signature takes the place of the old one. ``save`` must follow, and numbers it."""
        if role == FileRole.SIGNATURE and self.signature:
            self.detach(self.signature.id)
        note = FileNote(-1 - len(self.attached), role, name, content_type, len(content), **facts)
        self.files.append(note)
        self.attached[note.id] = content
        return note

    def keep_attached(self) -> None:
        """``save``, if a file was attached since."""
        if any(note.id < 0 for note in self.files):
            self.save()

    def _store_attached(self) -> None:
        for note in [note for note in self.files if note.id < 0]:
            content = self.attached.pop(note.id)
            box = vault.encrypt(vault.draft_key(self.secret), content)
            note.id = DraftFile.objects.create(draft=self.row, box=box).pk
            self.attached[note.id] = content

    def detach(self, file_id: int) -> None:
        """Erase a file of this draft. ``save`` must follow."""
        self.files = [note for note in self.files if note.id != file_id]
        self.row.files.filter(pk=file_id).delete()

    def read(self, note: FileNote) -> bytes:
        if note.id in self.attached:
            return self.attached[note.id]
        return vault.decrypt(vault.draft_key(self.secret), self.row.files.get(pk=note.id).box)

    def turn_into_receipt(self, receipt: dict[str, str]) -> None:
        """Erase what was typed and attached; keep number, code and verdict for this browser, for an hour."""
        self.row.files.all().delete()
        self.row.sent = True
        self.values, self.files, self.receipt = {}, [], receipt
        self.save()


def find(request: HttpRequest, lock: bool = False) -> OpenDraft | None:
    """This browser's draft, or None. With ``lock`` its row is locked until the transaction ends."""
    return _open(request.COOKIES.get(COOKIE, ""), lock)


def _open(secret: str, lock: bool = False) -> OpenDraft | None:
    if not _SECRET.fullmatch(secret):
        return None
    rows = Draft.objects.select_for_update() if lock else Draft.objects.all()
    row = rows.filter(key_id=vault.draft_id(secret), expires_at__gt=timezone.now()).first()
    if row is None:
        return None
    content = json.loads(vault.decrypt(vault.draft_key(secret), row.box))
    content["files"] = [FileNote(**note) for note in content["files"]]
    return OpenDraft(row, secret, **content)


def give_code(draft: OpenDraft) -> str:
    """A code with which another browser, too, goes on with the draft. It is kept nowhere; a new one ends the last."""
    code = receipt.new_code()
    normal = receipt.normalise(code) or ""
    box = vault.encrypt(vault.later_key(normal), draft.secret.encode())
    Draft.objects.filter(pk=draft.row.pk).update(code_id=vault.later_id(normal), code_box=box)
    return code


def open_with_code(code: str) -> OpenDraft | None:
    """The draft to which this code was given, if it is still there."""
    normal = receipt.normalise(code) or ""
    row = Draft.objects.filter(code_id=vault.later_id(normal)).first() if normal else None
    return _open(vault.decrypt(vault.later_key(normal), row.code_box).decode()) if row else None


def take(secret: str) -> OpenDraft | None:
    """The draft with this secret, made if there is none, locked until the transaction ends; None: it has expired."""
    blank = OpenDraft(Draft(key_id=vault.draft_id(secret)), secret)
    blank._seal()
    Draft.objects.bulk_create([blank.row], ignore_conflicts=True)
    return _open(secret, lock=True)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


@contextmanager
def change(draft: OpenDraft) -> Iterator[OpenDraft]:
    """The draft as it is stored now, locked, and saved at the end: of two requests at a time neither is lost.

    Raises ``AlreadySent`` also for a draft that is there no more.
    """
    with transaction.atomic():
        if draft.row.pk is None:
            draft.save()
            present: OpenDraft | None = draft
        else:
            present = _open(draft.secret, lock=True)
        if present is None or present.row.sent:
            raise AlreadySent
        yield present
        present.save()


def start() -> OpenDraft:
    """A new draft, not yet stored: ``save`` stores it and ``remember`` gives the browser its key."""
    secret = new_secret()
    return OpenDraft(Draft(key_id=vault.draft_id(secret)), secret)


def remember(response: HttpResponse, draft: OpenDraft) -> None:
    response.set_cookie(
        COOKIE,
        draft.secret,
        max_age=settings.DRAFT_HOURS * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def forget(response: HttpResponse, draft: OpenDraft) -> None:
    """Erase the draft here and its key in the browser."""
    draft.row.delete()
    response.delete_cookie(COOKIE, samesite="Lax")


def erase_expired() -> int:
    """Erase drafts whose time has passed; returns how many."""
    return Draft.objects.filter(expires_at__lte=timezone.now()).delete()[1].get("appeals.Draft", 0)
