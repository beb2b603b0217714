"""The office is reminded of terms that end; with a backlog applicants are told that answers are late."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings as portal_settings
from django.core import mail
from django.db import connections
from django.utils import timezone, translation

from appeals import casework, queues, reminders, tasks, term, timeline
from appeals.models import Appeal, Department, Holiday, JournalEntry, year_without_holidays
from portal.tasks import TASKS
from tests.appeals.citizen import TEXT, Citizen, values
from tests.appeals.ended import person
from tests.appeals.follower import Follower

pytestmark = pytest.mark.django_db
ADDRESS = "jamshed@example.tj"


def today():
    return term.local_day(timezone.now())


def colleague(name, role="Appeals officer", email=True):
    one = person(name, role)
    one.email = f"{name}@office.example" if email else ""
    one.save()
    return one


@pytest.fixture
def clerk(db):
    return colleague("clerk")


@pytest.fixture
def supervisor(db):
    return colleague("supervisor", "Appeals supervisor")


def case(clerk, days, **state):
    """A registered appeal with so many days left."""
    number, code = Citizen().appeal(values(email=ADDRESS))
    appeal = Appeal.objects.get(number=number)
    casework.register(appeal, clerk)
    Appeal.objects.filter(pk=appeal.pk).update(due_on=today() + timedelta(days=days), **state)
    appeal.refresh_from_db()
    appeal.code = code
    mail.outbox.clear()
    return appeal


def letters():
    """Who got a letter of the numbers in it."""
    sent = {letter.to[0]: letter.body for letter in mail.outbox}
    assert len(sent) == len(mail.outbox)  # One for each person.
    mail.outbox.clear()
    return sent


def reminded(appeal):
    return [entry.detail["days"] for entry in appeal.journal.filter(action="reminded")]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(6, None), (5, 5), (4, 5), (2, 5), (1, 1), (0, 1), (-1, 0), (-90, 0)],
)
def test_a_reminder_is_due_five_days_and_a_day_before_and_when_it_is_over(days, expected):
    assert reminders.threshold(today() + timedelta(days=days), today()) == expected


def test_who_has_the_appeal_is_reminded_of_it_and_supervisors_of_what_is_overdue(clerk, supervisor):
    department = Department.objects.create(name_tg="Раёсат", name_ru="Отдел", name_en="Department")
    members = [colleague("first"), colleague("second"), colleague("silent", email=False)]
    department.members.set([*members, clerk])
    gone = colleague("gone")
    gone.is_active = False
    gone.save()
    own = case(clerk, 5, officer=clerk, department=department)
    of_department = case(clerk, 1, department=department)
    of_nobody = case(clerk, 3, status="forwarded")
    left_behind = case(clerk, 2, officer=gone)
    overdue = case(clerk, -2, officer=clerk)
    assert casework.remind() == 5
    found = {
        to: {one.number for one in (own, of_department, of_nobody, left_behind, overdue) if one.number in body}
        for to, body in letters().items()
    }
    assert found == {
        "clerk@office.example": {own.number, of_department.number},
        "first@office.example": {of_department.number},
        "second@office.example": {of_department.number},
        "supervisor@office.example": {of_nobody.number, left_behind.number, overdue.number},
    }


def test_each_threshold_and_each_new_last_day_is_told_once(clerk, supervisor):
    appeal = case(clerk, 5, officer=clerk)
    for _ in range(2):
        casework.remind()
        casework.remind()
    assert reminded(appeal) == [5]
    revision = Appeal.objects.get(pk=appeal.pk).revision
    for days, told in ((3, [5, 5]), (1, [5, 5, 1]), (0, [5, 5, 1, 1]), (-1, [5, 5, 1, 1, 0])):
        Appeal.objects.filter(pk=appeal.pk).update(due_on=today() + timedelta(days=days))
        casework.remind()
        assert reminded(appeal) == told
    assert casework.chain_is_whole(appeal)
    assert Appeal.objects.get(pk=appeal.pk).revision == revision  # Whoever decides about it is not disturbed.


def test_nobody_gets_two_letters_on_one_day(clerk, supervisor):
    case(clerk, 5, officer=clerk)
    casework.remind()
    case(clerk, 1, officer=clerk)
    casework.remind()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "state",
    [
        {"status": "waiting", "paused_at": timezone.now()},
        {"status": "joined"},
        {"status": "answered", "ended_at": timezone.now()},
    ],
)
def test_what_does_not_run_is_not_reminded_of(state, clerk, supervisor):
    case(clerk, -3, **state)
    assert (casework.remind(), mail.outbox) == (0, [])


def test_a_letter_holds_numbers_and_days_alone(clerk, supervisor):
    late, soon = case(clerk, -2), case(clerk, 1)
    casework.remind()
    body = letters()["supervisor@office.example"]
    with translation.override(portal_settings.LANGUAGE_CODE):
        for appeal, days in ((late, -2), (soon, 1)):
            assert f"{appeal.number}: {appeal.due_on:%d.%m.%Y}, {reminders.left(days)}" in body
    assert [word for word in (TEXT, "Раҳимов", ADDRESS, late.code, "/admin", "%(") if word in body] == []


def test_the_office_s_journal_says_it_and_the_applicant_s_timeline_does_not(clerk, office):
    late = case(clerk, -1)
    casework.remind()
    entry = late.journal.get(action="reminded")
    with translation.override("en"):
        assert timeline.actor(entry) == "the portal"
        said = timeline.sentence(entry)
    assert said.startswith("The office was reminded that the answer is overdue since")
    assert said in office.get(f"/admin/appeals/appeal/{late.pk}/change/").content.decode()
    follower = Follower(late.number, late.code)
    follower.open()
    assert "reminded" not in follower.page()


def test_the_tasks_run_by_themselves(clerk, supervisor):
    case(clerk, 5)
    tasks.remind_of_terms()
    tasks.count_terms_anew()
    tasks.tell_of_delays()
    assert len(mail.outbox) == 1
    for name in ("remind_of_terms", "count_terms_anew", "tell_of_delays"):
        assert TASKS[f"appeals.tasks.{name}"].is_periodic
    assert tasks.tell_of_delays.needs_key  # The address is in the box.


@pytest.mark.django_db(transaction=True)
def test_two_that_remind_at_once_remind_once():
    clerk, _above = colleague("clerk"), colleague("supervisor", "Appeals supervisor")
    appeal = case(clerk, 5, officer=clerk)
    start = threading.Barrier(2)

    def remind():
        try:
            start.wait(30)
            return casework.remind()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(done.result(60) for done in [pool.submit(remind) for _ in range(2)]) == [0, 1]
    assert (reminded(appeal), len(mail.outbox)) == ([5], 1)


def test_the_first_page_counts_what_ends_within_five_days_and_one(clerk, supervisor, client):
    for days, officer in ((-1, clerk), (1, clerk), (4, clerk), (5, supervisor), (6, clerk)):
        case(clerk, days, officer=officer)
    assert reminders.near(clerk, today()) == {5: 2, 1: 1}
    assert reminders.near(supervisor, today()) == {5: 3, 1: 1}
    client.force_login(clerk)
    page = client.get("/admin/", headers={"Accept-Language": "en"}).content.decode()
    assert "Days left, at most 5: 2." in page
    assert "Days left, at most 1: 1." in page


# Days off ----------------------------------------------------------------------------------------------------


def test_what_is_registered_late_follows_the_calendar(clerk, settings):
    """Received on a Tuesday: due by Friday. On a Wednesday: by Saturday, and so by Monday."""
    settings.TERM_ENDS_ON_WORKING_DAY = True
    Holiday.objects.all().delete()
    Citizen().appeal()
    monday = datetime(2027, 6, 14, 9, tzinfo=term.ZONE)
    for day, late in ((8, 1), (9, 0)):
        Appeal.objects.update(received_at=datetime.combine(datetime(2027, 6, day), time(23, 59), term.ZONE))  # noqa: DTZ001
        desk = replace(queues.desk_of(clerk), today=monday.date())
        assert Appeal.objects.filter(queues.unregistered(desk)).count() == late


def test_a_year_whose_days_off_nobody_entered_is_named(settings):
    settings.TERM_ENDS_ON_WORKING_DAY = True
    Holiday.objects.all().delete()
    Holiday.objects.create(date=datetime(2028, 1, 1).date(), name="Соли нав")  # noqa: DTZ001
    assert year_without_holidays(date(2028, 8, 1)) is None
    assert year_without_holidays(date(2028, 10, 1)) == 2029
    settings.TERM_ENDS_ON_WORKING_DAY = False
    assert year_without_holidays(date(2028, 10, 1)) is None


# Answers that are late --------------------------------------------------------------------------------------------


def test_with_a_backlog_each_applicant_is_told_once_that_the_answer_is_late(clerk, settings):
    late = [case(clerk, -days) for days in (1, 2, 3)]
    case(clerk, 0)
    case(clerk, -9, status="forwarded")  # Of whose being late this office does not know the reason.
    settings.APPEAL_BACKLOG = 3
    tasks.tell_of_delays()
    assert mail.outbox == []
    settings.APPEAL_BACKLOG = 2
    tasks.tell_of_delays()
    tasks.tell_of_delays()
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]] * 3
    assert all(any(one.number in letter.subject + letter.body for one in late) for letter in mail.outbox)
    assert JournalEntry.objects.filter(action="delayed").count() == 3
    follower = Follower(late[0].number, late[0].code)
    follower.open()
    assert "is late: the office has received more appeals than it can answer in time." in follower.page()
    assert follower.page().count("This one is not forgotten; it will be examined and answered.") == 1


def test_without_a_number_nobody_is_told(clerk, settings):
    case(clerk, -1)
    settings.APPEAL_BACKLOG = 0
    tasks.tell_of_delays()
    assert mail.outbox == []


@pytest.mark.parametrize("days", [0, 5])
def test_an_answer_that_is_not_late_is_never_called_so(days, clerk):
    with pytest.raises(casework.Refused):
        casework.tell_of_delay(case(clerk, days))
    late = case(clerk, -1)
    casework.tell_of_delay(late)
    with pytest.raises(casework.Refused):
        casework.tell_of_delay(late)
