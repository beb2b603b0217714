"""The text of a report: from what staff typed or pasted to the few elements that the site shows.

Alignment, fonts, colours and sizes are not kept: how a report looks is the site's affair. The rows of a table
become paragraphs, the lists that Word writes as paragraphs become lists.
"""

import html
import re

import nh3

from portal.text import clean_lines

TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "h2", "h3"}
# A long chain of mended markup comes to rest within a few rounds; more is no text of a report.
MAX_ROUNDS = 20
WORDS_A_MINUTE, SHORT_READ = 180, 400
# Their content is no text of a report either.
_DROPPED = {"script", "style", "xml", "title"}
_BLOCK = re.compile(r"<(p|h[1-6]|ul|ol|li|blockquote|div|table|tr)\b", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_EMPTY = re.compile(r"<(p|h2|h3|li|ul|ol|blockquote)>(?:\s|&nbsp;|<br>)*</\1>\s*")
_EMPTY_INLINE = re.compile(r"<(strong|em|a)(?: [^<>]*)?>((?:\s|&nbsp;)*)</\1>")
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "div": "p", "tr": "p"}
# The wrapper of what Google Docs puts on the clipboard: a "bold" that is not bold.
_NOT_BOLD = re.compile(r"<b\b[^<>]*font-weight:\s*(?:normal|400)[^<>]*>", re.IGNORECASE)
_UNNAMED_LINK = re.compile(r'<a rel="noopener noreferrer">((?:(?!</?a\b).)*)</a>', re.DOTALL)
_SPACES = re.compile(r" {2,}")
_LAST_SPACE = re.compile(r"(?<!\s)(?<!&nbsp;)(?:\s|&nbsp;)++(?=</(?:p|h2|h3|li)>)")
_WIDE_SPACE = re.compile(r" *(?:&nbsp; *){2,}|(?: +&nbsp;| *&nbsp; +) *")
_ITEM_PARAGRAPH = re.compile(r"<li>\s*<p>((?:(?!</?(?:p|li|ul|ol|blockquote)\b).)*)</p>\s*(?=</li>|<[uo]l>)", re.DOTALL)
# Word's lists: paragraphs that name their list in the style and carry their mark as text.
_WORD_ITEM = re.compile(r"<p\b[^<>]*mso-list:\s*l\d[^<>]*>((?:(?!</?p\b).)*)</p>", re.IGNORECASE | re.DOTALL)
_WORD_MARK = re.compile(
    r"<span\b[^<>]*mso-list:\s*ignore[^<>]*>((?:(?!</?span\b).)*)(?:<span\b[^<>]*>(?:(?!</?span\b).)*</span>)?"
    r"(?:(?!</?span\b).)*</span>",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(r"\s*\(?\w{1,4}[.)]")


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
    text = _word_lists(_NOT_BOLD.sub("<span>", text))
    text = _CELL_END.sub(r" \g<0>", text)
    for old, new in _RENAMED.items():
        text = re.sub(rf"(</?){old}(?=[\s>/])[^<>]*>", rf"\1{new}>", text, flags=re.IGNORECASE)
    cleaned = nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
    )
    return _tidy(cleaned)


def _tidy(cleaned: str) -> str:
    """Without the elements that say nothing, and the wide spaces that Word sets between words."""
    cleaned = _UNNAMED_LINK.sub(r"\1", cleaned)
    cleaned = _ITEM_PARAGRAPH.sub(r"<li>\1", cleaned)
    cleaned = _EMPTY_INLINE.sub(r"\2", cleaned)
    cleaned = _WIDE_SPACE.sub(" ", _SPACES.sub(" ", cleaned))
    cleaned = _LAST_SPACE.sub("", cleaned)
    return _EMPTY.sub("", cleaned).strip()


def _word_lists(text: str) -> str:
    """Lists for the paragraphs that Word marks as items; deeper levels join the one above."""
    if "mso-list" not in text.lower():
        return text
    text = _WORD_ITEM.sub(_word_item, text)
    for kind in ("ul", "ol"):
        text = re.sub(rf"</{kind}>\s*<{kind}><!--word-->", "", text)
    return text.replace("<!--word-->", "")


def _word_item(found: re.Match[str]) -> str:
    mark = _WORD_MARK.search(found[1])
    kind = "ol" if mark and _NUMBERED.match(_MARKUP.sub("", mark[1])) else "ul"
    return f"<{kind}><!--word--><li>{_WORD_MARK.sub('', found[1]).strip()}</li></{kind}>"


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
    for text in (html.unescape(plain), plain):
        if not _MARKUP.search(text) and clean_body(text) == body:
            return text
    return body


def words(body: str) -> str:
    """A cleaned text as one line of plain words, for descriptions."""
    return " ".join(html.unescape(_MARKUP.sub(" ", body)).split())


def reading_minutes(body: str) -> int | None:
    """How long a cleaned text takes to read; None for one of a few paragraphs, of which the reader sees the end."""
    number = len(words(body).split())
    return round(number / WORDS_A_MINUTE) if number > SHORT_READ else None
