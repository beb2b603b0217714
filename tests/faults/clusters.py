"""PostgreSQL clusters of the tests' own: made, filled, stopped, killed and copied at will."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg2

from tests.browser.portal import free_port
from tests.kinds import postgres_programs

# PostgreSQL refuses to run as root.
USER = "postgres" if os.geteuid() == 0 else None
# Nothing waits for the disk, but for what is asked of a commit: power cuts are not among these faults.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "max_connections": "60", "shared_buffers": "32MB", "fsync": "off",
    "max_wal_size": "64MB", "min_wal_size": "32MB", "hot_standby": "on",
}  # fmt: skip


def run(program: str, *arguments: str, check: bool = True) -> str:
    """A program of PostgreSQL's, as the user that it wants; returns what it said."""
    done = subprocess.run(
        [str(postgres_programs() / program), *arguments],  # type: ignore[operator]
        cwd="/", user=USER, group=USER, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 or not check, f"{program}: {done.stdout}{done.stderr}"
    return done.stdout


def children(pid: int) -> list[int]:
    """Of all its threads."""
    return [int(child) for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()]


class Cluster:
    """One server, with its data in a folder below ``folder``."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port = folder, free_port()
        self.data, self.log = folder / "data", folder / "log"
        self.settings = SETTINGS | {"port": str(self.port), "unix_socket_directories": str(folder)} | settings
        self.process: subprocess.Popen[bytes] | None = None

    def own(self) -> None:
        """Let the user whom PostgreSQL runs as write here."""
        if USER:
            shutil.chown(self.folder, USER)

    def make(self) -> Cluster:
        self.own()
        run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--wal-segsize=1", "-D", str(self.data))
        return self

    def copy_of(self, primary: Cluster) -> Cluster:
        """A hot standby of ``primary``, which is running."""
        self.own()
        source = f"host=127.0.0.1 port={primary.port} user=postgres application_name=standby"
        run("pg_basebackup", "--dbname", source, "-D", str(self.data), "-R", "--checkpoint=fast", "--no-sync")
        return self

    def copy_files_of(self, stopped: Cluster) -> Cluster:
        self.own()
        subprocess.run(["cp", "-a", str(stopped.data), str(self.data)], check=True, user=USER, group=USER)
        return self

    def start(self) -> None:
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(postgres_programs() / "postgres"), "-D", str(self.data), *options],  # type: ignore[operator]
                cwd="/", user=USER, group=USER, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + 30
        while not self.answers():
            assert time.monotonic() < end and self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            self.ask("SELECT 1", database="postgres")
        except psycopg2.Error:
            return False
        return True

    def stop(self, mode: str = "fast") -> None:
        """``smart``, ``fast`` or ``immediate``, as ``pg_ctl stop`` has it."""
        sent = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode]
        self.end(sent)

    def kill(self) -> None:
        """``kill -9`` of all its processes."""
        assert self.process
        for pid in [self.process.pid, *children(self.process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.end(signal.SIGKILL)

    def end(self, sent: int) -> None:
        if self.process:
            self.process.send_signal(sent)
            self.process.wait(timeout=60)
            self.process = None

    def promote(self) -> None:
        run("pg_ctl", "promote", "-D", str(self.data))

    def ask(self, question: str, values: tuple[Any, ...] = (), database: str = "portal") -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=database, connect_timeout=5
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(question, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/portal"


def eyes_for(*clusters: Cluster) -> Callable[[str], str]:
    """Reads a CAPTCHA's answer from whichever of the clusters has it; waits while none answers."""

    def read(key: str) -> str:
        end = time.monotonic() + 60
        while True:
            for cluster in clusters:
                try:
                    found = cluster.ask("SELECT response FROM captcha_captchastore WHERE hashkey = %s", (key,))
                except psycopg2.Error:
                    continue
                if found:
                    return str(found[0][0])
            assert time.monotonic() < end, "no cluster has the CAPTCHA"
            time.sleep(0.1)

    return read
