"""Which passages two texts have in common. Knows no model and no request."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from portal.fold import WORD, fold

SHORTEST = 3  # Words: what is shorter stands in many texts.


class Part(NamedTuple):
    """A piece of a text, as it was typed."""

    text: str
    is_common: bool


def compare(one: str, other: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts; spelling from a Russian keyboard, capitals and marks between words make no difference."""
    texts = [unicodedata.normalize("NFC", text) for text in (one, other)]
    words = [list(WORD.finditer(text)) for text in texts]
    matcher = SequenceMatcher(None, *([fold(word[0]) for word in found] for found in words), autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= SHORTEST]
    spans = (
        zip(*([(block.a, block.size), (block.b, block.size)] for block in blocks), strict=True) if blocks else [(), ()]
    )
    first, second = (
        list(_parts(text, [(found[start].start(), found[start + size - 1].end()) for start, size in common]))
        for text, found, common in zip(texts, words, spans, strict=True)
    )
    return first, second


def _parts(text: str, common: Iterable[tuple[int, int]]) -> Iterator[Part]:
    place = 0
    for start, end in common:
        if start > place:
            yield Part(text[place:start], False)
        yield Part(text[start:end], True)
        place = end
    if place < len(text):
        yield Part(text[place:], False)
