"""The difference of two cleaned texts by words, as the reader sees them: what was taken out, what was put in.

Knows no model and no request. What it returns is built from escaped words and from its own few elements alone,
whatever the texts hold. The time is bounded: a passage in which nothing can be told apart is shown as replaced.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .alignment import aligned
from .word_tokens import Token, body_tokens, plain_tokens

# So few words that stayed between two changes are shown as changed: a row of single words cannot be read.
LONELY = 2
# How many words at the end of a paragraph are looked at to tell it from the next one.
MAX_END = 6


# What is said around a change to those who do not see its colour, and of the kinds of paragraph.
SAID = {"-": _("deleted"), "+": _("inserted")}
KINDS = {"h2": _("heading"), "h3": _("subheading"), "li": _("list item"), "quote": _("quotation")}


@dataclass(frozen=True)
class Difference:
    """The page's HTML of a difference, and how many words it took out and put in."""

    html: SafeString
    deleted: int
    inserted: int

    @property
    def is_empty(self) -> bool:
        return not self.deleted and not self.inserted


def compare_bodies(old: str, new: str) -> Difference:
    """The difference of two texts that ``clean_body`` returned; a change of emphasis or of a link's address counts."""
    return _compare(body_tokens(old), body_tokens(new))


def compare_texts(old: str, new: str) -> Difference:
    """The difference of two plain texts, such as titles and leads: one paragraph each, line by line."""
    return _compare(plain_tokens(old), plain_tokens(new))


# What changed -----------------------------------------------------------------------------------------------------

Change = tuple[str, Token]


def _changes(old: list[Token], new: list[Token]) -> list[Change]:
    """Every token of both texts in the order of reading, with "=" (stayed), "-" (deleted) or "+" (inserted)."""
    said: list[Change] = []
    left = low = 0
    for here, there in [*aligned(old, new), (len(old), len(new))]:
        said += [("-", token) for token in old[left:here]]
        said += [("+", token) for token in new[low:there]]
        if there < len(new):
            said.append(("=", new[there]))
        left, low = here + 1, there + 1
    return said


def _without_lonely_words(said: list[Change]) -> list[Change]:
    """A word or two that stayed between larger changes belong to them; then each change says first what went."""
    runs = [(sign == "=", list(part)) for sign, part in groupby(said, key=lambda change: change[0])]
    runs = [
        (stayed, [each for _s, part in group for each in part]) for stayed, group in groupby(runs, key=lambda r: r[0])
    ]
    kept: list[Change] = []
    for place, (stayed, part) in enumerate(runs):
        between = 0 < place < len(runs) - 1
        if stayed and between and len(part) <= LONELY and all(token.kind == "word" for _sign, token in part):
            around = (runs[place - 1][1], runs[place + 1][1])
            if all({"-", "+"} <= {sign for sign, _token in side} and len(side) > 2 * len(part) for side in around):
                kept += [("-", token) for _sign, token in part] + [("+", token) for _sign, token in part]
                continue
        kept += part
    return kept


def _at_ends_of_paragraphs(said: list[Change]) -> list[Change]:
    """A whole paragraph that came or went after changed words is told apart from them.

    Of ``friend-s . ¶`` and ``friend . ¶ New . ¶`` the last ``. ¶`` is the same; a reader sees that the first is.
    """
    for sign in "+-":
        place = 0
        while place < len(said):
            run = place
            while run < len(said) and said[run][0] == sign:
                run += 1
            if run > place:
                said[place : run + MAX_END] = _moved(said[place:run], said[run : run + MAX_END])
            place = max(run, place + 1)
    return said


def _moved(run: list[Change], after: list[Change]) -> list[Change]:
    """``run`` and what stayed after it, the end of its first paragraph taken for what stayed, if it is the same."""
    end = next((place for place, (_sign, token) in enumerate(run) if token.kind == "end"), None)
    same = next((place for place, (_sign, token) in enumerate(after) if token.kind == "end"), None)
    if end is None or same is None or end < same or any(sign != "=" for sign, _token in after[: same + 1]):
        return run + after
    tail = [token for _sign, token in after[: same + 1]]
    if [token for _sign, token in run[end - same : end + 1]] != tail:
        return run + after
    sign = run[0][0]
    stayed = [("=", token) for token in tail]
    return run[: end - same] + stayed + run[end + 1 :] + [(sign, token) for token in tail] + after[same + 1 :]


