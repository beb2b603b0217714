"""What passes between office and applicant while an appeal is examined: questions, a longer term, a new code.

The applicant's own steps are in ``replies``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import receipt, term, vault
from ..models import Appeal, JournalEntry, Message
from . import terms
from .base import Action, Refused, data_key, lock, record, require, tell
from .notes import write
from .states import refuse_wrong_state

Status = Appeal.Status
# What the office may ask to be mended, and the applicant then sees as the one thing to fill in.
MENDABLE = ("address", "name", "signature")
LONGEST_WAIT_DAYS = 90
FOLLOW_UP_DAYS = 14


@transaction.atomic
def ask(appeal: Appeal, officer: AbstractBaseUser, text: str, field: str = "", days: int | None = None) -> None:
    """Ask the applicant something; the clock stands still until an answer comes.

    ``field``: what is to be mended. ``days``: how long the office waits; what comes then is an officer's decision.
    """
    require(officer, "appeals.answer_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "ask")
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
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "extend")
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
def replace_code(appeal: Appeal, officer: AbstractBaseUser, proof: str) -> str:
    """Give a new tracking code in place of a lost one, after proof of identity (``proof`` says which). Returns it."""
    require(officer, "appeals.replace_code")
    if not proof.strip():
        raise Refused(_("Write how the applicant proved who he is."))
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "replace_code")
    code = receipt.new_code()
    key = data_key(appeal)
    appeal.tracking_hash = receipt.code_hash(code, appeal.number)
    appeal.sealed_to_code = vault.encrypt(vault.code_key(receipt.normalise(code) or "", appeal.number), key)
    appeal.save(update_fields=["tracking_hash", "sealed_to_code"])
    # The proof names documents: it is the appeal's, and encrypted with it.
    write(appeal, Message.Author.OFFICE, Action.NEW_CODE, key, {"text": proof})
    record(appeal, Action.NEW_CODE, officer, {})
    tell(appeal, Action.NEW_CODE)
    return code


@transaction.atomic
def note(appeal: Appeal, officer: AbstractBaseUser, text: str) -> None:
    """Keep a word for colleagues; the applicant never sees it."""
    require(officer, "appeals.answer_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "note")
    if not text.strip():
        raise Refused(_("Write something."))
    record(appeal, Action.NOTED, officer, {"message": _say(appeal, Action.NOTED, {"text": text}).pk})


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


def _say(appeal: Appeal, action: str, content: dict[str, Any]) -> Message:
    return write(appeal, Message.Author.OFFICE, action, data_key(appeal), content)


def _journal(
    appeal: Appeal, action: str, officer: AbstractBaseUser, message: Message, detail: dict[str, Any]
) -> JournalEntry:
    """The entry of a step that said something, and the letter about it."""
    entry = record(appeal, action, officer, detail | {"message": message.pk})
    tell(appeal, action)
    return entry
