"""python -m bench.run [REPORTS …] [--appeals N] [--seconds S] [--write]: how fast the portal is, as one table.

For each number of reports (10000 and 100000 if none is given), on SQLite, and on PostgreSQL if DATABASE_URL names
one (with databases of its own beside it): a data set, made once and kept in var/bench; the portal with two processes
as in production; a load generator (wrk); the same page from nginx, a bare WSGI application and a plain Django view.
``python -m bench.run news-day`` and ``storm`` are commands of their own: ``bench.news_day``, ``bench.storm``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from bench import citizens, figures, servers
from bench.figures import BARE, BEHIND, COLD, FAR, FILE, FIRST, PLAIN, TLS, WARM, Section
from bench.load import Row, measure

FOLDER = servers.ROOT / "var" / "bench"
SEARCHES = {
    "a word that is everywhere": "ҷумҳурӣ", "a rare word": "пирях", "two words": "ҷумҳурӣ пирях", "a typo": "пирйахх",
}  # fmt: skip
REPORTS_ASKED = 50  # different ones, in turn, where they are not kept
PAGE_SIZE = 20


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


class Database:
    """The database of one size: where it is, and the few questions that are put to it from outside Django."""

    def __init__(self, url: str, reports: int) -> None:
        self.vendor = "PostgreSQL" if url else "SQLite"
        self.folder = FOLDER / f"{self.vendor.lower()}-{reports}"
        self.folder.mkdir(parents=True, exist_ok=True)
        parts = urlsplit(url)
        self.server = url
        self.name = f"{parts.path.strip('/')}_of_{reports}"
        self.url = parts._replace(path=f"/{self.name}").geturl() if url else f"sqlite:///{self.folder}/portal.sqlite3"

    def rows(self, sql: str, url: str = "") -> list[Any]:
        if self.vendor == "SQLite":
            with contextlib.closing(sqlite3.connect(self.folder / "portal.sqlite3", timeout=20)) as connection:
                return connection.execute(sql).fetchall()
        import psycopg2

        with contextlib.closing(psycopg2.connect(url or self.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []

    def prepare(self, reports: int, appeals: int) -> None:
        """Everything that the portal needs, and the data, unless they are there."""
        known = f"SELECT 1 FROM pg_database WHERE datname = '{self.name}'"
        if self.vendor == "PostgreSQL" and not self.rows(known, self.server):
            self.rows(f'CREATE DATABASE "{self.name}"', self.server)
        env = servers.surroundings(self.folder, self.url)
        for command in (["manage.py", "prepare"], ["-m", "bench.data", str(reports), str(appeals)]):
            subprocess.run([sys.executable, *command], cwd=servers.ROOT, env=env, check=True, stdout=sys.stderr)

    def answers(self) -> dict[str, str]:
        return dict(self.rows("SELECT hashkey, response FROM captcha_captchastore"))

    def report_paths(self) -> list[str]:
        rows = self.rows(f"SELECT event_id, slug FROM news_report ORDER BY event_id DESC LIMIT {REPORTS_ASKED}")
        return [f"/tg/news/{event}/{slug}/" for event, slug in rows]

    def list_path(self, page: int) -> str:
        """The address of a list's page: it stands behind the last report of the page before."""
        seconds = "strftime('%Y%m%dT%H%M%S', starts_at)" if self.vendor == "SQLite" else (
            "to_char(starts_at AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MISS')")  # fmt: skip
        part = "'000000'" if self.vendor == "SQLite" else "to_char(starts_at, 'US')"
        [[time_of, event]] = self.rows(
            f"SELECT {seconds} || {part}, id FROM news_event ORDER BY starts_at DESC, id DESC "
            f"LIMIT 1 OFFSET {(page - 1) * PAGE_SIZE - 1}"
        )
        return f"/tg/news/?before={time_of}-{event}"

    def versions(self) -> str:
        if self.vendor == "SQLite":
            return ""
        [[server, fsync, commit]] = self.rows(
            "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"
        )
        return f"PostgreSQL {server} with fsync {fsync}, synchronous_commit {commit}"


