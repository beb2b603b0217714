"""What all documents to print share: head, margins, numbered pages, colours, and a structure for who hears them read.

``build`` sets them in the language that is active. The same parts give the same bytes, always and everywhere.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, Image, PageTemplate, Paragraph

from . import qr
from .emblem import SIZE, outlines
from .typefaces import SANS, SERIF, register

register()  # A style looks its face up when it is made.

INK, MUTED, RULE = HexColor("#1c1a17"), HexColor("#57524a"), HexColor("#dcd6ca")
CRIMSON, GOLD = HexColor("#9d1a28"), HexColor("#b48a36")
EDGE, TOP = 22 * mm, 34 * mm
WIDTH = A4[0] - 2 * EDGE
_EMBLEM = 13 * mm
# What a paragraph of a style is to who hears the document; all others are paragraphs.
_TAGS = {"title": "H1", "h2": "H2", "h3": "H3"}

# Draws what stands below the text; is given the words with the page's number.
Foot = Callable[[Canvas, str], None]


def build(
    parts: list[Flowable], title: str, foot: Foot, bottom: float, moment: datetime | None = None, **facts: str
) -> bytes:
    """The document. ``bottom``: where the foot ends; ``moment``: the date that stands in the file."""
    out = io.BytesIO()
    author = _("Press Service of the President of the Republic of Tajikistan")
    document = BaseDocTemplate(
        out, pagesize=A4, invariant=1, lang=get_language(), title=title, author=author, displayDocTitle=1, **facts
    )
    frame = Frame(EDGE, bottom, WIDTH, A4[1] - TOP - bottom, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame]))
    document.build(parts, canvasmaker=partial(_Pages, foot, moment))
    return out.getvalue()


class Words(Paragraph):
    """A paragraph that the document's structure knows."""

    def draw(self) -> None:
        with _part(self.canv, _TAGS.get(self.style.name, "P")):
            super().draw()


class Code(Drawing):
    """A code to point a telephone at, ``size`` points a side."""

    def __init__(self, text: str, size: float) -> None:
        super().__init__(size, size)
        side, dark = qr.dark_modules(text)
        self._said, step = text, size / side
        for x, y in dark:
            self.add(Rect(x * step, size - (y + 1) * step, step, step, strokeWidth=0, strokeColor=None))

    def draw(self, *args: Any, **options: Any) -> None:
        with _part(self.canv, "Figure", self._said):
            super().draw(*args, **options)


class Picture(Image):
    """A picture that is told in words, too."""

    def __init__(self, content: bytes, words: str, width: float, height: float) -> None:
        super().__init__(io.BytesIO(content), hAlign="LEFT")
        scale = min(width / self.imageWidth, height / self.imageHeight)
        self.drawWidth, self.drawHeight, self._said = self.imageWidth * scale, self.imageHeight * scale, words

    def draw(self) -> None:
        with _part(self.canv, "Figure", self._said):
            super().draw()


@contextmanager
def _part(canvas: _Pages, tag: str, words: str = "") -> Iterator[None]:
    """What is drawn meanwhile is one part of the structure; ``words`` say what cannot be read."""
    canvas._code.append(f"/{tag} <</MCID {len(canvas.parts)}>> BDC")
    canvas.parts.append((tag, words))
    yield
    canvas._code.append("EMC")


class _Pages(Canvas):
    """Draws head and foot when the text is set: only then is it known how many pages there are."""

    def __init__(self, foot: Foot, moment: datetime | None, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._foot, self._pages, self.parts = foot, [], []
        self._elements: list[list[PDFObjectReference]] = []
        if moment:
            self._doc._timeStamp.YMDhms = moment.utctimetuple()[:6]

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self.parts = []
        self._startPage()

    def save(self) -> None:
        links = self._annotationCount
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page, _annotationCount=links)
            self._code.append("/Artifact BMC")
            self.saveState()
            _head(self)
            self._foot(self, _("Page %(number)s of %(total)s") % {"number": number, "total": len(self._pages)})
            self.restoreState()
            self._code.append("EMC")
            links = self._annotationCount
            self._note_parts(number)
            super().showPage()
            page_of_file = self._doc.Pages.pages[-1]
            page_of_file.__NoDefault__ = [*page_of_file.__NoDefault__, "StructParents"]
            page_of_file.StructParents = number - 1
        self._note_structure()
        super().save()

    def _note_parts(self, number: int) -> None:
        """Write down the parts of this page, each an object of the file."""
        elements = []
        for place, (tag, words) in enumerate(self.parts):
            facts = {"Type": PDFName("StructElem"), "S": PDFName(tag), "P": PDFObjectReference("structure.all")}
            facts |= {"Pg": self._doc.thisPageRef(), "K": place} | ({"Alt": PDFString(words)} if words else {})
            elements.append(self._doc.Reference(PDFDictionary(facts), f"structure.{number}.{place}"))
        self._elements.append(elements)

    def _note_structure(self) -> None:
        kids = [element for elements in self._elements for element in elements]
        numbers = [one for page, elements in enumerate(self._elements) for one in (page, PDFArray(elements))]
        whole = {"Type": PDFName("StructElem"), "S": PDFName("Document"), "P": PDFObjectReference("structure")}
        tree = self._doc.Reference(PDFDictionary({"Nums": PDFArray(numbers)}), "structure.pages")
        top = self._doc.Reference(PDFDictionary(whole | {"K": PDFArray(kids)}), "structure.all")
        root = {"Type": PDFName("StructTreeRoot"), "K": top, "ParentTree": tree, "ParentTreeNextKey": len(self._pages)}
        self._doc.Catalog.StructTreeRoot = self._doc.Reference(PDFDictionary(root), "structure")
        self._doc.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})


def _head(canvas: Canvas) -> None:
    """Emblem, name and a rule."""
    top = A4[1] - 12 * mm
    for colour, polygons in outlines():
        path = canvas.beginPath()
        for polygon in polygons:
            points = [(EDGE + x * _EMBLEM / SIZE, top - y * _EMBLEM / SIZE) for x, y in polygon]
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
            path.close()
        canvas.setFillColor(HexColor(colour))
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillColor(INK)
    canvas.setFont(SERIF, 12)
    canvas.drawString(EDGE + _EMBLEM + 4 * mm, top - 5.5 * mm, _("President of the Republic of Tajikistan"))
    canvas.setFillColor(MUTED)
    canvas.setFont(SANS, 8)
    service = _("Press Service of the President of the Republic of Tajikistan")
    canvas.drawString(EDGE + _EMBLEM + 4 * mm, top - 10 * mm, service)
    canvas.setStrokeColor(CRIMSON)
    canvas.setLineWidth(0.8)
    canvas.line(EDGE, top - _EMBLEM - 3 * mm, A4[0] - EDGE, top - _EMBLEM - 3 * mm)
