"""A portal of an early version, with what was in it, becomes one of today; an update leaves the old code running."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.deploy import first_release
from tests.deploy.first_release import KEYS, put_back
from tests.deploy.test_backup import Place, make_anew

# Tables whose rows an update may replace: what migrations were applied, and which permissions a role has.
RENEWED = {"django_migrations", "auth_group_permissions", "sqlite_sequence"}


@pytest.fixture
def make_place(tmp_path: Path) -> Iterator[Callable[[str, str], Place]]:
    """``make_place(kind, name)``: a place with an empty database of that kind."""
    made: list[str] = []

    def make(kind: str, name: str) -> Place:
        (tmp_path / name).mkdir()
        url = f"sqlite:///{tmp_path / name / 'data' / 'portal.sqlite3'}"
        if kind == "postgresql":
            url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/upgrade_{name}_{os.getpid()}").geturl()
            made.append(url)
            make_anew(url)
        place = Place(tmp_path / name, url)
        place.data.mkdir()
        place.environ |= KEYS
        return place

    yield make
    if made:
        with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
            server.autocommit = True
            for url in made:
                server.cursor().execute(f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)")


def connect(place: Place) -> Any:
    if place.database.startswith("sqlite"):
        return sqlite3.connect(place.data / "portal.sqlite3")
    return psycopg2.connect(place.database)


TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def columns_of(connection: Any, kind: str) -> dict[str, list[str]]:
    cursor = connection.cursor()
    cursor.execute(TABLES[kind])
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
        found[table] = [column[0] for column in cursor.description]
    return found


def rows(connection: Any, columns: dict[str, list[str]]) -> dict[str, Counter[str]]:
    """All rows of the tables, in these columns, as text."""
    cursor, found = connection.cursor(), {}
    for table, names in columns.items():
        cursor.execute("SELECT {} FROM {}".format(", ".join(f'"{name}"' for name in names), f'"{table}"'))
        found[table] = Counter(
            repr([bytes(value) if isinstance(value, memoryview) else value for value in row])
            for row in cursor.fetchall()
        )
    return found


def upgraded(kind: str, make_place: Callable[[str, str], Place]) -> None:
    place = make_place(kind, "old")
    with closing(connect(place)) as connection:
        put_back(kind, connection, place.data)
        columns = {name: own for name, own in columns_of(connection, kind).items() if name not in RENEWED}
        before = rows(connection, columns)
    assert before["news_event"].total() == 12 and before["appeals_appeal"].total() == 5
    assert place.run("manage.py", "migrate", "--check").returncode == 1, "there is nothing to bring up to date"
    place.manage("migrate", "--verbosity=0")
    place.manage("migrate", "--check")
    with closing(connect(place)) as connection:
        after = rows(connection, columns)
    assert {table: gone for table, old in before.items() if (gone := old - after[table])} == {}
    fresh = make_place(kind, "new")
    fresh.manage("migrate", "--verbosity=0")
    assert shape(place) == shape(fresh)
    assert "Appeals: 5," in place.manage("verify_journal")
    seen = json.loads(run(place, "look", kind))
    assert seen["cases"] == 5 and seen["photos"] == before["news_photo"].total()
    assert "Every chain is whole." in place.manage("verify_journal")


def run(place: Place, *arguments: str) -> str:
    done = place.run("-m", "tests.deploy.first_release", *arguments)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def shape(place: Place) -> dict[str, Any]:
    return json.loads(run(place, "shape"))


@pytest.mark.slow
def test_a_portal_of_an_early_version_is_brought_up_to_date(make_place):
    upgraded("sqlite", make_place)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_portal_of_an_early_version_is_brought_up_to_date_on_postgresql(make_place):
    upgraded("postgresql", make_place)


def test_what_is_kept_of_the_early_version_is_small():
    assert sum(file.stat().st_size for file in first_release.FOLDER.iterdir()) < 200_000
