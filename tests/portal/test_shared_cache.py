"""The cache of several machines, on a real Redis: shared while it answers, and without it slower but never wrong."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from appeals import captcha
from portal import shared_cache, throttle
from portal.shared_cache import SharedCache
from tests.redis_server import Redis
from tests.standstill import hanging

pytestmark = pytest.mark.redis


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    made = Redis(tmp_path)
    yield made
    made.stop()


def cache_of(server: Redis, folder: Path, name: str = "default") -> SharedCache:
    return SharedCache(
        server.url,
        {"FILES": folder, "KEY_PREFIX": f"portal.{name}", "TIMEOUT": 300, "OPTIONS": {"MAX_ENTRIES": 100}},
    )


@pytest.fixture
def machines(server: Redis, tmp_path: Path) -> tuple[SharedCache, SharedCache]:
    return cache_of(server, tmp_path / "first"), cache_of(server, tmp_path / "second")


def test_what_one_machine_keeps_the_other_finds(machines):
    first, second = machines
    first.set("key", (1.5, "Ҷ"))
    assert second.get("key") == (1.5, "Ҷ") and "key" in second and second.get("none", 7) == 7
    assert not second.add("key", 1) and second.add("count", 1) and first.incr("count", 2) == 3
    second.set_many({"a": 1, "b": 2}, timeout=60)
    assert first.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    second.delete("key")
    assert first.get("key") is None


def test_emptying_one_leaves_what_is_of_others(server, tmp_path, machines):
    other = cache_of(server, tmp_path / "other", "captcha")
    other.set("key", "kept")
    for number in range(3):
        machines[0].set(f"key-{number}", number)
    machines[1].clear()
    assert other.get("key") == "kept" and machines[0].get_many([f"key-{number}" for number in range(3)]) == {}


@contextmanager
def gone(server: Redis) -> Iterator[None]:
    server.stop()
    yield
    server.start()


@contextmanager
def silent(server: Redis) -> Iterator[None]:
    with hanging(server.process.pid):
        yield


@pytest.mark.parametrize("fault", [gone, silent])
def test_without_the_server_each_machine_has_its_files_and_nobody_waits_long(server, machines, monkeypatch, fault):
    first, second = machines
    monkeypatch.setattr(shared_cache, "LEFT_ALONE", 3)
    first.set("key", "shared")
    with fault(server):
        started = time.monotonic()
        assert first.get("key") is None  # Forgotten, which a cache may.
        first.set("key", "own")
        assert first.get("key") == "own" and first.add("other", 1) and first.incr("other") == 2
        assert time.monotonic() - started < 2.5, "who waited once does not wait again"
        assert second.get("key") is None
    end = time.monotonic() + 30
    while first.get("key") == "own":
        assert time.monotonic() < end, "it is asked again"
        time.sleep(0.1)


@pytest.mark.django_db
def test_citizens_get_their_pictures_and_tries_are_counted_all_the_same(server, tmp_path, settings):
    settings.CACHES = {
        name: {
            "BACKEND": "portal.shared_cache.SharedCache", "LOCATION": server.url, "KEY_PREFIX": name,
            "FILES": tmp_path / name, "OPTIONS": {"MAX_ENTRIES": 100},
        }
        for name in ("default", "captcha", "drawn")
    }  # fmt: skip
    limit: dict[str, Any] = {"burst": 2, "seconds": 1000}
    assert captcha.picture(captcha.new()).startswith(b"\x89PNG")
    assert throttle.wait_for("test", "somebody", **limit) == 0
    server.stop()
    assert captcha.picture(captcha.new()).startswith(b"\x89PNG")
    waits = [throttle.wait_for("test", "somebody", **limit) for _ in range(3)]
    assert waits[:2] == [0, 0] and waits[2] > 0
    assert Client().get("/tg/appeals/write/").status_code == 200
