"""The figures of a run as a table, what they are judged by, and the part of docs/performance.md that they fill."""

from __future__ import annotations

import math
import os
import platform
import re
import sqlite3
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.load import Row

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
BARE, PLAIN, FILE = "bare WSGI application", "plain Django view", "nginx, a file"
BEHIND, TLS = "behind nginx, TLS", "TLS"  # where a row was measured
WARM, COLD, FIRST, FAR = "report", "report, not kept", "list, page 1, not kept", "list, page 500, not kept"
CHECK, ACCEPTED = "appeal: check page with a new CAPTCHA (GET)", "appeal: accepted (POST with CAPTCHA and signature)"


@dataclass
class Section:
    """What was measured with one database of one size."""

    vendor: str
    reports: int
    appeals: int
    rows: list[Row] = field(default_factory=list)
    inside: dict[str, float] = field(default_factory=dict)  # the report within a process: ``inside.report``
    import_seconds: float = math.nan
    memory: float = math.nan  # megabytes, the largest worker when it has answered, and at the end of it all
    memory_after: tuple[float, float] = (math.nan, math.nan)  # all, and without files that are mapped
    versions: str = ""

    @property
    def name(self) -> str:
        return f"{self.vendor}, {self.reports:,} reports"

    def row(self, what: str, where: str = "") -> Row | None:
        return next((row for row in self.rows if (row.what, row.where) == (what, where)), None)


@dataclass(frozen=True)
class Verdict:
    """One target, and what was found; ``kept`` is None where the run did not measure it."""

    what: str
    found: str
    limit: str
    kept: bool | None


def number(value: float) -> str:
    """Three figures are enough; none for what was not measured."""
    if math.isnan(value):
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def table(sections: list[Section]) -> str:
    """Everything that was measured, in Markdown."""
    lines = ["| | requests/s | p50 ms | p95 ms | p99 ms | bytes | CPU µs | of bare |", "| --- " + "| ---: " * 7 + "|"]
    for section in sections:
        lines.append(f"| **{section.name}, {section.appeals:,} appeals** | | | | | | | |")
        bare = section.row(BARE)
        for row in section.rows:
            share = f"{row.per_second / bare.per_second:.0%}" if bare and bare.per_second else ""
            failed = f" **{row.failed} failed**" if row.failed else ""
            cells = [row.per_second, row.p50, row.p95, row.p99, round(row.bytes), row.cpu]
            name = row.what + (f" ({row.where})" if row.where else "") + failed
            lines.append(f"| {name} | {' | '.join(map(number, cells))} | {share} |")
    return "\n".join(lines)


def verdicts(sections: list[Section]) -> list[Verdict]:
    found = [one for section in sections for one in _of_section(section)]
    for vendor in dict.fromkeys(section.vendor for section in sections):
        found += _of_sizes([section for section in sections if section.vendor == vendor])
    return found


def _judge(name: str, what: str, value: float, limit: float, unit: str = "", least: bool = False) -> Verdict:
    kept = None if math.isnan(value) else value >= limit if least else value <= limit
    sign = "≥" if least else "≤"
    return Verdict(f"{what} ({name})", f"{number(value)}{unit}", f"{sign} {number(limit)}{unit}", kept)


