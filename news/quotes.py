"""Whether words that somebody quotes stand in a text; pure: knows no model and no request.

What does not change what was said is not counted: capital letters, kinds of quotation marks, dashes, hyphens
and spaces, signs that no one sees. Every word and every other sign counts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from portal.text import nfc

from .blocks import blocks

FEWEST_WORDS, MOST_CHARACTERS = 3, 20_000
# Whoever sends half a word and a thousand repeated ones shall not keep the site busy.
MOST_TRIES = 100
MARGIN = 4  # words around the nearest stretch of a text, in case the quotation left some out
CONTEXT = 90  # characters of the text shown before and after a quotation
_SPECIAL = re.compile(
    "(?P<unseen>[\u00ad\u200b-\u200f\u2060\ufeff]+)"
    r"|(?P<space>\s+)"
    "|(?P<dash>[\u2010-\u2015\u2212-]+)"
    "|(?P<mark>[\"'`´«»‹›“”„‟‘’‚‛ʼʻ]+)"
    r"|(?P<dots>…|\.{3,})"
)
_STANDS_FOR = {"unseen": "", "space": " ", "dash": "-", "mark": '"', "dots": "..."}
_ENDS = ' ".,;:!?…-[]()'
_LETTER = re.compile(r"\w")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Passage:
    """A quotation as it stands in a text, with a little of what stands before and after."""

    before: str
    words: str
    after: str


def said(title: str, lead: str, body: str) -> str:
    """All that a report says, in the order of reading, in NFC."""
    return nfc("\n".join(part for part in (title, lead, *(block.text for block in blocks(body))) if part))


def compared(text: str) -> str:
    """``text`` (in NFC) with nothing left of the differences that are not counted."""
    return _folded(text)[0]


def quotation(typed: str) -> str:
    """A quotation as it is looked for: without the marks and dots that a person sets around it; "" if too short."""
    folded = compared(nfc(typed[:MOST_CHARACTERS])).strip(_ENDS)
    return folded if len(_WORD.findall(folded)) >= FEWEST_WORDS else ""


def find(wanted: str, text: str) -> Passage | None:
    """Where ``wanted`` (from ``quotation``) stands word for word in ``text``; a part of a word is no word."""
    folded, places = _folded(text)
    start = -1
    for _try in range(MOST_TRIES):
        start = folded.find(wanted, start + 1)
        if start < 0:
            break
        end = start + len(wanted)
        if not _inside_a_word(folded, start) and not _inside_a_word(folded, end):
            first, last = places[start], places[end - 1] + 1
            before, after = text[max(0, first - CONTEXT) : first], text[last : last + CONTEXT]
            if first > CONTEXT:
                before = "… " + before.partition(" ")[2]
            if last + CONTEXT < len(text):
                after = after.rpartition(" ")[0] + " …"
            return Passage(before, text[first:last], after)
    return None


def nearest(wanted: str, text: str) -> str:
    """The stretch of ``text`` that has the most words of ``wanted``, about as long; "" if it has hardly any.

    One walk along the text: the time is that of reading it, whatever the words.
    """
    words = [(found[0].lower(), found.span()) for found in _WORD.finditer(text)]
    quoted = _WORD.findall(wanted)
    length, need = min(len(words), len(quoted)), Counter(quoted)
    have: Counter[str] = Counter()
    best = score = start = 0
    for place, (word, _span) in enumerate(words):
        have[word] += 1
        score += have[word] <= need[word]
        if place >= length:
            gone = words[place - length][0]
            score -= have[gone] <= need[gone]
            have[gone] -= 1
        if score > best:
            best, start = score, max(0, place - length + 1)
    if best * 2 < len(quoted):
        return ""
    first, last = max(0, start - MARGIN), min(len(words), start + length + MARGIN)
    around = [word for word, _span in words[first:last]]
    # From the quotation's first word to its last, where they stand near the ends of the stretch.
    skipped = next((place for place, word in enumerate(around[: 2 * MARGIN]) if word == quoted[0]), 0)
    spare = next((place for place, word in enumerate(around[: -2 * MARGIN : -1]) if word == quoted[-1]), 0)
    return text[words[first + skipped][1][0] : words[last - 1 - spare][1][1]]


def telling_words(wanted: str, number: int = 8) -> str:
    """The longest words of a quotation, in its order: a report that has all of them may hold it."""
    found = list(dict.fromkeys(_WORD.findall(wanted)))
    longest = sorted(found, key=len, reverse=True)[:number]
    return " ".join(word for word in found if word in longest)


def _inside_a_word(text: str, place: int) -> bool:
    """Whether the boundary before ``place`` cuts a word; a hyphen between letters belongs to one."""
    if not 0 < place < len(text):
        return False
    around = text[max(0, place - 2) : place + 2]
    middle = min(place, 2)
    left, right = around[:middle], around[middle:]
    if _LETTER.match(left[-1]) and _LETTER.match(right[0]):
        return True
    if left[-1] == "-":
        return len(left) > 1 and bool(_LETTER.match(left[0]) and _LETTER.match(right[0]))
    return right[0] == "-" and len(right) > 1 and bool(_LETTER.match(left[-1]) and _LETTER.match(right[1]))


def _folded(text: str) -> tuple[str, list[int]]:
    """``text`` (in NFC) as it is compared, and for each character of that its place in ``text``."""
    parts: list[str] = []
    places: list[int] = []
    here = 0
    spaced = True
    for found in [*_SPECIAL.finditer(text), None]:
        start = found.start() if found else len(text)
        if start > here:
            parts.append(_small(text[here:start]))
            places += range(here, start)
            spaced = False
        if not found:
            break
        stands_for = _STANDS_FOR[found.lastgroup or ""]
        if stands_for and not (spaced and stands_for == " "):
            parts.append(stands_for)
            places += [start] * len(stands_for)
            spaced = stands_for == " "
        here = found.end()
    return "".join(parts), places


def _small(text: str) -> str:
    """In small letters, each letter one."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
