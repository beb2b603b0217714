"""The portal as in production, for faults: prepared once, then copied."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.appeals.served import Served, collect_static
from tests.browser.portal import ROOT

SECRETS = {"SECRET_KEY": "a" * 30 + "bcdefghij" * 4, "OFFICE_KEY": "5a" * 32}


def surroundings(**settings: str) -> dict[str, str]:
    """Production, but for TLS. Behind a proxy, so that every citizen has a network of his own."""
    return {
        "PORTAL_ENV": "production", "HTTPS": "0", "ALLOWED_HOSTS": "127.0.0.1", "BEHIND_PROXY": "1",
    } | SECRETS | settings  # fmt: skip


def migrate(database: str, folder: Path) -> None:
    """Make the tables in ``database``, an address."""
    environ = surroundings(DATABASE_URL=database, PORTAL_DATA_DIR=str(folder))
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environ, check=True)


def prepare(folder: Path) -> Path:
    """A data folder with tables (SQLite) and static files, from which portals are made."""
    data = folder / "data"
    data.mkdir()
    migrate(f"sqlite:///{data / 'portal.sqlite3'}", data)
    collect_static(surroundings(DATABASE_URL="sqlite://", PORTAL_DATA_DIR=str(data)))
    return data


def portal(folder: Path, prepared: Path, **settings: str) -> Served:
    """A portal that is not running yet, with its data in ``folder``; on SQLite unless a database is named."""
    database = f"sqlite:///{folder / 'data' / 'portal.sqlite3'}"
    served = Served(folder, **surroundings(**{"DATABASE_URL": database} | settings))
    shutil.copytree(prepared, folder / "data", dirs_exist_ok=True)
    return served


def eyes_for_sqlite(served: Served) -> Callable[[str], str]:
    """Reads a CAPTCHA's answer from the store."""
    path = Path(served.environ["PORTAL_DATA_DIR"]) / "portal.sqlite3"

    def read(key: str) -> str:
        end = time.monotonic() + 30
        while True:
            try:
                with closing(sqlite3.connect(path, timeout=20)) as database:
                    found = database.execute("SELECT response FROM captcha_captchastore WHERE hashkey = ?", [key])
                    return str(found.fetchone()[0])
            except sqlite3.Error:
                assert time.monotonic() < end, "the database cannot be read"
                time.sleep(0.1)

    return read
