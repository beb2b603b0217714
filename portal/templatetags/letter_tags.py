"""The looks of letters in their templates."""

from django import template
from django.utils.safestring import SafeString

from portal import letter_page

register = template.Library()


@register.simple_tag
def look(name: str) -> SafeString:
    """Class and style of an element: ``<p {% look "p" %}>``."""
    return letter_page.look(name)
