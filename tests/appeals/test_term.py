"""Deadlines: what is promised on the receipt, and how the last day comes about afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from appeals import casework, term, term_words
from appeals.models import Appeal, JournalEntry
from tests.appeals.citizen import Citizen
from tests.appeals.follower import Follower

FAR = datetime(2090, 1, 1)  # noqa: DTZ001
DAYS = st.integers(0, 90)
STEPS = st.lists(st.tuples(st.sampled_from(["paused", "extended"]), st.just(date(2027, 1, 1)), DAYS))


def test_late_in_the_evening_it_is_the_next_day_in_dushanbe():
    assert term.local_day(datetime(2026, 11, 26, 19, 0, tzinfo=UTC)) == date(2026, 11, 27)
    assert term.due_on(datetime(2026, 11, 26, 19, 0, tzinfo=UTC), 30) == date(2026, 12, 27)


@given(st.datetimes(timezones=st.just(UTC), max_value=FAR), DAYS, DAYS)
def test_the_promise_counts_from_the_latest_day_of_registration(received, register, days):
    promised = term.forecast(received, register, days, term.Calendar())
    assert promised.registered.counted - promised.received_on == timedelta(days=register)
    assert promised.answered.counted - promised.registered.due == timedelta(days=days)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), DAYS, STEPS)
def test_the_sum_is_the_term_and_every_day_added_to_it(start, days, steps):
    total = term.sum_up([("start", start, days), *steps])
    assert total.counted == start + timedelta(days=days + sum(step[2] for step in steps))


@given(STEPS, STEPS)
def test_a_case_that_is_opened_again_begins_its_sum_anew(before, after):
    again = ("start", date(2027, 2, 1), 30)
    assert term.sum_up([("start", date(2026, 1, 1), 30), *before, again, *after]) == term.sum_up([again, *after])


def test_before_registration_there_is_nothing_to_sum_up():
    assert term.sum_up([]) is None


def test_a_journal_from_before_days_off_were_passed_over_adds_up_to_its_own_day():
    at = datetime(2026, 11, 27, 9, tzinfo=UTC)
    for detail in ({"due_on": "2026-12-27"}, {"due_on": "2026-12-28", "days": 30}):
        entries = [
            JournalEntry(action="registered", at=at, detail=detail),
            JournalEntry(action="extended", at=at, detail={"due_on": "2026-12-30", "days": 3}),
            JournalEntry(action="added", at=at, detail={"due_on": "2027-01-05", "paused": 6}),
        ]
        assert term_words.total(entries) == term.Sum(date(2026, 11, 27), 30, 6, 3)


def test_the_arithmetic_is_told_in_words():
    with translation.override("en"):
        for parts, due, said in (
            (
                term.Sum(date(2026, 11, 26), 32, 0, 0),
                date(2026, 12, 28),
                "26.11.2026 + 32 days (the term) = 28.12.2026",
            ),
            (
                term.Sum(date(2026, 11, 27), 30, 4, 15),
                date(2027, 1, 15),
                "27.11.2026 + 30 days (the term) + 4 (waiting for your answer) + 15 (extension) = 15.01.2027",
            ),
            (
                term.Sum(date(2026, 11, 27), 30, 0, 0),
                date(2026, 12, 28),
                "27.11.2026 + 30 days (the term) = 27.12.2026, a day off → 28.12.2026",
            ),
            (
                term.Sum(date(2026, 11, 27), 31, 0, 0),
                date(2026, 12, 30),
                "27.11.2026 + 31 days (the term) = 28.12.2026, set to 30.12.2026",
            ),
        ):
            assert term_words.equation(parts, due, term.Calendar()) == said


@pytest.mark.django_db
@override_settings(APPEAL_REGISTER_DAYS=2, APPEAL_TERM_DAYS=15)
def test_the_receipt_shows_how_its_last_day_comes_about():
    citizen = Citizen()
    citizen.appeal()
    day, page = timezone.localdate(), citizen.client.get(citizen.url("receipt/")).content.decode()
    registered, due = day + timedelta(days=2), day + timedelta(days=17)
    assert f"{day:%d.%m.%Y} + 2 days to register, by the office’s own rule = {registered:%d.%m.%Y}" in page
    assert f"{registered:%d.%m.%Y} + 15 days from registration, by Article 18 of the law = {due:%d.%m.%Y}" in page


def wait(days):
    Appeal.objects.update(paused_at=timezone.now() - timedelta(days=days))


WAYS = {
    "nothing": [],
    "a question": ["ask", "reply"],
    "two questions": ["ask", "reply", "ask", "reply"],
    "an extension": ["extend"],
    "an extension while it waits": ["ask", "extend", "reply"],
    "opened again": ["ask", "reply", "extend", "answer", "reopen"],
    "opened again and extended": ["extend", "answer", "reopen", "extend"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_sum_on_the_page_is_always_the_day_that_is_kept(way, sent, officer):
    take = {
        "ask": lambda one: (casework.ask(one, officer, "Савол"), wait(4)),
        "reply": lambda one: sent.do("message", text="Ҷавоб"),
        "extend": lambda one: casework.extend(one, officer, 9, "Сабаб"),
        "answer": lambda one: casework.answer(one, officer, "Ҷавоб"),
        "reopen": lambda one: sent.do("rate", helped="no", missing="Кай?"),
    }
    for step in way:
        take[step](Appeal.objects.get())
    appeal = Appeal.objects.get()
    assert term_words.total(appeal.journal.all()).counted == appeal.due_on
    assert f"= {appeal.due_on:%d.%m.%Y}" in sent.page()


@pytest.mark.django_db
def test_before_registration_the_page_promises_no_day():
    follower = Follower(*Citizen().appeal())
    follower.open()
    assert "How the term is counted" not in follower.page()
