"""What is said of a file that is not taken, what a file is in words, and how its name is kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import names, office_files

REFUSALS = {
    "type": _("This file is not of a kind that can be taken here."),
    "pixels": _("The picture has too many pixels (at most 40 million). Please make it smaller."),
    "damaged": _("The picture is damaged and cannot be read. Please choose it again or take another."),
    "blank": _("There is nothing to be seen in this picture. Please sign on white paper with a dark pen."),
    "empty": _("The file is empty. Please choose it again."),
    "archive": _("Archives cannot be taken. Please unpack it and add the files one by one."),
    "program": _("Programs and scripts cannot be taken."),
    "web": _("Web pages and drawings in SVG cannot be taken. Please save it as PDF."),
    "macros": _("The document carries macros. Please save it without macros, for example as DOCX, XLSX or PDF."),
    "encrypted": _("The document is protected by a password. Please remove the password and add it again."),
    "broken": _("The document is damaged and cannot be opened. Please save it again."),
    "bomb": _("The document would be too large when unpacked. Please save it as PDF."),
    "infected": _("A virus was found in this file. It was not kept."),
}
KIND_WORDS = {
    "application/pdf": _("PDF document"),
    "image/jpeg": _("picture, JPEG"),
    "image/png": _("picture, PNG"),
    "image/webp": _("picture, WebP"),
    "image/heic": _("picture, HEIC"),
    "image/gif": _("picture, GIF"),
    "image/tiff": _("picture, TIFF"),
    office_files.DOCX: _("text document, Word"),
    office_files.XLSX: _("table, Excel"),
    office_files.PPTX: _("presentation, PowerPoint"),
    office_files.ODT: _("text document, OpenDocument"),
    office_files.ODS: _("table, OpenDocument"),
    office_files.ODP: _("presentation, OpenDocument"),
    office_files.DOC: _("text document, older Word"),
    office_files.XLS: _("table, older Excel"),
    office_files.PPT: _("presentation, older PowerPoint"),
    "application/rtf": _("text document, RTF"),
    "text/plain": _("plain text"),
    "audio/mpeg": _("sound recording, MP3"),
    "audio/mp4": _("sound recording, M4A"),
    "audio/ogg": _("sound recording, Ogg"),
    "audio/wav": _("sound recording, WAV"),
    "audio/amr": _("sound recording, AMR"),
    "video/mp4": _("video, MP4"),
    "video/3gpp": _("video, 3GP"),
    "video/webm": _("video, WebM"),
    "video/quicktime": _("video, MOV"),
}
# What the choosing of files offers; what a file is decides its content.
ACCEPT = (
    ".pdf,image/*,.heic,.heif,.docx,.xlsx,.pptx,.odt,.ods,.odp,.doc,.xls,.ppt,.rtf,.txt,.csv,"
    "audio/*,.m4a,.amr,.opus,video/mp4,video/3gpp,video/webm,video/quicktime"
)


def check_size(file: Any) -> None:
    """Refuse a signature above its limit."""
    if file.size > settings.UPLOAD_LIMIT:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s MB."),
            params={"name": printable_name(file.name), "limit": settings.UPLOAD_LIMIT // 2**20},
            code="too_large",
        )


def refusal(name: str, code: str) -> ValidationError:
    """Why the file of this name is not taken."""
    return ValidationError(f"“{name}” — {REFUSALS[code]}", code=code)


def printable_name(name: str) -> str:
    """A file's name as it is kept: at most 150 characters, none that hides or turns the others."""
    printable = "".join(character for character in names.clean(name) if character.isprintable())[-150:]
    return printable or str(_("file"))


def kind_in_words(content_type: str) -> str:
    """What a file is, for the person who looks at it."""
    return str(KIND_WORDS.get(content_type, content_type))
