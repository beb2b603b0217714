"""Readings are counted: a number a day, by no cookie and no address, and no flood fills anything."""

import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from news import reads
from news.models import DailyReads, Report
from news.reads import MAX_REPORTS, REPORT_AT_A_STROKE, ReadCounter, add_reads
from tests.news import factories

OWN = {"Sec-Fetch-Site": "same-origin"}


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def counter(monkeypatch, clock):
    """A counter that writes only when it is told to."""
    monkeypatch.setattr(ReadCounter, "_write_later", lambda self: None)
    fresh = ReadCounter(clock)
    monkeypatch.setattr(reads, "COUNTER", fresh)
    monkeypatch.setattr(reads, "_at_exit", [None])
    return fresh


def numbers():
    return dict(DailyReads.objects.values_list("report", "count"))


def tell(report_id, client=None, **headers):
    return (client or Client(enforce_csrf_checks=True)).post(f"/reads/{report_id}/", headers=headers)


@pytest.mark.django_db
def test_a_reading_is_counted_on_its_day(counter):
    report = factories.report()
    for _time in range(3):
        assert tell(report.pk, **OWN).status_code == 204
    counter.write()
    counted = DailyReads.objects.get()
    assert (counted.report, counted.day, counted.count) == (report, timezone.localdate(), 3)
    tell(report.pk, **OWN)
    counter.write()
    assert numbers() == {report.pk: 4}, "the second time is added to the first"


