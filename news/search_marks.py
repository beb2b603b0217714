"""Titles and excerpts with what was found in them marked; everything else is escaped. Pure."""

import unicodedata
from collections.abc import Callable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.fold import WORD, fold

from .search_words import Term, stem, tajik_forms

EXCERPT, BEFORE = 200, 60


def finder(terms: Sequence[Term], language: str) -> Callable[[str], bool]:
    """Whether a folded word is one that was looked for; «в» and "of" only when nothing else was."""
    whole, starts = set(), []
    telling = [term for term in terms if len(term.spellings[0]) > 2]
    for term in telling or terms:
        for spelling in term.spellings:
            whole |= {spelling, *(tajik_forms(spelling) if language == "tg" else ())}
            if language != "tg" and len(spelling) > 3:
                starts.append(stem(spelling, language))
            if term.unfinished:
                starts.append(spelling)
    beginnings = tuple(starts)
    return lambda word: word in whole or word.startswith(beginnings)


def mark(text: str, is_found: Callable[[str], bool]) -> SafeString:
    """``text`` as HTML with ``<mark>`` around what was found; the fold keeps positions, so it stays as written."""
    text = unicodedata.normalize("NFC", text)
    parts, end = [], 0
    for word in WORD.finditer(fold(text)):
        if is_found(word[0]):
            parts += [escape(text[end : word.start()]), "<mark>", escape(text[slice(*word.span())]), "</mark>"]
            end = word.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308  # nosec B308 B703 # each part is escaped


def excerpt(text: str, is_found: Callable[[str], bool]) -> SafeString:
    """About two hundred characters of ``text`` around the first word that was found, marked."""
    text = unicodedata.normalize("NFC", text)
    first = next((word.start() for word in WORD.finditer(fold(text)) if is_found(word[0])), 0)
    start = max(0, first - BEFORE)
    if start:
        start = text.find(" ", start, first) + 1 or start
    end = start + EXCERPT
    if end < len(text):
        end = max(text.rfind(" ", first, end), start + EXCERPT // 2)
    marked = mark(text[start:end].strip(), is_found)
    return SafeString(("… " if start else "") + marked + (" …" if end < len(text) else ""))  # nosec B703 # "marked" is escaped
