"""The appeal as a document: a PDF with every word of it, which the applicant signs and both sides keep.

The same content in the same language gives the same bytes, on every machine and on every day: otherwise a
signature over it could not be checked again. So it bears no date and no number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Spacer

from portal import paper, typefaces
from portal.paper import EDGE, INK, MUTED, RULE, WIDTH, Words

from .choices import Kind, Representation
from .content import Content

FOOT = 24 * mm
BODY = ParagraphStyle("body", fontName=typefaces.SANS, fontSize=10.5, leading=15.5, textColor=INK, spaceAfter=5)
LABEL = ParagraphStyle("label", parent=BODY, fontSize=8.5, leading=11, textColor=MUTED, spaceBefore=7, spaceAfter=1)
TITLE = ParagraphStyle("title", parent=BODY, fontName=typefaces.SERIF, fontSize=17, leading=22, spaceAfter=10)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8, leading=11, wordWrap="CJK")


@dataclass(frozen=True)
class Attached:
    """A file that goes with the appeal: signing the document signs the file's digest, and so the file."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def render(content: Content, attachments: Sequence[Attached], language: str) -> bytes:
    """The document's bytes."""
    with override(language):
        title = _("Appeal to the President of the Republic of Tajikistan")
        return build(_story(content, attachments, language), title)


def build(parts: list[Flowable], title: str, footing: str = "") -> bytes:
    """A PDF of ours; ``footing`` stands below each page, without it the name of the law."""
    footing = footing or _("Law of the Republic of Tajikistan on appeals, Article 21")
    return paper.build(parts, title, partial(_foot, footing=footing), FOOT)


def _story(content: Content, attachments: Sequence[Attached], language: str) -> list[Flowable]:
    parts: list[Flowable] = [paragraph(_("Appeal to the President of the Republic of Tajikistan"), TITLE)]
    parts += facts(content, language)
    if attachments:
        parts.append(paragraph(_("Attachments"), LABEL))
    for number, file in enumerate(attachments, start=1):
        parts += [paragraph(f"{number}. {file.name}", BODY), paragraph(f"SHA-256: {file.digest}", SMALL)]
    return [*parts, Spacer(0, 6 * mm)]


def facts(content: Content, language: str, said: str = "") -> list[Flowable]:
    """Every word of the appeal, each part under its label (``said`` is that of its text); what is empty is left out."""
    rows = _facts(content, language, said or _("Your appeal"))
    return [part for label, text in rows if text for part in labelled(label, text)]


def labelled(label: str, text: str) -> list[Flowable]:
    """A label and the text below it, one paragraph a line."""
    return [paragraph(label, LABEL), *(paragraph(line, BODY) for line in text.split("\n") if line.strip())]


def _facts(content: Content, language: str, said: str) -> list[tuple[str, str]]:
    crime = [content.crime_what, content.crime_when, content.crime_where] if content.crime else []
    beside = _("For whom") if content.represented else _("Signs too")
    right = Representation(content.representation).label if content.representation else ""
    return [
        (_("Legal entity") if content.is_entity else _("Sender"), content.sender),
        (_("Signed by"), content.representative),
        (_("Address"), content.residence(language)),
        *((beside, f"{person.sender}\n{person.residence(language)}") for person in content.further),
        (_("By what right"), ": ".join(str(part) for part in (right, content.representation_words) if part)),
        (_("For the answer"), ", ".join(part for part in (content.email, content.phone) if part)),
        (_("Kind of appeal"), str(Kind(content.kind).label)),
        (said, content.text),
        (_("Information about a crime"), "\n".join(crime)),
    ]


def paragraph(text: str, style: ParagraphStyle) -> Words:
    return Words(escape(typefaces.printable(str(text), style.fontName)), style)


def _foot(canvas: Canvas, page: str, footing: str) -> None:
    """A rule, below it ``footing``, in two lines at most, and the page's number."""
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(EDGE, FOOT - 6 * mm, A4[0] - EDGE, FOOT - 6 * mm)
    canvas.setFont(typefaces.SANS, 8)
    canvas.setFillColor(MUTED)
    lines = simpleSplit(typefaces.printable(footing), typefaces.SANS, 8, WIDTH - 36 * mm)
    for place, line in enumerate(lines[:2]):
        canvas.drawString(EDGE, FOOT - (10.5 + 4 * place) * mm, line)
    canvas.drawRightString(A4[0] - EDGE, FOOT - 10.5 * mm, page)
