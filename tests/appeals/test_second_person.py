"""Two pairs of eyes: one person writes the answer, another lets it go; only then does the applicant get it."""

import pytest
from django.core.exceptions import PermissionDenied

from appeals import casework
from appeals.models import Appeal, Message
from tests.appeals.citizen import picture
from tests.appeals.office import person

pytestmark = pytest.mark.django_db
ANSWER = "Роҳ дар моҳи май таъмир карда мешавад."
LIST = "/admin/appeals/appeal/"


@pytest.fixture
def _two(settings):
    settings.ANSWER_SECOND_PERSON = True


@pytest.fixture
def supervisor(officer):
    return person("supervisor", "Appeals supervisor")


def appeal():
    return Appeal.objects.get()


@pytest.mark.usefixtures("_two")
def test_the_applicant_gets_an_answer_when_a_second_person_approves_it(sent, officer, supervisor, client):
    client.force_login(officer)
    step = f"{LIST}{appeal().pk}/step/"
    client.post(step, {"step": "answer", "text": ANSWER, "files": [picture()]})
    assert appeal().status == "registered"
    assert appeal().prepared_by == officer
    assert ANSWER not in sent.page()
    client.force_login(supervisor)
    assert ANSWER in client.get(f"{LIST}{appeal().pk}/change/").content.decode()
    client.post(step, {"step": "approve"})
    assert appeal().status == "answered"
    assert ANSWER in sent.page()
    assert "signature.png" in sent.page()
    entry = appeal().journal.filter(action="answered").get()
    assert (entry.actor, entry.detail["prepared_by"]) == (supervisor, officer.pk)


@pytest.mark.usefixtures("_two")
def test_nobody_approves_what_he_wrote_or_answers_alone(sent, supervisor):
    casework.prepare(appeal(), supervisor, ANSWER)
    with pytest.raises(casework.Refused, match="Somebody else"):
        casework.approve_answer(appeal(), supervisor)
    with pytest.raises(casework.Refused):
        casework.answer(appeal(), supervisor, ANSWER)
    assert appeal().status == "registered"


@pytest.mark.usefixtures("_two")
def test_an_officer_cannot_approve(sent, officer):
    casework.prepare(appeal(), officer, ANSWER)
    with pytest.raises(PermissionDenied):
        casework.approve_answer(appeal(), person("colleague"))


@pytest.mark.usefixtures("_two")
def test_an_answer_that_is_sent_back_is_in_the_form_again_with_the_reason(sent, officer, supervisor, client):
    casework.prepare(appeal(), officer, ANSWER)
    casework.send_back(appeal(), supervisor, "Санаи аниқро нависед.")
    client.force_login(officer)
    page = client.get(f"{LIST}{appeal().pk}/change/").content.decode()
    assert page.count(ANSWER) >= 1
    assert f">\n{ANSWER}</textarea>" in page
    assert "Санаи аниқро нависед." in page
    assert "Санаи аниқро нависед." not in sent.page()
    assert ANSWER not in sent.page()


@pytest.mark.usefixtures("_two")
def test_a_new_version_takes_the_place_of_the_one_that_waited(sent, officer, supervisor):
    casework.prepare(appeal(), officer, "Ҷавоби хом")
    casework.prepare(appeal(), officer, ANSWER)
    assert Message.objects.filter(kind="prepared").count() == 1
    casework.approve_answer(appeal(), supervisor)
    assert "Ҷавоби хом" not in sent.page()
    assert ANSWER in sent.page()


def test_the_answer_is_looked_at_before_it_goes(sent, officer, client):
    client.force_login(officer)
    page = client.post(f"{LIST}{appeal().pk}/step/", {"step": "answer", "text": ANSWER, "preview": "1"})
    assert page.status_code == 200
    assert 'id="preview"' in page.content.decode()
    assert page.content.decode().count(ANSWER) == 2
    assert appeal().status == "registered"
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"step": "assign", "preview": "1", "department": "x", "to": "9" * 30},
        {"step": "extend", "more_days": "1", "text": "Сабаб", "seen": "9" * 5000, "preview": "1"},
        {"step": "join", "other": "2026-000001\x00"},
        {"step": "take_back", "forwarding": "9" * 25, "text": "x"},
    ],
)
def test_odd_input_is_never_a_fault_of_the_server(odd, sent, officer, client):
    client.force_login(officer)
    assert client.post(f"{LIST}{appeal().pk}/step/", odd).status_code in {200, 302}
    for template in ("9" * 5000, "١", "-1", "x"):
        assert client.get(f"{LIST}{appeal().pk}/change/", {"template": template}).status_code == 200
