"""Work for later: nothing is lost, nothing stops for one bad task, and nothing is done by two workers at a time."""

import logging
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from portal import tasks, worker
from portal.models import Task
from portal.tasks import GiveUp, periodic, task

from . import queue_tasks

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queue(settings, monkeypatch):
    """The queue as it is outside tests, without the tasks that the portal itself has."""
    worker.load_tasks()  # Now, so that they go into the real list.
    settings.TASKS_EAGER = settings.TASKS_EAGER_RAISES = False
    monkeypatch.setattr(worker, "TASKS", mine := {})
    monkeypatch.setattr(tasks, "TASKS", mine)


@pytest.fixture
def done():
    return []


@pytest.fixture
def note(done):
    @task
    def note(what: str) -> None:
        done.append(what)

    return note


def pass_time(**delta: float) -> None:
    """Everything that is due in this time is due now."""
    for row in Task.objects.all():
        Task.objects.filter(pk=row.pk).update(due_at=row.due_at - timedelta(**delta))


def failing(error: Exception, **options: int) -> tasks.TaskFunction:
    @task(**options)
    def fail() -> None:
        raise error

    return fail


# Asking for work ------------------------------------------------------------------------------------------------------


def test_a_task_is_done_by_the_worker_and_leaves_no_row(note, done):
    note.later(what="photo 3")
    assert done == []
    assert worker.work_off() == 1
    assert done == ["photo 3"]
    assert not Task.objects.exists()


def test_work_is_asked_for_in_the_callers_transaction(note, done):
    with transaction.atomic():
        note.later(what="never")
        transaction.set_rollback(True)
    worker.work_off()
    assert done == []


def test_a_task_can_be_called_like_any_function(note, done):
    note("at once")
    assert done == ["at once"]
    assert not Task.objects.exists()


def test_arguments_that_are_no_json_are_refused_where_they_are_given(note):
    with pytest.raises(TypeError):
        note.later(what=object())
    assert not Task.objects.exists()


def test_first_come_first_served_but_smaller_priorities_go_first(note, done):
    @task(priority=2)
    def in_bulk(what: str) -> None:
        done.append(what)

    in_bulk.later(what="letter")
    note.later(what="photo 1")
    note.later(what="photo 2")
    worker.work_off()
    assert done == ["photo 1", "photo 2", "letter"]


# Eager ----------------------------------------------------------------------------------------------------------------


def test_eager_does_it_at_once(settings, note, done):
    settings.TASKS_EAGER = True
    note.later(what="now")
    assert done == ["now"]
    assert not Task.objects.exists()


def test_eager_an_error_is_seen_in_tests_and_left_to_a_worker_elsewhere(settings):
    settings.TASKS_EAGER = settings.TASKS_EAGER_RAISES = True
    fail = failing(OSError("full"))
    with pytest.raises(OSError, match="full"):
        fail.later()
    settings.TASKS_EAGER_RAISES = False
    fail.later()
    row = Task.objects.get()
    assert (row.name, row.attempts, row.error) == (fail.name, 1, "OSError")


# Errors ---------------------------------------------------------------------------------------------------------------


def test_one_bad_task_stops_no_other(note, done):
    failing(ValueError("bad")).later()
    note.later(what="good")
    assert worker.work_off() == 2
    assert done == ["good"]


def test_an_error_is_tried_again_later_each_time_after_a_longer_pause():
    failing(OSError("down")).later()
    pauses = []
    for attempt in range(1, 6):
        before = timezone.now()
        assert worker.work_off() == 1
        row = Task.objects.get()
        assert (row.attempts, row.error, row.dead_at) == (attempt, "OSError", None)
        pauses.append((row.due_at - before).total_seconds())
        assert worker.work_off() == 0, "it waits"
        pass_time(days=1)
    for pause, middle in zip(pauses, (15, 30, 60, 120, 240), strict=True):
        assert 0.74 * middle <= pause <= 1.26 * middle + 2


def test_pauses_vary_and_have_an_end():
    pauses = {worker.pause(3) for _ in range(20)}
    assert len(pauses) > 1
    assert worker.pause(1000) <= timedelta(hours=5)


def test_after_its_attempts_a_task_is_given_up_and_stays_to_be_seen(note, done):
    failing(OSError("down"), attempts=3).later()
    for _ in range(5):
        worker.work_off()
        pass_time(days=1)
    row = Task.objects.get()
    assert row.attempts == 3
    assert row.error == "OSError"
    assert row.dead_at is not None


