"""The office finds appeals by person with a form that is sent: no name stands in an address or in a record."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User

from appeals import casework
from tests.appeals.taken import taken
from tests.pageclient import PageClient

pytestmark = pytest.mark.django_db
FIND = "/admin/appeals/appeal/find/"


@pytest.fixture
def finder(officer):
    client = PageClient(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


def test_a_person_is_found_by_a_form_and_the_search_is_recorded_without_the_words(finder, caplog):
    appeal = taken(phone="918 12 34 56")
    casework.index_new()
    assert "rahimov" not in finder.get(FIND).content.decode()
    response = finder.post(FIND, {"text": "rahimov 918123456"})
    page = response.content.decode()
    assert appeal.number in page and "Раҳимов" not in page and 'value="rahimov 918123456"' in page
    assert "no-store" in response["Cache-Control"]
    entry = LogEntry.objects.get()
    assert (entry.user.username, str(entry)) == ("officer", "Changed “Search by person”\xa0— Appeals found: 1")
    assert "rahimov" not in caplog.text.lower()
    assert "Nothing was found." in finder.post(FIND, {"text": "Каримов"}).content.decode()
    assert "This field is required" in finder.post(FIND, {"text": " "}).content.decode()
    assert LogEntry.objects.count() == 2
    assert not appeal.journal.exclude(action="received").exists(), "nothing was opened"


def test_who_may_not_see_identities_finds_by_number_alone(finder, officer):
    listed = finder.get("/admin/appeals/appeal/", inspect=False).content.decode()
    assert FIND in listed
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_appeal", "read_content"]))
    finder.force_login(clerk)
    assert FIND not in finder.get("/admin/appeals/appeal/", inspect=False).content.decode()
    for response in (finder.get(FIND), finder.post(FIND, {"text": "Раҳимов"})):
        assert response.status_code == 403
    number = taken().number
    assert number in finder.get(f"/admin/appeals/appeal/?q={number}", inspect=False).content.decode()


def test_what_is_searched_for_in_the_address_is_not_searched_by(finder):
    appeal = taken()
    casework.index_new()
    assert appeal.number not in finder.get("/admin/appeals/appeal/?q=Раҳимов", inspect=False).content.decode()
    assert finder.get(f"{FIND}?text=Раҳимов").content.decode().count(appeal.number) == 0
    assert not LogEntry.objects.exists()
