"""A load generator (wrk) against a server: what it says, as a row of the table."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.servers import Served

SCRIPT = Path(__file__).with_name("wrk.lua")
# At a time, for what the server can do; how long one waits is measured with one.
READERS, FEWER_READERS = 16, 8
SLOW = 1000  # requests in a second: a page that is made anew gets fewer readers, and twice the time
ENCODINGS = "Accept-Encoding: gzip, br"
_FIGURES = re.compile(r"^figures (\{.*\})$", re.MULTILINE)


@dataclass
class Row:
    """One line of the table. Times in milliseconds, processor time in microseconds for a request."""

    what: str
    per_second: float
    p50: float
    p95: float
    p99: float
    bytes: float
    cpu: float
    failed: int = 0
    where: str = ""


def figures(output: str) -> dict[str, float]:
    """What ``wrk.lua`` prints. Raises ``ValueError`` with all of the output if it is not there."""
    found = _FIGURES.search(output)
    if not found:
        raise ValueError(output)
    return json.loads(found[1])


def wrk(url: str, paths: list[str], connections: int, seconds: float, *headers: str) -> dict[str, float]:
    given = [word for header in (ENCODINGS, *headers) for word in ("-H", header)]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "20s", *given]
    done = subprocess.run(
        [*command, "-s", str(SCRIPT), url, "--", *paths], check=True, capture_output=True, text=True, timeout=120
    )
    return figures(done.stdout)


def measure(what: str, served: Served, paths: list[str], seconds: float, *headers: str, also: tuple = ()) -> Row:
    """Many readers for the requests a second and the processor time; then one alone for how long a request takes.

    ``also``: the servers behind this one, whose processor time counts too.
    """
    servers = (served, *also)
    warm = wrk(served.url, paths, READERS, 1, *headers)  # All threads of all workers have done everything once.
    slow = warm["requests"] < SLOW
    readers, seconds = (FEWER_READERS, 2 * seconds) if slow else (READERS, seconds)
    before = sum(one.cpu() for one in servers)
    many = wrk(served.url, paths, readers, seconds, *headers)
    cpu = sum(one.cpu() for one in servers) - before
    alone = wrk(served.url, paths, 1, 1, *headers)
    # Those that were on their way at the end are not counted by wrk: half of their work was done.
    worked = many["requests"] + readers / 2
    return Row(
        what, many["requests"] / many["seconds"], alone["p50"], alone["p95"], alone["p99"],
        many["bytes"] / max(1, many["requests"]), cpu / worked * 1e6, int(many["failed"] + alone["failed"]),
    )  # fmt: skip
