"""While the portal's instances are started anew in turn, no request fails and no appeal is lost: directly and behind nginx.

``RESTART_ROUNDS=20 python -m pytest tests/deploy/test_restart.py`` does it for longer.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.appeals.citizen import picture, values
from tests.appeals.served import Answer, Visitor, form
from tests.deploy.site import PUBLIC, Site
from tests.deploy.twins import Twins

pytestmark = [pytest.mark.nginx, pytest.mark.slow]

ROUNDS = int(os.environ.get("RESTART_ROUNDS", "1"))
READERS, CITIZENS = 2, 2
PAGES = ("/tg/", "/ru/news/", "/en/appeals/", "/tg/appeals/track/", "/ru/text/")
WAYS = ("directly", "behind nginx")


class Guest(Visitor):
    """A visitor who asks once, on a connection of his own, and remembers how it ended."""

    def __init__(self, site: Site, way: str, number: int, seen: Counter[str]) -> None:
        super().__init__(site.portal.port, f"127.{1 + number // 250}.{1 + number % 250}.9")
        self.site, self.way, self.seen = site, way, seen

    def ask(self, method: str, path: str, body: bytes | None = None, seconds: float = 60) -> Answer:
        try:
            answer = self.ask_once(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            self.seen[f"{self.way}: {method} {type(error).__name__}"] += 1
            raise
        self.seen[f"{self.way}: {method} {answer.status}"] += 1
        assert answer.status < 400, f"{self.way}: {method} {path}: {answer.status} {answer.page[:2000]}"
        return answer

    def say(self, method: str, path: str, body: bytes | None) -> closing[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(self.address, 0))
        headers = {
            "Host": PUBLIC,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "multipart/form-data; boundary=X",
            "Referer": f"https://{PUBLIC}/",
        }
        if self.way == "behind nginx":
            connection.sock = self.site.socket(PUBLIC, self.address)
        else:  # What nginx says of itself.
            headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.address}
        try:
            connection.request(method, path, body, headers)
        except BaseException:
            connection.close()
            raise
        return closing(connection)


class Crowd:
    """Readers and citizens by both ways, who do not stop until they are told to."""

    def __init__(self, site: Site) -> None:
        self.site, self.stopping = site, threading.Event()
        self.seen: Counter[str] = Counter()
        self.receipts: list[tuple[str, str, str]] = []
        self.numbers = iter(range(60_000))

    def guest(self, way: str) -> Guest:
        return Guest(self.site, way, next(self.numbers), self.seen)

    def read(self, way: str) -> None:
        guest = self.guest(way)
        while not self.stopping.is_set():
            for page in PAGES:
                guest.ask("GET", f"{page}?reader={next(self.numbers)}")

    def write(self, way: str) -> None:
        while not self.stopping.is_set():
            guest, mark = self.guest(way), f"Фиристанда № {next(self.numbers)}."
            typed = values(text=f"{mark} Хоҳиш менамоям, ки роҳи деҳаи мо таъмир карда шавад.")
            page = guest.ask("GET", "/tg/appeals/write/")
            guest.ask("POST", "/tg/appeals/write/", form(page, typed, attachments=picture().getvalue()))
            page = guest.ask("GET", "/tg/appeals/check/")
            key = page.find(r'name="captcha_0" value="(\w+)"')
            answers = {"captcha_0": key, "captcha_1": captcha(self.site, key), "send": "1"}
            guest.ask("POST", "/tg/appeals/check/", form(page, answers, signature=picture().getvalue()))
            page = guest.ask("GET", "/tg/appeals/receipt/")
            self.receipts.append((mark, page.find(r'id="number">([^<]+)'), page.find(r'id="code">([^<]+)')))


def database(site: Site) -> Path:
    return site.folder / "data" / "portal.sqlite3"


def captcha(site: Site, key: str) -> str:
    with closing(sqlite3.connect(database(site), timeout=30)) as connection:
        query = "SELECT response FROM captcha_captchastore WHERE hashkey = ?"
        return connection.execute(query, (key,)).fetchone()[0]


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[tuple[Site, Twins]]:
    """A site whose portal runs twice on one socket, with nginx before it."""
    site = Site(tmp_path)
    site.portal.prepare()
    pair = Twins(site.portal)
    try:
        for number in (0, 1):
            pair.start(number)
        site.start_nginx()
        yield site, pair
    finally:
        site.stop()
        pair.close()


def test_nobody_notices_that_the_instances_are_started_anew_in_turn(twins):
    site, pair = twins
    crowd, started = Crowd(site), time.monotonic()
    with ThreadPoolExecutor(2 * (READERS + CITIZENS)) as pool:
        work = [pool.submit(crowd.read, way) for way in WAYS for _ in range(READERS)]
        work += [pool.submit(crowd.write, way) for way in WAYS for _ in range(CITIZENS)]
        try:
            for turn in range(2 * ROUNDS):
                pair.restart(turn % 2)
                wait_for(crowd, crowd.seen.total() + 20)
        finally:
            crowd.stopping.set()
        failed = [error for it in work if (error := it.exception(timeout=60))]
    told = dict(sorted(crowd.seen.items()))
    print(json.dumps({"restarts": 2 * ROUNDS, "seconds": round(time.monotonic() - started, 1), "answers": told}))
    site.nginx.send_signal(signal.SIGQUIT)  # It writes the rest of its log.
    site.nginx.wait(timeout=30)
    logged = [line for line in site.log_lines() if line["status"] >= 400]
    assert (failed, logged) == ([], []), (told, site.portal.log.read_text()[-3000:])
    assert {what.rpartition(" ")[2] for what in told} == {"200", "302"}, told
    assert all(told[f"{way}: {method}"] for way in WAYS for method in ("GET 200", "POST 302")), told
    assert_no_appeal_was_lost(site, crowd)


def assert_no_appeal_was_lost(site: Site, crowd: Crowd) -> None:
    """One appeal for each receipt, and no other."""
    numbers = [number for _mark, number, _code in crowd.receipts]
    assert len(set(numbers)) == len(numbers) == len(crowd.receipts) > 0
    with closing(sqlite3.connect(database(site), timeout=30)) as connection:
        stored = [number for (number,) in connection.execute("SELECT number FROM appeals_appeal ORDER BY number")]
    assert stored == sorted(numbers)


def wait_for(crowd: Crowd, answers: int) -> None:
    """Until they have got so many answers."""
    end = time.monotonic() + 60
    while crowd.seen.total() < answers:
        assert time.monotonic() < end, "nobody is answered"
        time.sleep(0.02)
