"""The list of appeals as a workplace: which queue shows which appeal and why, filters, many at once, the first page."""

import itertools
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from appeals import casework, queue_words, queues, term
from appeals.desk.queues import by_number
from appeals.models import Appeal, Department, Message, SavedFilter, Series, Topic
from tests.appeals.citizen import Citizen

pytestmark = pytest.mark.django_db
LIST = "/admin/appeals/appeal/"
SAVED = "/admin/appeals/savedfilter/"
TODAY = term.local_day(timezone.now())
numbers = itertools.count(1000)


def stored(status="registered", due=20, waits=None, age=5, **more) -> Appeal:
    """An appeal as it stands in a list; ``due`` and ``waits`` in days from today, ``age`` in days until today."""
    number = next(numbers)
    dated = status != "received"
    return Appeal.objects.create(
        number=f"2026-{number:06d}",
        tracking_hash=str(number),
        language="tg",
        applicant="individual",
        kind=more.pop("kind", "application"),
        region=more.pop("region", "TJ-SU"),
        verdict="examined",
        status=status,
        received_at=timezone.now() - timedelta(days=age),
        registered_at=timezone.now() - timedelta(days=age) if dated else None,
        due_on=TODAY + timedelta(days=due) if dated else None,
        wait_until=None if waits is None else TODAY + timedelta(days=waits),
        ended_at=timezone.now() if status in {"answered", "not_examined", "withdrawn"} else None,
        sealed_key=b"",
        box=b"",
        **more,
    )


def person(name: str, role: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    return User.objects.get(pk=user.pk)


def browser(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


@pytest.fixture
def chief(db):
    return person("chief", "Appeals supervisor")


@pytest.fixture
def roads(officer):
    made = Department.objects.create(name_tg="Роҳҳо", name_ru="Дороги", name_en="Roads")
    made.members.add(officer)
    return made


def listed(client: Client, query: str = "") -> list[str]:
    """The numbers on the page, in its order."""
    page = client.get(LIST + query)
    assert page.status_code == 200
    return re.findall(r'field-number"><a [^>]*>([^<]+)</a>', page.content.decode())


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
        "the applicant's day has passed",
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
        desk = queues.Desk(people["me"].pk, frozenset(), TODAY, registers=True, approves=True, answers=True)
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


FILTERS = {
    "status=waiting": {"status": "waiting"},
    "kind=complaint": {"kind": "complaint"},
    "region=TJ-DU": {"region": "TJ-DU"},
    "region=none": {"region": ""},
    "topic={topic}": {"topic_id": "{topic}"},
    "department={department}": {"department_id": "{department}"},
    "officer={officer}": {"officer_id": "{officer}"},
    "channel=post": {"channel": "post"},
    "language=ru": {"language": "ru"},
    "verdict=for_officer": {"verdict": "for_officer"},
    "applicant=entity": {"applicant": "entity"},
    "hold=yes": {"on_hold_since": timezone.now()},
    "archived=yes": {"archived_at": timezone.now()},
    "erased=yes": {"erased_at": timezone.now()},
    "until=2020-01-31": {"received_at": timezone.now().replace(year=2020, month=1, day=31, hour=12)},
}


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_narrows_the_queue_and_can_be_taken_away(query, officer, roads):
    topic = Topic.objects.create(name_tg="Об", name_ru="Вода", name_en="Water")
    known = {"topic": topic.pk, "department": roads.pk, "officer": officer.pk}
    values = {
        name: known[value.strip("{}")] if str(value).startswith("{") else value
        for name, value in FILTERS[query].items()
    }
    wanted, other = stored(), stored()
    Appeal.objects.filter(pk=wanted.pk).update(**values)
    query, client = query.format(**known), browser(officer)
    assert listed(client, f"?queue=all&{query}") == [wanted.number]
    page = client.get(f"{LIST}?queue=all&{query}").content.decode()
    chip = re.search(r'<ul class="queue-chips".*?</ul>', page, re.DOTALL)[0]
    assert re.findall(r'<li><a href="\?([^"]*)"><span', chip) == ["queue=all"]
    assert set(listed(client, "?queue=all")) == {wanted.number, other.number}


def test_filters_combine(officer):
    wanted = stored(kind="complaint")
    stored(kind="complaint", region="TJ-DU")
    stored()
    assert listed(browser(officer), "?queue=nobody&kind=complaint&region=TJ-SU") == [wanted.number]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("status=zz", "Select a valid choice"),
        ("officer=1%27--", "Select a valid choice"),
        ("since=yesterday", "Enter a valid date"),
        ("since=2026-02-01&until=2026-01-01", "before the first one"),
        ("topic=99999999999999999999", "Select a valid choice"),
    ],
)
def test_a_filter_with_a_fault_says_so_beside_its_field(query, says, officer):
    page = browser(officer).get(f"{LIST}?queue=all&{query}")
    assert page.status_code == 200
    assert says in page.content.decode()
    assert "Save this combination" not in page.content.decode()


