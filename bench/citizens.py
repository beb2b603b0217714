"""Citizens who write to the President, each from an address of his own (127.x.y.z), so that no limit meets them.

One step after another is taken by all of them, some at a time: each step has a row of its own in the table.
"""

from __future__ import annotations

import http.client
import io
import re
import secrets
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from PIL import Image, ImageDraw

from bench.load import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.servers import Served

AT_A_TIME = 8
BOUNDARY = "bench-boundary"
TYPED = {
    "applicant": "individual", "surname": "Раҳимов", "given_name": "Ҷамшед", "patronymic": "Қосимович",
    "region": "TJ-SU", "district": "TJ-SU:khujand", "address": "кӯчаи Рӯдакӣ, 5", "email": "", "phone": "",
    "kind": "application", "text": "Хоҳиш менамоям, ки роҳи деҳаи мо таъмир карда шавад. " * 20, "crime": "no",
    "next": "1",
}  # fmt: skip


def signature() -> bytes:
    """A signature on white paper, as a PNG."""
    image, file = Image.new("RGB", (400, 150), "white"), io.BytesIO()
    ImageDraw.Draw(image).line([(20, 100), (100, 20), (180, 120), (300, 40)], fill="navy", width=5)
    image.save(file, "PNG")
    return file.getvalue()


@dataclass
class Citizen:
    """One browser. ``seconds``: how long each of its requests took."""

    url: str
    number: int
    cookies: dict[str, str] = field(default_factory=lambda: {"csrftoken": secrets.token_hex(16)})
    key: str = ""
    receipt: tuple[str, str] = ("", "")
    seconds: float = 0.0
    size: int = 0

    def ask(self, method: str, page: str, body: bytes = b"", kind: str = "", expect: int = 200) -> str:
        address = f"127.{1 + self.number // 62500 % 250}.{self.number // 250 % 250}.{1 + self.number % 250}"
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(
            str(parts.hostname), parts.port, timeout=60, source_address=(address, 0)
        )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        started = time.perf_counter()
        try:
            connection.request(
                method, f"/tg/appeals/{page}", body or None, headers | ({"Content-Type": kind} if kind else {})
            )
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        self.seconds, self.size = time.perf_counter() - started, len(content)
        for given in response.headers.get_all("Set-Cookie", []):
            name, _, value = given.partition(";")[0].partition("=")
            self.cookies[name] = value
        if response.status != expect:
            raise RuntimeError(f"{method} {page}: {response.status}\n{content.decode(errors='replace')[:2000]}")
        return content.decode()

    def post(self, page: str, values: dict[str, str]) -> None:
        body = urlencode(values | {"csrfmiddlewaretoken": self.cookies["csrftoken"]}).encode()
        self.ask("POST", page, body, "application/x-www-form-urlencoded", expect=302)

    def write(self) -> None:
        self.post("write/", TYPED)

    def check(self) -> None:
        found = re.search(r'name="captcha_0" value="(\w+)"', self.ask("GET", "check/"))
        self.key = found[1] if found else ""

    def send(self, answers: dict[str, str], picture: bytes) -> None:
        values = {"csrfmiddlewaretoken": self.cookies["csrftoken"], "captcha_0": self.key,
                  "captcha_1": answers[self.key], "send": "1"}  # fmt: skip
        parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in values.items()]  # fmt: skip
        head = 'Content-Disposition: form-data; name="signature"; filename="signature.png"\r\nContent-Type: image/png'
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode())
        self.ask("POST", "check/", b"".join(parts), f"multipart/form-data; boundary={BOUNDARY}", expect=302)

    def read_receipt(self) -> None:
        page = self.ask("GET", "receipt/")
        number, code = (re.search(rf'id="{name}">([^<]+)', page) for name in ("number", "code"))
        self.receipt = (number[1], code[1]) if number and code else ("", "")

    def track(self) -> None:
        self.post("track/", dict(zip(("number", "code"), self.receipt, strict=True)))

    def case(self) -> None:
        self.ask("GET", "case/")


def step(what: str, served: Served, citizens: list[Citizen], act: Callable[[Citizen], None]) -> Row:
    """All citizens take a step; the first fault stops it with the page that it came with."""
    before, started = served.cpu(), time.perf_counter()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for _ in pool.map(act, citizens):
            pass
    taken, cpu = time.perf_counter() - started, served.cpu() - before
    cuts = statistics.quantiles((citizen.seconds * 1000 for citizen in citizens), n=100, method="inclusive")
    size = statistics.mean(citizen.size for citizen in citizens)
    return Row(what, len(citizens) / taken, cuts[49], cuts[94], cuts[98], size, cpu / len(citizens) * 1e6)


def appeals(served: Served, count: int, answers: Callable[[], dict[str, str]]) -> list[Row]:
    """``count`` whole appeals, then their cases. ``answers``: what eyes would read in the CAPTCHAs, by their keys."""
    first = secrets.randbelow(10_000_000)  # Not the addresses of the last run: limits remember them.
    citizens = [Citizen(served.url, first + number) for number in range(count + AT_A_TIME)]
    early, citizens = citizens[:AT_A_TIME], citizens[AT_A_TIME:]
    picture, steps = signature(), []
    known: dict[str, str] = {}

    def send(citizen: Citizen) -> None:
        citizen.send(known, picture)

    for what, act in (
        ("appeal: form sent (POST)", Citizen.write),
        ("appeal: check page with a new CAPTCHA (GET)", Citizen.check),
        ("appeal: accepted (POST with CAPTCHA and signature)", send),
        ("appeal: receipt (GET)", Citizen.read_receipt),
        ("tracking: number and code (POST)", Citizen.track),
        ("tracking: the case (GET)", Citizen.case),
    ):
        if act is send:
            known.update(answers())
        step(what, served, early, act)  # All workers have done everything once.
        steps.append(step(what, served, citizens, act))
    return [*steps, whole(steps[:4])]


def whole(steps: list[Row]) -> Row:
    """An appeal from the form to the receipt: its requests together. Of the waiting only the middle can be added."""
    return Row(
        "appeal: its four requests together", 1 / sum(1 / row.per_second for row in steps),
        sum(row.p50 for row in steps), float("nan"), float("nan"), sum(row.bytes for row in steps),
        sum(row.cpu for row in steps),
    )  # fmt: skip
