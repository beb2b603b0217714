"""What a database keeps of a row after it was erased, and how to be rid of it.

SQLite overwrites what is erased (``secure_delete``, see the settings), but its write-ahead log keeps older pages until
it is emptied. PostgreSQL keeps old versions of a row in the table's file: a plain VACUUM frees their place without
overwriting it (of 50 letters 47 stood in the file afterwards), VACUUM FULL writes the table anew. The tables with the
keys, the letters and the office's index are written anew; what else was erased is encrypted with keys that stood there.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import OperationalError, connection

from portal.models import Message as Letter

from ..models import Appeal, AppealFile, Mark, Message, Sketch

SECONDS_TO_WAIT = 20
SECONDS_FOR_OLDER_TRANSACTIONS = 120  # Nothing is locked meanwhile.


class Busy(Exception):
    """Somebody else works in the tables: try again later."""


def sweep() -> None:
    """Remove the traces of erased rows from the database's files. Not to be called in a transaction.

    Raises ``Busy``.
    """
    try:
        if connection.vendor == "sqlite":
            _empty_log()
        else:
            _write_anew()
    except OperationalError as error:
        raise Busy from error


def _empty_log() -> None:
    """While another connection does the same, SQLite says so at once instead of waiting."""
    for _second in range(SECONDS_TO_WAIT):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _pages, _written = cursor.fetchone()
        if not busy:
            return
        time.sleep(1)
    raise Busy


def _write_anew() -> None:
    with connection.cursor() as cursor:
        _wait_for_older_readers(cursor)
        # Who cannot have a table to himself in this time gives up, rather than have everybody wait behind him.
        cursor.execute(f"SET lock_timeout = '{SECONDS_TO_WAIT}s'")
        try:
            for model in (Mark, Sketch):  # Their statistics hold samples: they are taken anew, too.
                cursor.execute(f'VACUUM (FULL, ANALYZE) "{model._meta.db_table}"')
            for model in (Appeal, Letter):
                cursor.execute(f'VACUUM FULL "{model._meta.db_table}"')
            for model in (AppealFile, Message):
                cursor.execute(f'VACUUM "{model._meta.db_table}"')
        finally:
            cursor.execute("RESET lock_timeout")


def _wait_for_older_readers(cursor: Any) -> None:
    """Transactions from before the erasing, of any database of the server, keep the old rows alive in new files too."""
    cursor.execute("SELECT (txid_current() % 4294967296)::text")
    now = cursor.fetchone()[0]
    for _second in range(SECONDS_FOR_OLDER_TRANSACTIONS):
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND (age(backend_xmin) > age(%s::xid) OR age(backend_xid) > age(%s::xid))",
            [now, now],
        )
        if not cursor.fetchone()[0]:
            return
        time.sleep(1)
    raise Busy
