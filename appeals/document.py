"""The appeal as a document: a PDF with every word of it, which the applicant signs and both sides keep.

The same content in the same language gives the same bytes, on every machine and on every day: otherwise a
signature over it could not be checked again. So it bears no date and no number.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from portal import qr, typefaces

from .choices import Kind, Representation
from .content import Content

INK, GREY = HexColor("#1c2b33"), HexColor("#55626a")
PADDING = 6  # points that the frame of the text keeps on each side
BODY = ParagraphStyle("body", fontName=typefaces.SANS, fontSize=10.5, leading=15.5, textColor=INK, spaceAfter=5)
LABEL = ParagraphStyle("label", parent=BODY, fontSize=8.5, leading=11, textColor=GREY, spaceBefore=7, spaceAfter=1)
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
        return build(_story(content, attachments, language), title, lang=language)


def build(parts: list[Flowable], title: str, footing: str = "", **options: str) -> bytes:
    """A PDF of ours: A4, its pages numbered; ``footing`` stands below each, without it the name of the law."""
    typefaces.register()
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=24 * mm, rightMargin=20 * mm, topMargin=20 * mm, bottomMargin=22 * mm,
        invariant=1, title=title, initialFontName=typefaces.SANS, **options,
    )  # fmt: skip
    foot = partial(_foot, footing=footing or _("Law of the Republic of Tajikistan on appeals, Article 21"))
    template.build(parts, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


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


def paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(typefaces.printable(str(text), style.fontName)), style)


def qr_code(text: str, size: float = 34 * mm) -> Drawing:
    """A code to point a telephone at, ``size`` points a side."""
    side, dark = qr.dark_modules(text)
    drawing, step = Drawing(size, size), size / side
    for x, y in dark:
        drawing.add(Rect(x * step, size - (y + 1) * step, step, step, strokeWidth=0, strokeColor=None))
    return drawing


def _foot(canvas: Canvas, template: SimpleDocTemplate, footing: str) -> None:
    canvas.saveState()
    canvas.setFont(typefaces.SANS, 8)
    canvas.setFillColor(GREY)
    canvas.drawString(template.leftMargin + PADDING, 12 * mm, footing)
    canvas.drawRightString(A4[0] - template.rightMargin - PADDING, 12 * mm, str(canvas.getPageNumber()))
    canvas.restoreState()
