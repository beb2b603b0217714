"""E-mail addresses to which a letter can really be sent."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField, EmailInput
from django.utils.translation import gettext_lazy as _

from .text import clean_line

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
MESSAGE = _("Enter an e-mail address like name@example.tj.")


def clean_address(text: str) -> str:
    """The address as it is stored and written on a letter: small letters, the host in its ASCII form.

    Stricter than the standards: no quoted names, no bare numbers for a host, no letters beyond ASCII before the @.
    Whatever passes can be sent to without an error in the making of the letter. Raises ``ValidationError``.
    """
    local, _at, host = clean_line(text[:1000]).rpartition("@")
    host = ascii_host(host)
    labels = host.split(".")
    good = (
        _LOCAL.fullmatch(local)
        and len(local) <= 64
        and len(local) + len(host) < 254
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not good:
        raise ValidationError(MESSAGE, code="invalid")
    return f"{local}@{host}".lower()


def ascii_host(host: str) -> str:
    """``президент.тҷ`` as the name service knows it; "" if it cannot be known there."""
    if host.isascii():
        return host  # Most are; what is wrong with them the labels show.
    try:
        return host.encode("idna").decode("ascii") if 0 < len(host) <= 253 else ""
    except UnicodeError:
        return ""


class AddressField(CharField):
    """A form's field for an e-mail address; the value is what ``clean_address`` makes of it."""

    widget = EmailInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254} | options)
        self.widget.attrs |= {"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return clean_address(text) if text else ""


def masked(address: str) -> str:
    """Enough of an address for a person who knows it: ``n•••@example.tj``."""
    local, _at, host = address.rpartition("@")
    return f"{local[:1]}•••@{host}" if host else ""
