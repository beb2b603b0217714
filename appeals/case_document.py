"""An appeal on paper, for the office: its words as they were written, the files with their digests, the assessment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from portal.paper import Picture

from . import article21
from .casework import KeptFile, PrintedCase
from .casework.notes import Note
from .choices import FileRole, SignedHow
from .content import Content
from .document import BODY, LABEL, SMALL, TITLE, build, facts, labelled, paragraph
from .file_checks import kind_in_words
from .models import Appeal
from .receipt_document import grouped

SIGNATURE = 70 * mm, 28 * mm  # the largest


def render(case: PrintedCase, made: str) -> bytes:
    """The whole appeal. ``made``: by whom and when, for the foot of each page."""
    appeal, language = case.appeal, get_language() or "tg"
    parts = [
        paragraph(_("Appeal %(number)s") % {"number": appeal.number}, TITLE),
        *labelled(_("Received"), f"{_time(appeal.received_at)}, {appeal.get_channel_display()}"),
        *labelled(_("Answer due on"), date_format(appeal.due_on, "SHORT_DATE_FORMAT") if appeal.due_on else ""),
        *facts(case.content, language, said=_("Text")),
        *_mended(case.notes, language),
        *_signature(case),
        *_files(case.sent(FileRole.ATTACHMENT)),
        *_assessment(appeal),
        *_digest(case),
    ]
    return build(parts, _("Appeal %(number)s") % {"number": appeal.number}, made)


def render_messages(appeal: Appeal, notes: Iterable[Note], made: str) -> bytes:
    """What the office and the applicant wrote to each other."""
    title = _("Messages about appeal %(number)s") % {"number": appeal.number}
    parts: list[Flowable] = [paragraph(title, TITLE)]
    for note in notes:
        author = _("The office") if note.author == "office" else _("Applicant")
        values = _values(note, get_language() or "tg")
        names = "\n".join(f"— {file['name']}" for file in note.files)
        text = "\n".join(part for part in (note.text, values, names) if part)
        parts += labelled(f"{author}, {_time(note.at)}", text)
    return build(parts, title, made)


def _mended(notes: Iterable[Note], language: str) -> list[Flowable]:
    """What the applicant has mended since: the appeal above stays as it was sent."""
    mended = [note for note in notes if note.values]
    return [
        part
        for note in mended
        for part in labelled(_("Mended by the applicant, %(time)s") % {"time": _time(note.at)}, _values(note, language))
    ]


def _values(note: Note, language: str) -> str:
    """What was mended, as it is printed: the address or the name."""
    if not note.values:
        return ""
    content = Content.of(note.values)
    return content.residence(language) if "address" in note.values else content.entity_name or content.sender


def _signature(case: PrintedCase) -> list[Flowable]:
    signer, how = case.signed.get("signer"), case.signed.get("how")
    said = str(SignedHow(how).label) if how else ""
    if signer:
        named = ", ".join(part for part in (signer["common_name"], signer["organisation"], signer["issuer"]) if part)
        said = f"{_('Digital, verified when it was received:')} {named}, {signer['serial']}"
    files = [file for file in case.files if file.role == FileRole.SIGNATURE]
    images = [file for file in files if file.content_type == "image/png" and not file.is_closed]
    pictures = [Picture(case.read(file), _("Signature"), *SIGNATURE) for file in images]
    shown = labelled(_("Signature"), said or ("" if pictures else _("not given")))
    return [KeepTogether([*shown, *pictures])]


def _files(files: list[KeptFile]) -> list[Flowable]:
    parts: list[Flowable] = [paragraph(_("Attachments"), LABEL)] if files else []
    for number, file in enumerate(files, start=1):
        facts_of_file = f"{kind_in_words(file.content_type)}, {filesizeformat(file.size)}"
        parts += [
            paragraph(f"{number}. {file.name} ({facts_of_file})", BODY),
            paragraph(f"SHA-256: {file.digest}", SMALL),
        ]
        if file.is_closed:
            parts.append(paragraph(_("Not opened: it was not scanned for viruses yet, or a virus was found."), SMALL))
    return parts


def _assessment(appeal: Appeal) -> list[Flowable]:
    words = [article21.LAW_WORDS[article21.Ground(ground)][get_language() or "tg"] for ground in appeal.grounds]
    grounds = "\n".join(f"{ground}: {law}" for ground, law in zip(appeal.grounds, words, strict=True))
    verdict = str(appeal.get_verdict_display())
    return labelled(_("Assessment under Article 21"), "\n".join(part for part in (verdict, grounds) if part))


def _digest(case: PrintedCase) -> list[Flowable]:
    said = _("What is stored has this digest.") if case.genuine else _("What is stored does NOT have this digest.")
    shown = labelled(_("Digest of what was sent (SHA-256)"), f"{grouped(case.appeal.digest)}\n{said}")
    return [KeepTogether(shown), Spacer(0, 4 * mm)]


def _time(moment: datetime) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT")
