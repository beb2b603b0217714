"""What is said of a file that is not taken, and how its name is kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import names

REFUSALS = {
    "type": _("This file is not of a kind that can be taken here."),
    "pixels": _("The picture has too many pixels (at most 40 million). Please make it smaller."),
    "damaged": _("The picture is damaged and cannot be read. Please choose it again or take another."),
    "blank": _("There is nothing to be seen in this picture. Please sign on white paper with a dark pen."),
}


def check_size(file: Any) -> None:
    """Refuse a file above the limit."""
    if file.size > settings.UPLOAD_LIMIT:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s MB."),
            params={"name": printable_name(file.name), "limit": settings.UPLOAD_LIMIT // 2**20},
            code="too_large",
        )


def printable_name(name: str) -> str:
    """A file's name as it is kept: at most 150 characters, none that hides or turns the others."""
    return "".join(character for character in names.clean(name) if character.isprintable())[-150:]
