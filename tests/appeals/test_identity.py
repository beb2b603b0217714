"""Who an applicant is stays masked until an officer says why; what he said is recorded, and it holds half an hour."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from appeals import casework
from appeals.choices import FileRole, Reason
from appeals.content import Content
from appeals.desk import identity
from appeals.models import Appeal, Message
from appeals.people import Person
from portal import roles
from tests.appeals.citizen import Citizen, entity
from tests.appeals.follower import Follower
from tests.appeals.office_routes import IDENTITY, MARKERS, browser, received, reveal, shown

pytestmark = pytest.mark.django_db


def page(client, appeal):
    return client.get(f"/admin/appeals/appeal/{appeal.pk}/change/")


@pytest.fixture
def appeal():
    return received()


@pytest.fixture
def desk():
    """The browser of an officer."""
    return browser(roles.APPEALS_OFFICER)


def test_the_text_is_shown_and_who_wrote_it_is_not(appeal, desk):
    answer = page(desk, appeal)
    assert shown(answer) == {"text", "file"}
    assert "Khujand" in answer.content.decode()
    assert "may still name somebody" in answer.content.decode()


def test_after_a_reason_all_is_shown_and_the_journal_keeps_why(appeal, desk):
    assert reveal(desk, appeal, "forward").status_code == 302
    answer = page(desk, appeal)
    assert shown(answer) == set(MARKERS)
    assert "Saw who the applicant is: to forward the appeal." in answer.content.decode()
    entry = appeal.journal.get(action="revealed")
    assert (entry.detail, entry.actor.username) == ({"reason": "forward"}, roles.APPEALS_OFFICER)


@pytest.mark.parametrize(
    "typed", [{}, {"reason": ""}, {"reason": "curious"}, {"reason": "other"}, {"reason": "other", "words": " "}]
)
def test_without_a_reason_nothing_is_shown_and_nothing_recorded(appeal, desk, typed):
    answer = desk.post(f"/admin/appeals/appeal/{appeal.pk}/reveal/", typed)
    assert answer.status_code == 200
    assert "<details open>" in answer.content.decode()
    assert shown(answer).isdisjoint(IDENTITY)
    assert not appeal.journal.filter(action="revealed").exists()


def test_the_reason_in_words_is_encrypted_and_for_the_office_alone(desk):
    number, code = Citizen().appeal()
    follower = Follower(number, code)
    follower.open()
    appeal = Appeal.objects.get()
    reveal(desk, appeal, "other", "Раҳимов занг зад")
    message = Message.objects.get(kind="revealed")
    assert appeal.journal.get(action="revealed").detail == {"reason": "other", "message": message.pk}
    assert "занг зад".encode() not in message.box
    assert "Раҳимов занг зад" in page(desk, appeal).content.decode()
    assert "занг зад" not in follower.client.get(follower.url()).content.decode()
    other = page(browser(roles.APPEALS_SUPERVISOR), appeal).content.decode()
    assert "занг зад" not in other and "was left out" in other


@pytest.mark.parametrize("role", [FileRole.SIGNATURE, FileRole.ATTACHMENT])
def test_a_signature_opens_after_a_reason_alone(appeal, desk, role):
    file = appeal.files.get(role=role)
    address = f"/admin/appeals/appeal/{appeal.pk}/files/{file.pk}/"
    assert desk.get(address).status_code == (302 if role == FileRole.SIGNATURE else 200)
    reveal(desk, appeal)
    assert desk.get(address).status_code == 200


def test_it_holds_for_one_appeal_one_session_and_half_an_hour(appeal, desk, monkeypatch):
    reveal(desk, appeal)
    assert shown(page(desk, received())).isdisjoint(IDENTITY)
    assert shown(page(browser(roles.APPEALS_OFFICER), appeal)).isdisjoint(IDENTITY), (
        "another session of the same person"
    )
    later = timezone.now() + timedelta(minutes=identity.MINUTES, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert shown(page(desk, appeal)).isdisjoint(IDENTITY)


def test_it_ends_with_the_session_and_with_the_permission(appeal, desk):
    reveal(desk, appeal)
    user = User.objects.get(username=roles.APPEALS_OFFICER)
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_appeal", "read_content"]))
    assert shown(page(desk, appeal)) == set()  # A change of rights ends the session.
    desk.force_login(user)
    assert shown(page(desk, appeal)) == {"text", "file"}


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.APPEALS_OPERATOR, roles.PRESS_CHIEF])
def test_who_may_not_see_it_cannot_ask(appeal, role):
    client = browser(role)
    assert reveal(client, appeal).status_code == 403
    with pytest.raises(PermissionDenied):
        casework.reveal(appeal, User.objects.get(username=role), Reason.ANSWER)
    assert not appeal.journal.filter(action="revealed").exists()


def test_nobody_in_an_appeal_is_named_before():
    """Of a group each one, of a represented person, of an organisation: region and district are left."""
    person = Person(surname="Саидова", given_name="Мадина", region="TJ-KT", district="TJ-KT:kulob", address="Лоҳур 3")
    content = Content(
        surname="Раҳимов", no_patronymic=True, country="Россия", jamoat="Лоиқ", address="Сомонӣ 1", email="a@example.tj",
        phone="900", entity_name="ҶДММ", representative="Қодиров", signatories=(person,), represented=person,
        representation="other", representation_words="ҳамсояи Саидова", text="Матн",
    )  # fmt: skip
    left = Person(region="TJ-KT", district="TJ-KT:kulob")
    assert content.masked() == Content(signatories=(left,), represented=left, representation="other", text="Матн")


def test_what_was_mended_is_masked_too(sent, office, officer):
    appeal = Appeal.objects.get()
    casework.ask(appeal, officer, "Ном?", "name")
    sent.do("mend", surname="Қаюмов", given_name="Ҷамшед", patronymic="", no_patronymic="on")
    assert "Қаюмов" not in page(office, appeal).content.decode()
    reveal(office, appeal)
    assert page(office, appeal).content.decode().count("Қаюмов") == 2, "as it is now, and as it was mended"
    assert "Қаюмов" in sent.page(), "the applicant sees his own"


def test_organisations_are_masked_too(office):
    Citizen().appeal(entity())
    appeal = Appeal.objects.get()
    assert "Сомон" not in page(office, appeal).content.decode()
    reveal(office, appeal)
    assert "Сомон" in page(office, appeal).content.decode()
