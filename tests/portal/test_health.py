"""/healthz and /readyz: what makes the portal unready, what only warns, and who is told what."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now

from portal import __version__, worker
from portal.models import Message, Task

pytestmark = pytest.mark.django_db
STRANGER = {"REMOTE_ADDR": "203.0.113.7"}
TOKEN = "a-token-of-the-operators"


@pytest.fixture
def working(settings):
    """A worker has been here just now, and the disk has room."""
    settings.TASKS_EAGER, settings.DISK_FREE_MB = False, 1
    worker.load_tasks()
    worker.keep_order()


def told(client, **options):
    answer = client.get("/readyz", **options)
    found = answer.json()
    assert found["ready"] == (answer.status_code == 200)
    return answer.status_code, found["checks"]


def test_when_all_is_well_strangers_get_one_word_and_operators_every_check(client, working):
    assert client.get("/healthz").content == b"ok\n"
    stranger = client.get("/readyz", **STRANGER)
    assert (stranger.status_code, stranger.content) == (200, b"ok\n")
    assert client.get("/readyz").json()["version"] == __version__
    status, checks = told(client)
    assert status == 200 and [name for name, check in checks.items() if not check["ok"]] == []
    assert set(checks) == {"database", "migrations", "cache", "disk", "worker", "outbox"}
    assert {name for name, check in checks.items() if check["needed"]} == {"database", "migrations"}


def test_a_database_that_does_not_answer_makes_it_unready_and_strangers_are_not_told_why(client):
    def broken(*_args: object) -> None:
        raise DatabaseError("password=secret")

    with connection.execute_wrapper(broken):
        assert client.get("/healthz").status_code == 200
        stranger = client.get("/readyz", **STRANGER)
        assert (stranger.status_code, stranger.content) == (503, b"not ready\n")
        answer = client.get("/readyz")
    assert answer.status_code == 503 and b"secret" not in answer.content
    assert answer.json()["checks"]["database"] == {"ok": False, "figure": "DatabaseError", "needed": True}


def test_a_migration_that_was_not_applied_makes_it_unready(client):
    MigrationRecorder(connection).migration_qs.filter(app="portal", name="0004_public_state").delete()
    status, checks = told(client)
    assert (status, checks["migrations"]["figure"], checks["migrations"]["ok"]) == (503, 1, False)


def test_a_full_disk_only_warns(client, settings):
    settings.DISK_FREE_MB = 2**40
    status, checks = told(client)
    assert status == 200 and not checks["disk"]["ok"] and checks["disk"]["figure"] > 0


def test_a_cache_that_keeps_nothing_only_warns(client, settings):
    backend = "django.core.cache.backends.dummy.DummyCache"
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": backend}}
    try:
        status, checks = told(client)
    finally:
        caches.close_all()
    assert status == 200 and not checks["cache"]["ok"]


def test_a_worker_that_never_came_or_is_gone_only_warns(client, settings, working):
    Task.objects.all().delete()
    status, checks = told(client)
    assert status == 200 and checks["worker"] == {"ok": False, "figure": "never", "needed": False}
    worker.keep_order()
    Task.objects.filter(key=Task.objects.exclude(key=None).first().key).update(due_at=Now() - timedelta(hours=1))
    status, checks = told(client)
    assert status == 200 and not checks["worker"]["ok"] and 3600 <= checks["worker"]["figure"] < 3700


def test_a_letter_that_waits_for_long_only_warns(client, working):
    letter = Message.objects.create(kind="letter", to="somebody@example.tj", language="tg")
    Message.objects.update(made_at=Now() - timedelta(hours=2))
    status, checks = told(client)
    assert status == 200 and not checks["outbox"]["ok"] and 7200 <= checks["outbox"]["figure"] < 7300
    Message.objects.filter(pk=letter.pk).update(sent_at=Now())
    assert told(client)[1]["outbox"] == {"ok": True, "figure": 0, "needed": False}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded"])
def test_who_comes_through_a_proxy_on_this_machine_is_a_stranger(client, header):
    assert client.get("/readyz", headers={header: "127.0.0.1"}).content == b"ok\n"


def test_the_token_opens_the_details_from_anywhere_and_a_wrong_one_does_not(client, settings):
    assert client.get("/readyz", headers={"Authorization": "Bearer "}, **STRANGER).content == b"ok\n"
    settings.HEALTH_TOKEN = TOKEN
    assert "checks" in client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"}, **STRANGER).json()
    for wrong in ("Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer Ғ"):
        assert client.get("/readyz", headers={"Authorization": wrong}, **STRANGER).content == b"ok\n"
