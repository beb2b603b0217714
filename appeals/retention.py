"""How long an appeal is kept after it ended. Which terms hold is the office's to say (see the settings).

Knows neither a model nor the settings; counts in calendar days of Dushanbe.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """How an appeal can end. What has not ended is kept."""

    ANSWERED = "answered"
    NOT_EXAMINED = "not_examined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Terms:
    """Days of keeping by outcome; what tells of a crime is kept at least ``crime`` days, however it ended."""

    answered: int
    not_examined: int
    withdrawn: int
    crime: int

    def days(self, outcome: Outcome, tells_of_crime: bool) -> int:
        days = {
            Outcome.ANSWERED: self.answered,
            Outcome.NOT_EXAMINED: self.not_examined,
            Outcome.WITHDRAWN: self.withdrawn,
        }[outcome]
        return max(days, self.crime) if tells_of_crime else days


def last_day(ended: date, outcome: Outcome, tells_of_crime: bool, terms: Terms) -> date:
    """The last day on which an appeal that ended on the day ``ended`` is kept: the day after, it may be erased."""
    return ended + timedelta(days=terms.days(outcome, tells_of_crime))


def latest_end(until: date, outcome: Outcome, tells_of_crime: bool, terms: Terms) -> date:
    """The latest day of ending with which the last day of keeping is not after ``until``."""
    return until - timedelta(days=terms.days(outcome, tells_of_crime))
