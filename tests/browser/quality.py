"""The figures of an audit as a table, and the part of docs/quality.md that they fill."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.lighthouse import CATEGORIES

if TYPE_CHECKING:
    from tests.browser.audit import Found

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
KINDS = {
    "axe": "axe, WCAG 2.2 A and AA and best practice",
    "contrast AAA": "axe, contrast of level AAA, public pages",
    "overflow": "wider than the screen",
    "console": "complaints of the browser, the security policy among them",
    "HTML": "Nu HTML checker",
    "way": "ways that lead elsewhere",
}


def table(found: Found) -> str:
    """Everything that was measured, in Markdown."""
    of_kind = Counter(fault.kind for fault in found.faults)
    pages = len({name for name, _language in found.seen})
    lines = ["| what | figure |", "| --- | --- |"]
    lines += [f"| pages, and pages × languages | {pages}, {len(found.seen)} |"]
    lines += [f"| {words}: faults | {of_kind[kind]} |" for kind, words in KINDS.items()]
    for cost in found.costs:
        unit = "" if cost.what == "requests" else " bytes"
        lines.append(f"| {cost.page}, first view: {cost.what} | {cost.value:,}{unit} of {cost.limit:,} |")
    for score in found.scores:
        figures = " / ".join(str(score.scores[category]) for category in CATEGORIES)
        lines.append(f"| {score.page}: Lighthouse, {' / '.join(CATEGORIES)} | {figures} |")
    return "\n".join([*lines, f"| seconds that it took | {found.seconds:.0f} |"])


def write(found: Found) -> None:
    """Put the figures, with the day and the commit, into the document between its marks."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
    ).stdout.strip()
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    figures = f"{BEGIN}\nMeasured on {datetime.now(UTC):%Y-%m-%d}, commit `{commit}`.\n\n{table(found)}\n"
    DOCUMENT.write_text(before + figures + END + rest.split(END)[1], encoding="utf-8")
