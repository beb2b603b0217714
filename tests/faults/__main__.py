"""``make faults``: bring about every fault, one after the other, and print what came of it as one table.

``--write`` keeps the table in docs/faults.md, with date and commit; anything else goes to pytest.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.ledger import ROWS, Row, table

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "faults.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def main(arguments: list[str]) -> int:
    rest = [argument for argument in arguments if argument != "--write"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        command = [sys.executable, "-m", "pytest", "-m", "", "-v", *(rest or ["tests/faults"])]
        status = subprocess.run(command, cwd=ROOT, env=os.environ | {ROWS: str(path)}, check=False).returncode
        rows = [Row(**json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []
    print(f"\n{table(rows)}")
    if "--write" in arguments:
        if status or rest:
            print("Not kept: only a run of all faults in which every test has passed is.")
        else:
            keep(rows)
    return status


def keep(rows: list[Row]) -> None:
    before, rest = KEPT.read_text().split(BEGIN)
    after = rest.split(END)[1]
    KEPT.write_text(f"{before}{BEGIN}\n{heading()}\n\n{table(rows)}{END}{after}")


def heading() -> str:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    load = os.getloadavg()[0]
    return (
        f"{datetime.datetime.now(datetime.UTC):%d.%m.%Y}, commit {commit}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {load:.1f} at the end."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
