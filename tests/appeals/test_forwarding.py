"""Assigned, forwarded, split, returned, taken back at once: who has the appeal is always to be seen."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from appeals import casework
from appeals.models import Appeal, JournalEntry
from portal.models import Message as Letter
from portal.models import Task
from tests.appeals.citizen import Citizen, values
from tests.appeals.follower import Follower
from tests.appeals.office import authority, department, person

pytestmark = pytest.mark.django_db
ASKED = "Лутфан дар доираи салоҳият баррасӣ намоед."


def appeal():
    return Appeal.objects.get()


@pytest.fixture
def mailed(officer):
    """A registered appeal whose applicant gave an e-mail address, and the applicant."""
    follower = Follower(*Citizen().appeal(values(email="citizen@example.org")))
    casework.register(appeal(), officer)
    follower.open()
    mail.outbox.clear()
    return follower


def test_the_citizen_sees_who_holds_it_and_the_term_goes_on(mailed, officer):
    due = appeal().due_on
    casework.forward(appeal(), officer, [authority(email="office@transport.example")], ASKED)
    page = mailed.page()
    assert "Forwarded to Transport" in page
    assert "at another authority" in page.lower()
    assert ASKED not in page
    assert (appeal().status, appeal().due_on, appeal().ended_at) == ("forwarded", due, None)
    to = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(to) == {"citizen@example.org", "office@transport.example"}
    assert all(word not in body for body in to.values() for word in (ASKED, "Раҳимов", "роҳи деҳа"))
    assert appeal().number in to["office@transport.example"]


def test_it_is_split_between_two_and_comes_back_one_by_one(mailed, officer):
    first, second = authority(), authority("Вазорати маориф")
    casework.forward(appeal(), officer, [first, second], ASKED)
    with pytest.raises(casework.Refused, match="already"):
        casework.forward(appeal(), officer, [second], ASKED)
    casework.take_back(appeal(), officer, appeal().forwardings.get(authority=first), "Иҷро шуд.")
    assert appeal().status == "forwarded"
    casework.take_back(appeal(), officer, appeal().forwardings.get(authority=second), "Салоҳият надорад.")
    assert appeal().status == "registered"
    assert "gave the appeal back" in mailed.page()
    assert "Салоҳият надорад." not in mailed.page()


def test_an_answer_ends_it_wherever_it_is(mailed, officer):
    casework.forward(appeal(), officer, [authority()], ASKED)
    casework.answer(appeal(), officer, "Ҷавоби Вазорат")
    assert not appeal().forwardings.filter(returned_at=None).exists()
    assert "Ҷавоби Вазорат" in mailed.page()


def test_the_applicant_of_a_forwarded_appeal_still_writes_and_withdraws(mailed, officer):
    casework.forward(appeal(), officer, [authority()], ASKED)
    mailed.do("message", text="Суратҳои нав")
    mailed.do("withdraw", reason="", sure="on")
    assert appeal().status == "withdrawn"


@pytest.fixture
def _queued(settings):
    settings.TASKS_EAGER = False


@pytest.mark.usefixtures("_queued")
@pytest.mark.parametrize("step", ["assign", "forward"])
def test_what_was_done_a_moment_ago_is_taken_back_before_anybody_is_told(step, mailed, officer):
    Letter.objects.all().delete()
    before = Appeal.objects.values("status", "department", "officer").get()
    if step == "assign":
        casework.assign(appeal(), officer, department())
    else:
        casework.forward(appeal(), officer, [authority(email="office@transport.example")], ASKED)
    assert Letter.objects.filter(sent_at=None, failed_at=None).exists()
    waits = [task.due_at - timezone.now() for task in Task.objects.filter(name="portal.outbox.send")]
    assert all(timedelta(seconds=5) < wait for wait in waits[:1])
    casework.undo(appeal(), officer)
    assert Appeal.objects.values("status", "department", "officer").get() == before
    assert not Letter.objects.filter(sent_at=None, failed_at=None).exists()
    assert not appeal().forwardings.exists()
    assert [entry.action for entry in appeal().journal.all()][-1] == "undone"
    page = mailed.page()
    assert "Forwarded" not in page
    assert "Appeals department" not in page
    with pytest.raises(casework.Refused):
        casework.undo(appeal(), officer)


def test_nobody_takes_back_what_another_did_or_what_is_older(mailed, officer):
    casework.assign(appeal(), officer, department())
    with pytest.raises(casework.Refused):
        casework.undo(appeal(), person("colleague"))
    eleven = timezone.now() - timedelta(seconds=11)
    late = appeal().journal.last()
    late.at = eleven
    assert casework.undoable(appeal(), officer)
    casework.note(appeal(), officer, "Занг задам.")
    assert casework.undoable(appeal(), officer)
    casework.extend(appeal(), officer, 1, "Сабаб")
    assert casework.undoable(appeal(), officer) is None


def test_a_department_is_told_of_and_an_officer_never(mailed, officer):
    clerk = person("clerk")
    casework.assign(appeal(), officer, department("Раёсат", clerk), clerk)
    assert appeal().officer == clerk
    assert "Appeals department" in mailed.page()
    assert "clerk" not in mailed.page()
    with pytest.raises(casework.Refused, match="does not belong"):
        casework.assign(appeal(), officer, to=person("stranger"))
    with pytest.raises(casework.Refused, match="may not work"):
        casework.assign(appeal(), officer, to=person("editor", "Press editor"))


def test_the_journal_keeps_the_name_that_a_department_had_then(mailed, officer):
    row = department()
    casework.assign(appeal(), officer, row)
    row.name_en = "Renamed"
    row.save()
    with translation.override("en"):
        assert "With Appeals department since" in mailed.page()
    assert JournalEntry.objects.get(action="assigned").detail["department"]["en"] == "Appeals department"
