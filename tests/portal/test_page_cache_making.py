"""How a page is made: once for all who ask, behind the back of who reads the old one, and what is shown after a fault."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from portal import page_cache
from portal.page_cache import GRACE, STALE, STALE_IF_ERROR
from portal.page_cache_pages import FRESH

from .cached_site import PUBLIC, Answer, Site, answering

CLOCK = time.monotonic


class Portal:
    """An application whose page says how often it was made. It can be slow, fail, break, or say that there is no page."""

    def __init__(self) -> None:
        self.made = 0
        self.status = "200 OK"
        self.breaks = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, request: dict[str, Any], start_response: Any) -> Any:
        self.made += 1
        body = str(self.made).encode()
        assert self.may_go_on.wait(20)
        if self.breaks:
            raise OSError("The database is gone.")
        rules = [PUBLIC] if self.status == "200 OK" else [("Cache-Control", "no-store")]
        return answering(*rules, status=self.status, body=body)(request, start_response)


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def site(portal: Portal) -> Iterator[Site]:
    made = Site(portal).sees()
    yield made
    portal.may_go_on.set()
    made.close()


def later(monkeypatch: pytest.MonkeyPatch, site: Site, seconds: float, sees: bool = True) -> None:
    """So much time after the start; the database answers still, or does not."""
    monkeypatch.setattr(time, "monotonic", lambda: CLOCK() + seconds)
    site.watch.trusted_until = time.monotonic() + (60 if sees else -60)


def until(what: Callable[[], object]) -> None:
    for _try in range(1000):
        if what():
            return
        time.sleep(0.01)
    raise AssertionError("it takes too long")


@pytest.fixture
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Who waits for a page, waits for much longer than the test takes."""
    monkeypatch.setattr(page_cache, "WAIT", 15)
    began = CLOCK()
    yield
    assert CLOCK() - began < 10


def wait_for(site: Site, body: bytes) -> Answer:
    """Ask until the new page comes."""
    until(lambda: site.get("/en/").body == body)
    return site.get("/en/")


def test_fifty_readers_who_ask_at_once_have_the_page_made_once(portal, site):
    portal.may_go_on.clear()
    with ThreadPoolExecutor(50) as readers:
        asked = [readers.submit(site.get, "/en/") for _reader in range(50)]
        until(lambda: portal.made)
        time.sleep(0.2)  # The others come meanwhile; whoever comes later finds the page.
        portal.may_go_on.set()
        assert {each.result().body for each in asked} == {b"1"}
    assert portal.made == 1


def test_fifty_readers_after_a_change_have_the_page_made_once_more(portal, site):
    site.get("/en/")
    site.sees(2)
    portal.may_go_on.clear()
    with ThreadPoolExecutor(50) as readers:
        asked = [readers.submit(site.get, "/en/") for _reader in range(50)]
        time.sleep(0.2)
        portal.may_go_on.set()
        assert {each.result().body for each in asked} == {b"2"}
    assert portal.made == 2


@pytest.mark.usefixtures("nobody_waits")
def test_a_page_that_is_not_fresh_any_more_is_shown_while_a_new_one_is_made(portal, site, monkeypatch):
    site.get("/en/")
    later(monkeypatch, site, FRESH + 5)
    portal.may_go_on.clear()
    old = site.get("/en/")
    assert (old.body, old.headers["age"]) == (b"1", "65"), "nobody waits"
    portal.may_go_on.set()
    assert "age" not in wait_for(site, b"2").headers


def test_a_page_that_is_much_older_is_waited_for(portal, site, monkeypatch):
    site.get("/en/")
    later(monkeypatch, site, STALE + 1)
    assert site.get("/en/").body == b"2"


@pytest.mark.usefixtures("nobody_waits")
def test_a_change_is_shown_at_once_or_after_a_moment(portal, site, monkeypatch):
    site.get("/en/")
    site.sees(2).watch.changed_at = time.monotonic()
    portal.may_go_on.clear()
    assert site.get("/en/").body == b"1", "for a moment nobody waits"
    portal.may_go_on.set()
    wait_for(site, b"2")
    site.sees(3).watch.changed_at = time.monotonic()
    later(monkeypatch, site, GRACE + 0.01)
    assert site.get("/en/").body == b"3"


def test_a_change_while_a_page_is_made_makes_it_an_old_one(portal, site):
    portal.may_go_on.clear()
    with ThreadPoolExecutor(1) as reader:
        asked = reader.submit(site.get, "/en/")
        until(lambda: portal.made)
        site.sees(2)
        portal.may_go_on.set()
        assert asked.result().body == b"1"
    assert site.get("/en/").body == b"2"


@pytest.mark.parametrize("fault", ["500 Internal Server Error", "503 Service Unavailable", "break"])
def test_after_a_fault_the_last_good_page_is_shown_with_its_age(portal, site, monkeypatch, fault):
    site.get("/en/")
    portal.status, portal.breaks = ("200 OK", True) if fault == "break" else (fault, False)
    site.sees(2)
    later(monkeypatch, site, 30)
    for _time in range(5):
        answer = site.get("/en/")
        assert (answer.status, answer.body, answer.headers["age"]) == (200, b"1", "30")
    assert portal.made == 2, "it is not tried again by every reader"
    portal.status, portal.breaks = "200 OK", False
    later(monkeypatch, site, 40)
    assert "age" not in wait_for(site, b"3").headers


def test_without_a_copy_a_fault_is_told_to_all_who_wait_and_kept_by_nobody(portal, site):
    portal.status = "503 Service Unavailable"
    portal.may_go_on.clear()
    with ThreadPoolExecutor(20) as readers:
        asked = [readers.submit(site.get, "/en/") for _reader in range(20)]
        time.sleep(0.2)
        portal.may_go_on.set()
        assert {each.result().status for each in asked} == {503}
    assert portal.made == 1 and site.kept == []


def test_a_copy_is_not_shown_for_more_than_a_day(portal, site, monkeypatch):
    site.get("/en/")
    portal.status = "503 Service Unavailable"
    later(monkeypatch, site, STALE_IF_ERROR - 1, sees=False)
    assert site.get("/en/").status == 200
    until(lambda: not site.cache._making)
    later(monkeypatch, site, STALE_IF_ERROR + 1, sees=False)
    assert site.get("/en/").status == 503


@pytest.mark.usefixtures("nobody_waits")
def test_who_cannot_see_what_changes_shows_what_it_has_and_waits_for_nothing(portal, site, monkeypatch):
    site.get("/en/")
    later(monkeypatch, site, 5, sees=False)
    portal.may_go_on.clear()  # The database does not answer.
    for _time in range(20):
        assert site.get("/en/").body == b"1"
    site.watch.generation = 2  # It changed just before.
    assert site.get("/en/").body == b"1"
    until(lambda: portal.made == 2)


@pytest.mark.usefixtures("nobody_waits")
def test_a_page_that_takes_too_long_is_not_waited_for_if_there_is_an_old_one(portal, site, monkeypatch):
    monkeypatch.setattr(page_cache, "WAIT", 0.2)
    site.get("/en/")
    site.sees(2)
    portal.may_go_on.clear()
    assert site.get("/en/").body == b"1"


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "301 Moved Permanently"])
def test_what_is_not_there_any_more_is_not_kept_any_more(portal, site, status):
    site.get("/en/")
    portal.status = status
    site.sees(2)
    assert site.get("/en/").status == int(status[:3]) and site.kept == []
    assert site.cache.size == 0
