"""Readers and citizens of the load shapes, each a coroutine: what a browser asks for, in the order of a browser."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import brotli

from bench.arrivals import Tally
from bench.citizens import BOUNDARY, TYPED, signature
from bench.wire import Answer, Browser, Odd, Place, address_of

TRIES, SECONDS_AWAY = 12, (60.0, 120.0)  # after the page for 503, whose Retry-After is 60
READING = 6.0  # seconds over the check page: quicker ones are held for staff (appeals.gate.HASTE)
FORM, MULTIPART = "application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}"
_ASSETS = re.compile(
    r'<link [^>]*?(?:rel="(?:stylesheet|preload|modulepreload|icon)")[^>]*>|<script [^>]*?src="[^"]+"|<img [^>]+>'
)
_ENCODING = re.compile(rb"\r\ncontent-encoding: *(br|gzip)", re.IGNORECASE)
_ADDRESS = re.compile(r' (?:href|src)="(/[^"]+)"')


def assets(html: str) -> list[str]:
    """What a browser fetches of this site to show a page: styles, scripts, fonts, the pictures in their plain size."""
    found = (_ADDRESS.search(tag) for tag in _ASSETS.findall(html))
    return list(dict.fromkeys(one[1] for one in found if one))


def allow_many_connections() -> None:
    """Have as many connections as this machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def go_ahead() -> None:
    """Go before other processes, where that is allowed: to measure the server's waits, not its own.

    No process that it starts inherits the place.
    """
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))


