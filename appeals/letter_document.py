"""The covering letter with which an appeal goes to another authority, in the state language."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from portal.paper import MUTED, WIDTH

from .cover_document import CELL, FLUSH, HEAD
from .document import BODY, TITLE, build, labelled, paragraph
from .models import Forwarding

STATE_LANGUAGE = "tg"
_OFFICE = ParagraphStyle("office", parent=TITLE, fontSize=12, leading=16, alignment=TA_CENTER, spaceAfter=20)


def render(forwarding: Forwarding, asked: str) -> bytes:
    """``asked``: what the authority is asked to do. Nobody is named in it: the appeal goes with it."""
    appeal, authority = forwarding.appeal, forwarding.authority
    with override(STATE_LANGUAGE):
        facts = {
            "number": appeal.number,
            "received": date_format(localtime(appeal.received_at), "DATE_FORMAT"),
            "due": date_format(appeal.due_on, "DATE_FORMAT") if appeal.due_on else "",
        }
        sentence = _(
            "Under the Law of the Republic of Tajikistan on appeals of individuals and legal entities, appeal "
            "No. %(number)s, received on %(received)s, is forwarded to you for examination."
        )
        term = _("The applicant is to be answered by %(due)s at the latest; please let us know what you decide.")
        title = _("On the forwarding of appeal No. %(number)s") % facts
        parts: list[Flowable] = [
            paragraph(_("Executive Office of the President of the Republic of Tajikistan"), _OFFICE),
            _head(forwarding),
            Spacer(0, 10 * mm),
            paragraph(title, TITLE),
            paragraph(sentence % facts, BODY),
            *(labelled(_("We ask you"), asked) if asked else []),
            *(labelled(_("Term"), term % facts) if appeal.due_on else []),
            *labelled(_("Enclosed"), _("The appeal with its attachments, on ____ sheets.")),
            Spacer(0, 14 * mm),
            _signature(),
        ]
        return build(parts, title, f"{appeal.number} · {authority.name}")


def _head(forwarding: Forwarding) -> Table:
    """Our number and date on the left, the addressee on the right."""
    ours = [
        paragraph("№ ____________________", CELL),
        paragraph(date_format(localtime(forwarding.at), "DATE_FORMAT"), CELL),
    ]
    authority = forwarding.authority
    theirs = [paragraph(line, CELL) for line in (authority.name, authority.address) if line]
    return Table([[ours, theirs]], colWidths=[WIDTH / 2] * 2, style=FLUSH)


def _signature() -> Table:
    cells = [paragraph(label, HEAD) for label in (_("Position"), _("Signature"), _("Surname and initials"))]
    style = [*FLUSH, ("LINEABOVE", (0, 0), (-1, -1), 0.6, MUTED)]
    return Table([cells], colWidths=[WIDTH * 0.42, WIDTH * 0.22, WIDTH * 0.36], style=style)
