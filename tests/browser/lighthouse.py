"""What Lighthouse says of the pages that most people see: the median of three visits with a telephone."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.browser.chromium import FLAGS
from tests.kinds import chromium_path

WHERE = Path("var/node_modules/.bin/lighthouse")
HOW_TO = f"Lighthouse needs Node.js: npm install --prefix var lighthouse; LIGHTHOUSE=… names another than {WHERE}"
TRIES = 3  # A visit may fail by chance: Lighthouse says so itself.
VISITS = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "home": "",
    "list": "news/",
    "report": "",
    "search": "search/",
    "form": "appeals/write/",
    "tracking": "appeals/track/",
}
# Of a hundred; performance depends on the machine that measures.
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}


@dataclass(frozen=True)
class Score:
    page: str
    scores: dict[str, int]
    faults: list[str]

    @property
    def is_good(self) -> bool:
        return all(self.scores[category] >= least for category, least in LEAST.items())


def path() -> Path | None:
    """The program, if this machine has it."""
    named = Path(os.environ.get("LIGHTHOUSE", WHERE))
    return named if named.is_file() else None


def scores(program: Path, url: str, report: str, language: str = "tg") -> list[Score]:
    """Of each page; ``report`` is the path of one."""
    return [
        score(program, page, url + (report if page == "report" else f"/{language}/{tail}"))
        for page, tail in PAGES.items()
    ]


def score(program: Path, page: str, url: str) -> Score:
    visits = [visit(program, url) for _ in range(VISITS)]
    middle = {
        category: round(100 * statistics.median(seen["categories"][category]["score"] or 0 for seen in visits))
        for category in CATEGORIES
    }
    weighed = {
        one["id"] for name in CATEGORIES[1:] for one in visits[0]["categories"][name]["auditRefs"] if one["weight"]
    }
    audits = [visits[0]["audits"][name] for name in sorted(weighed)]
    faults = [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 1]
    return Score(page, middle, faults)


def visit(program: Path, url: str) -> dict:
    command = [str(program), url, "--quiet", "--output=json", "--output-path=stdout"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(['--headless', *FLAGS])}"]
    environ = os.environ | {"CHROME_PATH": whole_chromium()}
    for _ in range(TRIES):
        said = subprocess.run(command, check=False, capture_output=True, text=True, env=environ)
        if said.returncode == 0:
            return json.loads(said.stdout)
        if "Please run Lighthouse again" not in said.stderr:
            break
    raise SystemExit(f"Lighthouse: {said.stderr[-1000:]}")


def whole_chromium() -> str:
    """Lighthouse wants the browser with windows, though it opens none."""
    return os.environ.get("CHROME_PATH") or next(
        (one for one in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(one).exists()), chromium_path() or ""
    )
