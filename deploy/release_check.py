"""Whether this tree may become a release: ``make release-check`` prints one line for each check, and fails with any.

It needs git, gettext, a PostgreSQL named by DATABASE_URL, and the packages of requirements-release.txt.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from portal import __version__

ROOT = Path(__file__).resolve().parents[1]
UNMEASURED = "Not measured yet"


class Fault(Exception):
    """Why a check fails, in a line."""


def run(*command: str) -> str:
    """What the command says; a Fault with its last line if it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    said = (done.stdout + done.stderr).strip()
    if done.returncode:
        raise Fault(said.splitlines()[-1] if said else f"ended with {done.returncode}")
    return said


def tests(*paths: str) -> None:
    """They pass, and none is left out."""
    said = run(sys.executable, "-m", "pytest", "-q", *paths)
    if left := re.search(r"\d+ (?:skipped|deselected)", said):
        raise Fault(f"{left[0]}: {' '.join(paths)}")


def clean_tree() -> None:
    if changed := run("git", "status", "--porcelain").splitlines():
        raise Fault(f"{len(changed)} files are not committed, for instance {changed[0][3:]}")


def newest_entry(text: str) -> tuple[str, str]:
    """Version and date of the uppermost entry of a change log."""
    found = re.search(r"^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?$", text, re.MULTILINE)
    if not found:
        raise Fault("CHANGELOG.md has no entry")
    return found[1], found[2] or ""


def version() -> None:
    newest, day = newest_entry((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    if newest != __version__ or not day:
        raise Fault(f"portal/__init__.py says {__version__}, CHANGELOG.md begins with {newest} of {day or 'no day'}")
    if run("git", "tag", "--list", f"v{__version__}") and f"v{__version__}" not in run("git", "tag", "--points-at"):
        raise Fault(f"v{__version__} is another commit already")


def migrations() -> None:
    run(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")


def translations() -> None:
    tests("tests/portal/test_translations.py", "tests/portal/test_printed_texts.py")


def packages(lock: str) -> dict[str, str]:
    """Each package of a lock file with its version."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))


def bill_of_materials() -> None:
    """It is made anew, and holds exactly what production installs."""
    run("make", "--no-print-directory", "sbom")
    made = json.loads((ROOT / "var/sbom.json").read_text(encoding="utf-8"))
    listed = {part["name"]: part["version"] for part in made["components"]}
    if wrong := set(listed.items()) ^ set(packages((ROOT / "deploy/requirements.lock").read_text()).items()):
        raise Fault(f"var/sbom.json and deploy/requirements.lock differ, for instance in {min(wrong)[0]}")


def figures() -> None:
    for path in sorted((ROOT / "docs").glob("*.md")):
        if UNMEASURED in path.read_text(encoding="utf-8"):
            raise Fault(f"docs/{path.name}: {UNMEASURED.lower()}")


def upgrade() -> None:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise Fault("DATABASE_URL names no PostgreSQL")
    tests("tests/deploy/test_upgrade.py", "tests/deploy/test_two_versions.py")


CHECKS: list[tuple[str, Callable[[], object]]] = [
    ("the tree is clean", clean_tree),
    ("the version is that of CHANGELOG.md", version),
    ("no migration is missing", migrations),
    ("every text is translated", translations),
    ("lint", lambda: run("make", "--no-print-directory", "lint")),
    ("deployment settings", lambda: run("make", "--no-print-directory", "deploy-check")),
    ("pins with digests", lambda: tests("tests/deploy/test_lock.py")),
    ("list of packages (SBOM)", bill_of_materials),
    ("the first version is brought up to date", upgrade),
    ("the documents have their figures", figures),
]


def check(checks: list[tuple[str, Callable[[], object]]]) -> int:
    """Prints a line for each; how many failed."""
    failed = 0
    for name, passes in checks:
        started, fault = time.monotonic(), ""
        try:
            passes()
        except Fault as found:
            fault, failed = f": {found}", failed + 1
        sys.stdout.write(f"{'FAILED' if fault else 'ok':6} {name} ({time.monotonic() - started:.0f} s){fault}\n")
        sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(min(check(CHECKS), 1))
