"""make bench ARGS="storm": 2,000 appeals a minute for ten minutes, each with a letter, while the public reads.

See docs/performance.md for how to read what it prints.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import subprocess
import sys
import time
from dataclasses import asdict
from functools import partial
from typing import Any

from bench import shapes
from bench.arrivals import Tally, moments
from bench.news_day import seen
from bench.people import Citizens, launch
from bench.scene import Scene, Watch, say, scene
from bench.wire import Place

PAGES = ["/tg/", "/ru/", "/tg/news/", "/tg/feeds/rss.xml", "/tg/accessibility/"]
SAMPLE = 100


class Public:
    """The probe beside the storm."""

    def __init__(self, of: Scene, place: Place, path: str, rate: float, seconds: float, first: int) -> None:
        told = {"place": asdict(place), "paths": [path, *PAGES], "rate": rate, "seconds": seconds, "first": first}
        self.process = of.beside("-m", "bench.probe", json.dumps(told))

    def tally(self) -> Tally:
        lines = self.process.communicate()[0].splitlines()
        if not lines:
            raise SystemExit("The probe of public pages broke off.")
        told = json.loads(lines[-1])
        self.cpu = told["cpu"]
        return Tally.of_json(told)


class Mail:
    """The mail server in a process of its own."""

    def __init__(self, of: Scene) -> None:
        self.process: subprocess.Popen[str] = of.beside("-m", "bench.sink")
        assert self.process.stdout
        self.port = self.process.stdout.readline().strip()

    def receivers(self) -> list[str]:
        return json.loads(self.process.communicate()[0].splitlines()[-1])


def measure(given: argparse.Namespace, server: str, nginx: bool) -> shapes.Shape:
    seconds = given.minutes * 60
    sent = round(given.minutes * given.rate)
    with scene("storm", server, nginx, given.reports, given.appeals) as of:
        shape, stage, mail = shapes.Shape(of.name, of.version()), of.stage("set", "0"), Mail(of)
        with of.served(EMAIL_PORT=mail.port) as (portals, public, _office):
            read = partial(Public, of, public, stage["path"], given.pages)
            read(5, 2_000_000).tally()  # All processes have done everything once.
            calm = read(given.calm, 2_100_000).tally()
            say(f"{of.name}: {sent} appeals in {seconds:.0f} s …")
            citizens = Citizens(public, of.answer, Tally(), 3_000_000 + secrets.randbelow(1_000_000))
            probe, started = read(seconds, 2_200_000), time.monotonic()
            with Watch(portals, of) as watch:
                asyncio.run(launch(moments(sent, seconds, 3), citizens.tally, citizens.come, ahead=False))
            took, during = time.monotonic() - started, probe.tally()
            log = of.log()
        delivered = mail.receivers()
        found = seen(of, citizens, stage["appeals"], SAMPLE)
        found["addresses"] = [f"citizen{number}@example.tj" for number in citizens.receipts]
        shape.tallies = {"calm": calm, "storm": during, "citizens": citizens.tally}
        failed = sent - len(citizens.receipts)
        shape.verdicts = shapes.storm(calm, during, sent, failed, found, set(delivered))
        shape.notes = notes(citizens.tally, during, found, delivered, took)
        shape.used(watch)
        if citizens.sent_away:
            away = "; ".join(f"{what} {count:,}" for what, count in citizens.sent_away.most_common())
            shape.notes.append(f"Asked by the page for 503 to come a minute later, and came: {away} times.")
        shape.notes.append(f"The probe of public pages used {probe.cpu / seconds:.2f} of a processor.")
        if citizens.tally.failed or during.failed:
            say(log)
        return shape


def notes(citizens: Tally, during: Tally, found: dict[str, Any], delivered: list[str], took: float) -> list[str]:
    told, letters = len(found["told"]), found["letters"]
    what_came = (
        f"{told:,} appeals acknowledged in {took:.0f} s ({told / took * 60:,.0f} a minute), {found['held']:,} of them "
        f"held for staff to look at. Letters: {len(delivered):,} delivered ({len(set(delivered)):,} receivers), "
        f"{letters['waiting']:,} waiting, {letters['failed']:,} given up; tasks due {found['tasks_due']:,}, given up "
        f"{found['dead_tasks']:,}."
    )
    return [what_came, shapes.late("citizens", citizens), shapes.late("readers", during)]


def main(words: list[str]) -> None:
    given = shapes.arguments(
        "storm", str(__doc__).partition("\n")[0], words, minutes=(10.0, "how long"), rate=(2000, "appeals a minute"),
        pages=(30.0, "public pages a second"), calm=(60.0, "seconds of public pages before the storm"),
    )  # fmt: skip
    shapes.run("storm", given, lambda server, nginx: measure(given, server, nginx))


if __name__ == "__main__":
    main(sys.argv[1:])
