"""The coupon that a visitor takes home, and below it the part that he signs and the office keeps."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, Spacer, Table

from portal.paper import MUTED, WIDTH, Code

from .cover_document import FIGURE, FLUSH, HEAD
from .document import BODY, LABEL, TITLE, build, labelled, paragraph
from .models import Appeal
from .receipt_document import FIGURE as CODE
from .receipt_document import NOTE, grouped
from .term_words import promise


def render(appeal: Appeal, code: str, entered_at: datetime) -> bytes:
    """In the applicant's language. Nothing of the appeal and no name of the applicant stands on it."""
    with override(appeal.language):
        title = _("Coupon of appeal %(number)s") % {"number": appeal.number}
        parts = [*_for_visitor(appeal, code, entered_at), Spacer(0, 6 * mm), _cut(), *_for_office(appeal, entered_at)]
        return build(parts, title)


def _for_visitor(appeal: Appeal, code: str, entered_at: datetime) -> list[Flowable]:
    term, address = promise(entered_at), settings.SITE_URL + reverse("appeals:track")
    heading = [
        paragraph(_("Your appeal was taken"), TITLE),
        paragraph(_("Number"), LABEL),
        paragraph(appeal.number, FIGURE),
        paragraph(_("Tracking code"), LABEL),
        paragraph(code, CODE),
        paragraph(_("Keep the code to yourself: who has it and the number reads the appeal and the answer."), NOTE),
    ]
    return [
        Table([[heading, Code(address, 32 * mm)]], colWidths=[WIDTH - 34.2 * mm, 34.2 * mm], style=FLUSH),
        *labelled(_("Received"), _received(appeal)),
        *labelled(_("Written down by"), _officer(appeal)),
        *labelled(_("Last day for the answer"), date_format(term.due_by)),
        paragraph(term.registered, NOTE),
        paragraph(term.answered, NOTE),
        *labelled(_("What happens next"), _next(address)),
        *labelled(_("Digest of what was sent (SHA-256)"), grouped(appeal.digest)),
    ]


def _for_office(appeal: Appeal, entered_at: datetime) -> list[Flowable]:
    """Without the code: the office does not keep it."""
    labels = _("Signature of the applicant"), _("Officer: %(name)s") % {"name": _officer(appeal)}, _("Date")
    style = [*FLUSH, ("LINEABOVE", (0, 0), (-1, -1), 0.6, MUTED)]
    widths = [WIDTH * 0.4, WIDTH * 0.4, WIDTH * 0.2]
    line = Table([[paragraph(label, HEAD) for label in labels]], colWidths=widths, style=style)
    said = _("What was written down as appeal %(number)s on %(time)s is what I said. I sign it.")
    facts = {"number": appeal.number, "time": date_format(localtime(entered_at), "SHORT_DATETIME_FORMAT")}
    return [paragraph(_("The office keeps this part"), LABEL), paragraph(said % facts, BODY), Spacer(0, 16 * mm), line]


def _officer(appeal: Appeal) -> str:
    return appeal.entered_by.get_full_name() or appeal.entered_by.get_username()


def _received(appeal: Appeal) -> str:
    moment = date_format(localtime(appeal.received_at), "DATETIME_FORMAT")
    return f"{moment}, {appeal.get_channel_display()}"


def _next(address: str) -> str:
    sentences = (
        _("An officer registers the appeal; from that day its term runs."),
        _("What became of it can be seen with the number and the code here: %(address)s") % {"address": address},
        _("Questions: (+992 37) 2212520. Have the number at hand; nobody will ask you for the code by telephone."),
    )
    return "\n".join(sentences)


def _cut() -> Flowable:
    return HRFlowable(width="100%", thickness=0.6, color=MUTED, dash=(3, 3), spaceAfter=4 * mm)
