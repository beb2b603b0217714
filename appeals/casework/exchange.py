"""The office and the applicant speak with each other: questions, additions, the answer, what became of it.

Steps of the applicant take the data key that the tracking code opened; steps of the office open it themselves.
"""

from __future__ import annotations

import json
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import receipt, term, vault
from ..models import Appeal, Message
from .base import Action, Refused, data_key, lock, record, require, tell

Status = Appeal.Status
OPEN = (Status.RECEIVED, Status.REGISTERED, Status.WAITING)
# What the office may ask to be mended, and the applicant then sees as the one field to fill in.
MENDABLE = ("address",)
MOST_MESSAGES = 50


@transaction.atomic
def ask(appeal: Appeal, officer: AbstractBaseUser, text: str, field: str = "") -> None:
    """Ask the applicant something; the clock stands still until an answer comes. ``field``: what is to be mended."""
    require(officer, "appeals.answer_appeal")
    appeal = lock(appeal)
    if appeal.status != Status.REGISTERED:
        raise Refused(_("Only a registered appeal that is being examined can wait for the applicant."))
    if field and field not in MENDABLE:
        raise Refused(_("This cannot be mended by the applicant."))
    appeal.status, appeal.paused_at = Status.WAITING, timezone.now()
    appeal.save(update_fields=["status", "paused_at"])
    write(appeal, Message.Author.OFFICE, Action.ASKED, data_key(appeal), {"text": text, "field": field})
    record(appeal, Action.ASKED, officer, {"field": field})
    tell(appeal, Action.ASKED)


@transaction.atomic
def answer(appeal: Appeal, officer: AbstractBaseUser, text: str) -> None:
    """Answer the appeal: its term ends."""
    require(officer, "appeals.answer_appeal")
    _end(appeal, Status.ANSWERED, Action.ANSWERED, officer, text)


@transaction.atomic
def leave_unexamined(appeal: Appeal, officer: AbstractBaseUser, text: str) -> None:
    """End the case without examination, for the reasons that the applicant reads in ``text``."""
    require(officer, "appeals.answer_appeal")
    _end(appeal, Status.NOT_EXAMINED, Action.NOT_EXAMINED, officer, text)


def _end(appeal: Appeal, status: str, action: str, officer: AbstractBaseUser, text: str) -> None:
    appeal = lock(appeal)
    if appeal.status not in (Status.REGISTERED, Status.WAITING):
        raise Refused(_("Only a registered appeal can be answered or left without examination."))
    appeal.status, appeal.paused_at, appeal.ended_at = status, None, timezone.now()
    appeal.save(update_fields=["status", "paused_at", "ended_at"])
    write(appeal, Message.Author.OFFICE, action, data_key(appeal), {"text": text})
    record(appeal, action, officer, {})
    tell(appeal, action)


@transaction.atomic
def replace_code(appeal: Appeal, officer: AbstractBaseUser, proof: str) -> str:
    """Give a new tracking code in place of a lost one, after proof of identity (``proof`` says which). Returns it."""
    require(officer, "appeals.replace_code")
    if not proof.strip():
        raise Refused(_("Write how the applicant proved who he is."))
    appeal = lock(appeal)
    if appeal.erased_at:
        raise Refused(_("This appeal is erased."))
    code = receipt.new_code()
    key = data_key(appeal)
    appeal.tracking_hash = receipt.code_hash(code)
    appeal.sealed_to_code = vault.encrypt(vault.code_key(receipt.normalise(code) or ""), key)
    appeal.save(update_fields=["tracking_hash", "sealed_to_code"])
    # The proof names documents: it is the appeal's, and encrypted with it.
    write(appeal, Message.Author.OFFICE, Action.NEW_CODE, key, {"text": proof})
    record(appeal, Action.NEW_CODE, officer, {})
    return code


