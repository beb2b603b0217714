"""The fields of the empty form: half of the work of its page, and the same for everybody who begins to write."""

from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from . import signing
from .forms import AppealForm


def blank_fields(form: AppealForm) -> SafeString | None:
    """The fields of ``form`` as HTML, made once for each language; None if anything was typed into it."""
    if form.is_bound or form.initial:
        return None
    make = _fields.__wrapped__ if settings.DEBUG else _fields
    return make(get_language(), signing.offered())


@cache
def _fields(_language: str, digital_offered: bool) -> SafeString:
    return render_to_string("appeals/_fields.html", {"form": AppealForm(), "digital_offered": digital_offered})
