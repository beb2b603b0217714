"""How long an appeal is kept: a rule on days, by outcome."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.models import Appeal
from appeals.retention import Outcome, Terms, last_day, latest_end

TERMS = Terms(answered=1825, not_examined=1095, withdrawn=365, crime=3650)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
ALL_TERMS = st.builds(Terms, *[st.integers(31, 36525)] * 4)


@pytest.mark.parametrize(
    ("outcome", "tells_of_crime", "kept_until"),
    [
        (Outcome.ANSWERED, False, date(2031, 11, 26)),
        (Outcome.NOT_EXAMINED, False, date(2029, 11, 26)),
        (Outcome.WITHDRAWN, False, date(2027, 11, 27)),
        (Outcome.ANSWERED, True, date(2036, 11, 24)),
        (Outcome.NOT_EXAMINED, True, date(2036, 11, 24)),
    ],
)
def test_the_term_follows_the_outcome(outcome, tells_of_crime, kept_until):
    assert last_day(date(2026, 11, 27), outcome, tells_of_crime, TERMS) == kept_until


@given(DAYS, st.sampled_from(Outcome), ALL_TERMS)
def test_what_tells_of_a_crime_is_never_kept_shorter(ended, outcome, terms):
    assert last_day(ended, outcome, True, terms) >= last_day(ended, outcome, False, terms)


@given(DAYS, DAYS, st.sampled_from(Outcome), st.booleans(), ALL_TERMS)
def test_searching_by_the_day_of_ending_finds_those_whose_time_is_over(ended, until, outcome, crime, terms):
    is_over = last_day(ended, outcome, crime, terms) <= until
    assert is_over == (ended <= latest_end(until, outcome, crime, terms))


@given(DAYS, st.sampled_from(Outcome), st.booleans(), ALL_TERMS)
def test_a_later_end_is_kept_longer(ended, outcome, crime, terms):
    one = timedelta(days=1)
    assert last_day(ended + one, outcome, crime, terms) == last_day(ended, outcome, crime, terms) + one


def test_every_way_in_which_an_appeal_ends_has_a_term():
    still_open = {"received", "registered", "waiting", "forwarded", "joined"}
    assert {status.value for status in Appeal.Status} - still_open == {outcome.value for outcome in Outcome}
