"""What is done with many appeals at once: the count before, the refusals after, the rights."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from appeals import casework
from appeals.models import Appeal
from tests.appeals.citizen import Citizen
from tests.appeals.shelf import LIST, browser, person

pytestmark = pytest.mark.django_db


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
