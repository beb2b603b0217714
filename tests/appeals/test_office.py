"""The office: officers see new appeals with their assessment and register them; nobody else does."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from appeals import casework, term, vault
from appeals.models import Appeal, AppealFile, JournalEntry
from tests.appeals.citizen import TEXT, Citizen, crime, picture, values
from tests.appeals.office_routes import reveal
from tests.intruder import owning_the_database

pytestmark = pytest.mark.django_db
LIST = "/admin/appeals/appeal/"


@pytest.fixture
def appeal():
    Citizen("tg").appeal(values(attachments=[picture()]))
    return Appeal.objects.get()


def staff(role: str) -> Client:
    client = Client()
    if role != "Anonymous":
        user = User.objects.create_user(role, is_staff=True)
        group = {"Officer": "Appeals officer", "Supervisor": "Appeals supervisor"}.get(role, role)
        user.groups.set(Group.objects.filter(name=group))
        client.force_login(user)
    return client


def test_an_officer_finds_the_appeal_reads_it_and_registers_it(appeal, client, officer):
    login = client.post("/admin/login/?next=" + LIST, {"username": "officer", "password": "Correct-Horse-9"})
    assert login["Location"] == LIST
    assert appeal.number in client.get(LIST).content.decode()
    page = client.get(f"{LIST}{appeal.pk}/change/").content.decode()
    assert TEXT in page and "Раҳимов" not in page
    reveal(client, appeal)
    assert "Раҳимов Ҷамшед Қосимович" in client.get(f"{LIST}{appeal.pk}/change/").content.decode()
    client.post(f"{LIST}{appeal.pk}/register/")
    appeal.refresh_from_db()
    assert appeal.status == Appeal.Status.REGISTERED
    assert appeal.due_on == term.due_on(appeal.registered_at, 30)
    steps = list(appeal.journal.values_list("action", "actor__username"))
    assert steps == [
        ("received", None),
        ("opened", "officer"),
        ("revealed", "officer"),
        ("opened", "officer"),
        ("registered", "officer"),
    ]


def test_the_assessment_is_shown_with_its_grounds(client, officer):
    Citizen().appeal(crime(), sign=False)
    client.force_login(officer)
    page = client.get(f"{LIST}{Appeal.objects.get().pk}/change/", headers={"Accept-Language": "en"}).content.decode()
    for code in ("NAME_MISSING", "RESIDENCE_MISSING", "UNSIGNED"):
        assert f"<code>{code}</code>" in page
    assert "Дуздии маводи сохтмонӣ" in page


def test_an_appeal_is_registered_once(appeal, client, officer):
    client.force_login(officer)
    for _ in range(2):
        client.post(f"{LIST}{appeal.pk}/register/")
    assert appeal.journal.filter(action="registered").count() == 1
    with pytest.raises(casework.Refused):
        casework.register(appeal, officer)


def test_many_are_registered_at_once(client, officer):
    for _ in range(2):
        Citizen().appeal()
    client.force_login(officer)
    chosen = list(Appeal.objects.values_list("pk", flat=True))
    client.post(LIST, {"action": "register_selected", "_selected_action": chosen, "confirm": "1"})
    assert set(Appeal.objects.values_list("status", flat=True)) == {"registered"}


@pytest.mark.parametrize(
    ("role", "may_list", "may_read", "may_register"),
    [
        ("Officer", True, True, True),
        ("Supervisor", True, True, True),
        ("Auditor", True, False, False),
        ("Press editor", False, False, False),
        ("Nobody", False, False, False),
        ("Anonymous", False, False, False),
    ],
)
def test_each_role_sees_and_does_what_is_its_own(appeal, role, may_list, may_read, may_register):
    client = staff(role)
    assert (client.get(LIST).status_code == 200) == may_list
    page = client.get(f"{LIST}{appeal.pk}/change/")
    assert (page.status_code == 200) == may_list
    assert (TEXT in page.content.decode()) == may_read
    for file in AppealFile.objects.filter(role="attachment"):
        assert (client.get(f"{LIST}{appeal.pk}/files/{file.pk}/").status_code == 200) == may_read
    client.post(f"{LIST}{appeal.pk}/register/")
    appeal.refresh_from_db()
    assert (appeal.status == "registered") == may_register
    for address in ("add/", f"{appeal.pk}/delete/"):
        assert client.post(LIST + address, {"post": "yes"}).status_code in {302, 403}
    assert Appeal.objects.count() == 1


def test_every_reading_is_recorded(appeal, client, officer):
    client.force_login(officer)
    client.get(f"{LIST}{appeal.pk}/change/")
    file = AppealFile.objects.get(role="attachment")
    client.get(f"{LIST}{appeal.pk}/files/{file.pk}/")
    assert list(appeal.journal.values_list("action", flat=True)) == ["received", "opened", "opened"]
    assert appeal.journal.last().detail == {"file": file.pk}


def test_a_file_of_another_appeal_is_not_found(appeal, client, officer):
    client.force_login(officer)
    assert client.get(f"{LIST}{appeal.pk + 1}/files/{AppealFile.objects.first().pk}/").status_code == 404


def test_registering_needs_a_post(appeal, client, officer):
    client.force_login(officer)
    assert client.get(f"{LIST}{appeal.pk}/register/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    assert strict.post(f"{LIST}{appeal.pk}/register/").status_code == 403


def test_casework_checks_the_right_itself(appeal):
    stranger = User.objects.create_user("stranger", is_staff=True)
    for step in (casework.register, casework.read):
        with pytest.raises(PermissionDenied):
            step(appeal, stranger)


def test_another_key_reads_nothing_and_says_so(appeal, client, officer, settings):
    settings.OFFICE_KEYS = ["11" * 32]
    with pytest.raises(vault.Unreadable):
        casework.read(appeal, officer)
    client.force_login(officer)
    page = client.get(f"{LIST}{appeal.pk}/change/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "cannot be read" in page.content.decode()


@pytest.mark.parametrize("change", [{"action": "opened"}, {"at": timezone.now()}, {"detail": {}}, {"actor_id": 1}])
def test_a_changed_journal_is_found_out(appeal, officer, change):
    casework.register(appeal, officer)
    assert casework.chain_is_whole(appeal)
    if "actor_id" in change:
        change = {"actor_id": officer.pk}
    with owning_the_database():
        JournalEntry.objects.filter(pk=appeal.journal.first().pk).update(**change)
    assert not casework.chain_is_whole(appeal)


def test_a_removed_journal_entry_is_found_out(appeal, officer):
    casework.register(appeal, officer)
    with owning_the_database():
        JournalEntry.objects.filter(pk=appeal.journal.first().pk).delete()
    assert not casework.chain_is_whole(appeal)
