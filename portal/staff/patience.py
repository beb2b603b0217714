"""How often a password, a code or a passkey may be tried."""

from __future__ import annotations

import logging
import math

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.throttle import bucket, network, wait_for

logger = logging.getLogger("portal.staff")

# Tries at once, and seconds after which there is one more.
PASSWORD = {"burst": 5, "seconds": 60}
NETWORK = {"burst": 40, "seconds": 15}
# A code has six digits and three are right at a time: a year of trying finds one with a chance of a quarter, and
# the right password is needed first.
CODE = {"burst": 5, "seconds": 300}
NOTES = {"burst": 5, "seconds": 120}


class TooMany(ValidationError):
    """The limit is reached; the message tells how long to wait. Only some are ``worth_noting``: not a flood."""

    worth_noting = True


def ask(request: HttpRequest, purpose: str, who: str, rate: dict[str, float]) -> None:
    """Take one try of ``who`` and one of the network. Raises ``TooMany``."""
    try:
        place = network(request)
        wait = wait_for("staff-network", place, **NETWORK) or wait_for(purpose, who, **rate)
        worth_noting = not wait or wait_for("staff-noted", place, **NOTES) == 0
    except Exception as error:  # Whatever a cache raises: without it nobody is counted, and nobody locked out.
        logger.warning("The cache does not answer, attempts are not counted: %s", type(error).__name__)
        return
    if wait:
        text = _("Too many attempts. Please wait %(minutes)s min. and try again: your login is not blocked.")
        refusal = TooMany(text % {"minutes": math.ceil(wait / 60)}, code="throttled")
        refusal.worth_noting = worth_noting
        raise refusal


def forgive(purpose: str, who: str) -> None:
    """The right one was given: the wrong ones before it count no more."""
    try:
        cache.delete(bucket(purpose, who))
    except Exception as error:
        logger.warning("The cache does not answer: %s", type(error).__name__)
