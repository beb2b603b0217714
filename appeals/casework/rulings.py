"""What only an officer can find: that a crime is told of, that none is, that data are untrue (Article 21).

No program ever finds any of it. Each finding has its reason, and the appeal is assessed anew.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..article21 import TELLS_OF_CRIME, Crime
from ..models import Appeal, Authority, Message
from . import terms
from .assigning import names_of
from .base import Action, Refused, data_key, lock, record, require, tell
from .forwarding import send_to
from .notes import write
from .reassessing import reassess
from .states import refuse_wrong_state

Status = Appeal.Status


@transaction.atomic
def confirm_crime(appeal: Appeal, officer: AbstractBaseUser, reason: str, authority: Authority | None = None) -> None:
    """Confirm that the appeal tells of a planned or committed crime, whether its writer said so or not.

    With ``authority`` it is handed over in the same act; without, the clock of the handing over runs.
    """
    require(officer, "appeals.rule_on_appeal")
    appeal = _ruled(appeal, "confirm_crime", reason)
    if appeal.crime == Crime.CONFIRMED:
        raise Refused(_("This is confirmed already."))
    if authority and not authority.takes_crime:
        raise Refused(_("%(authority)s does not take information about crimes.") % {"authority": authority})
    appeal.crime, appeal.crime_confirmed_at = Crime.CONFIRMED, timezone.now()
    note = write(appeal, Message.Author.OFFICE, Action.CRIME, data_key(appeal), {"text": reason})
    detail = {"message": note.pk}
    if authority:
        rows = send_to(appeal, [authority], reason)
        detail |= {"authorities": [names_of(authority)], "forwardings": [row.pk for row in rows]}
        detail |= terms.resume(appeal)
        appeal.status = Status.FORWARDED
    appeal.save(update_fields=["crime", "crime_confirmed_at", "crime_handed_at", "status"])
    record(appeal, Action.CRIME, officer, detail | reassess(appeal, data_key(appeal)))
    if authority:
        tell(appeal, Action.FORWARDED)  # The letter does not say why.


@transaction.atomic
def refute_crime(appeal: Appeal, officer: AbstractBaseUser, reason: str) -> None:
    """Find that the information about a crime is unfounded: what remains is judged as without it (row 23)."""
    require(officer, "appeals.rule_on_appeal")
    appeal = _ruled(appeal, "refute_crime", reason)
    if appeal.crime not in TELLS_OF_CRIME:
        raise Refused(_("This appeal tells of no crime."))
    appeal.crime, appeal.crime_confirmed_at = Crime.UNFOUNDED, None
    appeal.save(update_fields=["crime", "crime_confirmed_at"])
    _conclude(appeal, officer, Action.NO_CRIME, reason)


@transaction.atomic
def find_untrue(appeal: Appeal, officer: AbstractBaseUser, checked: str) -> None:
    """Find that the data do not correspond to reality; ``checked`` says what was looked at (rows 13 and 14).

    The case does not end by it: the applicant is asked to mend the data, or an officer decides.
    """
    require(officer, "appeals.rule_on_appeal")
    appeal = _ruled(appeal, "find_untrue", checked)
    if appeal.truth_refuted:
        raise Refused(_("This is found already."))
    appeal.truth_refuted = True
    appeal.save(update_fields=["truth_refuted"])
    _conclude(appeal, officer, Action.UNTRUE, checked)


def _ruled(appeal: Appeal, step: str, reason: str) -> Appeal:
    appeal = lock(appeal)
    refuse_wrong_state(appeal, step)
    if not reason.strip():
        raise Refused(_("Write on what this finding rests."))
    return appeal


def _conclude(appeal: Appeal, officer: AbstractBaseUser, action: str, reason: str) -> None:
    note = write(appeal, Message.Author.OFFICE, action, data_key(appeal), {"text": reason})
    record(appeal, action, officer, {"message": note.pk} | reassess(appeal, data_key(appeal)))
