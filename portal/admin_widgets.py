"""The admin's field that searches while one types, shown again with what cannot be a row's number left out.

Django asks the database for whatever was sent, and fails. That it was no choice is said beside the field all the same.
"""

from typing import Any

from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple

from .converters import RowId

NO_ROW = "?"


class OfRows(AutocompleteMixin):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        sent = super().value_from_datadict(data, files, name)
        return [_plain(each) for each in sent] if isinstance(sent, list) else sent and _plain(sent)

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        return super().optgroups(name, [each for each in value if RowId.is_one(str(each))], attr)


def _plain(sent: str) -> str:
    return sent if RowId.is_one(sent) else NO_ROW


class SearchedRow(OfRows, AutocompleteSelect):
    """One row."""


class SearchedRows(OfRows, AutocompleteSelectMultiple):
    """Several rows."""
