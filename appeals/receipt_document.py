"""The receipt as a document: a PDF to keep, with a seal that shows whether it was changed."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from portal import typefaces
from portal.paper import MUTED, Code

from .document import BODY, LABEL, SMALL, TITLE, build, paragraph
from .term_words import Promise

FIGURE = ParagraphStyle("figure", parent=BODY, fontName=typefaces.SANS_BOLD, fontSize=16, leading=22)
NOTE = ParagraphStyle("note", parent=BODY, fontSize=9, leading=12.5, spaceAfter=2, textColor=MUTED)
# The last line of the file, a comment to every reader of PDF.
_SEAL = re.compile(rb"\n%receipt (\d{4}-\d{6}) ([0-9a-f]{64}) ([0-9a-f]{64})\n\Z")


def render(receipt: Mapping[str, str], received: str, term: Promise, track_url: str, verify_url: str) -> bytes:
    """The document, sealed. ``receipt``: number, code, digest; ``received``: date and time as they are printed."""
    parts: list[Flowable] = [
        paragraph(_("Receipt of an appeal to the President of the Republic of Tajikistan"), TITLE),
        paragraph(_("Number"), LABEL),
        paragraph(receipt["number"], FIGURE),
        paragraph(_("Tracking code"), LABEL),
        paragraph(receipt["code"], FIGURE),
        paragraph(_("Keep the code to yourself: who has it and the number reads the appeal and the answer."), NOTE),
        paragraph(_("Received"), LABEL),
        paragraph(received, BODY),
        paragraph(_("Last day for the answer"), LABEL),
        paragraph(date_format(term.due_by), BODY),
        paragraph(term.registered, NOTE),
        paragraph(term.answered, NOTE),
        paragraph(_("What became of your appeal"), LABEL),
        paragraph(track_url, BODY),
        paragraph(_("Digest of what was sent (SHA-256)"), LABEL),
        paragraph(grouped(receipt["digest"]), BODY),
        Spacer(0, 4 * mm),
        _check(verify_url),
    ]
    return _sealed(build(parts, _("Receipt of an appeal")), receipt["number"], receipt["digest"])


def grouped(digest: str) -> str:
    """A digest in groups of eight, to be read and compared."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def read_seal(pdf: bytes) -> tuple[str, str] | None:
    """Number and digest of a receipt that this portal made and nobody changed; None for any other file."""
    found = _SEAL.search(pdf)
    if not found:
        return None
    body = pdf[: found.start()]
    right = hmac.compare_digest(_mac(body, found[1], found[2]), found[3].decode())
    return (found[1].decode(), found[2].decode()) if right else None


def _sealed(pdf: bytes, number: str, digest: str) -> bytes:
    seal = _mac(pdf, number.encode(), digest.encode())
    return pdf + f"\n%receipt {number} {digest} {seal}\n".encode()


def _mac(body: bytes, number: bytes, digest: bytes) -> str:
    key = hashlib.blake2b(settings.SECRET_KEY.encode()[:64], digest_size=32, person=b"portal.receipt.s").digest()
    return hmac.new(key, b"\0".join((number, digest, body)), "sha256").hexdigest()


def _check(verify_url: str) -> Flowable:
    """The code to point a telephone at, and beside it what it is for."""
    words = [paragraph(_("Anybody can check here that this receipt is genuine:"), NOTE), paragraph(verify_url, SMALL)]
    flush = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, 0), 0)]
    return Table([[Code(verify_url, 34 * mm), words]], colWidths=[34 * mm + 6, None], style=flush, hAlign="LEFT")