async def launch(
    moments: Iterable[float], tally: Tally, come: Callable[[int, float], object], ahead: bool = True
) -> None:
    """Start ``come(number, intended)`` at each moment, whatever became of those before; returns when all are through.

    ``intended`` is on the clock of ``time.monotonic``. Not ``ahead`` is who brings a load beside those whose waits are
    measured: he would take the processors from nginx in the middle of a reader's page, as no crowd elsewhere can.
    """
    allow_many_connections()
    if ahead:
        go_ahead()
    start, tasks = time.monotonic() + 0.1, []
    for number, moment in enumerate(moments):
        intended = start + moment
        if (wait := intended - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        tally.lags.append(max(0.0, time.monotonic() - intended))
        tasks.append(asyncio.create_task(come(number, intended)))  # type: ignore[arg-type]
    await asyncio.gather(*tasks)


async def attempt(tally: Tally, what: str, act: object) -> bool:
    """Whether the coroutine came through; why not is noted."""
    try:
        await act  # type: ignore[misc]
    except Odd as odd:
        tally.fail(what, str(odd))
    except Exception as error:  # One fault of whatever kind must not end a run of ten minutes.
        tally.fail(what, type(error).__name__)
    else:
        return True
    return False


def expect(answer: Answer, status: int, what: str) -> Answer:
    if answer.status != status:
        raise Odd(f"{what} {answer.status}")
    return answer


@dataclass
class Readers:
    """Who comes for one page and what belongs to it. Their connections stay open until the server ends them."""

    place: Place
    page: str
    parts: list[str]
    tally: Tally
    lines: int
    came: list[Browser] = field(default_factory=list)

    async def come(self, number: int, intended: float) -> None:
        browser = Browser(self.place, address_of(number), self.tally, self.lines)
        self.came.append(browser)
        if await attempt(self.tally, "reader", self._read(browser, intended)):
            self.tally.wait("reader: page with everything on it", time.monotonic() - intended)

    async def _read(self, browser: Browser, intended: float) -> None:
        expect(await browser.ask("reader: report", "GET", self.page, since=intended), 200, "page")
        left = list(self.parts)

        async def fetch() -> None:
            while left:
                path = left.pop(0)
                answer = expect(await browser.ask("reader: file", "GET", path), 200, path.rpartition(".")[2])
                if not answer.body:
                    raise Odd("empty file")

        await asyncio.gather(*(fetch() for _ in range(browser.lines)))

    def close(self) -> None:
        for browser in self.came:
            browser.close()


@dataclass
class Citizens:
    """Who writes to the President. ``receipts``: number and code of every appeal that was acknowledged."""

    place: Place
    answer: Callable[[str], str]
    tally: Tally
    first: int  # the number of the first one's address
    files: list[tuple[str, str, bytes]] = field(default_factory=list)  # name, type, content
    pages: bool = False  # the rules and the empty form are read, too
    receipts: dict[int, tuple[str, str]] = field(default_factory=dict)
    picture: bytes = field(default_factory=signature)
    sent_away: Counter[str] = field(default_factory=Counter)  # how often the page for 503 asked one to come later

    async def come(self, number: int, intended: float) -> None:
        browser = Browser(self.place, address_of(self.first + number), self.tally)
        browser.write_to()
        await attempt(self.tally, "citizen", self._write(browser, number, intended))
        browser.close()

    async def _write(self, browser: Browser, number: int, intended: float) -> None:
        if self.pages:
            expect(await self._ask(browser, "appeal: rules", "GET", "/tg/appeals/", since=intended), 200, "rules")
            expect(await self._ask(browser, "appeal: empty form", "GET", "/tg/appeals/write/"), 200, "empty form")
            intended = 0
        for name, kind, content in self.files:
            body = multipart({"keep_hidden_data": "on", "csrfmiddlewaretoken": browser.token},
                             "file", name, kind, content)  # fmt: skip
            taken = await self._ask(browser, "appeal: file sent", "POST", "/tg/appeals/write/files/", body, MULTIPART)
            expect(taken, 200, "file")
        values = TYPED | {"email": f"citizen{number}@example.tj", "csrfmiddlewaretoken": browser.token}
        sent = await self._ask(
            browser, "appeal: form sent", "POST", "/tg/appeals/write/", urlencode(values).encode(), FORM, since=intended
        )
        expect(sent, 302, "form")
        key = await self._check(browser)
        await asyncio.sleep(READING)
        values = {"csrfmiddlewaretoken": browser.token, "captcha_0": key,
                  "captcha_1": self.answer(key), "send": "1"}  # fmt: skip
        body = multipart(values, "signature", "signature.png", "image/png", self.picture)
        sent = await self._ask(browser, "appeal: accepted", "POST", "/tg/appeals/check/", body, MULTIPART)
        expect(sent, 302, "send")
        if not sent.location.endswith("/receipt/"):
            raise Odd(f"sent on to {sent.location.rpartition('/appeals/')[2]}")
        await self._receipt(browser, number)

    async def _ask(
        self, browser: Browser, what: str, method: str, path: str, body: bytes = b"", kind: str = "", since: float = 0
    ) -> Answer:
        """The answer; whoever is asked to come later does, after a minute or two."""
        for _ in range(TRIES):
            answer = await browser.ask(what, method, path, body, kind, since)
            if answer.status != 503:
                break
            self.sent_away[what] += 1
            await asyncio.sleep(random.uniform(*SECONDS_AWAY))  # spreads those who come back
            since = 0
        return answer

    async def _check(self, browser: Browser) -> str:
        for _ in range(TRIES):
            page = expect(await self._ask(browser, "appeal: check page", "GET", "/tg/appeals/check/"), 200, "check")
            key = re.search(r'name="captcha_0" value="(\w+)"', text(page))
            if not key:
                raise Odd("no CAPTCHA")
            picture = await self._ask(browser, "appeal: CAPTCHA", "GET", f"/captcha/{key[1]}.png")
            if picture.status != 410:  # It went while he was sent away: he asks for another.
                break
        expect(picture, 200, "CAPTCHA")
        return key[1]

    async def _receipt(self, browser: Browser, number: int) -> None:
        page = text(expect(await self._ask(browser, "appeal: receipt", "GET", "/tg/appeals/receipt/"), 200, "receipt"))
        found = [re.search(rf'id="{name}">([^<]+)', page) for name in ("number", "code")]
        if not (found[0] and found[1]):
            raise Odd("no number")
        self.receipts[number] = found[0][1], found[1][1]


def text(answer: Answer) -> str:
    encoding = _ENCODING.search(answer.head)
    if encoding is None:
        return answer.body.decode()
    return (brotli if encoding[1] == b"br" else gzip).decompress(answer.body).decode()


def multipart(values: dict[str, str], field_name: str, file: str, kind: str, content: bytes) -> bytes:
    fields = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
              for name, value in values.items()]  # fmt: skip
    head = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{file}"\r\n'
            f"Content-Type: {kind}\r\n\r\n")  # fmt: skip
    return "".join([*fields, head]).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
