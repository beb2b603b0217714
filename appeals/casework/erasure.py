"""The end of an appeal: how long it is kept, the hold that stops erasing, and the erasing itself.

What is left of an erased appeal is its number, its times, its assessment, the digest and the journal: none of them
says who wrote or what.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import outbox

from .. import letters, retention, term, vault
from ..article21 import TELLS_OF_CRIME
from ..models import Appeal, ErasureItem, ErasureProposal, Message
from .base import Action, Refused, data_key, lock, record, require
from .exchange import write
from .indexing import forget

Result = ErasureItem.Result


def kept_until(appeal: Appeal) -> date | None:
    """The last day on which the appeal is kept; None while it has not ended."""
    if appeal.ended_at is None or appeal.status not in set(retention.Outcome):
        return None
    outcome, crime = retention.Outcome(appeal.status), appeal.crime in TELLS_OF_CRIME
    return retention.last_day(term.local_day(appeal.ended_at), outcome, crime, settings.RETENTION)


def due(until: date) -> QuerySet[Appeal]:
    """Appeals whose last day of keeping is ``until`` or earlier, that are not on hold and in no proposal."""
    over = Q()
    for outcome in retention.Outcome:
        for crime in (False, True):
            day = retention.latest_end(until, outcome, crime, settings.RETENTION)
            midnight = datetime.combine(day + timedelta(days=1), time.min, term.ZONE)
            told = Q(crime__in=TELLS_OF_CRIME)
            over |= Q(status=outcome.value, ended_at__lt=midnight) & (told if crime else ~told)
    waiting = ErasureItem.objects.filter(result=Result.WAITING).values("appeal")
    return Appeal.objects.filter(over, erased_at=None, on_hold_since=None).exclude(pk__in=waiting)


@transaction.atomic
def put_on_hold(appeal: Appeal, officer: AbstractBaseUser, reason: str) -> None:
    """Keep the appeal whatever its term says, for ``reason``. An approval that was given before is void for it."""
    require(officer, "appeals.hold_appeal")
    appeal = lock(appeal)
    refuse_erased(appeal)
    if appeal.on_hold_since:
        raise Refused(_("This appeal is on hold already."))
    if not reason.strip():
        raise Refused(_("Write why the appeal must be kept."))
    appeal.on_hold_since = timezone.now()
    appeal.save(update_fields=["on_hold_since"])
    appeal.erasures.filter(result=Result.WAITING).update(result=Result.LEFT)
    try:
        write(appeal, Message.Author.OFFICE, Action.LEGAL_HOLD, data_key(appeal), {"text": reason})
    except vault.Unreadable:
        raise Refused(_("This appeal cannot be read with the office's present key.")) from None
    record(appeal, Action.LEGAL_HOLD, officer, {})


@transaction.atomic
def lift_hold(appeal: Appeal, officer: AbstractBaseUser) -> None:
    """Lift the hold: the term of keeping holds again."""
    require(officer, "appeals.hold_appeal")
    appeal = lock(appeal)
    if not appeal.on_hold_since:
        raise Refused(_("This appeal is not on hold."))
    appeal.on_hold_since = None
    appeal.save(update_fields=["on_hold_since"])
    record(appeal, Action.HOLD_LIFTED, officer, {})


@transaction.atomic
def erase(appeal: Appeal, proposal: ErasureProposal) -> None:
    """Erase what was sent and written, and the keys to it, as two people have decided in ``proposal``."""
    appeal = lock(appeal)
    item = appeal.erasures.filter(proposal=proposal, result=Result.WAITING)
    if proposal.status != ErasureProposal.Status.APPROVED or not item.exists():
        raise Refused(_("Two people have to approve that this appeal is erased."))
    refuse_erased(appeal)
    if appeal.on_hold_since:
        raise Refused(_("This appeal is on hold."))
    last = kept_until(appeal)
    if last is None or last > proposal.until or last >= term.local_day(timezone.now()):
        raise Refused(_("The time for which this appeal is kept is not over."))
    appeal.files.all().delete()
    appeal.messages.all().delete()
    forget([appeal])
    outbox.take_back(letters.key_prefix(appeal))
    appeal.box = appeal.sealed_key = appeal.sealed_to_code = b""
    appeal.office_key_id = ""
    appeal.tracking_hash = f"erased {appeal.number}"  # The hash of no code, and as unique as the number.
    appeal.erased_at = timezone.now()
    appeal.save(update_fields=["box", "sealed_key", "sealed_to_code", "office_key_id", "tracking_hash", "erased_at"])
    item.update(result=Result.ERASED)
    # Numbers of logins: the journal holds no names. The worker acts for the person who approved.
    detail = {"proposal": proposal.pk, "proposed_by": proposal.proposed_by_id, "approved_by": proposal.decided_by_id}
    record(appeal, Action.ERASED, proposal.decided_by, detail)


def refuse_erased(appeal: Appeal) -> None:
    if appeal.erased_at:
        raise Refused(_("This appeal is erased."))
