"""Addresses of pages that others name again and again: Django takes some 20 µs for each, and a list shows forty."""

from functools import lru_cache

from django.urls import get_urlconf, reverse
from django.utils.translation import get_language, override


def page_url(name: str, *args: str | int, language: str | None = None) -> str:
    """What ``reverse`` says, in ``language`` or the one that is active, and in the edition that is asked for."""
    return _page_url(name, args, language or get_language(), get_urlconf())


@lru_cache(maxsize=2048)
def _page_url(name: str, args: tuple[str | int, ...], language: str | None, urlconf: str | None) -> str:
    with override(language):
        return reverse(name, urlconf, args)