@pytest.mark.parametrize("query", ["?box__startswith=a", "?tracking_hash=1", "?officer__password__startswith=a"])
def test_nothing_else_is_looked_up(query, officer):
    stored()
    assert len(listed(browser(officer), query)) == 1


@pytest.mark.parametrize("query", ["?queue=nonsense", "?p=zz", "?p=0", "?o=9.9", "?all=1", "?q=%00", "?queue="])
def test_no_address_breaks_the_list(query, officer):
    assert browser(officer).get(LIST + query, follow=True).status_code == 200


def save(client: Client, query: str, name="Шикоятҳо", **more):
    return client.post(f"{SAVED}add/?query={quote(query)}", {"name": name, "query": query} | more)


def test_a_combination_is_kept_under_a_name_renamed_and_deleted(officer):
    client, query = browser(officer), "queue=all&kind=complaint"
    link = re.search(rf'href="({SAVED}add/[^"]*)"', client.get(f"{LIST}?{query}").content.decode())[1]
    assert f'value="{query.replace("&", "&amp;")}"' in client.get(link).content.decode()
    assert save(client, query)["Location"] == f"{LIST}?{query}"
    page = client.get(f"{LIST}?{query}").content.decode()
    assert re.search(r'aria-current="page">Шикоятҳо', page)
    kept = SavedFilter.objects.get()
    assert "already" in save(client, query).content.decode()
    client.post(f"{SAVED}{kept.pk}/change/", {"name": "Номи дигар", "query": query})
    assert "Номи дигар" in client.get(LIST).content.decode()
    client.post(f"{SAVED}{kept.pk}/delete/", {"post": "yes"})
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "queue=nonsense",
        "kind=gift",
        "q=Раҳимов",
        "surname=Раҳимов",
        "queue=all&box__contains=1",
        "status=answered&x=1",
    ],
)
def test_only_known_filters_are_kept(query, officer):
    assert "not known" in save(browser(officer), query).content.decode()
    assert not SavedFilter.objects.exists()


def test_another_person_s_filter_is_out_of_reach_and_a_supervisor_shares(officer, chief):
    save(browser(officer), "queue=mine&kind=complaint", "Худӣ", shared="on")
    own = SavedFilter.objects.get()
    assert not own.shared  # An officer may not.
    assert "Худӣ" not in browser(chief).get(LIST).content.decode()
    for step in ("change/", "delete/"):
        browser(chief).post(f"{SAVED}{own.pk}/{step}", {"name": "Бегона", "query": "queue=all", "post": "yes"})
    own.refresh_from_db()
    assert own.name == "Худӣ"
    save(browser(chief), "queue=overdue&kind=complaint", "Барои ҳама", shared="on")
    page = browser(officer).get(LIST).content.decode()
    assert "Барои ҳама" in page
    shared = SavedFilter.objects.get(shared=True)
    assert f"{SAVED}{shared.pk}/" not in page
    press = browser(person("press", "Press chief"))
    assert press.get(f"{SAVED}add/?query=queue%3Dall").status_code == 403
    assert save(press, "queue=all&kind=complaint").status_code == 403


def choose(client: Client, action: str, appeals, query="?queue=all", **more):
    return client.post(
        LIST + query, {"action": action, "index": "0", "_selected_action": [one.pk for one in appeals]} | more
    )


def confirm(client: Client, action: str, appeals, **more):
    data = {"action": action, "_selected_action": [one.pk for one in appeals], "confirm": "yes"} | more
    return client.post(f"{LIST}?queue=all", data, follow=True).content.decode()


def received(many: int) -> list[Appeal]:
    for _ in range(many):
        Citizen().appeal()
    return list(Appeal.objects.order_by("id"))