def test_a_task_can_say_that_trying_again_is_of_no_use():
    @task
    def hopeless() -> None:
        try:
            raise KeyError("gone")
        except KeyError as error:
            raise GiveUp from error

    hopeless.later()
    worker.work_off()
    row = Task.objects.get()
    assert row.attempts == 1
    assert row.dead_at is not None
    assert row.error == "KeyError"


def test_neither_the_log_nor_the_row_has_the_words_of_an_error(caplog):
    caplog.set_level(logging.DEBUG)
    fail = failing(ValueError("aziza@example.tj"))
    fail.later()
    worker.work_off()
    assert fail.name in caplog.text and "ValueError" in caplog.text
    assert "aziza" not in caplog.text
    assert "aziza" not in Task.objects.get().error


def test_a_task_that_this_version_does_not_know_waits_for_one_that_does(done):
    Task.objects.create(name="news.photos.later_version")
    assert worker.work_off() == 1
    row = Task.objects.get()
    assert (row.error, row.dead_at) == ("UnknownTask", None)
    assert row.due_at > timezone.now()


# Leases ---------------------------------------------------------------------------------------------------------------


def test_what_one_worker_has_taken_no_other_takes_until_the_lease_ends(note, done):
    note.later(what="once")
    first = worker.take()
    assert worker.take() is None
    pass_time(seconds=note.lease + 1)
    second = worker.take()
    assert second.pk == first.pk
    assert second.attempts == 2


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(note, done):
    note.later(what="x")
    late = worker.take()
    pass_time(seconds=note.lease + 1)
    current = worker.take()
    worker.done(late, note)
    worker.failed(late, note, OSError())
    row = Task.objects.get()
    assert (row.attempts, row.due_at, row.error) == (2, current.due_at, "")
    worker.done(current, note)
    assert not Task.objects.exists()


def test_a_task_that_kills_its_worker_each_time_is_given_up():
    @task(attempts=2)
    def deadly() -> None:
        raise AssertionError("it was taken two times already, and is not called again")

    deadly.later()
    for _ in range(2):
        assert worker.take()
        pass_time(days=1)
    worker.work_off()
    row = Task.objects.get()
    assert row.dead_at is not None
    assert row.error == "NeverReturned"


def test_a_clock_that_was_wrong_does_not_put_a_task_off_for_years(note, done):
    note.later(what="x")
    Task.objects.update(due_at=timezone.now() + timedelta(days=400))
    worker.keep_order()
    worker.work_off()
    assert done == ["x"]


