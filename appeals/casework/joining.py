"""Appeals that belong together: repeats of the same person, many people about the same."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from ..article21 import TELLS_OF_CRIME
from ..models import Appeal
from . import terms
from .base import Action, Refused, lock, record, require, tell
from .states import UNDER_WAY, refuse_wrong_state

Status = Appeal.Status


@transaction.atomic
def join(appeal: Appeal, officer: AbstractBaseUser, main: Appeal) -> None:
    """Join a repeat, or one of many about the same, to the appeal with which it is examined: both end together."""
    require(officer, "appeals.answer_appeal")
    appeal, main = _both(appeal, main)
    refuse_wrong_state(appeal, "join")
    if main.pk == appeal.pk:
        raise Refused(_("An appeal cannot be joined to itself."))
    if main.status not in UNDER_WAY or main.erased_at:
        raise Refused(_("Appeal %(number)s is not being examined now.") % {"number": main.number})
    if appeal.joined.exists():
        raise Refused(_("Others are joined to this appeal: join it the other way round."))
    if appeal.crime in TELLS_OF_CRIME and main.crime not in TELLS_OF_CRIME:
        raise Refused(_("An appeal that tells of a crime is examined by itself."))
    resumed = terms.resume(appeal)
    appeal.joined_to, appeal.status, appeal.prepared_by = main, Status.JOINED, None
    appeal.save(update_fields=["joined_to", "status", "prepared_by"])
    record(appeal, Action.JOINED, officer, resumed | {"main": main.pk})
    tell(appeal, Action.JOINED)


@transaction.atomic
def separate(appeal: Appeal, officer: AbstractBaseUser) -> None:
    """Take a joined appeal out again: it is examined by itself, within its own term."""
    require(officer, "appeals.answer_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "separate")
    let_go(appeal, officer)


def let_go(appeal: Appeal, officer: AbstractBaseUser | None) -> None:
    main, appeal.joined_to, appeal.status = appeal.joined_to_id, None, Status.REGISTERED
    appeal.save(update_fields=["joined_to", "status"])
    record(appeal, Action.SEPARATED, officer, {"main": main})
    tell(appeal, Action.SEPARATED)


@transaction.atomic
def link(appeal: Appeal, officer: AbstractBaseUser, other: Appeal) -> None:
    """Note down that another appeal has to do with this one; nothing else changes."""
    require(officer, "appeals.answer_appeal")
    appeal, other = _both(appeal, other)
    refuse_wrong_state(appeal, "link")
    if other.pk == appeal.pk:
        raise Refused(_("An appeal cannot be linked with itself."))
    if other.pk in linked(appeal):
        raise Refused(_("They are linked already."))
    record(appeal, Action.LINKED, officer, {"other": other.pk})


def linked(appeal: Appeal) -> list[int]:
    """The appeals that are linked with this one, by either's journal."""
    own = appeal.journal.filter(action=Action.LINKED).values_list("detail__other", flat=True)
    back = Appeal.objects.filter(journal__action=Action.LINKED, journal__detail__other=appeal.pk)
    return [*own, *back.values_list("pk", flat=True)]


def _both(appeal: Appeal, other: Appeal) -> tuple[Appeal, Appeal]:
    """Both, locked in the order of their numbers: two officers who join them crosswise do not wait for each other."""
    if appeal.pk <= other.pk:
        first = lock(appeal)
        return first, lock(other) if other.pk != appeal.pk else first
    second = lock(other)
    return lock(appeal), second
