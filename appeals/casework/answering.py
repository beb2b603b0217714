"""How an appeal ends: the answer with its second pair of eyes, leaving it without examination, and what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..article21 import TELLS_OF_CRIME, Ground
from ..models import AnswerTemplate, Appeal, Message
from . import terms
from .base import Action, Refused, data_key, lock, record, require, tell
from .intake import SentFile
from .joining import let_go
from .notes import decrypted, messages_of, write
from .reassessing import reassess
from .states import refuse_wrong_state

Status = Appeal.Status
# A reason for not examining that is none of the grounds of Article 21; the office's message says which.
OTHER = "other"


@transaction.atomic
def answer(appeal: Appeal, officer: AbstractBaseUser, text: str, files: Sequence[SentFile] = ()) -> None:
    """Answer the appeal, and with it those that are joined to it: its term ends.

    Where the office has every answer read by a second person (``ANSWER_SECOND_PERSON``), see ``prepare``.
    """
    require(officer, "appeals.answer_appeal")
    appeal, joined = lock_all(appeal)
    refuse_wrong_state(appeal, "answer")
    if settings.ANSWER_SECOND_PERSON:
        raise Refused(_("A second person reads every answer: prepare it."))
    _drop_prepared(appeal)
    for one in (appeal, *joined):
        end(one, Status.ANSWERED)
        note = write(one, Message.Author.OFFICE, Action.ANSWERED, data_key(one), {"text": text}, files)
        _conclude(one, Action.ANSWERED, officer, note, _of_main(one, appeal))


@transaction.atomic
def answer_with(appeal: Appeal, officer: AbstractBaseUser, template: AnswerTemplate) -> None:
    """Answer with a ready text, or prepare it where a second person reads every answer."""
    if template.language != appeal.language:
        raise Refused(_("This text is in another language than the appeal."))
    (prepare if settings.ANSWER_SECOND_PERSON else answer)(appeal, officer, template.filled(appeal))


@transaction.atomic
def prepare(appeal: Appeal, officer: AbstractBaseUser, text: str, files: Sequence[SentFile] = ()) -> None:
    """Write the answer down for a second person to read; an earlier one that waited is replaced."""
    require(officer, "appeals.answer_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "prepare")
    _drop_prepared(appeal)
    appeal.prepared_by = officer
    appeal.save(update_fields=["prepared_by"])
    note = write(appeal, Message.Author.OFFICE, Action.PREPARED, data_key(appeal), {"text": text}, files)
    record(appeal, Action.PREPARED, officer, {"message": note.pk})


@transaction.atomic
def approve_answer(appeal: Appeal, officer: AbstractBaseUser) -> None:
    """Approve what somebody else has prepared: it is the answer now, also for the appeals joined to this one."""
    require(officer, "appeals.approve_answer")
    appeal, joined = lock_all(appeal)
    _refuse_unprepared(appeal, "approve")
    if appeal.prepared_by_id == officer.pk:
        raise Refused(_("Somebody else has to approve what you wrote."))
    row, key = appeal.messages.get(kind=Action.PREPARED), data_key(appeal)
    text = next(note.text for note in messages_of(appeal, key) if note.id == row.pk)
    files = [decrypted(file, key) for file in row.files.select_related("appeal", "message")] if joined else []
    row.kind, row.at = Action.ANSWERED, timezone.now()
    row.save(update_fields=["kind", "at"])
    by = {"prepared_by": appeal.prepared_by_id}
    for one in (appeal, *joined):
        end(one, Status.ANSWERED)
        own = row
        if one.pk != appeal.pk:
            own = write(one, Message.Author.OFFICE, Action.ANSWERED, data_key(one), {"text": text}, files)
        _conclude(one, Action.ANSWERED, officer, own, by | _of_main(one, appeal))


@transaction.atomic
def send_back(appeal: Appeal, officer: AbstractBaseUser, reason: str) -> None:
    """Send a prepared answer back to who wrote it, who finds it as it was, with the reason."""
    require(officer, "appeals.approve_answer")
    appeal = lock(appeal)
    _refuse_unprepared(appeal, "send_back")
    if not reason.strip():
        raise Refused(_("Write what is to be changed."))
    appeal.messages.filter(kind=Action.PREPARED).update(kind=Action.SENT_BACK)
    writer, appeal.prepared_by = appeal.prepared_by_id, None
    appeal.save(update_fields=["prepared_by"])
    note = write(appeal, Message.Author.OFFICE, Action.SENT_BACK, data_key(appeal), {"text": reason})
    record(appeal, Action.SENT_BACK, officer, {"message": note.pk, "prepared_by": writer})


@transaction.atomic
def leave_unexamined(
    appeal: Appeal, officer: AbstractBaseUser, text: str, ground: str = OTHER, checked: str = ""
) -> None:
    """End the case without examination, on a ground of Article 21 or for the reason that the applicant reads.

    ``checked``: what an officer checked before he found the data untrue; no program ever finds that.
    """
    require(officer, "appeals.answer_appeal")
    appeal, joined = lock_all(appeal)
    refuse_wrong_state(appeal, "leave_unexamined")
    if ground != OTHER:
        ground = Ground(ground)
        if appeal.crime in TELLS_OF_CRIME:
            raise Refused(_("An appeal that tells of a crime is examined, even if it is anonymous (Article 21)."))
    detail: dict[str, Any] = {"ground": str(ground)}
    if ground == Ground.DATA_UNTRUE:
        if not checked.strip():
            raise Refused(_("Write what was checked before the data were found untrue."))
        if not appeal.truth_refuted:
            appeal.truth_refuted = True
            appeal.save(update_fields=["truth_refuted"])
            detail |= reassess(appeal, data_key(appeal))
    _drop_prepared(appeal)
    end(appeal, Status.NOT_EXAMINED)
    said = {"text": text} | ({"checked": checked} if checked else {})
    note = write(appeal, Message.Author.OFFICE, Action.NOT_EXAMINED, data_key(appeal), said)
    _conclude(appeal, Action.NOT_EXAMINED, officer, note, detail)
    for one in joined:
        let_go(one, officer)  # What was found of this appeal says nothing about another.


@transaction.atomic
def reopen(appeal: Appeal, officer: AbstractBaseUser, reason: str) -> None:
    """Open an ended case again: a new term begins. The applicant reads the reason."""
    require(officer, "appeals.archive_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "reopen")
    if not reason.strip():
        raise Refused(_("Write why the case is opened again: the applicant reads it."))
    note = write(appeal, Message.Author.OFFICE, Action.REOPENED, data_key(appeal), {"text": reason})
    days = open_again(appeal)
    record(appeal, Action.REOPENED, officer, days | {"message": note.pk})
    tell(appeal, Action.REOPENED)


def open_again(appeal: Appeal) -> dict[str, Any]:
    """Put a locked appeal back under examination, with a new term from now; returns what the journal keeps of it."""
    appeal.status, appeal.ended_at, appeal.archived_at, appeal.joined_to = Status.REGISTERED, None, None, None
    days = terms.start(appeal, timezone.now())
    appeal.save(update_fields=["status", "ended_at", "archived_at", "joined_to", "due_on"])
    return days


@transaction.atomic
def archive(appeal: Appeal, officer: AbstractBaseUser) -> None:
    """Put an ended case away. While its applicant can still judge the answer it stays at hand."""
    require(officer, "appeals.archive_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "archive")
    if appeal.archived_at:
        raise Refused(_("Appeal %(number)s is archived already.") % {"number": appeal.number})
    if may_be_rated(appeal):
        raise Refused(_("The applicant of appeal %(number)s can still judge the answer.") % {"number": appeal.number})
    appeal.archived_at = timezone.now()
    appeal.save(update_fields=["archived_at"])
    record(appeal, Action.ARCHIVED, officer, {})


def may_be_rated(appeal: Appeal) -> bool:
    """Answered, not judged yet, and within the window (``APPEAL_REOPEN_DAYS`` after the answer)."""
    if appeal.status != Status.ANSWERED or appeal.satisfied is not None or not appeal.ended_at:
        return False
    return timezone.now() <= appeal.ended_at + timedelta(days=settings.APPEAL_REOPEN_DAYS)


def _refuse_unprepared(appeal: Appeal, step: str) -> None:
    refuse_wrong_state(appeal, step)
    if not appeal.prepared_by_id:
        raise Refused(_("No answer waits for a second person."))


def _drop_prepared(appeal: Appeal) -> None:
    """An answer that waited is replaced: its words never reached the applicant, its entry stays in the journal."""
    appeal.messages.filter(kind=Action.PREPARED).delete()


def lock_all(appeal: Appeal) -> tuple[Appeal, list[Appeal]]:
    """The appeal and those joined to it, locked in the order of their rows, as ``joining`` locks them."""
    of_main = Appeal.objects.filter(joined_to=appeal.pk, status=Status.JOINED, erased_at=None)
    locked = {}
    for pk in sorted({appeal.pk, *of_main.values_list("pk", flat=True)}):
        locked[pk] = lock(appeal if pk == appeal.pk else Appeal(pk=pk))
    # Nobody joins another while the appeal itself is locked.
    joined = [locked.get(pk) or lock(Appeal(pk=pk)) for pk in of_main.order_by("pk").values_list("pk", flat=True)]
    return locked[appeal.pk], joined


def _of_main(one: Appeal, main: Appeal) -> dict[str, int]:
    return {} if one.pk == main.pk else {"main": main.pk}


def end(appeal: Appeal, status: str) -> None:
    """The end: clocks stop, who held it holds it no more; the judgement on an earlier answer is in the journal."""
    appeal.status, appeal.paused_at, appeal.wait_until, appeal.ended_at = status, None, None, timezone.now()
    appeal.satisfied = appeal.prepared_by = None
    appeal.save(update_fields=["status", "paused_at", "wait_until", "ended_at", "satisfied", "prepared_by"])
    appeal.forwardings.filter(returned_at=None).update(returned_at=appeal.ended_at)


def _conclude(appeal: Appeal, action: str, officer: AbstractBaseUser, note: Message, detail: dict[str, Any]) -> None:
    record(appeal, action, officer, detail | {"message": note.pk})
    tell(appeal, action)