@transaction.atomic
def add(appeal: Appeal, key: bytes, text: str) -> None:
    """The applicant writes: an answer to a question, or something to add."""
    appeal = _of_applicant(appeal)
    _resume(appeal)
    write(appeal, Message.Author.APPLICANT, Action.ADDED, key, {"text": text})
    record(appeal, Action.ADDED, None, {})


@transaction.atomic
def mend(appeal: Appeal, key: bytes, values: dict[str, str]) -> None:
    """The applicant mends what the office asked for (``values``: the fields of the form, judged already)."""
    appeal = _of_applicant(appeal)
    if appeal.status != Status.WAITING:
        raise Refused(_("Nothing is to be mended now."))
    _resume(appeal)
    write(appeal, Message.Author.APPLICANT, Action.MENDED, key, {"values": values})
    record(appeal, Action.MENDED, None, {"fields": sorted(values)})


@transaction.atomic
def withdraw(appeal: Appeal, key: bytes, text: str) -> None:
    """The applicant takes the appeal back. One that tells of a crime is not taken back: it is examined as a report."""
    appeal = _of_applicant(appeal)
    if appeal.crime in ("claimed", "confirmed"):
        raise Refused(_("An appeal that tells of a crime cannot be withdrawn. Write what changed as a message."))
    appeal.status, appeal.paused_at, appeal.ended_at = Status.WITHDRAWN, None, timezone.now()
    appeal.save(update_fields=["status", "paused_at", "ended_at"])
    if text:
        write(appeal, Message.Author.APPLICANT, Action.WITHDRAWN, key, {"text": text})
    record(appeal, Action.WITHDRAWN, None, {})


@transaction.atomic
def rate(appeal: Appeal, key: bytes, satisfied: bool, text: str) -> None:
    """Whether the answer helped; if not, the case is opened again while its window is open."""
    appeal = lock(appeal)
    if not may_be_rated(appeal):
        raise Refused(_("The time to judge the answer is over."))
    appeal.satisfied = satisfied
    appeal.save(update_fields=["satisfied"])
    record(appeal, Action.RATED, None, {"satisfied": satisfied})
    if satisfied or not text:
        return
    write(appeal, Message.Author.APPLICANT, Action.REOPENED, key, {"text": text})
    now = timezone.now()
    appeal.status, appeal.ended_at = Status.REGISTERED, None
    appeal.due_on = term.due_on(now, settings.APPEAL_TERM_DAYS)
    appeal.save(update_fields=["status", "ended_at", "due_on"])
    record(appeal, Action.REOPENED, None, {"due_on": appeal.due_on.isoformat()})


def may_be_rated(appeal: Appeal) -> bool:
    """Answered, not judged yet, and within the window (``APPEAL_REOPEN_DAYS`` after the answer)."""
    if appeal.status != Status.ANSWERED or appeal.satisfied is not None or not appeal.ended_at:
        return False
    return timezone.now() <= appeal.ended_at + timedelta(days=settings.APPEAL_REOPEN_DAYS)


def write(appeal: Appeal, author: str, kind: str, key: bytes, content: dict[str, object]) -> None:
    """Keep a message, encrypted."""
    box = vault.encrypt(key, json.dumps(content).encode())
    Message.objects.create(appeal=appeal, author=author, kind=kind, at=timezone.now(), box=box)


def _of_applicant(appeal: Appeal) -> Appeal:
    """The appeal, locked, if its applicant can still say something about it."""
    appeal = lock(appeal)
    if appeal.status not in OPEN:
        raise Refused(_("This case has ended."))
    if appeal.messages.filter(author=Message.Author.APPLICANT).count() >= MOST_MESSAGES:
        raise Refused(_("There are too many messages. Please wait for the office's answer."))
    return appeal


def _resume(appeal: Appeal) -> None:
    if appeal.status != Status.WAITING:
        return
    if appeal.due_on and appeal.paused_at:
        appeal.due_on = term.after_pause(appeal.due_on, appeal.paused_at, timezone.now())
    appeal.status, appeal.paused_at = Status.REGISTERED, None
    appeal.save(update_fields=["status", "paused_at", "due_on"])
