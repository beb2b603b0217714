"""A text as the reader sees it: words, signs, ends of lines, paragraphs and links, in the order of reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

_TOKEN = re.compile(r"\w+(?:[-’'ʼ]\w+)*|[^\w\s]")
_BLOCKS = {"p", "h2", "h3", "li"}
_MARKS = {"strong", "em", "a"}


@dataclass(frozen=True)
class Token:
    """A word or a sign; or the end of a line, of a paragraph (with its kind) or of a link (with its address)."""

    text: str
    kind: str = "word"
    marks: tuple[str, ...] = ()
    spaced: bool = False


def plain_tokens(text: str) -> list[Token]:
    """Of a plain text, such as a title or a lead: one paragraph, line by line."""
    tokens: list[Token] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            tokens.append(Token("\n", "line"))
        tokens += _words(line, (), spaced=True)
    return [*tokens, Token("p", "end")] if text else []


def body_tokens(body: str) -> list[Token]:
    """Of a text that ``clean_body`` returned."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    reader.end_block()
    return reader.tokens


def _words(text: str, marks: tuple[str, ...], spaced: bool) -> Iterator[Token]:
    """The words of ``text``; ``spaced``: a space stands before it, as before the first of each line."""
    end = 0
    for found in _TOKEN.finditer(text):
        spaced = spaced or found.start() > end or (end == 0 and found.start() > 0)
        yield Token(found[0], "word", marks, spaced)
        spaced, end = False, found.end()


class _Reader(HTMLParser):
    """The tokens of a cleaned text in the order in which they are read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[Token] = []
        self.marks: list[str] = []
        self.addresses: list[str] = []
        self.kinds: list[str] = []
        self.quotes = 0
        self.spaced = True

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_block()
            self.kinds.append(tag)
        elif tag == "blockquote":
            self.end_block()
            self.quotes += 1
        elif tag == "br":
            self.tokens.append(Token("\n", "line"))
            self.spaced = True
        elif tag in _MARKS:
            self.marks.append(tag)
            if tag == "a":
                self.addresses.append(dict(attributes).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_block()
            if self.kinds:
                self.kinds.pop()
        elif tag == "blockquote":
            self.end_block()
            self.quotes = max(0, self.quotes - 1)
        elif tag in self.marks:
            self.marks.reverse()
            self.marks.remove(tag)
            self.marks.reverse()
            if tag == "a":
                self.tokens.append(Token(self.addresses.pop(), "address"))

    def handle_data(self, data: str) -> None:
        words = list(_words(data, tuple(sorted(set(self.marks))), self.spaced))
        self.tokens += words
        self.spaced = data[-1:].isspace() or (self.spaced and not words)

    def end_block(self) -> None:
        """Close what was read since the last end; nothing of a block without words."""
        if self.tokens and self.tokens[-1].kind != "end":
            self.tokens.append(Token("quote" if self.quotes else self.kinds[-1] if self.kinds else "p", "end"))
        self.spaced = True
