"""Tables of which the database itself refuses to change or remove a row, whoever asks. Knows no model.

A migration names the table: ``RunPython(append_only.guard(table), append_only.unguard(table))``. On SQLite Django
makes a table anew when a column changes, and its triggers are gone: such a migration ends with the same line again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

JOURNAL, OFFICE_JOURNAL = "appeals_journalentry", "appeals_officeentry"
# A row is there that the new one would take the place of: SQLite's REPLACE removes it, and fires no trigger of DELETE.
TAKES_A_PLACE = {
    JOURNAL: "EXISTS (SELECT 1 FROM appeals_journalentry WHERE id = NEW.id "
    "OR (appeal_id = NEW.appeal_id AND previous_hash = NEW.previous_hash))",
    OFFICE_JOURNAL: "EXISTS (SELECT 1 FROM appeals_officeentry WHERE id = NEW.id)",
}
TABLES = tuple(TAKES_A_PLACE)
RULE = "The journal is append-only: its entries are never changed and never removed."
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{RULE}'); END"
# Whatever the session says of triggers (``session_replication_role``), these are asked.
_BODY = f"BEGIN RAISE EXCEPTION '{RULE}' USING ERRCODE = 'restrict_violation'; END"


def guard(table: str) -> Callable[[Any, Any], None]:
    """For ``RunPython``: from now on every UPDATE, DELETE and TRUNCATE of the table is an ``IntegrityError``."""
    return lambda _apps, schema_editor: protect(schema_editor.connection, table)


def unguard(table: str) -> Callable[[Any, Any], None]:
    return lambda _apps, schema_editor: unprotect(schema_editor.connection, table)


def protect(connection: Any, table: str) -> None:
    unprotect(connection, table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $body${_BODY}$body$"
            )
        for name, statement in _triggers(connection, table).items():
            cursor.execute(statement)
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def unprotect(connection: Any, table: str) -> None:
    with connection.cursor() as cursor:
        for name in _triggers(connection, table):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' * (connection.vendor == 'postgresql')}")


def missing(connection: Any) -> list[str]:
    """The triggers that are not there, are switched off, or do something else than refuse."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
                "WHERE tgenabled = 'A' AND tgqual IS NULL AND prosrc = %s",
                [_BODY],
            )
            there = {name for (name,) in cursor.fetchall()}
            return [name for table in TABLES for name in _triggers(connection, table) if name not in there]
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = dict(cursor.fetchall())
    wanted = {name: sql for table in TABLES for name, sql in _triggers(connection, table).items()}
    return [name for name, sql in wanted.items() if found.get(name) != sql]


def _triggers(connection: Any, table: str) -> dict[str, str]:
    """Each trigger's name, and the statement that makes it."""
    if connection.vendor == "postgresql":
        function = "EXECUTE FUNCTION append_only()"
        return {
            f"{table}_rows": f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {function}",
            f"{table}_truncate": f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} {function}",
        }
    return {
        f"{table}_update": f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {_REFUSE}",
        f"{table}_delete": f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {_REFUSE}",
        f"{table}_replace": f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} "
        f"WHEN {TAKES_A_PLACE[table]} {_REFUSE}",
    }
