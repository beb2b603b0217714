"""Path converters: a number in an address that no row could have leads to no page, not to a fault."""

from django.urls.converters import IntConverter


class RowId(IntConverter):
    """The number of a row: one to eighteen digits, so that it fits into every database's column."""

    regex = "[0-9]{1,18}"


class Year(IntConverter):
    """A year of four digits."""

    regex = "[0-9]{4}"

    def to_url(self, value: int) -> str:
        return f"{value:04}"
