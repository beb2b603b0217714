"""Beside an appeal the office sees what came before it: of the same person, of nearly the same text."""

import re

import pytest
from django.contrib.auth.models import Permission, User

from appeals import casework
from appeals.desk.seen_before import seen_before
from appeals.models import Appeal
from tests.appeals.citizen import entity, values
from tests.appeals.ended import answered, approved
from tests.appeals.taken import taken
from tests.appeals.topic_texts import ROAD, TEXTS
from tests.pageclient import PageClient

pytestmark = pytest.mark.django_db
NAMES = "Каримов Назаров Саидов Шарипов Юсупов Холов Одинаев Ризоев".split()


@pytest.fixture
def desk(officer):
    client = PageClient(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


def url(appeal: Appeal, page: str = "change") -> str:
    return f"/admin/appeals/appeal/{appeal.pk}/{page}/"


def panel(desk, appeal: Appeal) -> str:
    page = desk.get(url(appeal), inspect=False).content.decode()
    return page[page.index('id="seen-before"') : page.index("</section>", page.index('id="seen-before"'))]


def said_of(text: str, appeal: Appeal) -> str:
    """What the panel says in the row of an appeal; empty if it has none."""
    rows = [row for row in re.findall("<tr>.*?</tr>", text, re.DOTALL) if appeal.number in row]
    return " ".join(re.sub("<[^>]+>", " ", " ".join(rows)).split())


@pytest.mark.parametrize(
    ("earlier", "later", "same"),
    [
        ({"phone": "918 12 34 56"}, {"phone": "+992918123456", "surname": "Рахимов"}, "same name and telephone"),
        ({"email": "j@example.tj"}, {"email": "J@example.TJ", "given_name": "Джамшед"}, "same name and e-mail address"),
        ({}, {}, "same name and region"),
        ({"phone": "918123456", "surname": "Каримов"}, {"phone": "918123456"}, ""),
        ({"given_name": "Алӣ"}, {}, ""),
        ({"region": "TJ-KT", "district": "TJ-KT:bokhtar"}, {}, ""),
    ],
)
def test_the_same_person_is_seen_by_name_and_contact_or_region(desk, earlier, later, same):
    first = taken(**earlier)
    casework.index_new()
    said = said_of(panel(desk, taken(**later)), first)
    assert (same in said and "application" in said.lower()) if same else said == ""


def test_an_organisation_is_seen_by_its_name(desk):
    first, second = (taken(entity(entity_name=name)) for name in ("ҶДММ «Сомон»", "ООО «Сомон»"))
    casework.index_new()
    assert "same name and region" in said_of(panel(desk, second), first)


def test_the_panel_names_nobody_and_looks_at_nothing_else(desk):
    first = taken(phone="918123456", text=ROAD[0])
    casework.index_new()
    second = taken(phone="918123456", text=ROAD[0])
    text = panel(desk, second)
    assert "same name and telephone; text about 100 % the same" in said_of(text, first)
    assert not re.search("Раҳимов|Ҷамшед|918123456|Чинор", text)
    assert not first.journal.filter(action="opened").exists()
    assert "Some appeals are not indexed yet" in text
    casework.index_new()
    assert "Some appeals are not indexed yet" not in panel(desk, second)


def test_how_an_earlier_one_ended_is_told(desk):
    first, _code = answered(values(), days_ago=3)
    casework.index_new()
    assert "answered, " in said_of(panel(desk, taken()), first)


def test_a_near_same_text_is_compared_and_both_readings_are_recorded(desk, officer):
    first = taken(surname=NAMES[0], text=ROAD[0])
    other = taken(surname=NAMES[1], text=ROAD[1])
    second = taken(text=ROAD[0].replace("Чинор", "Сафедор").replace("Кӯдакон", "Толибилмон"))
    casework.index_new()
    text = panel(desk, second)
    assert re.search(r"text about 9\d % the same", said_of(text, first)) and said_of(text, other) == ""
    compare = url(second, f"compare/{first.pk}")
    assert compare in text
    page = desk.get(compare).content.decode()
    assert "<mark>ба мактаб дер мерасанд" in page and "Толибилмон </mark>" not in page
    for appeal in (first, second):
        assert appeal.journal.filter(action="opened", actor=officer).exists()


def test_many_people_with_one_text_are_a_campaign(desk):
    for surname in NAMES[:4]:
        taken(surname=surname, text=ROAD[0])
    casework.index_new()
    last = taken(text=ROAD[0])
    assert "looks like a campaign" in panel(desk, last)
    assert "Appeals of nearly the same text: 4; different people, with this one: 5." in panel(desk, last)
    casework.index_new()
    page = desk.get(url(last, "similar")).content.decode()
    assert all(appeal.number in page for appeal in Appeal.objects.all())
    assert not re.search("|".join(NAMES), page)


def test_one_person_who_writes_often_is_no_campaign(desk):
    for _time in range(5):
        taken(text=ROAD[0])
    casework.index_new()
    text = panel(desk, Appeal.objects.first())
    assert "looks like a campaign" not in text and "with this one: 1." in text


def test_the_steps_are_offered_to_who_may_take_them(desk, officer):
    first, second = taken(), taken()
    for one in (first, second):
        casework.register(one, officer)
    casework.index_new()
    text = panel(desk, second)
    for step in ("link", "join"):
        assert re.search(
            rf'action="{url(second, "step")}".*?name="other" value="{first.number}".*?value="{step}"', text, re.DOTALL
        )
    assert "What is a repeat?" in text and "no quotation" in text
    casework.answer(first, officer, "Ҷавоб")
    text = panel(desk, second)
    assert 'value="link"' in text and 'value="join"' not in text, "an ended one takes nothing in"
    desk.force_login(reader("read_content"))
    assert 'name="step"' not in panel(desk, second)


def reader(*codenames: str) -> User:
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_appeal", *codenames]))
    return user


def test_who_may_not_read_sees_no_panel_and_no_comparison(desk):
    first, second = taken(text=ROAD[0]), taken(text=ROAD[0])
    casework.index_new()
    desk.force_login(reader())
    assert 'id="seen-before"' not in desk.get(url(second), inspect=False).content.decode()
    for page in ("similar", f"compare/{first.pk}"):
        assert desk.get(url(second, page)).status_code == 403
    assert not first.journal.filter(action="opened").exists()


def test_there_is_no_comparison_with_itself_or_with_what_is_erased_or_missing(desk):
    first, _code = answered(values(text=ROAD[0]))
    second = taken(text=ROAD[0])
    casework.index_new()
    proposal = approved()
    casework.erase(first, proposal)
    assert said_of(panel(desk, second), first) == ""
    for other in (first.pk, second.pk, 999999):
        assert desk.get(url(second, f"compare/{other}")).status_code == 404
    assert desk.get(url(first, "similar")).status_code == 200


def test_an_unreadable_one_is_told(desk, settings):
    settings.OFFICE_KEYS = ["a1" * 32]
    first = taken(text=ROAD[0])
    settings.OFFICE_KEYS = ["b2" * 32]
    second = taken(text=ROAD[0])
    assert desk.get(url(second, f"compare/{first.pk}"))["Location"] == url(second)
    assert "One of the two appeals cannot be read" in desk.get(url(second), inspect=False).content.decode()


def test_the_panel_takes_as_many_queries_for_many_as_for_one(desk, django_assert_max_num_queries):
    for surname in (*NAMES, "Раҳимов", "Раҳимов"):
        taken(surname=surname, text=TEXTS[0], phone="918123456", email="j@example.tj")
    casework.index_new()
    appeal, officer = Appeal.objects.first(), User.objects.get(username="officer")
    opened = casework.read(appeal, officer)
    with django_assert_max_num_queries(7 + 2):  # And two to know what the officer may do.
        seen = seen_before(appeal, opened, officer)["seen"]
    assert len(seen["of_person"]) == 1 and len(seen["near"]) == len(NAMES)
