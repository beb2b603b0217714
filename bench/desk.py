"""python -m bench.desk JSON: a press chief at the admin, and a reader who waits for what she publishes.

In turn she changes the report that everybody reads and publishes a draft. The reader asks again and again, each time
on a new connection, so that he meets every process of the server. Prints JSON: for each publication its kind, how
long the save took, and after how many seconds from its answer the last old page had come and the first new one.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from bench.arrivals import Tally  # noqa: E402
from bench.people import FORM, attempt, expect, text  # noqa: E402
from bench.wire import Answer, Browser, Odd, Place  # noqa: E402
from tests.news.desk import FormReader  # noqa: E402
from tests.portal.staff import PASSWORD, app_code  # noqa: E402

POLL = 0.1
SECONDS_WATCHED = 2.5  # after a save: an old page that comes back later would be seen
SECONDS_TO_SHOW = 15


def visible(looks: list[tuple[float, bool]], saved: float) -> float:
    """Seconds from ``saved`` until the new page was there for good; NaN: it never was.

    ``looks``: when each answer had come, and whether it was the new page.
    """
    if not looks or not looks[-1][1]:
        return float("nan")
    last_old = max((at for at, new in looks if not new), default=0.0)
    first_for_good = min(at for at, new in looks if new and at > last_old)
    return max(0.0, first_for_good - saved)


class Chief:
    def __init__(self, public: Place, office: Place, stage: dict[str, Any]) -> None:
        self.public, self.stage, self.tally = public, stage, Tally()
        self.browser = Browser(office, "127.0.0.2", self.tally)
        self.published: list[dict[str, Any]] = []

    async def ask(self, what: str, path: str, fields: dict[str, Any] | None = None) -> Answer:
        if fields is None:
            return await self.browser.ask(what, "GET", path)
        sent = {name: value for name, value in fields.items() if value is not None}
        return await self.browser.ask(what, "POST", path, urlencode(sent, doseq=True).encode(), FORM)

    async def sign_in(self) -> None:
        path = "/admin/login/?next=/admin/"
        form = read(await self.ask("staff: signing in", path), "login-form")
        typed = form | {"username": "chief", "password": PASSWORD}
        sent = expect(await self.ask("staff: signing in", path, typed), 302, "sign in")
        page = text(expect(await self.ask("staff: signing in", sent.location), 200, "second factor"))
        token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        code = {"csrfmiddlewaretoken": token, "code": app_code()}
        expect(await self.ask("staff: signing in", sent.location, code), 302, "second factor")

    async def change(self, number: int) -> None:
        """A sentence in the lead of the report that everybody reads."""
        mark, path = f"Тағйири {number}-ум", f"/admin/news/event/{self.stage['event']}/change/"
        page = expect(await self.ask("staff: an event's page", path), 200, "event")
        form = read(page, "event_form") | {"reports-0-lead": mark, "_save": "1"}
        await self._and_watch("change", self.stage["path"], mark, path, form)

    async def publish(self, draft: dict[str, Any]) -> None:
        path = f"/admin/news/event/{draft['event']}/step/tg/publish/"
        form = read(expect(await self.ask("staff: page of a step", path), 200, "step"), "step_form")
        await self._and_watch("publication", "/tg/", draft["path"], path, form)

    async def _and_watch(self, what: str, shown_at: str, mark: str, path: str, form: dict[str, Any]) -> None:
        looks: list[tuple[float, bool]] = []
        saved: list[float] = []
        watching = asyncio.create_task(self._watch(shown_at, mark, looks, saved))
        started = time.monotonic()
        try:
            answer = await self.ask(f"staff: {what} saved", path, form)
            expect(answer, 302, what)
        except BaseException:
            watching.cancel()
            raise
        saved.append(time.monotonic())
        await watching
        took = saved[0] - started
        self.published.append({"what": what, "saved_in": took, "visible": visible(looks, saved[0])})

    async def _watch(self, path: str, mark: str, looks: list[tuple[float, bool]], saved: list[float]) -> None:
        while True:
            reader = Browser(self.public, "127.0.0.3", Tally(), cookies={})
            try:
                page = text(expect(await reader.ask("look", "GET", path), 200, "look"))
                looks.append((time.monotonic(), mark in page))
            except (OSError, TimeoutError, Odd) as error:
                self.tally.fail("reader who waits for the new page", str(error) or type(error).__name__)
            reader.close()
            passed = time.monotonic() - saved[0] if saved else 0
            if passed > SECONDS_WATCHED and ((looks and looks[-1][1]) or passed > SECONDS_TO_SHOW):
                return
            await asyncio.sleep(POLL)

    async def work(self, seconds: float, every: float) -> None:
        start, number, drafts = time.monotonic(), 0, list(self.stage["drafts"])
        while time.monotonic() - start < seconds:
            number += 1
            begun = time.monotonic()
            act = self.publish(drafts.pop()) if number % 2 == 0 and drafts else self.change(number)
            await attempt(self.tally, "staff", act)
            await asyncio.sleep(max(0.0, every - (time.monotonic() - begun)))


def read(answer: Answer, form: str) -> dict[str, Any]:
    reader = FormReader(form)
    reader.feed(text(answer))
    if not reader.fields:
        raise Odd(f"no form {form}")
    return reader.fields


async def main() -> None:
    given = json.loads(sys.argv[1])
    chief = Chief(Place(**given["public"]), Place(**given["office"]), given["stage"])
    await chief.sign_in()
    print("signed in", flush=True)
    sys.stdin.readline()  # The day begins.
    await chief.work(given["seconds"], given["every"])
    print(json.dumps({"published": chief.published, "tally": chief.tally.as_json()}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
