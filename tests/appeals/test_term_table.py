"""Last days by a table that was written by hand with a paper calendar, and what holds for every calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appeals import term

FIXED = ["01-01", "03-08", "03-21", "03-22", "03-23", "03-24", "05-01", "05-09", "06-27", "09-09", "11-06"]
# Invented, as staff would enter them: a feast that moves, and days that change places with a weekend.
ENTERED = ["2026-05-27", "2026-11-09", "2027-03-25", "2028-01-03"]
WORKED = ["2026-11-07", "2027-03-27", "2028-01-02"]
KEPT = term.Calendar(
    holidays=frozenset(
        date.fromisoformat(day) for day in [f"{year}-{day}" for year in (2026, 2027, 2028) for day in FIXED] + ENTERED
    ),
    working=frozenset(date.fromisoformat(day) for day in WORKED),
)
# Registered (Dushanbe's time, or with a Z); the days: the term, w for waiting, e for an extension; the day to which
# they are counted; the last day; why.
TABLE = """
2026-01-01T09:00   30           2026-01-31   2026-02-02   a Saturday
2026-01-02T09:00   30           2026-02-01   2026-02-02   a Sunday
2026-01-05T09:00   30           2026-02-04   2026-02-04   a Wednesday
2026-01-30T09:00   30           2026-03-01   2026-03-02   over a February of 28 days, to a Sunday
2026-01-31T09:00   30           2026-03-02   2026-03-02   over a February of 28 days
2026-02-06T09:00   30           2026-03-08   2026-03-09   a holiday on a Sunday counts once
2026-02-18T09:00   30           2026-03-20   2026-03-20   the Friday before Navruz
2026-02-19T09:00   30           2026-03-21   2026-03-25   Saturday, Sunday, Monday and Tuesday are off
2026-02-20T09:00   30           2026-03-22   2026-03-25   the second of four days off
2026-02-21T09:00   30           2026-03-23   2026-03-25   the third
2026-02-22T09:00   30           2026-03-24   2026-03-25   the last
2026-02-23T09:00   30           2026-03-25   2026-03-25   the day after Navruz
2026-04-01T09:00   30           2026-05-01   2026-05-04   a holiday on a Friday, then the weekend
2026-04-09T09:00   30           2026-05-09   2026-05-11   a holiday on a Saturday
2026-04-27T09:00   30           2026-05-27   2026-05-28   a feast that staff entered
2026-05-28T09:00   30           2026-06-27   2026-06-29   a holiday on a Saturday
2026-08-10T09:00   30           2026-09-09   2026-09-10   a holiday on a Wednesday
2026-10-07T09:00   30           2026-11-06   2026-11-07   a holiday, then a Saturday that is worked
2026-10-08T09:00   30           2026-11-07   2026-11-07   a Saturday that is worked
2026-10-09T09:00   30           2026-11-08   2026-11-10   a Sunday, then a Monday that is off
2026-10-10T09:00   30           2026-11-09   2026-11-10   a Monday that is off
2026-10-15T09:00   30           2026-11-14   2026-11-16   the next Saturday is off as ever
2026-11-27T09:00   30           2026-12-27   2026-12-28   a Sunday
2026-12-01T09:00   30           2026-12-31   2026-12-31   the last day of the year
2026-12-02T09:00   30           2027-01-01   2027-01-04   New Year on a Friday, then the weekend
2026-12-03T09:00   30           2027-01-02   2027-01-04   the Saturday after New Year
2026-12-31T09:00   30           2027-01-30   2027-02-01   from the last day of the year, to a Saturday
2027-01-29T09:00   30           2027-02-28   2027-03-01   the last Sunday of February
2027-01-30T09:00   30           2027-03-01   2027-03-01   a Monday
2027-02-06T09:00   30           2027-03-08   2027-03-09   a holiday on a Monday
2027-02-18T09:00   30           2027-03-20   2027-03-26   six days off one after the other
2027-02-19T09:00   30           2027-03-21   2027-03-26   Navruz from a Sunday, and a day off entered after it
2027-02-23T09:00   30           2027-03-25   2027-03-26   the day off that was entered
2027-02-25T09:00   30           2027-03-27   2027-03-27   the Saturday that is worked for it
2027-02-26T09:00   30           2027-03-28   2027-03-29   the Sunday after it
2027-04-01T09:00   30           2027-05-01   2027-05-03   a holiday on a Saturday
2027-04-09T09:00   30           2027-05-09   2027-05-10   a holiday on a Sunday
2027-05-28T09:00   30           2027-06-27   2027-06-28   a holiday on a Sunday
2027-08-10T09:00   30           2027-09-09   2027-09-10   a holiday on a Thursday
2027-10-07T09:00   30           2027-11-06   2027-11-08   a holiday on a Saturday
2027-12-02T09:00   30           2028-01-01   2028-01-02   New Year on a Saturday, then a Sunday that is worked
2027-12-04T09:00   30           2028-01-03   2028-01-04   the Monday that is off for it
2027-12-05T09:00   30           2028-01-04   2028-01-04   a Tuesday
2028-01-29T09:00   30           2028-02-28   2028-02-28   a leap year: the day before the last of February
2028-01-30T09:00   30           2028-02-29   2028-02-29   the leap day
2028-01-31T09:00   30           2028-03-01   2028-03-01   the day after it
2028-02-07T09:00   30           2028-03-08   2028-03-09   over the leap day, to a holiday
2028-02-20T09:00   30           2028-03-21   2028-03-27   Navruz from Tuesday to Friday, then the weekend
2028-02-29T09:00   30           2028-03-30   2028-03-30   from the leap day
2026-11-26T18:59Z  30           2026-12-26   2026-12-28   23:59 in Dushanbe
2026-11-26T19:00Z  30           2026-12-27   2026-12-28   midnight in Dushanbe: the next day
2026-02-17T18:59Z  30           2026-03-19   2026-03-19   a minute earlier than the next day
2026-02-18T19:00Z  30           2026-03-21   2026-03-25   midnight: into Navruz
2026-12-31T18:59Z  30           2027-01-30   2027-02-01   the last minute of the year
2026-12-31T19:00Z  30           2027-01-31   2027-02-01   the first minute of the year
2028-02-28T18:59Z  30           2028-03-29   2028-03-29   the last minute before the leap day
2028-02-28T19:00Z  30           2028-03-30   2028-03-30   the first minute of the leap day
2026-02-18T09:00   30 w4        2026-03-24   2026-03-25   a wait up to Navruz' last day
2026-02-18T09:00   30 w5        2026-03-25   2026-03-25   a wait over Navruz
2026-02-19T09:00   30 w1        2026-03-22   2026-03-25   a day of waiting adds to the day that was counted
2026-11-27T09:00   30 w1        2026-12-28   2026-12-28   from the Sunday, not from the Monday after it
2026-11-27T09:00   30 w6        2027-01-02   2027-01-04   a wait over the end of the year
2026-11-27T09:00   30 w4 e15    2027-01-15   2027-01-15   a wait and an extension over it
2026-11-27T09:00   30 e30       2027-01-26   2027-01-26   the whole extension
2026-12-01T09:00   30 e1        2027-01-01   2027-01-04   extended to New Year
2027-02-18T09:00   30 e2        2027-03-22   2027-03-26   extended within the days off
2027-02-18T09:00   30 w3 e4     2027-03-27   2027-03-27   to a Saturday that is worked
2026-02-18T09:00   30 w1 w1 w2  2026-03-24   2026-03-25   three waits that pass over days off drift by nothing
2028-01-20T09:00   30 w10       2028-02-29   2028-02-29   a wait up to the leap day
2026-03-09T09:00   15           2026-03-24   2026-03-25   a shorter term
2026-05-04T09:00   5            2026-05-09   2026-05-11   days to forward
2026-11-26T09:00   3            2026-11-29   2026-11-30   days to register, to a Sunday
2026-11-27T09:00   3            2026-11-30   2026-11-30   days to register, over the weekend
2026-03-21T09:00   0            2026-03-21   2026-03-25   on the day itself
""".strip().splitlines()
KINDS = {"w": "paused", "e": "extended"}


def read(line: str) -> tuple[datetime, list[str], date, date]:
    registered, *days, counted, due = line[:56].split()
    moment = datetime.fromisoformat(registered if registered.endswith("Z") else f"{registered}+05:00")
    return moment, days, date.fromisoformat(counted), date.fromisoformat(due)


@pytest.mark.parametrize("line", TABLE, ids=[line[58:] for line in TABLE])
def test_the_last_day_is_the_one_of_the_paper_calendar(line):
    moment, (days, *more), counted, due = read(line)
    start = term.local_day(moment)
    total = term.sum_up([("start", start, int(days)), *((KINDS[step[0]], start, int(step[1:])) for step in more)])
    assert (total.counted, KEPT.last_day(total.counted)) == (counted, due)


@pytest.mark.parametrize(
    ("paused_at", "resumed_at", "days"),
    [
        ("2026-03-20T23:59+05:00", "2026-03-21T00:01+05:00", 1),
        ("2026-03-20T00:01+05:00", "2026-03-20T23:59+05:00", 0),
        ("2026-03-20T18:59+00:00", "2026-03-24T19:00+00:00", 5),
        ("2026-12-31T12:00+05:00", "2027-01-02T08:00+05:00", 2),
        ("2028-02-28T12:00+05:00", "2028-03-01T08:00+05:00", 2),
    ],
)
def test_a_pause_is_counted_in_days_of_dushanbe(paused_at, resumed_at, days):
    assert term.days_between(datetime.fromisoformat(paused_at), datetime.fromisoformat(resumed_at)) == days


def test_what_is_over_today_began_at_this_day_at_the_latest():
    """Within three days, on Monday: what came on Wednesday was due on Saturday, and so is due on this Monday."""
    assert term.latest_start(date(2026, 11, 30), 3, KEPT) == date(2026, 11, 24)
    assert term.latest_start(date(2026, 12, 1), 3, KEPT) == date(2026, 11, 27)


def test_a_crime_is_handed_over_by_the_clock():
    assert term.hand_over_by(datetime(2026, 11, 27, 9, 30, tzinfo=UTC), 24) == datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
MARKS = st.frozensets(DAYS, max_size=40)
NEAR = st.integers(0, 12).map(timedelta)


@st.composite
def calendars(draw, day):
    """Days off and worked ones, most of them near ``day``."""
    near = st.frozensets(NEAR.map(lambda distance: day + distance), max_size=10)
    return term.Calendar(draw(MARKS) | draw(near), draw(near))


@given(st.data(), DAYS)
def test_the_last_day_is_worked_and_nothing_before_it_is(data, counted):
    calendar = data.draw(calendars(counted))
    last = calendar.last_day(counted)
    assert last >= counted
    assert not calendar.is_off(last)
    assert all(calendar.is_off(counted + timedelta(days=day)) for day in range((last - counted).days))
    assert calendar.last_day(last) == last


@given(st.data(), DAYS, NEAR)
def test_a_term_that_is_counted_longer_never_ends_earlier(data, counted, more):
    calendar = data.draw(calendars(counted))
    assert calendar.last_day(counted + more) >= calendar.last_day(counted)


@given(st.data(), DAYS, NEAR)
def test_a_new_day_off_never_makes_a_term_earlier(data, counted, distance):
    calendar, added = data.draw(calendars(counted)), counted + distance
    assume(added not in calendar.working)
    after = term.Calendar(calendar.holidays | {added}, calendar.working)
    assert after.last_day(counted) >= calendar.last_day(counted)


@given(st.data(), DAYS, NEAR)
def test_whatever_becomes_of_the_calendar_a_promised_day_never_gets_earlier(data, counted, more):
    """Made longer under another calendar than it was promised under; and again, and nothing moves any more."""
    before, now = data.draw(calendars(counted)), data.draw(calendars(counted))
    promised = before.last_day(counted)
    due = now.longer(promised, counted + more)
    assert due >= promised
    assert due >= counted + more
    assert now.longer(due, counted + more) == due


@given(DAYS)
def test_where_a_term_may_end_on_any_day_none_is_off(day):
    assert term.Calendar(weekend=frozenset()).last_day(day) == day
