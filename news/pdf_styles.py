"""Measures, colours and styles of the documents."""

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from portal.paper import INK, MUTED, RULE
from portal.typefaces import SANS, SERIF

LINK = "#0d5531"
FOOT = 40 * mm
MOST_DEEP = 6  # lists within lists that are indented further

_TEXT = ParagraphStyle(
    "p", fontName=SANS, fontSize=10.5, leading=15.5, textColor=INK, linkUnderline=1, spaceAfter=7, splitLongWords=1,
    allowWidows=0, allowOrphans=0,
)  # fmt: skip
_HEADING = ParagraphStyle("h", _TEXT, fontName=SERIF, keepWithNext=1)

STYLES = {
    "p": _TEXT,
    "title": ParagraphStyle("title", _HEADING, fontSize=19, leading=23.5, spaceAfter=8),
    "dateline": ParagraphStyle("dateline", _TEXT, fontSize=9.5, textColor=MUTED, spaceAfter=10, keepWithNext=1),
    "lead": ParagraphStyle("lead", _TEXT, fontSize=12, leading=17.5, spaceAfter=10),
    "h2": ParagraphStyle("h2", _HEADING, fontSize=14, leading=18, spaceBefore=8, spaceAfter=5),
    "h3": ParagraphStyle("h3", _HEADING, fontSize=11.5, leading=15.5, spaceBefore=5, spaceAfter=4),
    "li": ParagraphStyle(
        "li", _TEXT, leftIndent=16, bulletIndent=3, bulletFontName=SANS, bulletFontSize=10.5, spaceAfter=4
    ),
    "quote": ParagraphStyle(
        "quote", _TEXT, leftIndent=14, rightIndent=14, textColor=MUTED, borderColor=RULE, spaceBefore=2
    ),
    "address": ParagraphStyle("address", _TEXT, fontSize=8.5, leading=12, textColor=MUTED),
}