def _in_order(said: list[Change]) -> Iterator[tuple[str, list[Token]]]:
    """Runs of changes: in each place first what was deleted, then what was inserted, paragraph by paragraph."""
    for stayed, group in groupby(said, key=lambda change: change[0] == "="):
        part = list(group)
        if stayed:
            yield "=", [token for _sign, token in part]
            continue
        for sign in "-+":
            tokens = [token for each, token in part if each == sign]
            if tokens:
                yield sign, tokens


# What is shown ----------------------------------------------------------------------------------------------------


class _Writer:
    """Puts the HTML together: paragraphs with what was deleted and inserted in them."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.open: list[str] = []
        self.signs: set[str] = set()

    def write(self, sign: str, tokens: list[Token]) -> None:
        piece: list[Token] = []
        for token in tokens:
            if token.kind != "end":
                piece.append(token)
                continue
            self.add(sign, piece)
            piece = []
            self.end(sign, token.text)
        self.add(sign, piece)

    def add(self, sign: str, piece: list[Token]) -> None:
        if not piece:
            return
        self.signs.add(sign)
        shown = "".join(self.words(list(words), sign != "=") for _alike, words in groupby(piece, key=_look))
        self.open.append(shown if sign == "=" else self.marked(sign, shown))

    def end(self, sign: str, kind: str) -> None:
        """The end of a paragraph: one that was deleted out of a text that goes on is shown as a sign of its own."""
        if sign == "-" and self.signs - {"-"}:
            self.signs.add("-")
            self.open.append(self.marked("-", f" ¶ {_name(kind)} "))
            return
        if sign == "+" and self.signs - {"+"}:
            self.open.append(self.marked("+", f" ¶ {_name(kind)} "))
        self.close(kind)

    def close(self, kind: str) -> None:
        inside = "".join(self.open).strip()
        if inside:
            self.done.append(f'<p class="difference__{html.escape(kind)}">{inside}</p>')
        self.open, self.signs = [], set()

    def marked(self, sign: str, shown: str) -> str:
        element = "del" if sign == "-" else "ins"
        before = " " if shown.startswith(" ") else ""
        opening = f'<span class="visually-hidden">[{html.escape(str(SAID[sign]))}: </span>'
        closing = '<span class="visually-hidden">]</span>'
        return f"{before}<{element}>{opening}{shown.strip(' ')}{closing}</{element}>"

    def words(self, tokens: list[Token], changed: bool) -> str:
        """Words that look alike; the end of a line; or a link's address, which is seen only where it changed."""
        first = tokens[0]
        if first.kind == "line":
            return "<br>" * len(tokens)
        if first.kind == "address":
            said = html.escape(" ".join(token.text for token in tokens))
            return f' <span class="difference__address">({said})</span>' if changed else ""
        text = "".join((" " if token.spaced else "") + html.escape(token.text) for token in tokens)
        shown = text.removeprefix(" ")
        for mark in first.marks:
            shown = f'<span class="difference__link">{shown}</span>' if mark == "a" else f"<{mark}>{shown}</{mark}>"
        return (" " if first.spaced else "") + shown


def _name(kind: str) -> str:
    return html.escape(str(KINDS.get(kind, "")))


def _look(token: Token) -> tuple[str, tuple[str, ...]]:
    return token.kind, token.marks


def _compare(old: list[Token], new: list[Token]) -> Difference:
    said = _without_lonely_words(_at_ends_of_paragraphs(_changes(old, new)))
    writer = _Writer()
    for sign, tokens in _in_order(said):
        writer.write(sign, tokens)
    writer.close("p")
    return Difference(
        SafeString("\n".join(writer.done)),  # Escaped word by word.  # nosec B703
        deleted=sum(sign == "-" for sign, _token in said),
        inserted=sum(sign == "+" for sign, _token in said),
    )
