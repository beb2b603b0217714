"""What stands behind the CAPTCHA: how often a network and a draft may do something, and whom staff look at first.

The numbers are chosen for ten people who write at the same time behind one address (a household, an internet café):
each saves by a script three times a minute and by hand once, mistypes a few times, and sends one appeal. They
stay below every limit; a program that does not pause meets it within seconds. A limit makes one wait: it refuses
nothing for good, and nothing typed is lost by it.
"""

from __future__ import annotations

import logging

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal import throttle

from .drafts import OpenDraft

logger = logging.getLogger("appeals.gate")

# A burst, and after how many seconds one more is allowed.
SAVES_OF_A_NETWORK = {"burst": 80, "seconds": 1}
SAVES_OF_A_DRAFT = {"burst": 20, "seconds": 5}
NEW_DRAFTS_OF_A_NETWORK = {"burst": 40, "seconds": 15}
PICTURES_OF_A_NETWORK = {"burst": 100, "seconds": 3}
SOUNDS_OF_A_NETWORK = {"burst": 30, "seconds": 10}
ANSWERS_OF_A_NETWORK = {"burst": 60, "seconds": 10}
ANSWERS_OF_A_DRAFT = {"burst": 12, "seconds": 20}
SENDS_OF_A_NETWORK = {"burst": 60, "seconds": 20}

# More appeals than this from one network are taken, and held for staff to look at.
UNUSUALLY_MANY = {"burst": 25, "seconds": 120}
# Nobody checks, signs and reads a picture in less time after the first saving; a screen reader takes far longer.
HASTE = 5
# A field that nobody is shown. Its name is none that browsers and password managers fill in.
HONEYPOT = "comment"


def may_save(request: HttpRequest, draft: OpenDraft | None) -> float:
    """Seconds to wait before the draft may be stored; 0.0: go on. Without a draft a new one will be made."""
    if draft is None:
        of_draft = _of_network(request, "appeal-draft", NEW_DRAFTS_OF_A_NETWORK)
    else:
        of_draft = _wait("appeal-draft-save", draft.row.key_id, SAVES_OF_A_DRAFT)
    return of_draft or _of_network(request, "appeal-save", SAVES_OF_A_NETWORK)


def before_picture(request: HttpRequest) -> float:
    return _of_network(request, "captcha-picture", PICTURES_OF_A_NETWORK)


def before_sound(request: HttpRequest) -> float:
    return _of_network(request, "captcha-sound", SOUNDS_OF_A_NETWORK)


def before_answer(request: HttpRequest, draft: OpenDraft) -> float:
    """Seconds to wait before an answer to the CAPTCHA is looked at."""
    of_draft = _wait("captcha-draft", draft.row.key_id, ANSWERS_OF_A_DRAFT)
    return of_draft or _of_network(request, "captcha-answer", ANSWERS_OF_A_NETWORK)


def before_sending(request: HttpRequest) -> float:
    return _of_network(request, "appeal-send", SENDS_OF_A_NETWORK)


def note_trap(request: HttpRequest, draft: OpenDraft) -> None:
    """Remember that the field which nobody sees was filled in. ``save`` must follow."""
    draft.trapped = draft.trapped or bool(request.POST.get(HONEYPOT))


def reasons_to_hold(request: HttpRequest, draft: OpenDraft) -> list[str]:
    """Why staff should look at this appeal before it is registered; asked once, when it is sent."""
    started = parse_datetime(draft.started_at) if draft.started_at else None
    found = {
        "honeypot": draft.trapped,
        "haste": started is not None and 0 <= (timezone.now() - started).total_seconds() < HASTE,
        "many": _of_network(request, "appeal-many", UNUSUALLY_MANY) > 0,
    }
    return [reason for reason, holds in found.items() if holds]


def _of_network(request: HttpRequest, purpose: str, limit: dict[str, int]) -> float:
    # Who comes by a socket without an address is not counted: all of the country would share one bucket.
    network = throttle.network(request)
    return _wait(purpose, network, limit) if network else 0.0


def _wait(purpose: str, who: str, limit: dict[str, int]) -> float:
    try:
        return throttle.wait_for(purpose, who, **limit)
    except Exception as error:  # Each cache fails with errors of its own; none may stop a citizen.
        logger.warning("The limit %s cannot be kept: %s", purpose, type(error).__name__)
        return 0.0
