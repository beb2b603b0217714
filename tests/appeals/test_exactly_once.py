"""However often an appeal is sent and whenever the server dies, it is taken exactly once.

The real server on PostgreSQL, with a database of its own. It is killed as a power cut would (``kill -9``); the
citizens send again what was not answered, as people and browsers do.
"""

import io
import json
import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connections
from PIL import Image

from appeals import casework, receipt, vault
from appeals.models import Appeal, AppealFile, Draft, DraftFile, JournalEntry, Series
from tests.appeals.citizen import picture, values
from tests.appeals.served import Answer, Served, Visitor, form

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

DRAFTS, KILLS = 100, 4
KEY = "5a" * 32
WRITE, CHECK, RECEIPT, TRACK = (f"/tg/appeals/{page}/" for page in ("write", "check", "receipt", "track"))


class Database:
    """A database beside the one of DATABASE_URL, made and dropped by the test."""

    def __init__(self) -> None:
        self.name = f"exactly_once_{os.getpid()}"
        self.server = os.environ["DATABASE_URL"]
        self.url = urlsplit(self.server)._replace(path=f"/{self.name}").geturl()

    def run(self, command: str, url: str = "") -> list[tuple]:
        connection = psycopg2.connect(url or self.url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(command)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def make(self) -> None:
        self.run(f'CREATE DATABASE "{self.name}"', self.server)

    def drop(self) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)', self.server)

    def captcha(self, key: str) -> str:
        return self.run(f"SELECT response FROM captcha_captchastore WHERE hashkey = '{key}'")[0][0]


@pytest.fixture(scope="module")
def database():
    made = Database()
    made.make()
    yield made
    made.drop()


@pytest.fixture(scope="module")
def prepared(database, tmp_path_factory):
    """The portal, not running. Behind a proxy, so that every citizen has a network of his own."""
    folder = tmp_path_factory.mktemp("portal")
    served = Served(folder, DATABASE_URL=database.url, OFFICE_KEY=KEY, BEHIND_PROXY="1")
    served.prepare()
    return served


@pytest.fixture
def portal(prepared, database):
    prepared.start()
    yield prepared
    prepared.kill()
    database.run(
        "ALTER TABLE appeals_journalentry DISABLE TRIGGER USER; "
        "TRUNCATE appeals_draft, appeals_appeal, appeals_series RESTART IDENTITY CASCADE"
    )


@pytest.fixture
def rows(database, django_db_blocker, settings):
    """The models, read from the server's database: ``rows(Appeal)``."""
    settings.OFFICE_KEYS = [KEY]
    alias = "exactly_once"
    connections.databases[alias] = connections.databases["default"] | {"NAME": database.name}
    with django_db_blocker.unblock():
        yield lambda model: model.objects.using(alias)
        connections[alias].close()
    del connections.databases[alias], connections[alias]


@dataclass
class Sender:
    """A citizen with a finished draft; what he sends is made once and sent as often as it takes."""

    number: int
    visitor: Visitor
    database: Database
    body: bytes = b""

    @property
    def mark(self) -> str:
        return f"Фиристанда № {self.number}."

    @property
    def size(self) -> tuple[int, int]:
        return 200 + self.number, 60

    def write(self) -> None:
        page = self.visitor.ask("GET", WRITE)
        typed = values(text=f"{self.mark} Хоҳиш менамоям, ки роҳи деҳаи мо таъмир карда шавад.")
        attachment = picture(size=self.size).getvalue()
        answer = self.visitor.ask("POST", WRITE, form(page, typed, attachments=attachment))
        assert answer.location == CHECK, answer.find("(error.*)")
        self.prepare_to_send(self.visitor.ask("GET", CHECK))

    def prepare_to_send(self, page: Answer) -> None:
        key = page.find(r'name="captcha_0" value="(\w+)"')
        answer = {"captcha_0": key, "captcha_1": self.database.captcha(key), "send": "1"}
        self.body = form(page, answer, signature=picture().getvalue())

    def send(self) -> tuple[str, str]:
        """Send until there is an answer; then read the receipt: number and code."""
        for _attempt in range(20):
            answer = self.visitor.ask("POST", CHECK, self.body)
            if answer.location == RECEIPT:
                return self.read_receipt()
            assert answer.status == 200, answer.find("(Traceback|<h1.*)")
            self.prepare_to_send(answer)  # Its CAPTCHA was used up: read the new one.
        raise AssertionError(answer.find("(error.*)"))

    def read_receipt(self) -> tuple[str, str]:
        page = self.visitor.ask("GET", RECEIPT)
        return page.find(r'id="number">([^<]+)'), page.find(r'id="code">([^<]+)')

    def own_appeal(self, number: str, code: str) -> str:
        """What number and code open on the tracking page."""
        page = self.visitor.ask("GET", TRACK)
        answer = self.visitor.ask("POST", TRACK, form(page, {"number": number, "code": code}))
        assert answer.status == 302, answer.find("(error.*)")
        return self.visitor.ask("GET", answer.location).page


