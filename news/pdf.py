"""A report as a document to print and keep, with all that is needed to verify it on each page."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from threading import Lock
from urllib.parse import urljoin
from xml.sax.saxutils import escape, quoteattr

from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Spacer

from portal import qr
from portal.paper import EDGE, MUTED, RULE, Words, build
from portal.typefaces import SANS, SERIF, printable

from .blocks import Block, Run, blocks
from .models import Report
from .pdf_styles import FOOT, LINK, MOST_DEEP, STYLES
from .statement import grouped

# Counts the changes of how a document looks: those that are kept were drawn in another way.
_LAYOUT = 2
_QR = 24 * mm
# One at a time in a process: a long address to the nation takes a second of one core, and fonts are shared.
_DRAWING = Lock()


def statement_pdf(report: Report, root: str) -> bytes:
    """The document, in the report's language; the same bytes as long as the report says the same.

    ``root`` is the scheme and host of its addresses. The report must come with its event and place.
    """
    with override(report.language), _DRAWING:
        foot = Foot(report, root)
        facts = {"subject": _dateline(report), "creator": root}
        # The document's date is the text's: one made twice is the same.
        return build(_story(report, root), printable(report.title), foot, FOOT, report.published_at, **facts)


def drawn_statement(report: Report, root: str) -> bytes:
    """``statement_pdf``, drawn once for all that it says: a long one takes a second."""
    with override(report.language):
        said = [
            _LAYOUT,
            root,
            report.get_absolute_url(),
            report.digest,
            _dateline(report),
            report.published_at.isoformat(),
        ]
    said += [report.language, report.title, report.lead, report.body, report.corrections]
    key = "statement:" + hashlib.sha256(json.dumps(said).encode()).hexdigest()
    drawn = caches["drawn"].get(key)
    if drawn is None:
        drawn = statement_pdf(report, root)
        caches["drawn"].set(key, drawn)
    return drawn


def _dateline(report: Report) -> str:
    moment = _moment(report.event.starts_at)
    return printable(f"{moment}, {report.event.place.name}" if report.event.place else moment)


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%d.%m.%Y %H:%M")


def _story(report: Report, root: str) -> list[Flowable]:
    url = root + report.get_absolute_url()
    story: list[Flowable] = [
        Words(escape(printable(report.title, SERIF)), STYLES["title"]),
        Words(escape(_dateline(report)), STYLES["dateline"]),
    ]
    if report.lead:
        story.append(Words(escape(printable(report.lead)), STYLES["lead"]))
    story += [_paragraph(block, url) for block in blocks(report.body)]
    if report.corrections:
        story.append(Words(escape(_("Corrections")), STYLES["h2"]))
        story += [
            Words(f"<b>{_moment(made_at)}</b> {escape(printable(text))}", STYLES["p"])
            for made_at, text in report.correction_list
        ]
    return [*story, Spacer(1, 4 * mm), Words(f"<a href={quoteattr(url)}>{escape(url)}</a>", STYLES["address"])]


def _paragraph(block: Block, url: str) -> Words:
    face = SERIF if block.kind in {"h2", "h3"} else SANS
    text = "".join(_run(run, face, url) for run in block.runs)
    style = STYLES["quote" if block.quoted and block.kind == "p" else block.kind]
    if block.depth > 1:
        further = style.leftIndent * (min(block.depth, MOST_DEEP) - 1)
        style = style.clone("deep", leftIndent=style.leftIndent + further, bulletIndent=style.bulletIndent + further)
    return Words(text, style, bulletText=block.marker or None)


def _run(run: Run, face: str, url: str) -> str:
    text = escape(printable(run.text, face)).replace("\n", "<br/>")
    if run.href:
        text = f'<a href={quoteattr(urljoin(url, run.href))} color="{LINK}">{text}</a>'
    if run.em:
        text = f"<i>{text}</i>"
    return f"<b>{text}</b>" if run.strong else text


class Foot:
    """What stands below every page's text: address, digest, code and number."""

    def __init__(self, report: Report, root: str) -> None:
        self.report = report
        self.url = root + report.get_absolute_url()
        self.verify_page = root + reverse("news:verify")
        self.verify_url = root + reverse("news:verify_digest", args=[report.digest])
        self.modules = qr.dark_modules(self.verify_url)

    def __call__(self, canvas: Canvas, page: str) -> None:
        self._code(canvas)
        self._texts(canvas, page)

    def _code(self, canvas: Canvas) -> None:
        """The code as one path, with its quiet zone; a press of it leads there too."""
        side, dark = self.modules
        unit, left, top = _QR / side, EDGE - 2 * mm, FOOT - 6 * mm
        path = canvas.beginPath()
        for x, y in dark:
            path.rect(left + x * unit, top - (y + 1) * unit, unit, unit)
        canvas.setFillColor(HexColor("#000000"))
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.linkURL(self.verify_url, (left, top - _QR, left + _QR, top))

    def _texts(self, canvas: Canvas, page: str) -> None:
        left, width, line = EDGE + _QR + 3 * mm, A4[0] - 2 * EDGE - _QR - 3 * mm, 4.4 * mm
        y = FOOT - 11 * mm
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        canvas.line(EDGE, FOOT - 5 * mm, A4[0] - EDGE, FOOT - 5 * mm)
        canvas.setFillColor(MUTED)
        half = self.report.digest[:32], self.report.digest[32:]
        texts = [
            _short(canvas, self.url, width),
            _short(canvas, _("Verify this text: %(address)s") % {"address": self.verify_page}, width),
            f"SHA-256 {grouped(half[0])}",
            f"{grouped(half[1])}",
        ]
        canvas.setFont(SANS, 7.5)
        for text in texts:
            indent = canvas.stringWidth("SHA-256 ", SANS, 7.5) if text is texts[-1] else 0
            canvas.drawString(left + indent, y, text)
            y -= line
        canvas.drawRightString(A4[0] - EDGE, y + line, page)


def _short(canvas: Canvas, text: str, width: float) -> str:
    """An address that fits the line: the last part may be cut, the site finds the report by its number."""
    while canvas.stringWidth(text, SANS, 7.5) > width and "-" in text:
        text = text.rstrip("/").rpartition("-")[0] + "/"
    return text
