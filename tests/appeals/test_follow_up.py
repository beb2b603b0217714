"""Two weeks after an answer: did this answer you?"""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from appeals import casework, tasks
from appeals.models import Appeal
from portal import worker
from portal.tasks import TASKS
from tests.appeals.citizen import Citizen, values
from tests.appeals.follower import Follower

pytestmark = pytest.mark.django_db


def appeal():
    return Appeal.objects.get()


@pytest.fixture
def answered(officer):
    follower = Follower(*Citizen().appeal(values(email="jamshed@example.tj")))
    casework.register(appeal(), officer)
    casework.answer(appeal(), officer, "Ҷавоб")
    mail.outbox.clear()
    return follower


def days_ago(days):
    Appeal.objects.update(ended_at=timezone.now() - timedelta(days=days))


def subjects():
    tasks.ask_whether_the_answer_helped()
    return [letter.subject for letter in mail.outbox]


def test_the_letter_goes_once_for_each_answer(answered, officer):
    days_ago(13)
    assert subjects() == []
    days_ago(14)
    assert len(subjects()) == 1
    assert len(subjects()) == 1
    assert "did this answer you?" in mail.outbox[0].subject
    answered.open()
    answered.do("rate", helped="no", missing="Кай?")
    casework.answer(appeal(), officer, "Моҳи май.")
    mail.outbox.clear()
    assert subjects() == []


def test_the_question_can_be_answered_while_the_letter_is_fresh(answered, settings):
    days_ago(14)
    subjects()
    answered.open()
    assert "Did this answer you?" in answered.page()
    assert casework.FOLLOW_UP_DAYS < settings.APPEAL_REOPEN_DAYS


@pytest.mark.parametrize("days", [31, 400])
def test_nobody_is_asked_when_the_window_is_closed(answered, days):
    days_ago(days)
    assert subjects() == []


def test_who_has_judged_the_answer_is_not_asked(answered):
    days_ago(15)
    Appeal.objects.update(satisfied=True)
    assert subjects() == []


def test_a_worker_without_the_offices_key_leaves_it_to_another():
    worker.load_tasks()
    assert TASKS["appeals.tasks.ask_whether_the_answer_helped"].needs_key


def test_without_an_address_the_page_alone_asks(officer):
    Citizen().appeal()
    casework.register(appeal(), officer)
    casework.answer(appeal(), officer, "Ҷавоб")
    days_ago(15)
    assert subjects() == []
    assert appeal().journal.last().action == "followed_up"


@pytest.mark.parametrize("change", [{"status": "registered"}, {"satisfied": False}, {"ended_at": timezone.now()}])
def test_the_step_itself_refuses_what_it_is_not_for(answered, change):
    days_ago(15)
    Appeal.objects.update(**change)
    with pytest.raises(casework.Refused):
        casework.follow_up(appeal())
    assert appeal().journal.last().action == "answered"


def test_the_journal_says_that_the_portal_asked(answered, officer, client):
    days_ago(15)
    subjects()
    client.force_login(officer)
    page = client.get(f"/admin/appeals/appeal/{appeal().pk}/change/", headers={"Accept-Language": "en"})
    assert "<td>the portal</td>" in page.content.decode()
