"""What came of a load shape: its rows, what it is judged by, and its part of docs/performance.md."""

from __future__ import annotations

import argparse
import math
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import figures, servers
from bench.arrivals import LATE, Tally
from bench.figures import Verdict, number

VISIBLE = 1.0  # second until a reader sees what was published
SLOWER = 1.5  # p99 of public pages during the storm, of that without
# More late arrivals than this, and the figures tell of the generator.
LATE_SHARE = 0.01


@dataclass
class Shape:
    """One run: one database, directly or behind nginx."""

    name: str
    version: str
    tallies: dict[str, Tally] = field(default_factory=dict)  # by whom
    verdicts: list[Verdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def used(self, watch: Any) -> None:
        cores = ", ".join(f"{who} {share:.2f}" for who, share in watch.cores.items())
        # The generator's is that of readers and citizens; other helpers and the database are in "all else".
        note = (f"Processors kept busy: {cores}. The largest process of the portal had {watch.memory:.0f} MB of its "
                f"own, and at most {watch.files} files and connections open")  # fmt: skip
        self.notes.append(note + (f"; PostgreSQL had {watch.connections} connections." if watch.connections else "."))


def same(what: str, found: int, limit: int) -> Verdict:
    return Verdict(what, f"{found:,}", f"{limit:,}", found == limit)


def most(what: str, found: float, limit: float, unit: str = "") -> Verdict:
    kept = None if math.isnan(limit) else not math.isnan(found) and found <= limit
    return Verdict(what, f"{number(found) or 'never'}{unit}", f"≤ {number(limit)}{unit}", kept)


def news_day(readers: int, tallies: dict[str, Tally], sent: int, seen: dict[str, Any], staff: dict[str, Any]) -> list:
    """``seen``: what ``stage.look`` found of the appeals; ``staff``: what ``bench.desk`` printed."""
    shown = [one["visible"] for one in staff["published"]]
    longest = math.nan if any(map(math.isnan, shown)) or not shown else max(shown)
    whole = len(tallies["readers"].waits.get("reader: page with everything on it", []))
    return [
        same("readers who saw the report with everything on it", whole, readers),
        same("appeals acknowledged, of those that were sent", len(seen["told"]), sent),
        same("acknowledged appeals that open with their code, every attachment as it was sent", seen["opened"],
             len(seen["told"])),
        most(f"until a reader sees what was saved, the longest of {len(shown)}", longest, VISIBLE, " s"),
        same("failures of the staff's requests", Tally.of_json(staff["tally"]).failed, 0),
    ]  # fmt: skip


def storm(calm: Tally, during: Tally, sent: int, failed: int, seen: dict[str, Any], delivered: set[str]) -> list:
    """``failed``: citizens who got no receipt; an appeal of theirs may stand in the database all the same."""
    told = len(seen["told"])
    unknown = seen["in_database"] - told
    reached = delivered | set(seen["waiting_to"])
    lost = sum(address not in reached for address in seen["addresses"])
    before, after = calm.ms("public page", 0.99), during.ms("public page", 0.99)
    return [
        same("appeals acknowledged, of those that were sent", told, sent),
        same("acknowledged appeals that are in the database", seen["acknowledged_found"], told),
        same("acknowledged appeals that stand in the queues of what is to be registered", seen["in_queue"], told),
        Verdict("appeals in the database that nobody was told of", f"{unknown:,}", f"0 to {failed:,}",
                0 <= unknown <= failed),
        same("appeals opened with their code, of a sample", seen["opened"], seen["opened"] + seen["not_opened"]),
        same("letters neither delivered nor waiting", lost, 0),
        same("failures of public pages", calm.failed + during.failed, 0),
        most(f"p99 of public pages: {SLOWER} × {number(before)} without the storm", after, SLOWER * before, " ms"),
    ]  # fmt: skip


def table(shapes: list[Shape]) -> str:
    lines = ["| | requests | p50 ms | p95 ms | p99 ms | longest ms |", "| --- " + "| ---: " * 5 + "|"]
    for shape in shapes:
        lines.append(f"| **{shape.name}** | | | | | |")
        for who, tally in shape.tallies.items():
            for what, waits in tally.waits.items():
                cells = [f"{len(waits):,}", *(number(tally.ms(what, share)) for share in (0.5, 0.95, 0.99, 1))]
                lines.append(f"| {what}{f' ({who})' if who in {'calm', 'storm'} else ''} | {' | '.join(cells)} |")
    return "\n".join(lines)


def late(who: str, tally: Tally) -> str:
    """How far the generator itself kept up."""
    share = tally.late()
    warning = " **The generator was the limit.**" if share > LATE_SHARE else ""
    return (f"Generator of the {who}: {share:.2%} of {len(tally.lags):,} arrivals sent more than {LATE * 1000:.0f} ms "
            f"late, p99 {tally.lag_ms(0.99):.1f} ms, longest {tally.lag_ms(1):.0f} ms.{warning}")  # fmt: skip


def failures(tally: Tally) -> str:
    return "; ".join(f"{what} {count} times" for what, count in tally.failures.most_common(8))


def text(shapes: list[Shape], loads: tuple[float, float], seconds: float) -> str:
    parts = [figures.origin([shape.version for shape in shapes], loads, seconds), table(shapes)]
    for shape in shapes:
        told = [failures(tally) for tally in shape.tallies.values() if tally.failed]
        failed = [f"Failures: {'; '.join(told)}."] if told else []
        parts += [f"**{shape.name}.** " + " ".join([*shape.notes, *failed]), figures.judged(shape.verdicts)]
    return "\n\n".join(parts)


def arguments(name: str, about: str, words: list[str], **options: tuple[float, str]) -> argparse.Namespace:
    """What both commands take, and ``options``: each with its default and what it means."""
    parser = argparse.ArgumentParser(prog=f'make bench ARGS="{name}"', description=about)
    for option, (default, meaning) in options.items():
        parser.add_argument(f"--{option}", type=type(default), default=default, help=f"{meaning} ({default})")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite; otherwise beside DATABASE_URL's database")
    parser.add_argument("--nginx", action="store_true", help="only behind nginx")
    parser.add_argument("--direct", action="store_true", help="only without nginx; otherwise both, if nginx is there")
    parser.add_argument("--reports", type=int, default=10_000, help="that are there already")
    parser.add_argument("--appeals", type=int, default=20_000, help="that are there already")
    parser.add_argument("--write", action="store_true", help="put the result into docs/performance.md")
    return parser.parse_args(words)


def run(name: str, given: argparse.Namespace, measure: Callable[[str, bool], Shape]) -> None:
    """``measure(server, nginx)`` for each of what is wanted; print it all, and write it."""
    server = "" if given.sqlite else os.environ.get("DATABASE_URL", "")
    if not given.sqlite and not server.startswith("postgres"):
        raise SystemExit("DATABASE_URL names no PostgreSQL beside whose database another may be made; or: --sqlite")
    ways = [way for way in (False, True) if not (given.direct and way) and not (given.nginx and not way)]
    if not Path(servers.NGINX).exists() and not shutil.which("nginx"):
        ways = [way for way in ways if not way]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # So that what was made is cleared away.
    before, started = os.getloadavg()[0], time.monotonic()
    shapes = [measure(server, way) for way in ways]
    result = text(shapes, (before, os.getloadavg()[0]), time.monotonic() - started)
    print(result)
    if given.write:
        figures.write(result, marks=marks(name))


def marks(name: str) -> tuple[str, str]:
    return f"<!-- {name} -->", f"<!-- end of {name} -->"
