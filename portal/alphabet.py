"""Lists of names in the order of the alphabet of the page's language.

No database can be asked for it: SQLite knows no Tajik letter (ғ comes after я), and what PostgreSQL knows depends on
how it was set up. The lists are short: names are read, and sorted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import Case, F, IntegerField, Model, Value, When
from django.db.models.expressions import Combinable
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.translation import get_language

from .text import alphabetical


def by_name(named: Iterable[Any]) -> list[Any]:
    """What has a ``name`` in the page's language, in its order."""
    return sorted(named, key=lambda each: alphabetical(each.name))


def name_order(model: type[Model]) -> Combinable:
    """For ``order_by``: the rows of a small table with ``name_tg``, ``name_ru``, ``name_en`` in order. One query."""
    rows = model._default_manager.order_by().values_list("pk", f"name_{get_language() or 'tg'}", "name_tg")
    ordered = sorted(rows, key=lambda row: (alphabetical(row[1] or row[2]), row[0]))
    places = [When(pk=pk, then=Value(place)) for place, (pk, *_names) in enumerate(ordered)]
    return Case(*places, default=Value(len(places)), output_field=IntegerField()) if places else F("pk")


class NameOrder:
    """An admin whose list stands in order, and with it the fields and filters of other pages that offer its rows."""

    model: type[Model]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [name_order(self.model)]


class _InOrder(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from sorted(map(self.choice, self.queryset.all()), key=lambda choice: alphabetical(str(choice[1])))


class NameChoiceField(forms.ModelChoiceField):
    """A choice of one row by its name."""

    iterator = _InOrder


class NamesChoiceField(forms.ModelMultipleChoiceField):
    """A choice of several rows by their names."""

    iterator = _InOrder
