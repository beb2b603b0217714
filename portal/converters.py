"""Path converters: a number in an address that no row could have leads to no page, not to a fault."""

import re

from django.conf import settings
from django.http import Http404
from django.urls.converters import IntConverter


class RowId(IntConverter):
    """The number of a row: one to eighteen digits, so that it fits into every database's column."""

    regex = "[0-9]{1,18}"

    @classmethod
    def is_one(cls, text: str) -> bool:
        return re.fullmatch(cls.regex, text) is not None


class Year(IntConverter):
    """A year of four digits."""

    regex = "[0-9]{4}"

    def to_url(self, value: int) -> str:
        return f"{value:04}"


def known_language(code: str) -> str:
    """``code`` if it is one of the site's; else there is no such page. PostgreSQL refuses a question with NUL in it.

    Not a converter: the admin would take an address that fits none of ours for that of a row, and lead there.
    """
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return code
