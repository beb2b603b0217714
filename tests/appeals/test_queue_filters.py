"""The list of appeals is narrowed by filters; a combination of them is kept under a name."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from appeals.models import Appeal, SavedFilter, Topic
from tests.appeals.shelf import LIST, SAVED, browser, listed, person, stored

pytestmark = pytest.mark.django_db


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
