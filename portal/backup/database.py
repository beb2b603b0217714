"""A consistent copy of the database as a file, and such a file as a database again.

SQLite by its online backup, PostgreSQL by its own client programs (pg_dump, pg_restore, psql); neither stops
the portal. Passwords go to them by the environment, never by the command line.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from . import BackupError

Facts = dict[str, Any]
SQLITE, POSTGRES = "database.sqlite3", "database.dump"
# Everything in one transaction: whoever interrupts it finds the database as it was.
EMPTIED = "SET LOCAL lock_timeout = '30s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
PG_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SQLITE_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
    "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
)


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def file_name() -> str:
    """What the copy is called in an archive."""
    return SQLITE if is_sqlite() else POSTGRES


def is_empty() -> bool:
    """There is no table yet."""
    if is_sqlite():
        path = Path(connection.settings_dict["NAME"])
        return not path.exists() or not path.stat().st_size
    with connection.cursor() as cursor:
        cursor.execute(PG_TABLES)
        return not cursor.fetchall()


def copy_to(folder: Path) -> Facts:
    """Copy the database into ``folder``; returns what the copy holds, all of it from the same moment."""
    return copy_sqlite(folder / SQLITE) if is_sqlite() else dump_postgres(folder / POSTGRES)


def copy_sqlite(path: Path) -> Facts:
    source = Path(connection.settings_dict["NAME"])
    if not source.exists():
        raise BackupError("There is no database yet.")
    try:
        with closing(sqlite3.connect(source, timeout=20)) as original, closing(sqlite3.connect(path)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # The copy is this one file.
    except sqlite3.Error as error:
        raise BackupError(f"SQLite cannot copy the database: {error}.") from None
    return sqlite_facts(path)


def sqlite_facts(path: Path) -> Facts:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            if (found := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise BackupError(f"SQLite finds the database damaged: {found.splitlines()[0]}")
            return facts(database.cursor(), SQLITE_TABLES)
        except sqlite3.DatabaseError as error:
            raise BackupError(f"SQLite cannot read the database: {error}.") from None


def dump_postgres(path: Path) -> Facts:
    with closing(connect(connection.settings_dict["NAME"])) as snapshot:
        snapshot.set_session(isolation_level="REPEATABLE READ", readonly=True)
        cursor = snapshot.cursor()
        cursor.execute("SELECT pg_export_snapshot()")  # What is counted and what is dumped is of one moment.
        snapshot_id = cursor.fetchone()[0]
        run("pg_dump", "--format=custom", f"--snapshot={snapshot_id}", f"--file={path}")
        return facts(cursor, PG_TABLES)


def postgres_facts(name: str) -> Facts:
    with closing(connect(name)) as database:
        return facts(database.cursor(), PG_TABLES)


def facts(cursor: Any, tables: str) -> Facts:
    """Migrations and the number of rows of every table."""
    rows = {}
    cursor.execute(tables)
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  # Names of our own tables.  # nosec B608
        rows[table] = cursor.fetchone()[0]
    migrations = []
    if "django_migrations" in rows:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
    return {"engine": connection.vendor, "rows": rows, "migrations": migrations}


def facts_of_copy(folder: Path) -> Facts:
    """What the copy in ``folder`` holds, by restoring it into a database that is thrown away again."""
    if is_sqlite():
        return sqlite_facts(folder / SQLITE)
    with scratch_database() as name:
        run("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments", f"--dbname={name}",
            str(folder / POSTGRES))  # fmt: skip
        return postgres_facts(name)


@contextmanager
def scratch_database() -> Iterator[str]:
    name = f"portal_check_{secrets.token_hex(6)}"
    with closing(connect(connection.settings_dict["NAME"])) as server:
        server.autocommit = True
        cursor = server.cursor()
        try:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        except connection.Database.Error as error:
            raise BackupError(
                "No scratch database can be made for the check (ALTER ROLE … CREATEDB lets the portal make it; "
                f"--no-verify leaves the check out): {first_line(str(error))}"
            ) from None
        try:
            yield name
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def put_in_place(folder: Path) -> None:
    """Make the copy in ``folder`` the portal's database, in place of what is there (which on SQLite was moved away)."""
    connection.close()
    if is_sqlite():
        shutil.move(folder / SQLITE, connection.settings_dict["NAME"])
        return
    script = folder / "database.sql"
    run("pg_restore", "--no-owner", "--no-privileges", "--no-comments", f"--file={script}", str(folder / POSTGRES))
    # The script makes an empty list of schemas; psql's own commands run before and after it.
    run("psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--single-transaction",
        f"--command={EMPTIED}", f"--file={script}", "--command=ANALYZE")  # fmt: skip


def files() -> list[Path]:
    """The files of an SQLite database, as far as they are there; none of PostgreSQL."""
    if not is_sqlite():
        return []
    name = str(connection.settings_dict["NAME"])
    return [path for path in (Path(name + end) for end in ("", "-wal", "-shm")) if path.exists()]


def facts_now() -> Facts:
    """What the portal's database holds."""
    name = connection.settings_dict["NAME"]
    return sqlite_facts(Path(name)) if is_sqlite() else postgres_facts(name)


def connect(name: str) -> Any:
    return connection.get_new_connection(connection.get_connection_params() | {"dbname": name})


def run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs. What it says of an error may quote a row, so only its first line is passed on."""
    given, options = connection.settings_dict, connection.settings_dict.get("OPTIONS", {})
    named = {
        "PGHOST": given["HOST"] or options.get("host"), "PGPORT": given["PORT"] or options.get("port"),
        "PGUSER": given["USER"], "PGPASSWORD": given["PASSWORD"], "PGDATABASE": given["NAME"],
        "PGSSLMODE": options.get("sslmode"), "PGSSLROOTCERT": options.get("sslrootcert"),
        "PGTARGETSESSIONATTRS": options.get("target_session_attrs"),
    }  # fmt: skip
    environ = os.environ | {name: str(value) for name, value in named.items() if value}
    try:
        done = subprocess.run([program, *arguments], env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise BackupError(f"{program} is not installed (apt install postgresql-client).") from None
    if done.returncode:
        raise BackupError(f"{program} failed: {first_line(done.stderr)}")


def first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "no reason given")