def test_looking_for_work_is_one_query_and_opens_no_transaction(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert worker.take() is None


# Periodic tasks -------------------------------------------------------------------------------------------------------


def test_a_periodic_task_runs_when_it_is_due_and_only_then(done):
    @periodic(minutes=1)
    def look() -> None:
        done.append("looked")

    worker.keep_order()
    worker.keep_order()
    assert Task.objects.count() == 1
    assert worker.work_off() == 1
    assert worker.work_off() == 0
    pass_time(seconds=61)
    assert worker.work_off() == 1
    assert done == ["looked", "looked"]


def test_while_it_runs_no_other_worker_runs_it(done):
    @periodic(minutes=1, lease=600)
    def look() -> None:
        pass

    worker.keep_order()
    assert worker.take()
    pass_time(minutes=5)
    assert worker.take() is None


def test_a_periodic_task_that_fails_is_tried_again_and_never_given_up():
    @periodic(minutes=1)
    def look() -> None:
        raise OSError

    worker.keep_order()
    for _ in range(30):
        before = timezone.now()
        assert worker.work_off() == 1
        row = Task.objects.get()
        assert row.dead_at is None
        assert row.due_at - before < timedelta(seconds=62), "no later than it would have come again anyway"
        pass_time(minutes=2)


def test_a_periodic_task_that_the_portal_has_no_more_goes():
    Task.objects.create(name="news.tasks.gone", key="news.tasks.gone")
    worker.work_off()
    assert not Task.objects.exists()


def test_a_time_of_day_is_one_in_dushanbe():
    @periodic(at="07:00")
    def digest() -> None:
        pass

    before = datetime(2022, 1, 10, 1, 59, tzinfo=UTC)
    assert digest.next_time(before) == datetime(2022, 1, 10, 2, 0, tzinfo=UTC)
    assert digest.next_time(before + timedelta(minutes=1)) == datetime(2022, 1, 11, 2, 0, tzinfo=UTC)


def test_a_task_with_a_time_of_day_waits_for_it_and_a_missed_one_is_made_up_for_once(done):
    @periodic(at="07:00")
    def digest() -> None:
        done.append("sent")

    worker.keep_order()
    assert worker.work_off() == 0
    pass_time(days=3)
    assert worker.work_off() == 1
    row = Task.objects.get()
    assert timezone.now() < row.due_at <= timezone.now() + timedelta(days=1)
    assert timezone.localtime(row.due_at).strftime("%H:%M") == "07:00"


@pytest.mark.parametrize("period", [{}, {"hours": -1}, {"hours": 25}, {"hours": 1, "at": "07:00"}, {"at": "25:00"}])
def test_a_period_that_cannot_be_kept_is_refused(period):
    with pytest.raises(ValueError, match=r"A periodic task has|must be in|Invalid"):
        periodic(**period)(print)


# The office -----------------------------------------------------------------------------------------------------------


def operator(*codenames: str) -> Client:
    user = User.objects.create_user("operator", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def try_again(client: Client, row: Task):
    return client.post("/admin/portal/task/", {"action": "try_again", "_selected_action": [row.pk]}, follow=True)


def test_a_given_up_task_is_seen_and_can_be_tried_again(note, done):
    row = Task.objects.create(
        name=note.name, arguments={"what": "x"}, attempts=10, error="OSError", dead_at=timezone.now()
    )
    client = operator("view_task", "change_task")
    assert b"OSError" in client.get("/admin/portal/task/").content
    assert client.get(f"/admin/portal/task/{row.pk}/change/").status_code == 200
    assert try_again(client, row).status_code == 200
    worker.work_off()
    assert done == ["x"]


def test_who_may_only_look_changes_nothing(note):
    row = Task.objects.create(name=note.name, dead_at=timezone.now())
    client = operator("view_task")
    assert client.get("/admin/portal/task/").status_code == 200
    try_again(client, row)
    row.refresh_from_db()
    assert row.dead_at is not None
    assert client.get("/admin/portal/task/add/").status_code == 403
    assert client.post(f"/admin/portal/task/{row.pk}/delete/", {"post": "yes"}).status_code == 403


# The process ----------------------------------------------------------------------------------------------------------


def test_once_does_what_is_due_and_ends(note, done):
    note.later(what="x")
    call_command("work", once=True)
    assert done == ["x"]


def test_the_portals_own_periodic_tasks_have_their_rows(monkeypatch):
    monkeypatch.undo()
    worker.keep_order()
    periodic_names = {name for name, marked in tasks.TASKS.items() if marked.is_periodic}
    assert {"portal.outbox.clear_outbox", "news.tasks.announce_reports", "news.tasks.send_digests"} <= periodic_names
    assert set(Task.objects.values_list("key", flat=True)) == periodic_names


@pytest.fixture
def start(tmp_path):
    """Start worker processes on the test's database; all are gone at the end."""
    database, started = connection.settings_dict, []
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        owner = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
        url = f"postgres://{owner}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environ = os.environ | {
        "DATABASE_URL": url,
        "PORTAL_DATA_DIR": str(tmp_path),
        "QUEUE_TEST_FILE": str(tmp_path / "lines"),
    }

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.portal.queue_tasks"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environ, text=True, stderr=subprocess.PIPE))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def lines(tmp_path: Path) -> list[str]:
    file = tmp_path / "lines"
    return file.read_text().split() if file.exists() else []


def wait_for(what, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_that_are_killed_lose_nothing(start, tmp_path):
    """100 tasks, two workers, both killed with -9 on the way: what they had in hand runs again, nothing else does."""
    for number in range(100):
        queue_tasks.count.later(number=number)
    victims = [start(), start()]
    wait_for(lambda: len(lines(tmp_path)) >= 20)
    for victim in victims:
        victim.kill()
    start()
    start()
    wait_for(lambda: Task.objects.filter(name=queue_tasks.count.name).count() == 0)
    done = lines(tmp_path)
    assert set(done) == {str(number) for number in range(100)}
    assert len(done) <= 102


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_stop_finishes_the_task_at_hand(start, tmp_path):
    queue_tasks.take_a_second.later()
    process = start()
    wait_for(lambda: lines(tmp_path) == ["begun"])
    told = time.monotonic()
    process.send_signal(signal.SIGTERM)
    output = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    assert lines(tmp_path) == ["begun", "ended"]
    assert time.monotonic() - told < 4
    assert "Traceback" not in output
    assert not Task.objects.filter(name=queue_tasks.take_a_second.name).exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_idle_worker_stops_at_once(start):
    process = start()
    wait_for(lambda: Task.objects.filter(key__isnull=False, due_at__gt=timezone.now()).exists())
    time.sleep(0.5)
    told = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert time.monotonic() - told < 5
