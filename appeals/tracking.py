"""The applicant's view of an appeal afterwards, opened with its number and tracking code.

The code is kept nowhere. While the case is open in a browser, its cookie carries the code, encrypted with a key that
only the portal has; without the cookie the portal can read nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from . import receipt, term_words, timeline, vault
from .article21 import Verdict
from .casework import SentFile
from .casework.notes import Note, decrypted, mended, messages_of
from .content import Content
from .models import Appeal, JournalEntry, kept_calendar

COOKIE = f"{settings.COOKIE_PREFIX}appeal_case"
Action = JournalEntry.Action
# What is compared when there is no such number: the answer takes as long.
_NOBODY = receipt.code_hash("", "")
# The steps that the applicant sees, in the order in which they happened.
PUBLIC_STEPS = (
    Action.RECEIVED, Action.REGISTERED, Action.HANDED_OVER, Action.ASSIGNED, Action.FORWARDED, Action.RETURNED,
    Action.CRIME, Action.JOINED, Action.SEPARATED, Action.UNDONE, Action.ASKED, Action.ADDED, Action.MENDED,
    Action.EXTENDED, Action.ANSWERED, Action.NOT_EXAMINED, Action.WITHDRAWN, Action.RATED, Action.REOPENED,
    Action.NEW_CODE, Action.FOLLOWED_UP, Action.TERM_MOVED, Action.DELAYED,
)  # fmt: skip
# The messages that pass between office and applicant; all others are the office's own.
FOR_APPLICANT = (
    Action.ASKED, Action.ADDED, Action.MENDED, Action.EXTENDED, Action.ANSWERED, Action.NOT_EXAMINED, Action.WITHDRAWN,
    Action.REOPENED,
)  # fmt: skip
# The steps that say who has the appeal.
HOLDING = (Action.HANDED_OVER, Action.ASSIGNED, Action.FORWARDED, Action.RETURNED, Action.CRIME)


@dataclass(frozen=True)
class Step:
    """One line of the timeline."""

    action: str
    at: datetime
    sentence: str


@dataclass
class Case:
    """An appeal that its applicant has opened."""

    appeal: Appeal
    code: str
    key: bytes

    @cached_property
    def content(self) -> Content:
        """What was sent, with what was mended since."""
        box = json.loads(vault.decrypt(self.key, self.appeal.box))
        return Content.of(mended(box["content"], self.notes))

    @cached_property
    def notes(self) -> list[Note]:
        """What was written to and by the applicant; the office's own notes are not among it."""
        return [note for note in messages_of(self.appeal, self.key) if note.kind in FOR_APPLICANT]

    @cached_property
    def journal(self) -> list[JournalEntry]:
        """What the applicant may know of: an assignment to an officer, or what was taken back at once, is not it."""
        entries = list(self.appeal.journal.filter(action__in=PUBLIC_STEPS))
        undone = {entry.detail["entry"] for entry in entries if entry.action == Action.UNDONE}
        return [entry for entry in entries if entry.pk not in undone and _is_public(entry)]

    @property
    def steps(self) -> list[Step]:
        notes = {note.id: note for note in self.notes}
        return [
            Step(entry.action, entry.at, timeline.sentence(entry, notes.get(entry.detail.get("message"))))
            for entry in self.journal
        ]

    @property
    def term(self) -> str:
        """How the last day to answer comes about; empty before registration."""
        parts = term_words.total(self.journal)
        due = self.appeal.due_on
        return term_words.equation(parts, due, kept_calendar()) if parts and due else ""

    @property
    def holder(self) -> Step | None:
        """Who has the appeal now: the last step that says so."""
        return next((step for step in reversed(self.steps) if step.action in HOLDING), None)

    @property
    def verdict(self) -> str:
        """What is said of the assessment while the case is open: that an appeal is anonymous, an officer decides."""
        verdict = Verdict(self.appeal.verdict)
        return Verdict.FOR_OFFICER if verdict == Verdict.ANONYMOUS else verdict

    @property
    def question(self) -> Note | None:
        """What the office waits for."""
        if self.appeal.status != Appeal.Status.WAITING:
            return None
        return next((note for note in reversed(self.notes) if note.kind == Action.ASKED), None)

    def file(self, file_id: int) -> SentFile | None:
        """A file that came with a message which the applicant may read."""
        row = self.appeal.files.filter(pk=file_id, message__in=[note.id for note in self.notes]).first()
        return decrypted(row, self.key) if row else None


def _is_public(entry: JournalEntry) -> bool:
    if entry.action == Action.ASSIGNED:
        return "department" in entry.detail
    return entry.action != Action.UNDONE


def open_case(number: str, code: str) -> Case | None:
    """The case, if number and code belong together. A wrong number and a wrong code take the same path."""
    appeal = Appeal.objects.filter(number=number.strip()[:11]).first()
    stored, salts = (appeal.tracking_hash, [appeal.number, ""]) if appeal else (_NOBODY, ["", ""])
    right = [salt for salt in salts if hmac.compare_digest(receipt.code_hash(code, salt), stored)]
    normal = receipt.normalise(code)
    # An appeal that was taken before codes opened anything: the office gives its applicant a new one.
    if not (appeal and right and normal and appeal.sealed_to_code):
        return None
    return Case(appeal, code, vault.decrypt(vault.code_key(normal, right[0]), appeal.sealed_to_code))


def find(request: HttpRequest) -> Case | None:
    """The case that this browser has open."""
    try:
        box = urlsafe_b64decode(request.COOKIES.get(COOKIE, ""))
        number, code, until = json.loads(vault.decrypt(_key(), box))
    except (ValueError, vault.Unreadable):
        return None
    return open_case(number, code) if timezone.now().timestamp() < until else None


def remember(response: HttpResponse, case: Case) -> None:
    until = timezone.now() + timedelta(minutes=settings.TRACKING_MINUTES)
    content = json.dumps([case.appeal.number, case.code, until.timestamp()])
    response.set_cookie(
        COOKIE,
        urlsafe_b64encode(vault.encrypt(_key(), content.encode())).decode(),
        max_age=settings.TRACKING_MINUTES * 60,
        httponly=True,
        samesite="Strict",
        secure=settings.HTTPS,
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Strict")


def _key() -> bytes:
    return hashlib.blake2b(settings.SECRET_KEY.encode()[:64], digest_size=32, person=b"portal.case.cook").digest()
