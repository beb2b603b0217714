"""What the page with the rules tells beside its fixed text: the terms as they are set, the grounds, the reception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from . import article21
from .casework import FOLLOW_UP_DAYS
from .message_files import MOST_FILES


@dataclass(frozen=True)
class GroundRow:
    """A ground of Article 21, and the words of the law on which it rests."""

    text: str
    law: str


def facts() -> dict[str, Any]:
    language = get_language() or "tg"
    return {
        "term_days": settings.APPEAL_TERM_DAYS,
        "register_days": settings.APPEAL_REGISTER_DAYS,
        "forward_days": settings.APPEAL_FORWARD_DAYS,
        "ends_on_working_day": settings.TERM_ENDS_ON_WORKING_DAY,
        "extend_days": settings.APPEAL_EXTEND_DAYS,
        "cure_days": settings.APPEAL_CURE_DAYS,
        "reopen_days": settings.APPEAL_REOPEN_DAYS,
        "follow_up_days": FOLLOW_UP_DAYS,
        "most_files": MOST_FILES,
        "grounds": [
            GroundRow(article21.GROUND_TEXTS[ground][language], article21.LAW_WORDS[ground][language])
            for ground in article21.Ground
        ],
        "statistics_are_public": settings.APPEAL_STATISTICS_PUBLIC,
        "reception_address": settings.RECEPTION_ADDRESS[language],
    }
