"""python -m tests.fuzz [--requests N] [--seed S] [--staff N] [--database URL]: odd requests to the real server.

A portal as in production, with the demonstration content, appeals and logins of its own, gets N requests of citizens
and readers, then some of signed-in staff, from many addresses (so that no limit stops them). None may be answered by
5xx, hang, lack its security headers, lead to a foreign host or give markup back. What fails is written into
var/fuzz as it was sent; ``--replay FILE`` sends such a file to the same portal again.
"""

from __future__ import annotations

import argparse
import collections
import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from bench import servers
from bench.citizens import Citizen, signature
from bench.run import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.servers import Served
    from tests.fuzz.odd import Maker
    from tests.fuzz.wire import Request

FOLDER = servers.ROOT / "var" / "fuzz"
AT_A_TIME, CITIZENS, STAFF = 8, 12, 6
# What is sent there ends the sessions that the other requests need.
READS_ALONE = frozenset({"/admin/logout/", "/admin/password_change/", "/admin/account/sessions/"})
PASSWORD = secrets.token_urlsafe(12)
FURNISH = """
import django
django.setup()
from django.core.management import call_command
from portal.management.commands.prepare import make_data_folder
make_data_folder()
call_command("prepare", verbosity=0)
call_command("load_demo", small_pictures=True, production=True)
from django.contrib.auth.models import User
for number in range({staff}):
    user, _ = User.objects.get_or_create(username=f"fuzz{{number}}", is_superuser=True, is_staff=True)
    user.set_password("{password}")
    user.save()
"""


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def furnish(database: Database) -> None:
    if database.vendor == "PostgreSQL" and not database.rows(
        f"SELECT 1 FROM pg_database WHERE datname = '{database.name}'", database.server
    ):
        database.rows(f'CREATE DATABASE "{database.name}"', database.server)
    env = servers.surroundings(database.folder, database.url)
    command = [sys.executable, "-c", FURNISH.format(staff=STAFF, password=PASSWORD)]
    subprocess.run(command, cwd=servers.ROOT, env=env, check=True, stdout=sys.stderr)


def citizens(served: Served, database: Database) -> list[bytes]:
    """The cookies of browsers with a draft, a sent appeal and its receipt, and an open case."""
    first, picture = secrets.randbelow(10_000_000), signature()
    people = [Citizen(served.url, first + number) for number in range(CITIZENS)]
    for place, citizen in enumerate(people):
        citizen.write()
        citizen.check()
        if place % 2:
            citizen.send(database.answers(), picture)
            citizen.read_receipt()
            citizen.track()
    kept = ("appeal_draft", "appeal_case")
    return ["; ".join(f"{name}={citizen.cookies[name]}" for name in kept if name in citizen.cookies).encode()
            for citizen in people]  # fmt: skip


def staff(served: Served) -> list[bytes]:
    """The cookies of the sessions of all logins, two of each."""
    from tests.fuzz.wire import Request, send

    found = []
    for number in range(2 * STAFF):
        body = f"username=fuzz{number % STAFF}&password={PASSWORD}&csrfmiddlewaretoken={'a' * 32}"
        head = (f"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={'a' * 32}\r\nConnection: close\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}")  # fmt: skip
        answer = send(served.port, Request(head.encode(), "login", f"127.251.{secrets.randbelow(250)}.{1 + number}"))
        given = [value.partition(b";")[0] for name, value in answer.headers if name == b"set-cookie"]
        found += [cookie for cookie in given if cookie.startswith(b"sessionid=")]
    if len(found) < STAFF:
        raise SystemExit(f"Only {len(found)} logins came through.")
    return found


def reader(served: Served, cookie: bytes) -> Callable[[str], str | None]:
    def read(path: str) -> str | None:
        from tests.fuzz.wire import Request, send

        data = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: {cookie.decode()}\r\n\r\n"
        answer = send(served.port, Request(data.encode(), path))
        is_page = answer.status == 200 and answer.get(b"content-type").startswith(b"text/html")
        return answer.body.decode() if is_page else None

    return read


