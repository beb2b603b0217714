"""In which states of an appeal a step can be taken: one table for ``casework`` and the office's pages."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..models import Appeal
from .base import Refused

Status = Appeal.Status

UNDER_WAY = (Status.REGISTERED, Status.WAITING, Status.FORWARDED)
ENDED = (Status.ANSWERED, Status.NOT_EXAMINED, Status.WITHDRAWN)
OPEN = (Status.RECEIVED, *UNDER_WAY, Status.JOINED)

ALLOWED: dict[str, tuple[str, ...]] = {
    "register": (Status.RECEIVED,),
    "classify": OPEN,
    "assign": UNDER_WAY,
    "forward": (Status.REGISTERED, Status.FORWARDED),
    "take_back": (Status.FORWARDED,),
    "ask": (Status.REGISTERED,),
    "extend": UNDER_WAY,
    "join": (Status.REGISTERED, Status.WAITING),
    "separate": (Status.JOINED,),
    "link": tuple(Status),
    "prepare": UNDER_WAY,
    "answer": UNDER_WAY,
    "approve": UNDER_WAY,
    "send_back": UNDER_WAY,
    "leave_unexamined": (Status.REGISTERED, Status.WAITING),
    "confirm_crime": UNDER_WAY,
    "refute_crime": UNDER_WAY,
    "find_untrue": UNDER_WAY,
    "reopen": ENDED,
    "archive": ENDED,
    "note": tuple(Status),
    "replace_code": tuple(Status),
}


def refuse_wrong_state(appeal: Appeal, step: str) -> None:
    """Raises ``Refused`` if the step cannot be taken of this (locked) appeal now."""
    if appeal.erased_at:
        raise Refused(_("This appeal is erased."))
    if appeal.status not in ALLOWED[step]:
        raise Refused(
            _("This cannot be done with an appeal in this state: %(state)s.") % {"state": appeal.get_status_display()}
        )