def senders(portal, database, count):
    """Citizens, each with a draft that only has to be sent."""
    made = [Sender(n, Visitor(portal.port, f"10.1.{n // 200}.{n % 200 + 1}"), database) for n in range(count)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(Sender.write, made))
    return made


def kill_again_and_again(portal, receipts, luck):
    """Kill the server at random moments while appeals are being taken, and start it again at once."""
    at = sorted(luck.sample(range(5, 2 * DRAFTS - 40), KILLS))
    for done in at:
        end = time.monotonic() + 60
        while len(receipts) < done:
            assert time.monotonic() < end, f"only {len(receipts)} receipts"
            time.sleep(0.005)
        time.sleep(luck.uniform(0, 0.15))
        portal.kill()
        portal.start()


def test_two_hundred_sends_of_a_hundred_drafts_leave_a_hundred_appeals(portal, database, rows):
    everybody = senders(portal, database, DRAFTS)
    receipts: list[tuple[int, tuple[str, str]]] = []
    twice = everybody * 2
    random.Random(4).shuffle(twice)
    with ThreadPoolExecutor(2 * DRAFTS + 1) as pool:
        killer = pool.submit(kill_again_and_again, portal, receipts, random.Random(21))
        sends = [pool.submit(lambda who: receipts.append((who.number, who.send())), who) for who in twice]
        for send in [*sends, killer]:
            send.result(timeout=120)

    assert sum(who.visitor.unanswered for who in everybody) >= KILLS, "the server died while nobody was waiting"
    assert len(receipts) == 2 * DRAFTS
    by_sender = dict(receipts)
    assert len(set(receipts)) == len(by_sender) == DRAFTS, "somebody got two receipts"
    assert_a_row_of_whole_appeals(rows, by_sender)
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda who: who.own_appeal(*by_sender[who.number]), everybody))
    assert all(who.mark in page for who, page in zip(everybody, pages, strict=True))


def assert_a_row_of_whole_appeals(rows, by_sender):
    """Exactly one appeal for each sender, with all that belongs to it; no gap, nothing left over."""
    appeals = list(rows(Appeal).order_by("id"))
    year = appeals[0].number[:4]
    assert sorted(appeal.number for appeal in appeals) == [f"{year}-{n:06d}" for n in range(1, len(by_sender) + 1)]
    assert [series.last for series in rows(Series)] == [len(by_sender)]
    own = {number: (sender, code) for sender, (number, code) in by_sender.items()}
    for appeal in appeals:
        sender, code = own[appeal.number]
        assert_whole(appeal, Sender(sender, None, None), code)
    assert rows(AppealFile).count() == 2 * len(appeals)
    assert rows(DraftFile).count() == 0
    assert Counter(rows(Draft).values_list("sent", flat=True)) == {True: len(appeals)}
    assert Counter(rows(JournalEntry).values_list("action", flat=True))["received"] == len(appeals)


def assert_whole(appeal, sender, code):
    """The office reads the words and the files; receipt, journal and digest are those of this appeal."""
    key = casework.base.data_key(appeal)
    box = json.loads(vault.decrypt(key, appeal.box))
    assert box["content"]["text"].startswith(sender.mark)
    assert [file["role"] for file in box["files"]] == ["attachment", "signature"]
    files = [vault.decrypt(key, file.box) for file in appeal.files.all()]
    assert Image.open(io.BytesIO(files[0])).size == sender.size
    Image.open(io.BytesIO(files[1])).verify()
    assert appeal.digest == receipt.digest(box, files)
    assert appeal.tracking_hash == receipt.code_hash(code, appeal.number)
    [entry] = appeal.journal.all()
    assert (entry.action, entry.previous_hash) == ("received", "")
    assert entry.hash == entry.computed_hash() == appeal.journal_head


def test_an_answer_that_is_lost_with_the_server_is_the_same_when_asked_again(portal, database, rows):
    """The appeal is stored, and the server dies before anybody has heard of it."""
    [sender] = senders(portal, database, 1)
    with sender.visitor.say("POST", CHECK, sender.body):
        wait_until(lambda: rows(Appeal).exists())
        portal.kill()
    stored = rows(Appeal).get()
    portal.start()
    number, code = sender.send()
    assert sender.send() == (number, code)
    assert_a_row_of_whole_appeals(rows, {sender.number: (number, code)})
    assert bytes(rows(Appeal).get().box) == bytes(stored.box)
    assert sender.mark in sender.own_appeal(number, code)


def wait_until(what) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.002)
