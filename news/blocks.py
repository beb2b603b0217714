"""A cleaned text as a row of blocks, for whatever is no web page: documents, plain files, comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

_BLOCKS = {"p", "h2", "h3", "li", "ul", "ol", "blockquote"}


@dataclass(frozen=True)
class Run:
    """Words in one style."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading (``h2``, ``h3``) or an item of a list (``li``)."""

    kind: str
    runs: tuple[Run, ...]
    marker: str = ""  # of an item: "•" or its number
    depth: int = 0  # of an item: how many lists it stands in
    quoted: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def blocks(body: str) -> list[Block]:
    """The blocks of a text that ``clean_body`` returned, with single spaces; a line break is ``\\n``."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    reader.end_block()
    return reader.found


def plain_text(body: str) -> str:
    """The text with an empty line between its blocks, as a plain file shows it."""
    parts = []
    for block in blocks(body):
        indent = "> " * block.quoted + "  " * max(0, block.depth - 1)
        marker = f"{block.marker} " if block.marker else ""
        parts.append(indent + marker + block.text.replace("\n", "\n" + indent + " " * len(marker)))
    return "\n\n".join(parts)


@dataclass
class _List:
    ordered: bool
    number: int = 0


@dataclass
class _Style:
    strong: int = 0
    em: int = 0
    links: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self.runs: list[Run] = []
        self.lists: list[_List] = []
        self.style = _Style()
        self.quotes = 0
        self.kind, self.marker = "p", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_block(keep_marker=tag == "p")
        match tag:
            case "ul" | "ol":
                self.lists.append(_List(tag == "ol"))
            case "li":
                self._begin_item()
            case "h2" | "h3":
                self.kind = tag
            case "blockquote":
                self.quotes += 1
            case "br":
                self._add("\n")
            case "strong":
                self.style.strong += 1
            case "em":
                self.style.em += 1
            case "a":
                self.style.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_block()
        match tag:
            case "ul" | "ol":
                self.lists = self.lists[:-1]
            case "blockquote":
                self.quotes -= 1
            case "strong":
                self.style.strong -= 1
            case "em":
                self.style.em -= 1
            case "a":
                self.style.links = self.style.links[:-1]

    def handle_data(self, data: str) -> None:
        self._add(" ".join(f"x{data}x".split())[1:-1])

    def _begin_item(self) -> None:
        self.kind, self.marker = "li", "•"
        if self.lists and self.lists[-1].ordered:
            self.lists[-1].number += 1
            self.marker = f"{self.lists[-1].number}."

    def _add(self, text: str) -> None:
        href = self.style.links[-1] if self.style.links else ""
        self.runs.append(Run(text, self.style.strong > 0, self.style.em > 0, href))

    def end_block(self, keep_marker: bool = False) -> None:
        """Set down what was read; the first paragraph of an item keeps the item's mark."""
        runs = _trimmed(self.runs)
        if runs:
            depth = len(self.lists) if self.lists else 0
            self.found.append(Block(self.kind, runs, self.marker, depth, self.quotes > 0))
        self.runs = []
        if runs or not keep_marker:
            self.kind, self.marker = "p", ""


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """The runs without doubled spaces, and without any space at the ends and around line breaks."""
    kept: list[Run] = []
    for run in runs:
        last = kept[-1].text[-1] if kept else "\n"
        if run.text == "\n":
            _end_line(kept)
            text = "\n" if kept else ""
        else:
            text = run.text.lstrip(" ") if last in {" ", "\n"} else run.text
        if text:
            kept.append(replace(run, text=text))
    while kept and not kept[-1].text.strip():
        kept.pop()
    _end_line(kept)
    return tuple(kept)


def _end_line(kept: list[Run]) -> None:
    """Take away the space that the last run ends with."""
    if kept and (text := kept[-1].text.rstrip(" ")) != kept[-1].text:
        kept[-1:] = [replace(kept[-1], text=text)] if text else []
