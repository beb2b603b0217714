"""Questions that the ORM puts into SQL once, and that are asked again and again with other values.

To put a large one into words takes Django ten times as long as a database takes to answer it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, CharField, DateTimeField, Expression, Field, QuerySet

_FIELDS: dict[type, type[Field]] = {int: BigIntegerField, str: CharField, datetime: DateTimeField}


class Mark(Expression):
    """The place of a value in SQL."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class Prepared:
    """A query set of values: numbers, texts, moments, None, and lists of these.

    ``build`` gets a mark for each value (for a list a list of marks, for None None), and returns the query set. It is
    called once for each shape of the values: which of them are None, and how long the lists are.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self.built: dict[Any, QuerySet[Any, Any]] = {}
        self.compiled: dict[Any, tuple[Any, str, list[Any]] | None] = {}

    def rows(self, **values: Any) -> list[Any]:
        """What the query set of these values holds."""
        shape = tuple(len(value) if isinstance(value, list) else value is None for value in values.values())
        if shape not in self.built:
            self.built[shape] = self.build(**{name: _marks(name, value) for name, value in values.items()})
        queryset = self.built[shape]._chain()
        using = queryset.db
        if (shape, using) not in self.compiled:
            compiler = queryset.query.get_compiler(using)
            try:
                self.compiled[shape, using] = compiler, *compiler.as_sql()
            except EmptyResultSet:  # No row can be in a list of none.
                self.compiled[shape, using] = None
        if not (compiled := self.compiled[shape, using]):
            return []
        kept, sql, params = compiled
        compiler = copy.copy(kept)
        compiler.connection = connections[using]  # Each thread has its own.
        flat = dict(_flat(values))
        given = [_given(param, flat, compiler.connection) for param in params]
        compiler.as_sql = lambda *_args, **_named: (sql, given)
        queryset.query.get_compiler = lambda *_args, **_named: compiler
        return list(queryset)


def _marks(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_marks(f"{name} {place}", one) for place, one in enumerate(value)]
    return None if value is None else Mark(name, _FIELDS[type(value)]())


def _given(param: Any, flat: dict[str, Any], connection: Any) -> Any:
    """What the database gets: the value, if a mark stands for it."""
    if not isinstance(param, Mark):
        return param
    return param.output_field.get_db_prep_value(flat[param.name], connection)


def _flat(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each value by the name of its mark."""
    for name, value in values.items():
        if isinstance(value, list):
            yield from ((f"{name} {place}", one) for place, one in enumerate(value))
        else:
            yield name, value
