"""Who else has an appeal open is seen; who writes in it keeps it, until a colleague takes over."""

import pytest
from django.test import Client

from appeals.models import Appeal
from portal import presence
from tests.appeals.office import person, taken

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def case(officer):
    return f"/admin/appeals/appeal/{taken(officer).pk}/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_colleagues_see_each_other_without_javascript(case, officer):
    signed_in(officer).get(f"{case}change/")
    page = signed_in(person("colleague")).get(f"{case}change/", headers=ENGLISH).content.decode()
    assert "Open here too: officer (since" in page


def test_who_writes_keeps_the_case_until_a_colleague_takes_over(case, officer):
    writer, other = signed_in(officer), signed_in(person("colleague"))
    writer.post(f"{case}presence/", {"writing": "1"})
    assert other.post(f"{case}presence/").json()["writes"] == "officer"
    typed = {"step": "extend", "more_days": "3", "text": "Маълумот дархост шуд."}
    page = other.post(f"{case}step/", typed, headers=ENGLISH).content.decode()
    assert "fficer is writing in this case" in page
    assert 'name="take_over"' in page
    assert "Маълумот дархост шуд." in page
    assert Appeal.objects.get().journal.filter(action="extended").count() == 0
    assert other.post(f"{case}step/", typed | {"take_over": "1"}).status_code == 302
    assert Appeal.objects.get().journal.filter(action="extended").count() == 1
    assert other.post(f"{case}presence/").json()["writes"] == ""
    assert writer.post(f"{case}presence/", {"writing": "1"}).json()["revision"] == Appeal.objects.get().revision


def test_who_leaves_or_falls_silent_keeps_nothing(case, officer, monkeypatch):
    writer, other = signed_in(officer), signed_in(person("colleague"))
    writer.post(f"{case}presence/", {"writing": "1"})
    writer.post(f"{case}presence/", {"leaving": "1"})
    assert other.post(f"{case}presence/").json() == {
        "others": [],
        "writes": "",
        "revision": Appeal.objects.get().revision,
    }
    writer.post(f"{case}presence/", {"writing": "1"})
    later = presence.time.time() + presence.SECONDS + 1
    monkeypatch.setattr(presence.time, "time", lambda: later)
    assert other.post(f"{case}presence/").json()["others"] == []


def test_who_may_not_see_appeals_hears_nothing(case):
    for role in ("Press editor", "Appeals operator"):
        assert signed_in(person(role, role)).post(f"{case}presence/").status_code == 403
    assert Client().post(f"{case}presence/").status_code == 302
