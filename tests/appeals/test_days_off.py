"""Days off that staff keep: what they do to terms of open appeals, and what both sides read of it."""

import html
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.utils import timezone, translation

from appeals import casework, term, term_words, timeline
from appeals.article21 import Crime
from appeals.models import Appeal, Holiday, JournalEntry, kept_calendar
from tests.appeals.citizen import Citizen, values
from tests.appeals.ended import person

pytestmark = pytest.mark.django_db
PAGE = "/admin/appeals/holiday/"
MONDAY = date(2027, 6, 14)
MOVED = {"was": "2027-06-14", "due_on": "2027-06-15"}


@pytest.fixture(autouse=True)
def _days_off(settings, _every_day_is_worked):
    settings.TERM_ENDS_ON_WORKING_DAY = True
    Holiday.objects.all().delete()


@pytest.fixture
def supervisor():
    return person("supervisor")


@pytest.fixture
def desk(client, supervisor):
    client.force_login(supervisor)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def appeal():
    return Appeal.objects.get()


def due(day=MONDAY):
    Appeal.objects.update(due_on=day)


def off(day, **more):
    return Holiday.objects.create(date=day, name="Ид", **more)


def moves():
    return list(JournalEntry.objects.filter(action="term_moved").values_list("detail", flat=True))


def test_the_portal_begins_with_the_holidays_that_do_not_move():
    import_module("appeals.migrations.0012_holidays").enter(apps, None)
    assert Holiday.objects.count() == 33
    assert [f"{day:%d.%m}" for day in Holiday.objects.filter(date__year=2028).values_list("date", flat=True)] == (
        "01.01 08.03 21.03 22.03 23.03 24.03 01.05 09.05 27.06 09.09 06.11".split()
    )
    assert not Holiday.objects.filter(working=True).exists()


def test_a_term_that_begins_passes_over_a_day_off_and_both_sides_read_how(sent, office):
    """Opened again: the term begins with the judgement of today."""
    counted = timezone.localdate() + timedelta(days=30)
    off(counted)
    casework.answer(appeal(), User.objects.get(username="officer"), "Ҷавоб")
    sent.do("rate", helped="no", missing="Кай?")
    last = kept_calendar().last_day(counted)
    assert appeal().due_on == last > counted
    said = f"+ 30 days (the term) = {counted:%d.%m.%Y}, a day off → {last:%d.%m.%Y}"
    assert said in html.unescape(sent.page())
    assert said in html.unescape(office.get(f"/admin/appeals/appeal/{appeal().pk}/change/").content.decode())


def test_the_receipt_promises_by_the_same_calendar():
    received = datetime(2027, 6, 8, 9, tzinfo=term.ZONE)
    off(date(2027, 6, 11))
    off(date(2027, 7, 14))
    with translation.override("en"):
        promise = term_words.promise(received)
    assert promise.due_by == date(2027, 7, 15)
    assert promise.registered.endswith("= 11.06.2027, a day off → 14.06.2027")
    assert promise.answered.startswith("14.06.2027 + 30")
    assert promise.answered.endswith("= 14.07.2027, a day off → 15.07.2027")


def test_waits_and_extensions_over_days_off_add_up_without_drift(sent, officer, settings):
    """However often a day off is passed over: what was counted is the term and the days that were added."""
    start = appeal().registered_at.astimezone(term.ZONE).date()
    for _ in range(4):
        casework.extend(appeal(), officer, 1, "Сабаб")
        off(appeal().due_on)
        casework.count_anew()
    total = term_words.total(appeal().journal.all())
    assert total.counted == start + timedelta(days=34)
    assert appeal().due_on == kept_calendar().last_day(total.counted) > total.counted
    for _ in range(3):
        off(appeal().due_on)
        casework.count_anew()
    Holiday.objects.all().delete()
    kept = appeal().due_on
    casework.extend(appeal(), officer, 1, "Сабаб")
    assert appeal().due_on == kept  # Counted one day more, it still ends before the day that was promised.