def inside(database: Database, *words: str, **settings: str) -> dict[str, float]:
    env = servers.surroundings(database.folder, database.url, **settings)
    command = [sys.executable, "-m", "bench.inside", *words]
    done = subprocess.run(command, cwd=servers.ROOT, env=env, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def save_page(folder: Path, url: str) -> tuple[Path, list[tuple[str, str]], bytes]:
    """The page as the portal sends it to browsers, for those that it is compared with."""
    status, headers, body = servers.get(url, Accept_Encoding="gzip, br")
    if status != 200:
        raise SystemExit(f"{url}: {status}")
    kept = [pair for pair in headers if pair[0].lower() not in {"date", "server", "connection", "transfer-encoding"}]
    path = folder / "page"
    path.write_bytes(json.dumps(kept).encode() + b"\n" + body)
    return path, kept, body


class Run:
    """The rows of one database of one size."""

    def __init__(self, database: Database, section: Section, seconds: float, sent: int) -> None:
        self.database, self.section, self.seconds, self.sent = database, section, seconds, sent

    def add(self, row: Row) -> None:
        self.section.rows.append(row)
        say(f"  {row.what} {row.where}: {row.per_second:.0f}/s, p50 {row.p50:.2f} ms, CPU {row.cpu:.0f} µs")

    def take(
        self, what: str, served: servers.Served, paths: list[str], *headers: str, where: str = "", **more: Any
    ) -> None:
        row = measure(what, served, paths, self.seconds, *headers, **more)
        row.where = where
        self.add(row)

    def everything(self) -> None:
        folder, url = self.database.folder, self.database.url
        with servers.portal(folder, url) as portal:
            self.beside_references(portal)
            self.section.memory = portal.memory()
            self.kept_pages(portal)
            self.others(portal)
            for row in citizens.appeals(portal, self.sent, self.database.answers):
                self.add(row)
            self.section.memory_after = portal.memory(), portal.memory("RssAnon")
        self.behind_nginx()
        with servers.portal(folder, url, PAGE_CACHE_MB="0") as portal:
            self.pages_not_kept(portal)
        self.section.import_seconds = min(inside(self.database, "import")["seconds"] for _ in range(3))
        self.section.inside = inside(self.database, "report", self.database.report_paths()[0])

    def beside_references(self, portal: servers.Served) -> None:
        """The kept report and those that return the same bytes, twice in turn; of each the better."""
        folder, path = self.database.folder, self.database.report_paths()[0]
        page, headers, body = save_page(folder, portal.url + path)
        with contextlib.ExitStack() as stack:
            beside = {BARE: servers.reference("bare", folder, page), PLAIN: servers.reference("plain", folder, page)}
            if Path(servers.NGINX).exists():
                beside = {FILE: servers.nginx_file(folder, headers, body), **beside}
            for served in beside.values():
                stack.callback(served.stop)
            found: dict[str, list[Row]] = {}
            for _ in range(2):
                for what, served in [*beside.items(), (WARM, portal)]:
                    found.setdefault(what, []).append(measure(what, served, [path], self.seconds))
        for rows in found.values():
            self.add(max(rows, key=lambda row: row.per_second))

    def kept_pages(self, portal: servers.Served) -> None:
        path = self.database.report_paths()[0]
        headers = servers.get(portal.url + path, Accept_Encoding="gzip, br")[1]
        tag = next(value for name, value in headers if name.lower() == "etag")
        self.take("report, 304", portal, [path], f"If-None-Match: {tag}")
        self.take("home", portal, ["/tg/"])
        self.take("list, page 1", portal, ["/tg/news/"])
        self.take("list, page 500", portal, [self.database.list_path(500)])
        self.take("feed", portal, ["/tg/feeds/rss.xml"])

    def others(self, portal: servers.Served) -> None:
        """What is made anew for each who asks."""
        for kind, words in SEARCHES.items():
            self.take(f"search: {kind}", portal, [f"/tg/search/?q={quote(words)}"])
        self.take("appeal: empty form (GET)", portal, ["/tg/appeals/write/"])
        self.take("tracking: empty form (GET)", portal, ["/tg/appeals/track/"])

    def behind_nginx(self) -> None:
        """The same pages by the configuration in deploy/, if it and nginx are there."""
        if find_spec("deploy") is None or find_spec("deploy.render") is None or not Path(servers.NGINX).exists():
            say("  without nginx: no deploy/render.py, or no nginx")
            return
        folder = self.database.folder
        with contextlib.ExitStack() as stack:
            settings = {"HTTPS": "1", "BEHIND_PROXY": "1", "SITE_URL": "https://localhost"}
            portal = stack.enter_context(servers.portal(folder, self.database.url, **settings))
            nginx = stack.enter_context(servers.nginx_site(folder, portal.port))
            path = self.database.report_paths()[0]
            kept = servers.get(
                portal.url + path, Accept_Encoding="gzip, br", Host="localhost", X_Forwarded_Proto="https"
            )
            file = stack.enter_context(servers.nginx_file(folder, *kept[1:], tls=True))
            self.take(FILE, file, [path], where=TLS)
            asked_for = {
                WARM: path, "home": "/tg/", "list, page 1": "/tg/news/", "feed": "/tg/feeds/rss.xml",
                "appeal: empty form (GET)": "/tg/appeals/write/",
            }  # fmt: skip
            for what, asked in asked_for.items():
                self.take(what, nginx, [asked], also=(portal,), where=BEHIND)

    def pages_not_kept(self, portal: servers.Served) -> None:
        """Each page made by Django (PAGE_CACHE_MB=0)."""
        self.take(COLD, portal, self.database.report_paths())
        self.take("home, not kept", portal, ["/tg/"])
        self.take(FIRST, portal, ["/tg/news/"])
        self.take(FAR, portal, [self.database.list_path(500)])
        self.take("feed, not kept", portal, ["/tg/feeds/rss.xml"])


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__.partition("\n")[0])
    parser.add_argument("reports", nargs="*", type=int, help="how many reports; 10000 and 100000 if none is given")
    parser.add_argument("--appeals", type=int, default=200_000, help="how many there are already")
    parser.add_argument("--send", type=int, default=300, help="appeals that are sent")
    parser.add_argument("--seconds", type=float, default=2, help="for each row, with many readers")
    parser.add_argument("--write", action="store_true", help="put the result into docs/performance.md")
    arguments = parser.parse_args()
    if min(arguments.reports or [10_000]) < 500 * PAGE_SIZE:
        parser.error("A list has a page 500 from 10000 reports on.")
    return arguments


# make bench ARGS="news-day …": what has a command of its own.
SHAPES = {"news-day": "bench.news_day", "storm": "bench.storm"}


def main() -> None:
    if sys.argv[1:] and sys.argv[1] in SHAPES:
        import_module(SHAPES[sys.argv[1]]).main(sys.argv[2:])
        return
    arguments, started = read_arguments(), time.monotonic()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is needed: apt install wrk")
    before, sections = os.getloadavg()[0], []
    server = os.environ.get("DATABASE_URL", "")
    urls = ["", server] if server.startswith("postgres") else [""]
    for reports in arguments.reports or [10_000, 100_000]:
        for url in urls:
            database = Database(url, reports)
            section = Section(database.vendor, reports, arguments.appeals)
            say(f"{section.name}: data …")
            database.prepare(reports, arguments.appeals)
            section.versions = database.versions()
            Run(database, section, arguments.seconds, arguments.send).everything()
            sections.append(section)
    result = figures.text(sections, (before, os.getloadavg()[0]), time.monotonic() - started)
    print(result)
    if arguments.write:
        figures.write(result)


if __name__ == "__main__":
    main()
