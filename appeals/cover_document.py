"""Cover sheets: what is on the outside of a case on paper, with room for stamps and resolutions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer, Table

from portal import typefaces
from portal.paper import MUTED, WIDTH, Code

from .casework import PrintedCase
from .choices import FileRole
from .document import BODY, LABEL, TITLE, build, paragraph
from .models import Appeal

FIGURE = ParagraphStyle("figure", parent=BODY, fontName=typefaces.SANS_BOLD, fontSize=24, leading=30)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=9.5, leading=13, spaceAfter=0)
HEAD = ParagraphStyle("head", parent=CELL, fontSize=8.5, textColor=MUTED)
TOP = [("VALIGN", (0, 0), (-1, -1), "TOP")]
# Beside each other, flush with what stands above and below.
FLUSH = [*TOP, ("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (-1, 0), (-1, -1), 0)]
LINES = [("LINEBELOW", (0, 0), (-1, -1), 0.4, MUTED), *TOP]
BOXES = [("GRID", (0, 0), (-1, -1), 0.6, MUTED), *TOP]
SUBJECT = 240  # characters of the text that stand for a topic


def render(cases: Sequence[PrintedCase], address_of: Callable[[Appeal], str], made: str) -> bytes:
    """A cover sheet for each case; before several of them a list to sign when the bundle is handed over.

    ``address_of``: where the office's page of an appeal is, for the code; ``made``: by whom and when, for the foot.
    """
    sheets = [_sheet(case, address_of(case.appeal)) for case in cases]
    if len(cases) > 1:
        sheets.insert(0, _bundle(cases))
    pages = chain.from_iterable([*sheet, PageBreak()] for sheet in sheets)
    return build(list(pages)[:-1], _("Cover sheets") if len(cases) > 1 else _("Cover sheet"), made)


def _sheet(case: PrintedCase, address: str) -> list[Flowable]:
    appeal = case.appeal
    heading = [paragraph(_("Cover sheet"), TITLE), paragraph(_("Number"), LABEL), paragraph(appeal.number, FIGURE)]
    head = Table([[heading, Code(address, 32 * mm)]], colWidths=[WIDTH - 34.2 * mm, 34.2 * mm], style=FLUSH)
    rows = [[paragraph(label, HEAD), paragraph(text, CELL)] for label, text in _facts(case) if text]
    return [
        head,
        Table(rows, colWidths=[42 * mm, WIDTH - 42 * mm], style=LINES),
        Spacer(0, 5 * mm),
        _room([_("Registration stamp"), _("Resolution")], 60 * mm),
        _room([_("Handed to (name, signature, date)"), _("Put in the file (name, signature, date)")], 26 * mm),
    ]


def _facts(case: PrintedCase) -> list[tuple[str, str]]:
    appeal, content = case.appeal, case.present
    subject = str(appeal.topic or "") or Truncator(" ".join(content.text.split())).chars(SUBJECT)
    others = _("%(name)s and others, %(number)s in all")
    several = {"name": content.sender, "number": len(content.authors)}
    sender = others % several if len(content.authors) > 1 else content.sender
    return [
        (_("Received"), date_format(localtime(appeal.received_at), "SHORT_DATETIME_FORMAT")),
        (_("Registered"), _day(appeal.registered_at and localtime(appeal.registered_at))),
        (_("Answer due on"), _day(appeal.due_on)),
        (_("Status"), appeal.state),
        (_("Kind"), appeal.get_kind_display()),
        (_("Way by which it came"), appeal.get_channel_display()),
        (_("Who has it"), holder(appeal)),
        (_("Applicant"), sender or _("not given")),
        (_("For whom"), content.represented.sender if content.represented else ""),
        (_("Address"), content.residence(get_language() or "tg") or _("not given")),
        (_("Subject"), subject),
        (_("Attachments"), str(len(case.sent(FileRole.ATTACHMENT)))),
    ]


def holder(appeal: Appeal) -> str:
    """The department and the officer who have the appeal; empty while nobody has."""
    officer = (appeal.officer.get_full_name() or str(appeal.officer)) if appeal.officer else ""
    return ", ".join(part for part in (str(appeal.department or ""), officer) if part)


def _bundle(cases: Sequence[PrintedCase]) -> list[Flowable]:
    """The list of what is in the bundle, without a word about anybody, and who gave it to whom."""
    heads = ["№", _("Number"), _("Received"), _("Answer due on"), _("Kind"), _("Sheets")]
    rows = [[paragraph(head, HEAD) for head in heads]]
    for place, case in enumerate(cases, start=1):
        appeal = case.appeal
        received = date_format(localtime(appeal.received_at), "SHORT_DATE_FORMAT")
        cells = [str(place), appeal.number, received, _day(appeal.due_on), appeal.get_kind_display(), ""]
        rows.append([paragraph(cell, CELL) for cell in cells])
    widths = [10 * mm, 32 * mm, 28 * mm, 32 * mm, WIDTH - 122 * mm, 20 * mm]
    return [
        paragraph(_("Appeals handed over"), TITLE),
        Table(rows, colWidths=widths, style=LINES, repeatRows=1),
        Spacer(0, 8 * mm),
        _room([_("Handed over (name, signature, date)"), _("Received (name, signature, date)")], 26 * mm),
    ]


def _room(labels: list[str], height: float) -> Table:
    """Empty boxes to write in."""
    cells = [paragraph(label, HEAD) for label in labels]
    return Table([cells], colWidths=[WIDTH / len(cells)] * len(cells), rowHeights=[height], style=BOXES)


def _day(day: object) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
