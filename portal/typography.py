"""Text as a careful printer sets it, in Tajik, Russian and English; pure: knows no model, no request, no Django.

What is stored stays as it was written: these functions serve what a reader sees. They change spaces, quotation
marks, dashes, dots and apostrophes alone, never a letter, and nothing in addresses, e-mail addresses, tags and code.
"""

from __future__ import annotations

import re
from bisect import bisect
from functools import lru_cache
from itertools import pairwise

from .typography_rules import RULES

NBSP = "\u00a0"

Marks = tuple[tuple[str, str], tuple[str, str]]  # outer and inner quotation marks
MARKS = {
    "tg": (("«", "»"), ("“", "”")),
    "ru": (("«", "»"), ("„", "“")),
    "en": (("“", "”"), ("‘", "’")),
}

_KEPT = re.compile(r"(?:https?://|www\.)[^\s\"«»“”„<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|&#?\w+;", re.IGNORECASE)
_SIGNS_OF_KEPT = ("://", "@", "&", "www.", "WWW.")
_KEPT_OR_DOTS = re.compile(rf"({_KEPT.pattern})|(?<!\.)\.{{3}}(?!\.)", re.IGNORECASE)
_FILLER = "\ufffc"  # stands for what is kept while the rest is set: no letter, no digit, no space, no mark
_LONE_HYPHEN = re.compile(rf"(?<=[^\s{NBSP}] )-(?= \S)|(?<=[^\s{NBSP}]{NBSP})-(?= \S)")
_RANGE = re.compile(
    rf"(?<![\w.,:/+)–—-])(?<!\)[ {NBSP}])([0-9]{{1,3}}|[0-9]{{4}})-([0-9]{{1,4}})(?![\w/–—-])(?![.,:][0-9])"
)
_SPACE = re.compile(r"(\s)")
_QUOTE = re.compile('["«»„“”]')
_APOSTROPHE = re.compile(r"(?<=[^\W_])'(?=[^\W\d_])|(?<![\w'])'(?=[0-9]0s\b)")
_OPENS_AFTER = frozenset(" \t\n\r([{/–—-«„‘\u00a0\u2009\u202f")
_CLOSES_BEFORE = frozenset(" \t\n\r)]},;:!?\u00a0\u2009\u202f")

_TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*+>)""")
_TAG_NAME = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9]*)")
_INLINE = frozenset("a abbr b bdi bdo cite del em i ins mark q s small span strong sub sup time u wbr".split())
_CODE = frozenset("code kbd pre samp script style textarea var".split())

_VOWELS = frozenset("аеёиӣоуӯэюя")
_LEANING = frozenset("ъьй")  # letters that stay with what they follow
_LONG_WORD = re.compile(r"(?<![\w\u00ad])[а-яёғӣқӯҳҷ]{10,}(?![\w\u00ad])", re.IGNORECASE)
SOFT_HYPHEN = "\u00ad"
FEWEST_BEFORE, FEWEST_AFTER = 2, 3


@lru_cache(maxsize=1024)
def typeset(text: str, language: str) -> str:
    """A line or paragraph of plain text as it is printed in ``language``. What it returned, it returns again."""
    return _set(_dots(text), language)


def typeset_html(markup: str, language: str) -> str:
    """A cleaned text (HTML) as it is printed in ``language``: marks pair across bold words and links."""
    parts = _TAG.split(markup.replace("&nbsp;", NBSP))
    block: list[int] = []
    code = 0
    for place, part in enumerate(parts):
        if place % 2 == 0:
            parts[place] = part if code else _dots(part)
            if part and not code:
                block.append(place)
            continue
        name = found[1].lower() if (found := _TAG_NAME.match(part)) else ""
        if name in _CODE:
            code = max(0, code + (-1 if part.startswith("</") else 1))
        if name not in _INLINE:
            _set_block(parts, block, language)
            block = []
    _set_block(parts, block, language)
    return "".join(parts)


def _set_block(parts: list[str], block: list[int], language: str) -> None:
    """Set the pieces of text that stand in one block as the one text that they are."""
    if not block:
        return
    text = _set("".join(parts[place] for place in block), language)
    start = 0
    for place in block:
        end = start + len(parts[place])
        parts[place] = text[start:end]
        start = end


def hyphenated(text: str) -> str:
    """Tajik ``text`` with soft hyphens between the syllables of its long words: no browser knows these."""
    return _LONG_WORD.sub(lambda word: _syllables(word[0]), text)


def _dots(text: str) -> str:
    """Three dots as one sign."""
    return _KEPT_OR_DOTS.sub(lambda found: found[1] or "…", text) if "..." in text else text


def _set(text: str, language: str) -> str:
    """What changes one character for one."""
    if language not in MARKS or not text:
        return text
    kept = [found.span() for found in _KEPT.finditer(text)] if any(map(text.__contains__, _SIGNS_OF_KEPT)) else []
    work = text
    for start, end in kept:
        work = work[:start] + _FILLER * (end - start) + work[end:]
    if "-" in work:
        work = _LONE_HYPHEN.sub("–", work)
        work = _RANGE.sub(_range, work)
    if '"' in work:
        work = _quotation_marks(work, MARKS[language])
    if language == "en" and "'" in work:
        work = _single_marks(_APOSTROPHE.sub("’", work))
    work = _bound(work, language)
    for start, end in kept:
        work = work[:start] + text[start:end] + work[end:]
    return work


def _bound(text: str, language: str) -> str:
    """Spaces at which no line may break."""
    if " " not in text:
        return text
    join = RULES[language].join
    words = _SPACE.split(text)  # with the spaces between them
    for place in range(1, len(words) - 1, 2):
        if words[place] == " " and join(words[place - 1], words[place + 1], (words[place + 3 : place + 4] or [""])[0]):
            words[place] = NBSP
    return "".join(words)


def _range(found: re.Match[str]) -> str:
    """A range of numbers rises, and both ends are years or neither is; anything else may be a code."""
    first, last = found[1], found[2]
    return f"{first}–{last}" if int(first) < int(last) and (len(first) == 4) == (len(last) == 4) else found[0]


def _quotation_marks(text: str, marks: Marks) -> str:
    """Straight marks as the language has them; where the marks of a text do not pair, all stay as they are."""
    open_marks: list[tuple[int, str]] = []
    spans: list[tuple[int, int, bool]] = []
    opened = -1  # the place of the last mark that opens
    for found in _QUOTE.finditer(text):
        place, mark = found.start(), found[0]
        last = open_marks[-1][1] if open_marks else ""
        if _opens(mark, text, place, opened, last):
            open_marks.append((place, mark))
            opened = place
        elif last and mark in {'"': '"', "«": "»", "„": "“”", "“": "”"}[last]:
            spans.append((open_marks.pop()[0], place, mark == '"'))
        else:
            return text
    if open_marks:
        return text
    return _with_marks(text, spans, marks)


def _with_marks(text: str, spans: list[tuple[int, int, bool]], marks: Marks) -> str:
    letters = list(text)
    starts, ends = sorted(start for start, _end, _straight in spans), sorted(end for _start, end, _straight in spans)
    for start, end, straight in spans:
        if straight:
            depth = bisect(starts, start - 1) - bisect(ends, start)  # how many quotations it stands in
            letters[start], letters[end] = marks[min(depth, 1)]
    return "".join(letters)


def _opens(mark: str, text: str, place: int, opened: int, last: str) -> bool:
    if mark == '"':
        before = not place or text[place - 1] in _OPENS_AFTER or opened == place - 1
        return before and place + 1 < len(text) and text[place + 1] not in _CLOSES_BEFORE
    return mark in "«„" or (mark == "“" and last != "„")


def _single_marks(text: str) -> str:
    """English single marks in pairs, else apostrophes after a letter; where that does not come out, all stay."""
    letters, open_marks = list(text), []
    for place, letter in enumerate(text):
        if letter != "'":
            continue
        before, after = text[place - 1 : place] or " ", text[place + 1 : place + 2] or " "
        if (before in _OPENS_AFTER or before == "“") and after not in _CLOSES_BEFORE:
            open_marks.append(place)
        elif open_marks:
            letters[open_marks.pop()], letters[place] = "‘", "’"
        elif before.isalnum():
            letters[place] = "’"
        else:
            return text
    return text if open_marks else "".join(letters)


def _syllables(word: str) -> str:
    """``word`` with a soft hyphen wherever a syllable begins: one consonant goes with the vowel after it."""
    small = word.lower()
    vowels = [place for place, letter in enumerate(small) if letter in _VOWELS]
    cuts = []
    for before, after in pairwise(vowels):
        cut = max(before + 1, after - 1)
        if small[cut] in "ъь":
            cut += 1
        if FEWEST_BEFORE <= cut <= len(word) - FEWEST_AFTER and small[cut] not in _LEANING:
            cuts.append(cut)
    pieces = [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]
    return SOFT_HYPHEN.join(pieces)
