"""The clock of the machine jumps, as after a dead battery or a wrong time server: forward, and back again."""

import os
import shutil
import sqlite3
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.browser.portal import ROOT
from tests.faults.crowd import Crowd, at
from tests.faults.portal import eyes_for_sqlite

pytestmark = [pytest.mark.slow, pytest.mark.long_fault]
SOURCE = Path(__file__).with_name("clock.c")
MINUTE, HOUR = 60, 3600


class Clock:
    """The time of day of a portal that is started with ``surroundings``."""

    def __init__(self, folder: Path) -> None:
        self.shift, library = folder / "shift", folder / "clock.so"
        self.set(0)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
        self.surroundings = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(self.shift)}

    def set(self, seconds: int) -> None:
        """Into the same file, which the portal has in its memory."""
        file = os.open(self.shift, os.O_CREAT | os.O_WRONLY, 0o644)
        os.pwrite(file, struct.pack("l", seconds), 0)
        os.close(file)


@pytest.mark.skipif(not shutil.which("cc"), reason="no compiler for the library that moves the clock (apt install gcc)")
@pytest.mark.parametrize(
    ("fault", "seconds", "met"),
    [
        ("clock jumps 45 minutes forward", 45 * MINUTE, "a new CAPTCHA, for the old one has expired"),
        ("clock jumps 45 minutes back", -45 * MINUTE, "nothing; when it comes back, a new CAPTCHA"),
    ],
    ids=["forward", "back"],
)
def test_the_clock_jumps_and_comes_back(make_portal, tmp_path, fault, seconds, met):
    """The time of day alone: the clock that only rises goes on, as it does when somebody sets the time."""
    clock, portal = Clock(tmp_path), make_portal()
    own = dict(portal.environ)
    portal.environ |= clock.surroundings
    portal.start()
    crowd = Crowd(at(portal.port), eyes_for_sqlite(portal))
    with crowd, crowd.meets(fault, met) as now:
        clock.set(seconds)
        crowd.until_sent(8)
        assert now.felt_nothing(crowd.ledger)
        clock.set(0)
    with closing(sqlite3.connect(Path(own["PORTAL_DATA_DIR"]) / "portal.sqlite3")) as database:
        asked = "SELECT max(julianday(received_at)) - min(julianday(received_at)) FROM appeals_appeal"
        [apart] = database.execute(asked).fetchone()
    assert apart * 24 * HOUR > abs(seconds) * 0.9, "the portal's clock did not move"
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_journal"], cwd=ROOT, env=own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
