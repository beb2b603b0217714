"""A portal as in production with a database of its own, and what it uses of the machine; nothing of it stays."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import servers
from bench.weights import Weights
from bench.wire import Place

FOLDER = servers.ROOT / "var" / "bench"
PAUSE = 3
WRITERS_THREADS = 4  # as in deploy/systemd


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


class Scene:
    """The database, made anew and dropped by ``close``, and the commands that are run on it."""

    def __init__(self, name: str, server: str, nginx: bool) -> None:
        self.vendor, self.nginx = ("PostgreSQL" if server else "SQLite"), nginx
        self.folder = FOLDER / name
        self.server, parts = server, urlsplit(server)
        self.database = f"{parts.path.strip('/')}_{name.replace('-', '_')}"
        path = self.folder / "portal.sqlite3"
        self.url = parts._replace(path=f"/{self.database}").geturl() if server else f"sqlite:///{path}"
        self.tls = {"HTTPS": "1", "BEHIND_PROXY": "1", "SITE_URL": "https://localhost", "MEDIA_BY_PROXY": "1",
                    "ALLOWED_HOSTS": f"127.0.0.1,localhost,{servers.OFFICE}"} if nginx else {}  # fmt: skip
        self._answers: Any = None

    @property
    def name(self) -> str:
        return f"{self.vendor}, {'behind nginx, TLS' if self.nginx else 'directly'}"

    def prepare(self, reports: int, appeals: int) -> None:
        self.drop()
        self.folder.mkdir(parents=True)
        if self.server:
            self._at_server(f'CREATE DATABASE "{self.database}"')
        self.run("manage.py", "prepare")
        self.run("-m", "bench.data", str(reports), str(appeals))

    def run(self, *command: str) -> str:
        """What a command prints that runs in the portal's surroundings."""
        env = servers.surroundings(self.folder, self.url, **self.tls)
        done = subprocess.run([sys.executable, *command], cwd=servers.ROOT, env=env, check=False,
                              capture_output=True, text=True)  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
        return done.stdout

    def stage(self, what: str, given: str) -> dict[str, Any]:
        return json.loads(self.run("-m", "bench.stage", what, given).splitlines()[-1])

    def beside(self, *command: str, **more: str) -> subprocess.Popen[str]:
        """A process beside the generator, in the portal's surroundings; it prints JSON as its last line."""
        env = servers.surroundings(self.folder, self.url, **self.tls, **more)
        return subprocess.Popen([sys.executable, *command], cwd=servers.ROOT, env=env, stdout=subprocess.PIPE,
                                stdin=subprocess.PIPE, text=True)  # fmt: skip

    def answer(self, key: str) -> str:
        """What eyes would read in the CAPTCHA with this key: one connection, one row. Empty: it is no more."""
        sql = "SELECT response FROM captcha_captchastore WHERE hashkey = "
        if self.server:
            with self._connected().cursor() as cursor:
                cursor.execute(sql + "%s", [key])
                found = cursor.fetchone()
        else:
            found = self._connected().execute(sql + "?", [key]).fetchone()
        return found[0] if found else ""

    def connections(self) -> int:
        """How many connections the portal has to this database."""
        found = self._at_server(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{self.database}'")
        return found[0][0] - (self._answers is not None)

    def version(self) -> str:
        if not self.server:
            return ""  # It is told for every run.
        version, most = (self._at_server(f"SHOW {what}")[0][0] for what in ("server_version", "max_connections"))
        return f"PostgreSQL {version.partition(' ')[0]} with max_connections {most}"

    def _connected(self) -> Any:
        if self._answers is None:
            if self.server:
                import psycopg2

                self._answers = psycopg2.connect(self.url)
                self._answers.autocommit = True
            else:
                self._answers = sqlite3.connect(self.folder / "portal.sqlite3", timeout=20)
        return self._answers

    def _at_server(self, sql: str) -> list[Any]:
        import psycopg2

        with contextlib.closing(psycopg2.connect(self.server)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []

    def drop(self) -> None:
        if self._answers is not None:
            self._answers.close()
            self._answers = None
        if self.server:
            self._at_server(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def served(self, **settings: str) -> Iterator[tuple[list[servers.Served], Place, Place]]:
        """The portal with its worker, where the public reaches it, and where the staff do.

        Behind nginx there are two instances and a worker, as ``deploy/`` has it: one for readers, one for who writes.
        """
        with contextlib.ExitStack() as stack:
            settings = self.tls | settings
            self._connected()  # While there is still room for one more.
            if not self.nginx:
                portal = stack.enter_context(servers.portal(self.folder, self.url, task_workers=1, **settings))
                yield [portal], Place(portal.port), Place(portal.port)
                return
            weights = stack.enter_context(Weights())
            portal = stack.enter_context(servers.portal(self.folder, self.url, **settings))
            twin = servers.portal(self.folder, self.url, name="portal-twin", threads=WRITERS_THREADS, **settings)
            stack.enter_context(twin)
            worker = stack.enter_context(servers.worker(self.folder, self.url, **settings))
            nginx = stack.enter_context(servers.nginx_site(self.folder, portal.port, twin.port))
            weights.weigh(portal, "readers")
            weights.weigh(twin, "yielding/writers")
            weights.weigh(worker, "yielding/worker")
            weights.weigh(nginx, "nginx")
            say(f"Who goes first is said by {weights.kind}.")
            port = nginx.port
            yield [portal, twin, worker], Place(port, "localhost", tls=True), Place(port, servers.OFFICE, tls=True)

    def log(self) -> str:
        """The last of what the portal had to say of what went wrong."""
        text = "".join(log.read_text(errors="replace") for log in self.folder.glob("portal*.log"))
        return "\n".join([line[:300] for line in text.splitlines() if '"level": "INFO"' not in line][-20:])


@contextlib.contextmanager
def scene(name: str, server: str, nginx: bool, reports: int, appeals: int) -> Iterator[Scene]:
    made = Scene(name, server, nginx)
    try:
        say(f"{made.name}: data …")
        made.prepare(reports, appeals)
        yield made
    finally:
        made.drop()


@dataclass
class Watch:
    """What is used while it is open; looks every ``PAUSE`` seconds."""

    portals: list[servers.Served]
    scene: Scene
    memory: float = 0  # MB of the largest process
    files: int = 0  # open at a time, sockets too, in the process that has the most
    connections: int = 0  # to PostgreSQL
    cores: dict[str, float] = field(default_factory=dict)  # processors kept busy, on average
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self.before = self._used()
        self.thread = threading.Thread(target=self._keep, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()
        after = self._used()
        seconds = after["time"] - self.before["time"]
        used = {name: (after[name] - self.before[name]) / seconds for name in after}
        rest = used["all"] - used["portal"] - used["generator"]
        self.cores = {"portal": used["portal"], "generator": used["generator"], "all else": rest}

    def _used(self) -> dict[str, float]:
        busy = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return {
            "time": time.monotonic(),
            "portal": sum(portal.cpu() for portal in self.portals),
            "generator": time.process_time(),
            "all": (sum(busy) - busy[3] - busy[4]) / servers.TICK,
        }

    def _keep(self) -> None:
        while not self.ended.wait(PAUSE):
            with contextlib.suppress(OSError):  # A process has just ended.
                self.memory = max(self.memory, *(portal.memory("RssAnon") for portal in self.portals))
                pids = [pid for portal in self.portals for pid in portal.pids()[1:]]
                files = [len(os.listdir(f"/proc/{pid}/fd")) for pid in pids]
                self.files = max(self.files, *files)
            if self.scene.server:
                with contextlib.suppress(Exception):  # PostgreSQL takes no more: there are as many as were seen last.
                    self.connections = max(self.connections, self.scene.connections())