def test_many_are_registered_after_the_count_was_shown(officer):
    client, appeals = browser(officer), received(3)
    casework.register(appeals[0], officer)
    page = choose(client, "register_selected", appeals, "?queue=new&kind=application").content.decode()
    # The first stands in another queue by now: it is not among those that were chosen there.
    assert "Selected: 2." in page
    page = choose(client, "register_selected", appeals).content.decode()
    assert "Selected: 3." in page
    assert "It can be done with: 2." in page
    assert "It will be refused for: 1 (registered already, or held by the filter)." in page
    assert Appeal.objects.filter(status="received").count() == 2
    page = confirm(client, "register_selected", appeals, back="queue=new&kind=application")
    assert "Done: 2." in page
    assert f"Refused: 1. Appeal № is registered already: {appeals[0].number}" in page
    assert 'name="queue" value="new"' in page
    assert all(one.journal.filter(action="registered").count() == 1 for one in appeals)


def test_a_whole_queue_is_taken_up_to_five_hundred(officer):
    Appeal.objects.bulk_create(unsaved(503))
    client = browser(officer)
    first = Appeal.objects.first()
    page = choose(client, "release_selected", [first], "?queue=held", select_across="1").content.decode()
    assert "Selected: 500." in page
    assert "At most 500 appeals are taken at once" in page
    assert page.count('name="_selected_action"') == 500


def unsaved(many: int) -> list[Appeal]:
    return [
        Appeal(
            number=f"2025-{number:06d}", tracking_hash=f"x{number}", language="tg", applicant="individual",
            kind="application", verdict="examined", status="received", held="haste", received_at=timezone.now(),
            sealed_key=b"", box=b"",
        )
        for number in range(many)
    ]  # fmt: skip


def test_a_step_for_many_needs_its_right_and_a_post(officer):
    appeals, auditor = received(1), browser(person("auditor", "Auditor"))
    for action in ("register_selected", "release_selected", "assign_selected", "archive_selected"):
        confirm(auditor, action, appeals)
    confirm(browser(officer), "archive_selected", appeals)
    browser(officer).get(LIST, {"action": "register_selected", "confirm": "1", "_selected_action": appeals[0].pk})
    assert list(Appeal.objects.values_list("status", "archived_at")) == [("received", None)]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    assert choose(strict, "register_selected", appeals).status_code == 403


def test_the_back_of_a_step_leads_nowhere_else(officer):
    appeals = received(1)
    data = {"action": "register_selected", "_selected_action": [appeals[0].pk], "confirm": "1"}
    for back in ("//evil.example/", "https://evil.example/?x=1", "a\r\nSet-Cookie: x=1"):
        there = browser(officer).post(f"{LIST}?queue=all", data | {"back": back})["Location"]
        assert there.startswith(f"{LIST}?")
        assert "\r" not in there and "\n" not in there


def registered(many: int, officer: User) -> list[Appeal]:
    appeals = received(many)
    for appeal in appeals:
        casework.register(appeal, officer)
    return appeals


def test_assigning_asks_to_whom(officer, chief):
    appeals = registered(2, officer)
    page = choose(browser(chief), "assign_selected", appeals).content.decode()
    assert 'name="department"' in page
    assert ">officer</option>" in page
    page = confirm(browser(chief), "assign_selected", appeals)
    assert "Choose a department or an officer." in page


@pytest.mark.skipif(not hasattr(casework, "assign"), reason="there is no step to assign yet")
def test_many_are_assigned(officer, chief, roads):
    appeals = registered(2, officer)
    assert "Done: 2." in confirm(browser(chief), "assign_selected", appeals, department=roads.pk, to=officer.pk)
    assert set(Appeal.objects.values_list("officer", "department")) == {(officer.pk, roads.pk)}


def test_the_printed_list_names_no_person(officer):
    appeals = received(2)
    page = choose(browser(officer), "print_list", appeals).content.decode()
    assert all(one.number in page for one in appeals)
    assert "Раҳимов" not in page


def test_no_list_names_an_applicant(officer):
    received(1)
    for url in (LIST, "/admin/", f"{LIST}?queue=all"):
        page = browser(officer).get(url).content.decode()
        assert "Раҳимов" not in page and "Рӯдакӣ" not in page


def questions(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("url", [LIST, f"{LIST}?queue=all&region=TJ-SU&kind=application", "/admin/"])
def test_ten_or_three_hundred_appeals_cost_the_same(url, officer, roads):
    client, asked = browser(officer), set()
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
