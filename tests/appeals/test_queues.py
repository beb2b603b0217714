"""Which queue shows which appeal and why, its count and order; the admin's first page."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from appeals import queue_words, queues
from appeals.desk.queues import by_number
from appeals.models import Appeal, Department, Message, Series, kept_calendar
from tests.appeals.shelf import LIST, TODAY, browser, listed, person, stored

pytestmark = pytest.mark.django_db


# How an appeal stands; in which queues besides "all" an officer of the department finds it; what its row says first.
STANDS = {
    "new": ({"status": "received", "age": 1}, "todo new nobody", "to be registered by"),
    "new, late": ({"status": "received", "age": 9}, "todo new nobody", "to be registered, days late: 6"),
    "held": ({"status": "received", "held": "haste"}, "todo held nobody", "held, days: 5 (it was sent a few seconds"),
    "crime": ({"crime": "claimed", "officer": "other"}, "todo crime", "crime information, not ruled on"),
    "crime kept": ({"crime": "confirmed", "officer": "other"}, "todo crime", "crime information confirmed, not handed"),
    "no crime": ({"crime": "unfounded", "officer": "other"}, "", ""),
    "crime, ended": ({"crime": "claimed", "status": "answered"}, "answered", ""),
    "mine": ({"officer": "me"}, "todo mine", "waits for you since"),
    "mine, soon": ({"officer": "me", "due": 3}, "todo mine soon", "due soon, days left: 3"),
    "mine, later": ({"officer": "me", "due": 4}, "todo mine", "waits for you since"),
    "mine, today": ({"officer": "me", "due": 0}, "todo mine soon", "due today"),
    "mine, late": ({"officer": "me", "due": -2}, "todo mine overdue", "overdue, days: 2"),
    "mine, asked": ({"officer": "me", "status": "waiting", "waits": 0}, "mine waiting", "waits for the applicant until"),
    "mine, asked long ago": (
        {"officer": "me", "status": "waiting", "waits": -1, "due": -3},
        "todo mine waiting passed",
        "the applicant’s day has passed",
    ),
    "mine, prepared": ({"officer": "me", "prepared_by": "me"}, "mine second", "the answer waits for a second person"),
    "department's": ({"department": "roads"}, "todo department", "nobody in the department has it yet"),
    "colleague's": ({"department": "roads", "officer": "other"}, "department", ""),
    "colleague's, late": ({"department": "roads", "officer": "other", "due": -1}, "todo department overdue", "overdue"),
    "other's": ({"officer": "other"}, "", ""),
    "other's, late": ({"officer": "other", "due": -1}, "overdue", "overdue, days: 1"),
    "nobody's": ({}, "todo nobody", "nobody has it yet"),
    "away": ({"officer": "me", "status": "forwarded"}, "mine forwarded", "at another authority"),
    "away, late": ({"officer": "me", "status": "forwarded", "due": -1}, "todo mine forwarded overdue", "overdue"),
    "joined": ({"status": "joined", "due": -1}, "joined", ""),
    "answered": ({"status": "answered", "due": -1, "officer": "me"}, "answered", ""),
    "not examined": ({"status": "not_examined"}, "not_examined", ""),
    "withdrawn": ({"status": "withdrawn"}, "", ""),
}  # fmt: skip


def placed(how: dict, me: User, other: User, roads: Department) -> Appeal:
    people = {"me": me, "other": other, "roads": roads}
    return stored(**{name: people.get(value, value) for name, value in how.items()})


def test_each_appeal_stands_in_its_queues_and_says_why(officer, roads):
    other, client = person("other", "Appeals officer"), browser(officer)
    made = {name: placed(how, officer, other, roads).number for name, (how, _in, _why) in STANDS.items()}
    pages = {name: client.get(f"{LIST}?queue={name}").content.decode() for name in queues.QUEUES}
    for name, (_how, expected, why) in STANDS.items():
        found = {queue for queue, page in pages.items() if f">{made[name]}</a>" in page}
        assert found == {*expected.split(), "all"}, name
        row = re.search(rf">{made[name]}</a>.*?</tr>", pages["all"], re.DOTALL)[0]
        reasons = re.findall(r'class="why[^"]*">([^<]*)', row)
        assert reasons[0].replace("&#x27;", "'").startswith(why) if why else not reasons, (name, reasons)


def test_the_counts_on_the_tabs_are_those_of_the_lists(officer, roads):
    other, client = person("other", "Appeals officer"), browser(officer)
    for how, _in, _why in STANDS.values():
        placed(how, officer, other, roads)
    tabs = r'href="\?queue=(\w+)"[^>]*>[^<]*<span class="queues__count">(\d+)<'
    counts = dict(re.findall(tabs, client.get(LIST).content.decode()))
    assert counts == {name: str(len(listed(client, f"?queue={name}"))) for name in queues.QUEUES}
    assert counts["all"] == str(len(STANDS))


class Counts(TestCase):
    """Whatever stands in the tables: a count is the number of rows of its queue, and "to do" has no foreign work."""

    @hypothesis_settings(max_examples=15)
    @given(
        st.lists(
            st.fixed_dictionaries(
                {
                    "status": st.sampled_from(Appeal.Status.values),
                    "due": st.integers(-2, 5),
                    "waits": st.integers(-1, 1),
                    "crime": st.sampled_from(["not_claimed", "claimed", "confirmed"]),
                    "held": st.sampled_from(["", "haste"]),
                    "officer": st.sampled_from(["me", "other", None]),
                    "prepared_by": st.sampled_from(["me", "other", None]),
                }
            ),
            max_size=6,
        )
    )
    def test_counts_are_lists(self, rows):
        people = {name: User.objects.get_or_create(username=name)[0] for name in ("me", "other")}
        for row in rows:
            stored(**{name: people.get(value, value) for name, value in row.items()})
        desk = queues.Desk(people["me"].pk, frozenset(), TODAY, True, True, True, kept_calendar())
        counts = queues.counts(desk)
        for name, queue in queues.QUEUES.items():
            found = Appeal.objects.filter(queue.where(desk)).order_by(*queues.order(queue, desk))
            assert counts[name] == len(found)
            if name in {"todo", "mine", "overdue"}:
                times = queue_words.since(found)
                assert all(queue_words.why(appeal, desk, times) for appeal in found)
                assert all(appeal.status in queues.OPEN for appeal in found)


def test_the_most_urgent_stands_on_top_and_the_order_is_stable(officer):
    wanted = [
        stored(officer=officer, crime="claimed", due=30),
        stored("received", age=9),
        stored(officer=officer, due=-5),
        stored(officer=officer, due=-1),
        stored("received", age=0),
        stored(officer=officer, due=1),
        stored(officer=officer, due=9),
        stored(officer=officer, due=9),
    ]
    for _ in range(2):
        assert listed(browser(officer)) == [appeal.number for appeal in wanted]
    waits = stored("waiting", officer=officer, due=-9, waits=5)
    assert listed(browser(officer), "?queue=mine")[-1] == waits.number


def test_the_second_person_is_not_the_one_who_prepared_it(chief, officer):
    others, own = stored(officer=officer, prepared_by=officer), stored(officer=chief, prepared_by=chief)
    assert listed(browser(chief)) == [others.number]
    assert set(listed(browser(chief), "?queue=second")) == {others.number, own.number}


def test_an_auditor_begins_with_all_of_them():
    ended = stored("answered")
    client = browser(person("auditor", "Auditor"))
    assert listed(client) == [ended.number]
    page = client.get(LIST).content.decode()
    assert re.search(r'href="\?queue=all" aria-current="page"', page)
    tabs = re.search(r'<nav class="queues".*?</nav>', page, re.DOTALL)[0]
    assert tabs.count("aria-current") == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2026-000123", [1]), ("2026-000123 ", [1]), ("№ 2026/123", [1]), ("2026000123", [1]),
        ("000123", [1, 2]), ("123", [1, 2]), ("2026-0001", [1]), ("2026-0009", []), ("124", []), ("ҷ", []),
        ("12345678", []), ("'; --", []), ("2025-123", [2]),
    ],
)  # fmt: skip
def test_a_number_is_found_as_people_say_it(typed, found):
    Series.objects.bulk_create([Series(year=2025), Series(year=2026)])
    for pk, number in enumerate(("2026-000123", "2025-000123"), 1):
        appeal = stored(id=pk)
        Appeal.objects.filter(pk=appeal.pk).update(number=number)
    assert list(Appeal.objects.filter(by_number(typed)).order_by("id").values_list("pk", flat=True)) == found


def test_a_number_is_looked_for_in_every_queue(officer):
    Series.objects.create(year=2026)
    ended = stored("answered")
    client = browser(officer)
    assert listed(client) == []
    assert listed(client, f"?q={ended.number}") == [ended.number]
    assert listed(client, "?q=999999") == []


def questions(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("url", [LIST, f"{LIST}?queue=all&region=TJ-SU&kind=application", "/admin/"])
def test_ten_or_three_hundred_appeals_cost_the_same(url, officer, roads):
    client, asked = browser(officer), set()
    client.get(url)  # The first page of a session notes it down.
    for many in (10, 60):
        for _ in range(many):
            Message.objects.create(
                appeal=stored(officer=officer, department=roads), author="applicant", at=timezone.now(), box=b""
            )
        asked.add(questions(client, url))
    assert len(asked) == 1
    assert max(asked) <= 12


def test_the_first_page_says_what_to_do_next(officer):
    late, answered = stored(officer=officer, due=-2), stored("answered", officer=officer)
    spoken = stored("waiting", officer=officer, waits=5)
    held = stored("received", held="many", age=7)
    for author in ("office", "applicant"):
        Message.objects.create(appeal=spoken, author=author, at=timezone.now(), box=b"")
    page = browser(officer).get("/admin/").content.decode()
    cards = dict(re.findall(r'aria-labelledby="office-(urgent|unread|held|second)">(.*?)</section>', page, re.DOTALL))
    assert late.number in cards["urgent"] and "overdue, days: 2" in cards["urgent"]
    assert spoken.number in cards["unread"] and spoken.number not in cards["urgent"]
    assert held.number in cards["held"]
    assert answered.number not in page
    assert "second" not in cards
    assert re.search(r'\?queue=overdue">Overdue <span class="queues__count">1<', page)


def first_page(client: Client) -> str:
    """Without the token that each page has of its own."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", client.get("/admin/").content.decode())


@pytest.mark.parametrize("role", ["Press editor", "Press chief", "Appeals operator", "Nobody"])
def test_who_has_no_part_in_it_learns_nothing_of_appeals(role):
    client = browser(person("somebody", role))
    before = first_page(client)
    appeal = stored(crime="claimed")
    after = first_page(client)
    assert after == before
    assert appeal.number not in after and "queue=" not in after
    assert client.get(LIST).status_code == 403
