"""A question that was put into SQL once gets the same answers as one that is put anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.db.models import F
from django.db.models.lookups import In

from news.models import Event, Report
from portal.prepared import Prepared
from tests.news import factories

START = datetime(2022, 1, 10, 8, 45, 0, 123456, tzinfo=UTC)


def _asked(since, language, event, numbers):
    reports = Report.objects.filter(event__starts_at__gte=since, language=language, event__in=Event.objects.all())
    if event is not None:
        reports = reports.exclude(event=event)
    return reports.filter(In(F("pk"), numbers)).select_related("event__place").order_by("-event__starts_at")


@pytest.fixture
def reports(db):
    return [
        factories.report(event, language)
        for event in [factories.event(START + timedelta(hours=hour)) for hour in range(4)] for language in ("tg", "ru")
    ]  # fmt: skip


def test_the_answers_are_those_of_the_plain_question(reports, django_assert_num_queries):
    asked = Prepared(_asked)
    for since in (START, START + timedelta(hours=2), START + timedelta(days=1)):
        for language in ("tg", "ru", "' OR 1=1 --"):
            for event in (None, reports[-1].event_id, 0):
                for numbers in ([], [reports[0].pk], [report.pk for report in reports]):
                    values = {"since": since, "language": language, "event": event, "numbers": numbers}
                    with django_assert_num_queries(1 if numbers else 0):
                        rows = asked.rows(**values)
                        found = [(row.pk, row.event.starts_at, str(row.event.place)) for row in rows]
                    assert found == [(row.pk, row.event.starts_at, str(row.event.place)) for row in _asked(**values)]
    assert len(asked.built) == 6  # with and without the event, for none, one and eight numbers


def test_it_is_built_once_and_each_row_is_new(reports):
    built = []

    def build(event):
        built.append(event)
        return Report.objects.filter(event=event)

    asked = Prepared(build)
    first, again = asked.rows(event=reports[0].event_id), asked.rows(event=reports[0].event_id)
    assert first == again and first[0] is not again[0] and len(built) == 1
    first[0].title = "changed"
    first[0].save()
    assert asked.rows(event=reports[0].event_id)[0].title == "changed"
    assert {row.event_id for row in asked.rows(event=reports[-1].event_id)} == {reports[-1].event_id}


def test_values_may_be_asked_for_and_united(reports):
    def build(event):
        names = Event.objects.order_by().values_list("pk", "starts_at")
        return names.filter(pk=event).union(names.filter(pk=event), all=True)

    rows = Prepared(build).rows(event=reports[0].event_id)
    assert rows == [(reports[0].event_id, START)] * 2


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_its_own_connection():
    report = factories.report(factories.event(), "tg")
    asked = Prepared(lambda event: Report.objects.filter(event=event))
    asked.rows(event=report.event_id)

    def ask(_number):
        try:
            with connections["default"].execute_wrapper(lambda execute, *told: seen.append(1) or execute(*told)):
                return asked.rows(event=report.event_id)
        finally:
            connection.close()

    seen: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(ask, range(8))) == [[report]] * 8
    assert len(seen) == 8  # The wrapper is that of the thread's own connection.
