"""make bench ARGS="news-day": 10,000 readers within a minute at one report, while staff publish and citizens write.

See docs/performance.md for how to read what it prints.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import io
import json
import os
import secrets
import subprocess
import sys
import tempfile
from dataclasses import asdict
from typing import Any

from PIL import Image

from bench import shapes
from bench.arrivals import Tally, moments
from bench.people import Citizens, Readers, assets, attempt, expect, launch, text
from bench.scene import Scene, Watch, say, scene
from bench.wire import Browser, Place, address_of

# A browser's connections to one host: HTTP/1.1 has several, HTTP/2 one for all.
LINES, LINES_TLS = 2, 1
DRAFTS = 40


def files() -> list[tuple[str, str, bytes]]:
    """A scanned page as a PDF and a photo, a few hundred kB each, different for each run."""
    picture = Image.frombytes("RGB", (640, 480), os.urandom(640 * 480 * 3))
    paper, photo = io.BytesIO(), io.BytesIO()
    picture.save(paper, "PDF", quality=60)
    picture.save(photo, "JPEG", quality=70)
    return [("scan.pdf", "application/pdf", paper.getvalue()), ("photo.jpg", "image/jpeg", photo.getvalue())]


async def day(given: argparse.Namespace, readers: Readers, citizens: Citizens, desk: subprocess.Popen[str]) -> None:
    """Everybody at once; returns when all readers and citizens are through."""
    assert desk.stdin
    desk.stdin.write("begin\n")
    desk.stdin.flush()
    seconds = given.seconds
    await asyncio.gather(
        launch(moments(given.readers, seconds, 1), readers.tally, readers.come),
        launch(moments(given.citizens, seconds * 0.8, 2), citizens.tally, citizens.come),
    )
    readers.close()


async def look_once(place: Place, path: str) -> list[str]:
    """The report's page as a browser finds it before the day begins: what else belongs to it."""
    browser, tally = Browser(place, address_of(0), Tally(), cookies={}), Tally()
    found: list[str] = []

    async def look() -> None:
        found.extend(assets(text(expect(await browser.ask("page", "GET", path), 200, "page"))))

    if not await attempt(tally, "first look", look()):
        raise SystemExit(shapes.failures(tally))
    browser.close()
    return found


def staff(of: Scene, public: Place, office: Place, stage: dict[str, Any], given: argparse.Namespace) -> Any:
    told = {"public": asdict(public), "office": asdict(office), "stage": stage, "seconds": given.seconds,
            "every": given.every}  # fmt: skip
    desk = of.beside("-m", "bench.desk", json.dumps(told))
    assert desk.stdout
    if desk.stdout.readline().strip() != "signed in":
        raise SystemExit("The press chief could not sign in.")
    return desk


def seen(of: Scene, citizens: Citizens, before: int, sample: int = 0) -> dict[str, Any]:
    """What the office has of the appeals that were acknowledged; ``sample``: open so many (0: all)."""
    told = list(citizens.receipts.values())
    digests = [hashlib.sha256(content).hexdigest() for _name, _kind, content in citizens.files]
    chosen = secrets.SystemRandom().sample(told, min(sample, len(told))) if sample else told
    asked = {"before": before, "receipts": [[*one, digests] for one in chosen], "numbers": [one[0] for one in told]}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(asked, file)
        file.flush()
        return of.stage("look", file.name) | {"told": asked["numbers"]}


def measure(given: argparse.Namespace, server: str, nginx: bool) -> shapes.Shape:
    with scene("news-day", server, nginx, given.reports, given.appeals) as of:
        shape, stage = shapes.Shape(of.name, of.version()), of.stage("set", str(DRAFTS))
        with of.served() as (portals, public, office):
            parts = asyncio.run(look_once(public, stage["path"]))
            lines = LINES_TLS if nginx else LINES
            readers = Readers(public, stage["path"], parts, Tally(), lines)
            citizens = Citizens(public, of.answer, Tally(), 1_000_000, files(), pages=True)
            desk = staff(of, public, office, stage, given)
            say(f"{of.name}: {given.readers} readers in {given.seconds:.0f} s, {len(parts)} files each …")
            with Watch(portals, of) as watch:
                asyncio.run(day(given, readers, citizens, desk))
            last = desk.communicate(timeout=120)[0].splitlines()[-1:]
            log = of.log()
        done = json.loads(last[0]) if last else {"published": [], "tally": Tally().as_json()}
        found = seen(of, citizens, stage["appeals"])
        shape.tallies = {"readers": readers.tally, "citizens": citizens.tally, "staff": Tally.of_json(done["tally"])}
        shape.verdicts = shapes.news_day(given.readers, shape.tallies, given.citizens, found, done)
        shape.notes = [shapes.late("readers", readers.tally), shapes.late("citizens", citizens.tally)]
        shape.notes.append(f"{sum(one.opened for one in readers.came):,} connections of readers.")
        shape.used(watch)
        if any(tally.failed for tally in shape.tallies.values()):
            say(log)
        return shape


def main(words: list[str]) -> None:
    given = shapes.arguments(
        "news-day", str(__doc__).partition("\n")[0], words,
        readers=(10_000, "who come"), seconds=(60.0, "within which"),
        citizens=(50, "who send an appeal"), every=(4.0, "seconds between two saves of the staff"),
    )  # fmt: skip
    shapes.run("news-day", given, lambda server, nginx: measure(given, server, nginx))


if __name__ == "__main__":
    main(sys.argv[1:])