def _of_section(section: Section) -> list[Verdict]:
    name, made = section.name, []

    def both(one: str, other: str, attribute: str) -> float:
        first, second = section.row(one), section.row(other)
        below = getattr(second, attribute) if second else 0
        return getattr(first, attribute) / below if first and below else math.nan

    made.append(_judge(name, "kept report: requests/s, of the bare application's", both(WARM, BARE, "per_second"), 0.8,
                       least=True))  # fmt: skip
    behind, file = section.row(WARM, BEHIND), section.row(FILE, TLS)
    if behind and file:
        made.append(_judge(name, "kept report behind nginx: requests/s, of the file's over TLS",
                           behind.per_second / file.per_second, 0.85, least=True))  # fmt: skip
    cold, plain = section.row(COLD), section.row(PLAIN)
    if cold and plain and section.inside:
        limit = 2 * (plain.p50 + section.inside["queries"])
        made.append(_judge(name, f"report not kept, p50: 2 × (plain Django view {number(plain.p50)} + its "
                           f"{section.inside['number']:.0f} queries {number(section.inside['queries'])})",
                           cold.p50, limit, " ms"))  # fmt: skip
        made.append(_judge(name, "report not kept, p50", cold.p50, 15, " ms"))
    made.append(_judge(name, "list, page 500: p50, of page 1's", both(FAR, FIRST, "p50"), 1.3))
    searches = [row.p95 for row in section.rows if row.what.startswith("search") and not row.where]
    if searches and section.vendor == "PostgreSQL":
        made.append(_judge(name, "search, p95 of the slowest kind", max(searches), 50, " ms"))
    if accepted := section.row(ACCEPTED):
        made.append(_judge(name, "appeals accepted a second", accepted.per_second, 60, least=True))
        made.append(_judge(name, "appeals accepted, p99", accepted.p99, 500, " ms"))
    if check := section.row(CHECK):
        made.append(_judge(name, "forms with a new CAPTCHA a second", check.per_second, 100, least=True))
    made.append(_judge(name, "import of the application", section.import_seconds, 1.2, " s"))
    made.append(_judge(name, "memory of a worker with pages in its cache", section.memory, 110, " MB"))
    return made


def _of_sizes(sections: list[Section]) -> list[Verdict]:
    """A report among many is as fast as among few."""
    sized = sorted((section for section in sections if section.row(COLD)), key=lambda section: section.reports)
    if len(sized) < 2:
        return []
    few, many = sized[0], sized[-1]
    what = f"report not kept, p50: at {many.reports:,} of that at {few.reports:,}"
    return [_judge(few.vendor, what, many.row(COLD).p50 / few.row(COLD).p50, 1.2)]


def judged(found: list[Verdict]) -> str:
    said = {True: "yes", False: "**no**", None: "not measured"}
    lines = ["| target | found | limit | kept |", "| --- | ---: | ---: | --- |"]
    return "\n".join([*lines, *(f"| {one.what} | {one.found} | {one.limit} | {said[one.kept]} |" for one in found)])


def machine() -> str:
    """What the figures depend on besides the portal."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in ("Django", "granian"))
    return (
        f"{os.cpu_count()} cores ({model[1].strip() if model else platform.machine()}), {memory:.0f} GB; Python "
        f"{platform.python_version()}, {libraries}, SQLite {sqlite3.sqlite_version}"
    )


def origin(versions: list[str], loads: tuple[float, float], seconds: float) -> str:
    """When, of which commit, on which machine, with which databases, and beside what else it was measured."""
    databases = "; ".join(dict.fromkeys(version for version in versions if version))
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
    ).stdout.strip()
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, commit `{commit}`, in {seconds:.0f} s: {machine()}"
        + (f"; {databases}. " if databases else ". ")
        + f"Load average of the machine before the run {loads[0]:.1f}, after it {loads[1]:.1f}."
    )


def text(sections: list[Section], loads: tuple[float, float], seconds: float) -> str:
    """The whole result: machine, table, targets, and what one must know to read them."""
    notes = [
        f"{one.name}: a worker has {one.memory:.0f} MB with pages in its cache and {one.memory_after[0]:.0f} MB after "
        f"all rows, {one.memory_after[1]:.0f} MB of it without what is read from files (programs, libraries); "
        f"a report within one process takes {number(one.inside.get('whole', math.nan))} ms."
        for one in sections
    ]
    about = origin([section.versions for section in sections], loads, seconds)
    return "\n\n".join([about, table(sections), *notes, judged(verdicts(sections))])


def write(result: str, document: Path = DOCUMENT, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Put the result into the document between its marks."""
    begin, end = marks
    before, rest = document.read_text(encoding="utf-8").split(begin)
    document.write_text(f"{before}{begin}\n{result}\n{end}{rest.split(end)[1]}", encoding="utf-8")