def test_a_new_day_off_asks_first_then_moves_the_terms_that_end_on_it(sent, desk, supervisor):
    due()
    typed = {"date": "2027-06-14", "name": "Рӯзи истироҳат"}
    page = desk.post(PAGE + "add/", typed).content.decode()
    assert "due on 14.06.2027: 1." in html.unescape(page)
    assert 'type="checkbox" name="sure"' in page
    assert not Holiday.objects.exists()
    assert desk.post(PAGE + "add/", typed | {"sure": "on"}).status_code == 302
    assert appeal().due_on == date(2027, 6, 15)
    entry = appeal().journal.get(action="term_moved")
    assert (entry.actor, entry.detail) == (supervisor, MOVED)
    assert casework.chain_is_whole(appeal())
    with translation.override("en"):
        assert timeline.sentence(entry) == "14 June 2027 became a day off: the answer is due by 15 June 2027."
    assert "14 June 2027 became a day off: the answer is due by 15 June 2027." in sent.page()


def test_a_day_off_on_which_no_term_ends_is_saved_at_once(sent, desk):
    due()
    assert desk.post(PAGE + "add/", {"date": "2027-06-15", "name": "Ид"}).status_code == 302
    assert (appeal().due_on, moves()) == (MONDAY, [])


def test_what_was_promised_stays_when_a_day_off_is_removed_or_moved(sent, desk):
    due()
    holiday = off(MONDAY)
    casework.count_anew()
    desk.post(f"{PAGE}{holiday.pk}/delete/", {"post": "yes"})
    assert not Holiday.objects.exists()
    assert (appeal().due_on, moves()) == (date(2027, 6, 15), [MOVED])
    holiday = off(date(2027, 6, 21))
    desk.post(f"{PAGE}{holiday.pk}/change/", {"date": "2027-06-15", "name": "Ид", "sure": "on"})
    assert appeal().due_on == date(2027, 6, 16)


def test_a_working_saturday_that_is_taken_back_is_a_day_off_again(sent, desk):
    due(date(2027, 6, 12))
    holiday = off(date(2027, 6, 12), working=True)
    casework.count_anew()
    assert moves() == []
    desk.post(PAGE, {"action": "delete_selected", "_selected_action": [holiday.pk], "post": "yes"})
    assert appeal().due_on == MONDAY


def test_only_a_weekend_day_becomes_a_working_one(desk):
    page = desk.post(PAGE + "add/", {"date": "2027-06-14", "name": "Кор", "working": "on"}).content.decode()
    assert "Only a Saturday or a Sunday can become a working day." in page
    assert desk.post(PAGE + "add/", {"date": "2027-06-13", "name": "Кор", "working": "on"}).status_code == 302


@pytest.mark.parametrize(
    "typed", [{"date": "31.02.2027", "name": "Ид"}, {"date": "", "name": ""}, {"date": "x" * 9999}]
)
def test_bad_input_is_told_beside_its_field(desk, typed):
    response = desk.post(PAGE + "add/", typed)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()


def test_ended_appeals_and_a_portal_without_days_off_stay_as_they_are(sent, officer, settings):
    due()
    off(MONDAY)
    settings.TERM_ENDS_ON_WORKING_DAY = False
    assert (casework.count_anew(), casework.terms_on(MONDAY)) == (0, 0)
    settings.TERM_ENDS_ON_WORKING_DAY = True
    assert casework.terms_on(MONDAY) == 1
    casework.answer(appeal(), officer, "Ҷавоб")
    assert (casework.count_anew(), moves()) == (0, [])


def test_who_keeps_no_days_off_moves_no_term(sent, officer):
    with pytest.raises(PermissionDenied):
        casework.count_anew(officer)


