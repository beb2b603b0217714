"""Which passages two texts have in common. Knows no model and no request."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
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
    one, other = (unicodedata.normalize("NFC", text) for text in (one, other))
    first, second = list(WORD.finditer(one)), list(WORD.finditer(other))
    matcher = SequenceMatcher(None, _folded(first), _folded(second), autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= SHORTEST]
    return (
        list(_parts(one, [first[block.a : block.a + block.size] for block in blocks])),
        list(_parts(other, [second[block.b : block.b + block.size] for block in blocks])),
    )


def _folded(words: Iterable[re.Match[str]]) -> list[str]:
    return [fold(word[0]) for word in words]


def _parts(text: str, passages: Iterable[Sequence[re.Match[str]]]) -> Iterator[Part]:
    place = 0
    for words in passages:
        start, end = words[0].start(), words[-1].end()
        if start > place:
            yield Part(text[place:start], False)
        yield Part(text[start:end], True)
        place = end
    if place < len(text):
        yield Part(text[place:], False)
