"""The text of a report: from what staff typed or pasted to the few elements that the site shows."""

import html
import re

import nh3

from portal.text import clean_lines

TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "h2", "h3"}
# A long chain of mended markup comes to rest within a few rounds; more is no text of a report.
MAX_ROUNDS = 20
WORDS_A_MINUTE, SHORT_READ = 180, 400
_BLOCK = re.compile(r"<(p|h[1-6]|ul|ol|li|blockquote|div|table|tr)\b", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_EMPTY = re.compile(r"<p>(\s|&nbsp;|<br>)*</p>\s*")
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "div": "p", "tr": "p"}


def clean_body(text: str) -> str:
    """Safe HTML of the site's style. Plain text becomes paragraphs, one for each block between empty lines.

    Idempotent: what it returned, it returns again.
    """
    for _round in range(MAX_ROUNDS):
        cleaned = _clean_once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _clean_once(text: str) -> str:
    text = clean_lines(text)
    if not _BLOCK.search(text):
        text = "\n".join(_paragraph(block) for block in re.split(r"\n\s*\n", text) if block.strip())
    text = _CELL_END.sub(r" \g<0>", text)
    for old, new in _RENAMED.items():
        text = re.sub(rf"(</?){old}(?=[\s>/])[^>]*>", rf"\1{new}>", text, flags=re.IGNORECASE)
    cleaned = nh3.clean(text, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"})
    return _EMPTY.sub("", cleaned).strip()


def _paragraph(block: str) -> str:
    block = block.strip()
    if not _MARKUP.search(block):
        block = html.escape(html.unescape(block), quote=False)
    return "<p>" + block.replace("\n", "<br>\n") + "</p>"


def editable(body: str) -> str:
    """A cleaned text as staff edit it: plain paragraphs without their marks, anything richer as it is.

    ``clean_body(editable(body)) == body`` for every ``body`` that ``clean_body`` returned.
    """
    plain = body.replace("<br>\n", "\n").replace("<br>", "\n").replace("</p>\n<p>", "\n\n")
    plain = plain.removeprefix("<p>").removesuffix("</p>")
    if not _MARKUP.search(plain) and clean_body(plain) == body:
        return plain
    return body


def words(body: str) -> str:
    """A cleaned text as one line of plain words, for descriptions."""
    return " ".join(html.unescape(_MARKUP.sub(" ", body)).split())


def reading_minutes(body: str) -> int | None:
    """How long a cleaned text takes to read; None for one of a few paragraphs, of which the reader sees the end."""
    number = len(words(body).split())
    return round(number / WORDS_A_MINUTE) if number > SHORT_READ else None
