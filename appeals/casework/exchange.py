"""The office's steps while it examines an appeal: whom it gave it to, what it asks, a longer term, how it ends.

The applicant's own steps are in ``replies``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import receipt, term, vault
from ..article21 import Crime, Ground
from ..models import Appeal, JournalEntry, Message
from . import terms
from .base import Action, Refused, data_key, lock, record, require, tell
from .intake import SentFile
from .notes import write

Status = Appeal.Status
EXAMINED_NOW = (Status.REGISTERED, Status.WAITING)
# What the office may ask to be mended, and the applicant then sees as the one thing to fill in.
MENDABLE = ("address", "name", "signature")
# A reason for not examining that is none of the grounds of Article 21; the office's message says which.
OTHER = "other"
LONGEST_WAIT_DAYS = 90
FOLLOW_UP_DAYS = 14


@transaction.atomic
def hand_over(appeal: Appeal, officer: AbstractBaseUser, department: str) -> None:
    """Say who works on the appeal now; the applicant sees the name of the ``department``."""
    require(officer, "appeals.answer_appeal")
    appeal = _examined_now(appeal)
    record(appeal, Action.HANDED_OVER, officer, {"department": department})
    tell(appeal, Action.HANDED_OVER)


@transaction.atomic
def ask(appeal: Appeal, officer: AbstractBaseUser, text: str, field: str = "", days: int | None = None) -> None:
    """Ask the applicant something; the clock stands still until an answer comes.

    ``field``: what is to be mended. ``days``: how long the office waits; what comes then is an officer's decision.
    """
    require(officer, "appeals.answer_appeal")
    appeal = lock(appeal)
    if appeal.status != Status.REGISTERED:
        raise Refused(_("Only a registered appeal that is being examined can wait for the applicant."))
    if field and field not in MENDABLE:
        raise Refused(_("This cannot be mended by the applicant."))
    days = settings.APPEAL_CURE_DAYS if days is None else days
    if not 1 <= days <= LONGEST_WAIT_DAYS:
        raise Refused(_("The applicant is given from 1 to %(days)s days.") % {"days": LONGEST_WAIT_DAYS})
    now = timezone.now()
    appeal.status, appeal.paused_at, appeal.wait_until = Status.WAITING, now, term.due_on(now, days)
    appeal.save(update_fields=["status", "paused_at", "wait_until"])
    note = _say(appeal, Action.ASKED, {"text": text, "field": field})
    _journal(appeal, Action.ASKED, officer, note, {"field": field, "until": appeal.wait_until.isoformat()})


@transaction.atomic
def extend(appeal: Appeal, officer: AbstractBaseUser, days: int, reason: str) -> None:
    """Give the examination more days, all extensions together within the limit; the applicant reads the reason."""
    require(officer, "appeals.answer_appeal")
    appeal = _examined_now(appeal)
    if not reason.strip():
        raise Refused(_("Write why the term is extended: the applicant reads it."))
    left = settings.APPEAL_EXTEND_DAYS - days_extended(appeal)
    if not 1 <= days <= left:
        raise Refused(_("The term can be extended by this many days at most: %(days)s.") % {"days": max(left, 0)})
    terms.make_longer(appeal, days)
    appeal.save(update_fields=["due_on"])
    note = _say(appeal, Action.EXTENDED, {"text": reason})
    _journal(appeal, Action.EXTENDED, officer, note, {"days": days, "due_on": appeal.due_on.isoformat()})


def days_extended(appeal: Appeal) -> int:
    """By how many days the term was extended since the appeal was registered, or opened again."""
    days = 0
    for entry in appeal.journal.filter(action__in=(Action.EXTENDED, Action.REOPENED)):
        days = days + entry.detail["days"] if entry.action == Action.EXTENDED else 0
    return days


@transaction.atomic
def answer(appeal: Appeal, officer: AbstractBaseUser, text: str, files: Sequence[SentFile] = ()) -> None:
    """Answer the appeal: its term ends."""
    require(officer, "appeals.answer_appeal")
    appeal = _examined_now(appeal)
    appeal.satisfied = None  # The judgement on an earlier answer is in the journal.
    _end(appeal, Status.ANSWERED)
    _journal(appeal, Action.ANSWERED, officer, _say(appeal, Action.ANSWERED, {"text": text}, files), {})


@transaction.atomic
def leave_unexamined(
    appeal: Appeal, officer: AbstractBaseUser, text: str, ground: str = OTHER, checked: str = ""
) -> None:
    """End the case without examination, on a ground of Article 21 or for the reason that the applicant reads.

    ``checked``: what an officer checked before he found the data untrue; no program ever finds that.
    """
    require(officer, "appeals.answer_appeal")
    appeal = _examined_now(appeal)
    if ground != OTHER:
        ground = Ground(ground)
        if appeal.crime in (Crime.CLAIMED, Crime.CONFIRMED):
            raise Refused(_("An appeal that tells of a crime is examined, even if it is anonymous (Article 21)."))
    if ground == Ground.DATA_UNTRUE and not checked.strip():
        raise Refused(_("Write what was checked before the data were found untrue."))
    _end(appeal, Status.NOT_EXAMINED)
    note = _say(appeal, Action.NOT_EXAMINED, {"text": text} | ({"checked": checked} if checked else {}))
    _journal(appeal, Action.NOT_EXAMINED, officer, note, {"ground": str(ground)})


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
    tell(appeal, Action.NEW_CODE)
    return code


@transaction.atomic
def follow_up(appeal: Appeal) -> None:
    """Ask whether the answer helped, once for each answer, two weeks after it."""
    appeal = lock(appeal)
    ended = appeal.ended_at
    if appeal.status != Status.ANSWERED or appeal.satisfied is not None or not ended:
        raise Refused(_("There is no answer to ask about."))
    if timezone.now() < ended + timedelta(days=FOLLOW_UP_DAYS):
        raise Refused(_("It is too early to ask about the answer."))
    if appeal.journal.filter(action=Action.FOLLOWED_UP, at__gt=ended).exists():
        raise Refused(_("The applicant was asked about this answer."))
    record(appeal, Action.FOLLOWED_UP, None, {})
    tell(appeal, Action.FOLLOWED_UP)


def _examined_now(appeal: Appeal) -> Appeal:
    appeal = lock(appeal)
    if appeal.status not in EXAMINED_NOW:
        raise Refused(_("This can only be done while a registered appeal is being examined."))
    return appeal


def _end(appeal: Appeal, status: str) -> None:
    appeal.status, appeal.paused_at, appeal.wait_until, appeal.ended_at = status, None, None, timezone.now()
    appeal.save(update_fields=["status", "paused_at", "wait_until", "ended_at", "satisfied"])


def _say(appeal: Appeal, action: str, content: dict[str, Any], files: Sequence[SentFile] = ()) -> Message:
    return write(appeal, Message.Author.OFFICE, action, data_key(appeal), content, files)


def _journal(
    appeal: Appeal, action: str, officer: AbstractBaseUser, message: Message, detail: dict[str, Any]
) -> JournalEntry:
    """The entry of a step that said something, and the letter about it."""
    entry = record(appeal, action, officer, detail | {"message": message.pk})
    tell(appeal, action)
    return entry
