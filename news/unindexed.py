"""A column that a database is not to look rows up by."""

from typing import Any

from django.db.models import Func


class Unindexed(Func):
    """The same value; SQLite, which knows nothing of how the values lie, is kept from starting with its index.

    PostgreSQL weighs the index by its statistics, and is left to do so.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)
