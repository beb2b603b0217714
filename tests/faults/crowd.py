"""Citizens who go on writing to the President while something breaks.

Each writes an appeal through the real pages, sends again what was not answered, as people do, and begins another one.
An appeal counts as acknowledged from the moment at which the answer that leads to the receipt has arrived. Every error
page that any of them meets is looked at: it must be one that tells him the truth.
"""

from __future__ import annotations

import html
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.appeals.citizen import picture, values
from tests.appeals.served import NO_ANSWER, Answer, Visitor, form
from tests.faults.ledger import Ledger, Row, broken, failed

LANGUAGES = ("tg", "ru", "en")
TELEPHONE = "tel:+992372212520"
SECONDS_OF_PATIENCE = 120
SECONDS_BETWEEN_TRIES = 0.2
numbers = itertools.count(1)  # No two citizens of a run have the same address or the same words.
# A browser for somebody with this address.
Browsers = Callable[[str], Visitor]
# The answer to a CAPTCHA by its key, read from the store as eyes read it from the picture.
Eyes = Callable[[str], str]


class Dishonest(AssertionError):
    """An error page that leaves its reader alone."""


def at(port: int, patience: float = 30) -> Browsers:
    """Browsers that go to the portal at ``port``."""
    return lambda address: Visitor(port, address, patience=patience)


@dataclass(frozen=True)
class Habits:
    """Of every citizen of a crowd; ``pause``: seconds between one's receipt and the next one's first page."""

    attachment: bytes = b""
    email: bool = False
    pause: float = 0


@dataclass
class Sent:
    """An acknowledged appeal: ``began`` is when the request that sent it went out."""

    citizen: Citizen
    began: float
    receipt: tuple[str, str] = ("", "")


@dataclass
class Citizen:
    """One browser, which writes one appeal."""

    browsers: Browsers
    eyes: Eyes
    ledger: Ledger
    habits: Habits = Habits()
    number: int = field(default_factory=lambda: next(numbers))

    def __post_init__(self) -> None:
        self.language = LANGUAGES[self.number % 3]
        self.mark = f"Фиристанда № {self.number}."
        self.email = f"sender{self.number}@example.tj" if self.habits.email else ""
        self.visitor = self.browsers(f"127.{1 + self.number // 250 % 250}.{self.number % 250}.1")

    def url(self, page: str) -> str:
        return f"/{self.language}/appeals/{page}/"

    def ask(self, method: str, page: str, body: bytes | None = None, typed: bool = False) -> Answer:
        """The first answer that is no error, however often he has to ask; ``typed``: his words are in the body."""
        end = time.monotonic() + SECONDS_OF_PATIENCE
        while True:
            answer = self.ask_once(method, self.url(page), body)
            if answer and answer.status < 500:
                return answer
            if answer:
                self.judge(answer, typed)
            assert time.monotonic() < end, f"{method} {page}: {answer.status if answer else 'no answer'} for too long"
            time.sleep(SECONDS_BETWEEN_TRIES)

    def ask_once(self, method: str, path: str, body: bytes | None = None) -> Answer | None:
        with self.ledger.request() as status:
            try:
                answer = self.visitor.ask_once(method, path, body)
            except NO_ANSWER:
                return None
            status.append(answer.status)
            return answer

    def judge(self, answer: Answer, typed: bool) -> None:
        """503, in his language, with a telephone number; and with his words, if he had sent any."""
        page = html.unescape(answer.page)
        own = f'<html lang="{self.language}"' in page
        if not (answer.status == 503 and own and TELEPHONE in page and (self.mark in page or not typed)):
            raise Dishonest(f"{answer.status}, own language: {own}, typed: {typed}\n{page[:1500]}")

    def write(self) -> None:
        """Until the draft is kept and he may send it."""
        text = f"{self.mark} Хоҳиш менамоям, ки роҳи деҳаи мо таъмир карда шавад."
        files = {"attachments": self.habits.attachment} if self.habits.attachment else {}
        body = form(self.ask("GET", "write"), values(text=text, email=self.email), **files)
        answer = self.ask("POST", "write", body, typed=True)
        assert answer.location == self.url("check"), answer.find("(error.*)")

    def send(self) -> Sent:
        """Until the answer is there that leads to the receipt."""
        page = self.ask("GET", "check")
        for _attempt in range(200):
            key = page.find(r'name="captcha_0" value="(\w+)"')
            fields = {"captcha_0": key, "captcha_1": self.eyes(key), "send": "1"}
            began = time.monotonic()
            answer = self.ask("POST", "check", form(page, fields, signature=picture().getvalue()))
            if answer.location == self.url("receipt"):
                return Sent(self, began)
            assert answer.status == 200, f"{answer.status} {answer.location} {answer.page[:1500]}"
            page = answer  # Its CAPTCHA was used up before the fault: he reads the new one.
        raise AssertionError(answer.find("(error.*)"))

    def read_receipt(self) -> tuple[str, str]:
        page = self.ask("GET", "receipt")
        return page.find(r'id="number">([^<]+)'), page.find(r'id="code">([^<]+)')

    def opens(self, number: str, code: str) -> bool:
        """Number and code open his own appeal on the tracking page."""
        page = self.ask("GET", "track")
        answer = self.ask("POST", "track", form(page, {"number": number, "code": code}))
        return answer.status == 302 and self.mark in html.unescape(self.ask("GET", "case").page)


