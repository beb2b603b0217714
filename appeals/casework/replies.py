"""The applicant's steps: additions, what is mended, taking the appeal back, the word on the answer.

They take the data key that the tracking code opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..article21 import TELLS_OF_CRIME
from ..choices import FileRole
from ..models import Appeal, Message
from ..people import NAME_FIELDS, PLACE_FIELDS
from . import terms
from .answering import end, lock_all, may_be_rated, open_again
from .base import Action, Refused, lock, record, tell
from .intake import SentFile
from .joining import let_go
from .notes import write
from .reassessing import reassess
from .states import OPEN

Status = Appeal.Status
MOST_MESSAGES = 50
MOST_FILES = 20
# What the form of each thing to be mended fills in.
MENDS = {
    "address": set(PLACE_FIELDS),
    "name": {*NAME_FIELDS, "entity_name"},
    "signature": set[str](),
}


@transaction.atomic
def add(appeal: Appeal, key: bytes, text: str, files: Sequence[SentFile] = ()) -> None:
    """The applicant writes: an answer to a question, or something to add."""
    appeal = _of_applicant(appeal, files)
    resumed = terms.resume(appeal)
    note = write(appeal, Message.Author.APPLICANT, Action.ADDED, key, {"text": text}, files)
    record(appeal, Action.ADDED, None, resumed | {"message": note.pk})


@transaction.atomic
def mend(appeal: Appeal, key: bytes, values: dict[str, Any], signature: SentFile | None = None) -> None:
    """The applicant mends what the office asked for; the appeal is assessed anew.

    ``values`` are the fields of the form, judged already; ``signature`` is the picture of a new one.
    """
    files = [signature] if signature else []
    appeal = _of_applicant(appeal, files)
    asked = appeal.journal.filter(action=Action.ASKED).last()
    field = asked.detail.get("field", "") if asked and appeal.status == Status.WAITING else ""
    if not field or not set(values) <= MENDS[field] or bool(signature) != (field == "signature"):
        raise Refused(_("Nothing is to be mended now."))
    resumed = terms.resume(appeal)
    note = write(appeal, Message.Author.APPLICANT, Action.MENDED, key, {"values": values}, files)
    appeal.truth_refuted = False  # That was found of the data before.
    appeal.save(update_fields=["truth_refuted"])
    verdicts = reassess(appeal, key)
    record(appeal, Action.MENDED, None, resumed | verdicts | {"field": field, "message": note.pk})


@transaction.atomic
def withdraw(appeal: Appeal, key: bytes, text: str) -> None:
    """The applicant takes the appeal back. One that tells of a crime is not taken back: it is examined as a report."""
    _main, joined = lock_all(appeal)
    appeal = _of_applicant(appeal)
    if appeal.crime in TELLS_OF_CRIME:
        raise Refused(_("An appeal that tells of a crime cannot be withdrawn. Write what changed as a message."))
    end(appeal, Status.WITHDRAWN)
    if text:
        write(appeal, Message.Author.APPLICANT, Action.WITHDRAWN, key, {"text": text})
    record(appeal, Action.WITHDRAWN, None, {})
    tell(appeal, Action.WITHDRAWN, key)
    for one in joined:
        let_go(one, None)


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
    note = write(appeal, Message.Author.APPLICANT, Action.REOPENED, key, {"text": text})
    days = open_again(appeal)
    record(appeal, Action.REOPENED, None, days | {"message": note.pk})
    tell(appeal, Action.REOPENED, key)


def _of_applicant(appeal: Appeal, files: Sequence[SentFile] = ()) -> Appeal:
    """The appeal, locked, if its applicant can still say something about it."""
    appeal = lock(appeal)
    if appeal.status not in OPEN:
        raise Refused(_("This case has ended."))
    if appeal.messages.filter(author=Message.Author.APPLICANT).count() >= MOST_MESSAGES:
        raise Refused(_("There are too many messages. Please wait for the office's answer."))
    if files and appeal.files.filter(role=FileRole.ADDITION).count() + len(files) > MOST_FILES:
        raise Refused(_("At most %(files)s files can be added to one appeal.") % {"files": MOST_FILES})
    return appeal
