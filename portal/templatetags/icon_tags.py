"""The signs beside words; every template has them without asking. They stand in one file, ``static/img/icons.svg``."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

DIRECTED = {"next", "previous"}  # These point the other way where text runs from right to left.


@register.simple_tag
@lru_cache(maxsize=64)
def icon(name: str) -> SafeString:
    """The sign ``name``, which says nothing to a screen reader: what it means stands beside it."""
    classes = "icon icon--direction" if name in DIRECTED else "icon"
    source = static("img/icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, source, name)