@dataclass
class Fault:
    """The time in which something is broken; ``over`` is called when its cause is gone."""

    began: float
    gone: float = 0.0

    def over(self) -> None:
        self.gone = time.monotonic()

    def felt_nothing(self, ledger: Ledger) -> bool:
        """Requests were answered since then, and none of them by an error."""
        events = ledger.between(self.began)
        return bool(events) and not failed(events) and not broken(events)


class Crowd:
    """``count`` citizens at a time, from ``with`` to its end; then every acknowledged appeal is opened."""

    def __init__(self, browsers: Browsers, eyes: Eyes, count: int = 4, habits: Habits = Habits()) -> None:
        self.browsers, self.eyes, self.count, self.habits = browsers, eyes, count, habits
        self.ledger, self.sent = Ledger(), list[Sent]()
        self.faults: list[BaseException] = []
        self._leaving = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Crowd:
        self._threads = [threading.Thread(target=self._write_on) for _ in range(self.count)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._leaving.set()
        for thread in self._threads:
            thread.join(SECONDS_OF_PATIENCE + 60)
        if kind is None:
            self.check()

    def _write_on(self) -> None:
        try:
            while not self._leaving.is_set():
                citizen = self.newcomer()
                citizen.write()
                sent = citizen.send()
                self.sent.append(sent)
                sent.receipt = citizen.read_receipt()
                self._leaving.wait(self.habits.pause)
        except BaseException as error:
            self.faults.append(error)

    def newcomer(self) -> Citizen:
        return Citizen(self.browsers, self.eyes, self.ledger, self.habits)

    def check(self) -> None:
        if self.faults:
            raise self.faults[0]

    def until(self, what: Callable[[], object], seconds: float = 90) -> None:
        """Wait for ``what``; the first citizen who is left alone ends the test."""
        end = time.monotonic() + seconds
        while not what():
            self.check()
            assert time.monotonic() < end, f"not within {seconds} s; {len(self.sent)} sent"
            time.sleep(0.02)

    def wait(self, seconds: float) -> None:
        """Let them write for so long."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end, seconds + 30)

    def until_sent(self, count: int = 2) -> None:
        """Wait until so many more have been acknowledged."""
        wanted = len(self.sent) + count
        self.until(lambda: len(self.sent) >= wanted)

    def until_felt(self, began: float, count: int = 4) -> None:
        """Wait until so many requests have failed since ``began``."""

        def felt() -> bool:
            events = self.ledger.between(began)
            return failed(events) + broken(events) >= count

        self.until(felt)

    def lost(self) -> int:
        """How many acknowledged appeals cannot be opened with their number and code."""
        return sum(not sent.citizen.opens(*(sent.receipt or sent.citizen.read_receipt())) for sent in self.sent)

    def taken_since(self, moment: float) -> bool:
        """An appeal that was sent after ``moment`` was acknowledged."""
        return any(sent.began >= moment for sent in list(self.sent))

    @contextmanager
    def meets(
        self, fault: str, met: str, well: Callable[[], object] = lambda: True, seconds: float = 90
    ) -> Iterator[Fault]:
        """While it is entered, ``fault`` is there, or until ``over``.

        Leaves when an appeal was taken again and all is ``well``, within so many seconds, and writes the row of the
        table; nothing acknowledged may be lost. ``met``: what people meet, for the table.
        """
        self.until_sent()
        now = Fault(time.monotonic())
        yield now
        now.gone = now.gone or time.monotonic()
        self.until(lambda: self.taken_since(now.gone) and well(), seconds)
        recovered = time.monotonic()
        self.until_sent()
        self.__exit__(None)
        events, lost = self.ledger.between(now.began, recovered), self.lost()
        row = Row(fault, len(events), failed(events), broken(events), len(self.sent), lost, recovered - now.gone, met)
        row.keep()
        assert lost == 0, row
