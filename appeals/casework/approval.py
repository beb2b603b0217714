"""Two people erase: one proposes a list, which is fixed then; another approves or declines it; it is worked off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import term
from ..models import ErasureItem, ErasureProposal
from . import traces
from .base import Refused, require
from .erasure import Result, due, erase

Status = ErasureProposal.Status
# As many as a person can answer for at once.
MOST = 500
DAYS_TO_DECIDE = 14


@transaction.atomic
def propose(officer: AbstractBaseUser, until: date) -> ErasureProposal:
    """Propose to erase the appeals whose last day of keeping is ``until`` or earlier, the oldest first."""
    require(officer, "appeals.propose_erasure")
    if until >= term.local_day(timezone.now()):
        raise Refused(_("Choose a day that is over."))
    appeals = list(due(until).order_by("ended_at", "pk").values_list("pk", flat=True)[:MOST])
    if not appeals:
        raise Refused(_("There is no appeal whose time is over by this day."))
    proposal = ErasureProposal.objects.create(until=until, proposed_by=officer, proposed_at=timezone.now())
    ErasureItem.objects.bulk_create(ErasureItem(proposal=proposal, appeal_id=appeal) for appeal in appeals)
    return proposal


@transaction.atomic
def approve(proposal: ErasureProposal, officer: AbstractBaseUser) -> None:
    """Approve what somebody else proposed: from now on the worker erases it."""
    require(officer, "appeals.approve_erasure")
    _decide(proposal, officer, Status.APPROVED)


@transaction.atomic
def decline(proposal: ErasureProposal, officer: AbstractBaseUser, reason: str) -> None:
    """Leave the appeals as they are. Who proposed may take it back so, too."""
    require(officer, "appeals.approve_erasure")
    if not reason.strip():
        raise Refused(_("Write why the proposal is declined."))
    _decide(proposal, officer, Status.DECLINED, reason)


def _decide(proposal: ErasureProposal, officer: AbstractBaseUser, status: str, reason: str = "") -> None:
    proposal = ErasureProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.status != Status.PROPOSED:
        raise Refused(_("This proposal was decided already."))
    if decide_by(proposal) < term.local_day(timezone.now()):
        raise Refused(_("The time to decide about this proposal is over. Propose it anew."))
    if status == Status.APPROVED and proposal.proposed_by_id == officer.pk:
        raise Refused(_("Somebody else has to approve what you proposed."))
    proposal.status, proposal.decided_by, proposal.decided_at, proposal.reason = (
        status, officer, timezone.now(), reason,
    )  # fmt: skip
    proposal.save(update_fields=["status", "decided_by", "decided_at", "reason"])
    if status == Status.DECLINED:
        _leave(proposal)


def decide_by(proposal: ErasureProposal) -> date:
    """The last day to decide about it."""
    return term.local_day(proposal.proposed_at) + timedelta(days=DAYS_TO_DECIDE)


def _leave(proposal: ErasureProposal) -> None:
    proposal.items.filter(result=Result.WAITING).update(result=Result.LEFT)


def expire() -> None:
    """End proposals about which nobody decided in time: their appeals can be proposed anew."""
    for proposal in ErasureProposal.objects.filter(status=Status.PROPOSED):
        with transaction.atomic():
            locked = ErasureProposal.objects.select_for_update().get(pk=proposal.pk)
            if locked.status == Status.PROPOSED and decide_by(locked) < term.local_day(timezone.now()):
                locked.status = Status.EXPIRED
                locked.save(update_fields=["status"])
                _leave(locked)


def work_off() -> Iterator[str]:
    """Erase what is approved, each appeal in a transaction of its own; yields the number of each that is erased.

    It may be stopped at any moment and goes on with what is left. Two at a time do no harm: the second finds the
    appeal erased.
    """
    for proposal in ErasureProposal.objects.filter(status=Status.APPROVED).select_related("decided_by").order_by("pk"):
        while (
            item := proposal.items.filter(result=Result.WAITING).select_related("appeal").only("appeal__number").first()
        ):
            try:
                erase(item.appeal, proposal)
            except Refused:
                # On hold, open again, or erased by another process meanwhile.
                ErasureItem.objects.filter(pk=item.pk, result=Result.WAITING).update(result=Result.LEFT)
            else:
                yield item.appeal.number
        # Only now is it done: a run that was stopped before this sweeps again.
        traces.sweep()
        ErasureProposal.objects.filter(pk=proposal.pk).update(status=Status.DONE, done_at=timezone.now())