@pytest.mark.parametrize(
    ("role", "may_see", "may_add"),
    [
        ("Appeals supervisor", 200, 200),
        ("Appeals officer", 200, 403),
        ("Auditor", 200, 403),
        ("Appeals operator", 403, 403),
        ("Press chief", 403, 403),
    ],
)
def test_supervisors_keep_the_days_off_and_the_office_sees_them(client, role, may_see, may_add):
    client.force_login(person("somebody", role))
    off(MONDAY)
    assert (client.get(PAGE).status_code, client.get(PAGE + "add/").status_code) == (may_see, may_add)


@pytest.mark.django_db(transaction=True)
def test_two_that_count_anew_at_once_move_each_term_once(sent):
    """And while somebody extends the term: nothing of either is lost."""
    due()
    off(MONDAY)
    start = threading.Barrier(3)
    officer = User.objects.get(username="officer")

    def take(step):
        try:
            start.wait(30)
            return step()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        steps = [casework.count_anew, casework.count_anew, lambda: casework.extend(appeal(), officer, 9, "Сабаб")]
        done = [step.result(60) for step in [pool.submit(take, step) for step in steps]]
    assert sum(done[:2]) == len(moves()) <= 1
    assert appeal().due_on >= date(2027, 6, 15)
    assert casework.chain_is_whole(appeal())


def test_many_terms_are_moved_in_batches_with_few_questions(sent, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("appeals.casework.terms.BATCH", 2)
    for _ in range(4):
        Citizen().appeal(values())
    Appeal.objects.update(status="registered")
    due()
    off(MONDAY)
    with django_assert_max_num_queries(50):
        assert casework.count_anew() == 5
    assert moves() == [MOVED] * 5
    with django_assert_max_num_queries(3):
        assert casework.count_anew() == 0


NOW = datetime(2027, 6, 10, 14, 30, tzinfo=term.ZONE)  # A Thursday.
CLOCKS = {
    "due in 4 days": {"due_on": MONDAY},
    "due tomorrow": {"due_on": date(2027, 6, 11)},
    "due today": {"due_on": date(2027, 6, 10)},
    "overdue since yesterday": {"due_on": date(2027, 6, 9)},
    "2 days overdue": {"due_on": date(2027, 6, 8)},
    "stands still since 03.06.2027": {"paused_at": datetime(2027, 6, 3, 0, 30, tzinfo=term.ZONE)},
    "to be registered by 14.06.2027": {"status": "received", "received_at": datetime(2027, 6, 9, 9, tzinfo=term.ZONE)},
    "was to be registered by 09.06.2027": {"status": "received", "received_at": datetime(2027, 6, 6, 9, tzinfo=term.ZONE)},
    "to be handed over by 18:00": {"crime": Crime.CONFIRMED, "crime_confirmed_at": NOW - timedelta(hours=20.5)},
    "to be handed over by 11.06.2027 14:30": {"crime": Crime.CONFIRMED, "crime_confirmed_at": NOW},
    "was to be handed over by 14:00": {"crime": Crime.CONFIRMED, "crime_confirmed_at": NOW - timedelta(hours=24.5)},
    "due in 5 days": {
        "crime": Crime.CONFIRMED, "crime_confirmed_at": NOW, "crime_handed_at": NOW, "due_on": date(2027, 6, 15),
    },
    "": {"status": "answered", "ended_at": NOW},
}  # fmt: skip


@pytest.mark.parametrize(("said", "state"), CLOCKS.items())
def test_the_clock_says_what_comes_next(said, state):
    one = Appeal(**{"status": "registered", "due_on": MONDAY} | state)
    with translation.override("en"):
        assert term_words.clock(one, kept_calendar(), NOW) == said


def test_the_office_reads_by_when_another_authority_gets_it():
    one = Appeal(status="registered", registered_at=datetime(2027, 6, 7, 9, tzinfo=term.ZONE))
    with translation.override("en"):
        said = term_words.forward(one, kept_calendar(), NOW)
    assert said == "If another authority is competent: to be forwarded by 14.06.2027."
    assert term_words.forward(one, kept_calendar(), NOW + timedelta(days=5)) == ""