class Run:
    def __init__(self, served: Served, maker: Maker) -> None:
        self.served, self.maker = served, maker
        self.statuses: collections.Counter[int] = collections.Counter()
        self.routes: set[str] = set()
        self.failed: list[str] = []
        self.slowest = (0.0, "")

    def take(self, number: int) -> None:
        from tests.fuzz.known import route_of
        from tests.fuzz.wire import Hangs, faults, send

        request = self.maker.request(number)
        try:
            answer = send(self.served.port, request)
        except Hangs:
            return self.fail(number, request, ["no answer in time"])
        self.statuses[answer.status] += 1
        self.slowest = max(self.slowest, (answer.seconds, f"{number} {request.what}"))
        if answer.status in {200, 302}:
            self.routes.add(route_of(request.what.split(" ", 1)[1]))
        if found := faults(request, answer):
            return self.fail(number, request, found)
        return None

    def fail(self, number: int, request: Request, found: list[str]) -> None:
        path = FOLDER / f"{self.maker.seed}-{number}.http"
        path.write_bytes(request.data)
        self.failed.append(f"{request.what}: {'; '.join(found)} ({path}, from {request.source})")
        say(self.failed[-1])

    def all(self, count: int, name: str) -> None:
        began = time.monotonic()
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            for _ in pool.map(self.take, range(count)):
                pass
        taken, told = time.monotonic() - began, ", ".join(f"{code}: {n}" for code, n in sorted(self.statuses.items()))
        print(f"{name}: {count} requests in {taken:.0f} s, {len(self.failed)} faults, {len(self.routes)} routes answered "
              f"200 or 302; {told}; slowest {self.slowest[0]:.1f} s ({self.slowest[1]})", flush=True)  # fmt: skip


def furnished(url: str) -> Database:
    """A database of the fuzzer's own, kept from run to run."""
    database = Database(url, 0)
    name = database.name.replace("_of_0", "_fuzz")
    database.folder = FOLDER / database.vendor.lower()
    database.folder.mkdir(parents=True, exist_ok=True)
    database.url = database.url.replace(database.name, name) if url else f"sqlite:///{database.folder}/portal.sqlite3"
    database.name = name
    furnish(database)
    return database


def part(served: Served, database: Database, name: str, count: int, seed: int) -> Run:
    """Find out what there is for readers and citizens (``public``) or ``staff``; then send ``count`` odd requests."""
    from tests.fuzz.known import crawl, known
    from tests.fuzz.odd import Maker

    office = name == "staff"
    cookies, what = staff(served) if office else citizens(served, database), known(staff=office)
    start = ["/admin/"] if office else ["/", "/tg/", "/ru/", "/en/"]
    for cookie in cookies[:2]:
        crawl(what, reader(served, cookie), [*start, *(r for r in what.routes if "\0" not in r)], 300, start[0])
    say(f"{name}: {len(what.routes)} routes, {sum(map(len, what.paths.values()))} addresses, {len(what.forms)} forms, "
        f"{len(what.parameters)} parameters")  # fmt: skip
    maker = Maker(seed, what, b"127.0.0.1:%d" % served.port, cookies, first=secrets.randbelow(10_000_000))
    maker.reads_alone = READS_ALONE
    run = Run(served, maker)
    run.all(count, f"{database.vendor}, {name}")
    return run


def fuzz(asked: argparse.Namespace) -> int:
    database = furnished(asked.database)
    os.environ.update(servers.surroundings(database.folder, database.url))
    import django

    django.setup()
    from tests.fuzz.wire import Request, send

    say(f"seed {asked.seed}")
    with servers.portal(database.folder, database.url, SECOND_FACTOR="optional") as served:
        if asked.replay:
            print(send(served.port, Request(Path(asked.replay).read_bytes(), asked.replay)))
            return 0
        counts = {"public": asked.requests, "staff": asked.staff}
        runs = [part(served, database, name, count, asked.seed) for name, count in counts.items() if count]
    failed = [fault for run in runs for fault in run.failed]
    print(f"seed {asked.seed}: {len(failed)} faults", *failed[:50], sep="\n")
    return bool(failed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--staff", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument(
        "--database", default="", help="postgres://…; a database of its own is made beside the named one"
    )
    parser.add_argument("--replay", help="a file of var/fuzz")
    raise SystemExit(fuzz(parser.parse_args()))
