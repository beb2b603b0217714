"""Somebody at a browser, in one language: what the ways of ``tests.browser.pages`` are walked with."""

from __future__ import annotations

import http.client
import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image, ImageDraw
from playwright.sync_api import Page, Response, Route

PERSON = {
    "surname": "Раҳимов",
    "given_name": "Ҷамшед",
    "patronymic": "Қосимович",
    "address": "кӯчаи Рӯдакӣ, 5",
    "text": "Хоҳиш менамоям, ки роҳи деҳаи мо то фасли зимистон таъмир карда шавад.",
}


class Visitor:
    """``document`` is the answer that brought the page which is open now.

    ``content`` is what ``tests.browser.content`` made; some ways need nothing of it.
    """

    def __init__(self, page: Page, language: str, data_dir: Path, content: dict[str, Any] | None = None) -> None:
        self.page, self.language, self.data_dir, self.content = page, language, data_dir, content or {}
        self.document: Response | None = None
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        request = response.request
        if (
            request.is_navigation_request()
            and request.frame == self.page.main_frame
            and not 300 <= response.status < 400
        ):
            self.document = response

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def go(self, path: str) -> None:
        """Open a page of the site; ``path`` may name things of the content, and has no language if it is not absolute.

        A report may be named by its number alone, with ``x/`` for its words. Any other place where one is led is wrong.
        """
        named = path.format_map(self.names())
        asked = named if named.startswith("/") else f"/{self.language}/{named}"
        self.page.goto(asked)
        wanted = urlsplit(asked).path.removesuffix("x/")
        assert self.path.startswith(wanted), f"{asked} leads to {self.path}"

    def names(self) -> dict[str, Any]:
        content = self.content
        if not content:
            return {}
        of_language = ("digests", "subscriptions", "unconfirmed", "previews", "ended_previews")
        named = {name: content[name][self.language] for name in of_language}
        appeals = {f"appeal_{state}": number for state, number in content["appeals"].items()}
        return named | content["events"] | appeals | {"proposal": content["proposal"]}

    def sign_in(self, name: str = "staff") -> None:
        """Come with the session of somebody of the staff."""
        self.cookie("sessionid", self.content["sessions"][name])

    def cookie(self, name: str, value: str) -> None:
        self.page.goto("/healthz")  # So that the browser knows for which site it is.
        self.page.context.add_cookies([{"name": name, "value": value, "url": self.page.url}])

    def fill(self, **typed: str) -> None:
        for name, text in typed.items():
            self.page.fill(f"[name={name}]", text)

    def press(self, selector: str) -> None:
        """Press a button whose page comes back or another one."""
        with self.page.expect_navigation():
            self.page.locator(selector).last.click()

    def unfold(self) -> None:
        self.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")

    # What a citizen does ----------------------------------------------------------------------------------------------

    def write(self, **typed: str) -> None:
        """Fill the form as a citizen would, up to the page that shows everything before it is sent."""
        self.go("appeals/write/")
        self.page.check("[name=applicant][value=individual]", force=True)
        self.page.check("[name=crime][value=no]", force=True)
        self.fill(**PERSON | typed)
        self.page.check("[name=kind][value=complaint]", force=True)
        self.page.select_option("[name=region]", "TJ-SU")
        self.page.select_option("[name=district]", "TJ-SU:khujand")
        self.press("button[name=next]")
        assert self.path.endswith("/check/")

    def sign(self) -> None:
        self.page.set_input_files("[name=signature]", {"name": "s.png", "mimeType": "image/png", "buffer": signature()})

    def solve(self) -> None:
        self.fill(captcha_1=captcha_answer(self.data_dir, self.page.input_value("[name=captcha_0]")))

    def send(self) -> tuple[str, str]:
        """Sign and send; returns number and code."""
        self.sign()
        self.solve()
        self.press("main .button[name=send]")
        return self.page.locator("#number").inner_text(), self.page.locator("#code").inner_text()

    # What no link leads to --------------------------------------------------------------------------------------------

    def ask(self, method: str, path: str, **headers: str) -> None:
        """Show what the portal answers to a request that no browser sends: a foreign host, a body without end."""
        site = urlsplit(self.page.url if self.page.url.startswith("http") else self._home())
        connection = http.client.HTTPConnection(str(site.hostname), site.port or 80, timeout=30)
        with closing(connection):
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in {"Accept-Language": self.language, **headers}.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            self.show(answer.status, dict(answer.getheaders()), answer.read())

    def show(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Show an answer as if the portal had just given it."""
        headers = {name: text for name, text in headers.items() if name.lower() not in {"connection", "content-length"}}

        def give(route: Route) -> None:
            route.fulfill(status=status, headers=headers, body=body)

        address = f"/{self.language}/as-it-was-answered/"
        self.page.route(f"**{address}", give)
        self.page.goto(address)

    def _home(self) -> str:
        self.page.goto("/healthz")
        return self.page.url


def first_report(page: Page) -> str:
    """The address of the first report on a page."""
    addresses = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
    return next(address for address in addresses if re.search(r"/news/\d+/[^/]+/$", address))


def signature() -> bytes:
    image, out = Image.new("RGB", (600, 200), "white"), io.BytesIO()
    strokes = [(40, 140), (120, 30), (170, 160), (240, 50), (300, 150), (380, 70), (560, 110)]
    ImageDraw.Draw(image).line(strokes, fill="#1b2a63", width=6, joint="curve")
    image.save(out, "PNG")
    return out.getvalue()


def captcha_answer(data_dir: Path, key: str) -> str:
    """What a person reads from the picture, from the portal's own table."""
    with closing(sqlite3.connect(f"file:{data_dir / 'portal.sqlite3'}?mode=ro", uri=True)) as database:
        row = database.execute("SELECT response FROM captcha_captchastore WHERE hashkey = ?", [key]).fetchone()
    return row[0]