@pytest.mark.django_db
def test_the_day_is_that_of_dushanbe(counter, monkeypatch):
    report = factories.report()
    # Ten in the evening in London is already the next day in Dushanbe.
    monkeypatch.setattr(timezone, "now", lambda: factories.local("2026-03-02 03:00"))
    tell(report.pk, **OWN)
    monkeypatch.undo()
    add_reads(dict(counter._waiting))
    assert DailyReads.objects.get().day == date(2026, 3, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "counts"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_only_a_page_of_this_site_counts(headers, counts, counter):
    report = factories.report()
    response = tell(report.pk, **headers)
    counter.write()
    assert (response.status_code, response.content) == (204, b"")
    assert numbers() == ({report.pk: 1} if counts else {})


def answer(response):
    headers = {name: value for name, value in response.headers.items() if name not in {"Expires", "Last-Modified"}}
    return response.status_code, response.content, headers, dict(response.cookies)


@pytest.mark.django_db
def test_the_answer_tells_nothing_and_leaves_nothing(counter):
    public = factories.report()
    event = factories.event(embargo_until=timezone.now() + timedelta(days=1))
    hidden = [
        factories.report(status="draft", published_at=None),
        factories.report(status="withdrawn"),
        factories.report(published_at=timezone.now() + timedelta(hours=1)),
        factories.report(event),
    ]
    answers = [answer(tell(report, **OWN)) for report in [public.pk, *(one.pk for one in hidden), 999_999_999]]
    assert all(each == answers[0] for each in answers)
    status, content, headers, cookies = answers[0]
    assert (status, content, cookies) == (204, b"", {})
    assert "no-store" in headers["Cache-Control"]
    counter.write()
    assert numbers() == {public.pk: 1}, "what readers do not see is not counted"


@pytest.mark.django_db
def test_a_reading_asks_no_database_and_opens_no_session(counter, django_assert_num_queries):
    report = factories.report()
    desk = Client()
    desk.force_login(factories.staff())
    tell(report.pk, **OWN)
    with django_assert_num_queries(0):
        assert tell(report.pk, desk, **OWN).status_code == 204


@pytest.mark.django_db
@pytest.mark.parametrize("number", [2, 300])
def test_many_reports_are_written_in_two_statements(number, counter, django_assert_num_queries):
    for report in factories.many_reports(number):
        counter.count(report.pk)
    with django_assert_num_queries(4 if connection.in_atomic_block else 2):  # And a savepoint of the test's.
        counter.write()
    assert len(numbers()) == number


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_nothing_but_a_post_is_taken(method, counter):
    assert getattr(Client(), method)(f"/reads/{factories.report().pk}/", headers=OWN).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0", "999999999999999999", "000000000000000001"])
def test_a_number_of_no_report_does_no_harm(number, counter):
    report = factories.report()
    assert tell(number, **OWN).status_code == 204
    tell(report.pk, **OWN)
    counter.write()
    assert numbers().get(report.pk, 0) >= 1


def test_a_number_beyond_every_database_has_no_address():
    assert Client().post("/reads/9999999999999999999/", headers=OWN).status_code == 404


@pytest.mark.django_db
def test_one_report_grows_no_faster_than_readers_read(counter, clock):
    taken = sum(counter.count(1) for _time in range(100_000))
    assert taken == REPORT_AT_A_STROKE
    clock.now += 1
    assert sum(counter.count(1) for _time in range(1000)) == reads.REPORT_PER_SECOND
    assert counter.count(2), "another report is counted all the same"


def test_all_together_grow_no_faster_than_the_process_may(counter, clock):
    taken = 0
    for number in range(5 * MAX_REPORTS):
        taken += counter.count(number)
    assert taken == reads.AT_A_STROKE
    clock.now += 2
    assert sum(counter.count(number % MAX_REPORTS) for number in range(MAX_REPORTS)) == 2 * reads.PER_SECOND


def test_made_up_reports_do_not_fill_the_memory(counter, clock):
    for number in range(20 * MAX_REPORTS):
        clock.now += 0.02
        counter.count(number)
    assert len(counter._waiting) == MAX_REPORTS
    assert len(counter._buckets) <= 2 * MAX_REPORTS


@pytest.mark.django_db
def test_after_a_flood_of_made_up_reports_real_ones_are_counted_again(counter, clock):
    report = factories.report()
    for number in range(2 * MAX_REPORTS):
        counter.count(10_000 + number)
    counter.write()
    clock.now += 60
    assert counter.count(report.pk)
    counter.write()
    assert numbers() == {report.pk: 1}


@pytest.mark.django_db
def test_what_the_database_refuses_is_kept_for_later(counter, monkeypatch, caplog):
    report = factories.report()
    counter.count(report.pk)

    def fail(_numbers):
        raise OperationalError("the server went away with 10.1.2.3")

    with monkeypatch.context() as patch:
        patch.setattr(reads, "add_reads", fail)
        counter.write()
    assert numbers() == {} and "OperationalError" in caplog.text and "10.1.2.3" not in caplog.text
    counter.count(report.pk)
    counter.write()
    assert numbers() == {report.pk: 2}


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_write_at_once_lose_nothing():
    reports = factories.many_reports(20)
    day = timezone.localdate()
    failed = []

    def write(order):
        try:
            for _time in range(10):
                add_reads({(report.pk, day): 1 for report in reports[::order]})
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[order]) for order in (1, -1, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert set(numbers().values()) == {30}


@pytest.mark.django_db(transaction=True)
def test_the_counts_are_written_after_a_while_without_another_reading(monkeypatch):
    monkeypatch.setattr(reads, "SECONDS_BETWEEN_WRITES", 0.05)
    report = factories.report()
    counter = ReadCounter()
    counter.count(report.pk)
    counter._timer.join(10)
    assert numbers() == {report.pk: 1}
    assert counter._timer is None


@pytest.mark.django_db
def test_the_page_of_a_report_names_where_it_is_counted(client_page):
    report = factories.report()
    page = client_page.get(report.get_absolute_url()).content.decode()
    assert f'data-count-read="/reads/{report.pk}/"' in page and "js/reader.js" in page


@pytest.mark.django_db
def test_counts_go_with_their_report():
    report = factories.report()
    add_reads({(report.pk, timezone.localdate()): 5})
    assert numbers() == {report.pk: 5}
    Report.objects.get().delete()
    assert not DailyReads.objects.exists()
