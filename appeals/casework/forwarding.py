"""An appeal for which another authority is competent: sent there, split between several, returned.

Forwarding never counts as solved: the term goes on, and the applicant sees who holds the appeal.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import letters
from ..article21 import Crime
from ..models import Appeal, Authority, Forwarding, Message
from .assigning import LETTERS_WAIT_SECONDS, names_of
from .base import Action, Refused, data_key, lock, record, require, tell
from .notes import write
from .states import refuse_wrong_state

Status = Appeal.Status


@transaction.atomic
def forward(appeal: Appeal, officer: AbstractBaseUser, authorities: Sequence[Authority], text: str) -> None:
    """Forward to one authority, or split between several; each is written to, and the applicant is told at once.

    ``text`` says what each of them is asked to do; the office and the authority read it.
    """
    require(officer, "appeals.forward_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "forward")
    if not text.strip():
        raise Refused(_("Write what the authority is asked to do."))
    rows, before = send_to(appeal, authorities, text), appeal.status
    appeal.status = Status.FORWARDED
    appeal.save(update_fields=["status", "crime_handed_at"])
    detail = {"authorities": [names_of(one) for one in authorities], "forwardings": [row.pk for row in rows]}
    record(appeal, Action.FORWARDED, officer, detail | {"before": before, "message": rows[0].message_id})
    tell(appeal, Action.FORWARDED, delay=LETTERS_WAIT_SECONDS)


def send_to(appeal: Appeal, authorities: Sequence[Authority], text: str) -> list[Forwarding]:
    """Note down where a locked appeal goes, and write to each authority. A confirmed crime's clock stops with it."""
    if not authorities:
        raise Refused(_("Choose an authority."))
    held_by = appeal.forwardings.filter(returned_at=None, authority__in=authorities).select_related("authority").first()
    if held_by:
        raise Refused(_("%(authority)s has this appeal already.") % {"authority": held_by.authority})
    message = write(appeal, Message.Author.OFFICE, Action.FORWARDED, data_key(appeal), {"text": text})
    now = timezone.now()
    for_crime = appeal.crime == Crime.CONFIRMED
    rows = [
        Forwarding.objects.create(
            appeal=appeal, authority=one, message=message, at=now, for_crime=for_crime and one.takes_crime
        )
        for one in authorities
    ]
    if any(row.for_crime for row in rows) and not appeal.crime_handed_at:
        appeal.crime_handed_at = now
    for one in authorities:
        letters.tell_authority(appeal, one, delay=LETTERS_WAIT_SECONDS)
    return rows


@transaction.atomic
def take_back(appeal: Appeal, officer: AbstractBaseUser, forwarding: Forwarding, reason: str) -> None:
    """An authority gave the appeal back (it is not competent, or it has done its part): the office goes on itself.

    While another authority still holds a part of it, the appeal stays forwarded.
    """
    require(officer, "appeals.forward_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "take_back")
    if not reason.strip():
        raise Refused(_("Write why it came back."))
    held = appeal.forwardings.filter(returned_at=None)
    if not held.filter(pk=forwarding.pk).update(returned_at=timezone.now()):
        raise Refused(_("This authority does not hold the appeal any more."))
    if not held.exists():
        appeal.status = Status.REGISTERED
        appeal.save(update_fields=["status"])
    note = write(appeal, Message.Author.OFFICE, Action.RETURNED, data_key(appeal), {"text": reason})
    record(appeal, Action.RETURNED, officer, {"authorities": [names_of(forwarding.authority)], "message": note.pk})
    tell(appeal, Action.RETURNED)
