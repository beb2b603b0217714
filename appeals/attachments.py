"""Attachments of a draft: taking a file in, within the limits, and asking the virus scanner about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import drafts, uploads
from .choices import FileRole, Scan
from .drafts import FileNote, OpenDraft
from .file_checks import printable_name, refusal
from .scan import scan

NAME_LOST = _(
    "A file was not taken: its name holds letters that did not arrive whole. Please rename it and add it again."
)


@dataclass(frozen=True)
class Taken:
    """A file that can be kept: what it is, and what the scanner said of it (never ``INFECTED``)."""

    name: str
    upload: uploads.Upload
    scan: str


def take(file: Any, keep_hidden_data: bool, ask_scanner: bool = True) -> Taken:
    """Read a file that was sent; without asking the scanner it is held.

    Raises ``ValidationError`` with a sentence that names the file.
    """
    name = printable_name(file.name)
    if file.size > settings.ATTACHMENTS_TOTAL:
        raise _too_large(name)
    try:
        upload = uploads.read_attachment(file, keep_hidden_data)
    except uploads.Refused as refused:
        raise refusal(name, refused.code) from None
    found = scan(upload.content) if ask_scanner else Scan.HELD
    if found == Scan.INFECTED:
        raise refusal(name, "infected")
    return Taken(name, upload, found)


def take_all(files: Iterable[Any], keep_hidden_data: bool) -> tuple[list[Taken], list[ValidationError]]:
    """Those of the files that can be kept, and why the others cannot."""
    taken, errors = [], []
    for file in files:
        try:
            # A scanner that gave no answer is not waited for again in the same request.
            ask_scanner = all(before.scan != Scan.HELD for before in taken)
            taken.append(take(file, keep_hidden_data, ask_scanner))
        except ValidationError as error:
            errors.append(error)
    return taken, errors


def check_room(draft: OpenDraft, name: str, size: int) -> None:
    """Refuse a file for which the draft has no room. Raises ``ValidationError``."""
    if len(draft.attachments) >= settings.ATTACHMENTS_MOST:
        raise ValidationError(
            _("“%(name)s” was not added. The most files: %(most)s."),
            params={"name": name, "most": settings.ATTACHMENTS_MOST},
            code="too_many",
        )
    if sum(note.size for note in draft.attachments) + size > settings.ATTACHMENTS_TOTAL:
        raise _too_large(name)


def _too_large(name: str) -> ValidationError:
    return ValidationError(
        _("“%(name)s” was not added: all files together may have %(limit)s MB."),
        params={"name": name, "limit": settings.ATTACHMENTS_TOTAL // 2**20},
        code="too_large",
    )


def add(draft: OpenDraft, taken: Taken, upload_id: str = "") -> FileNote:
    """Keep a file in a draft that is being changed. Raises ``ValidationError`` if there is no room."""
    upload = taken.upload
    check_room(draft, taken.name, len(upload.content))
    return draft.attach(
        FileRole.ATTACHMENT,
        taken.name,
        upload.content,
        upload.content_type,
        hidden_data=upload.hidden_data,
        scan=taken.scan,
        upload_id=upload_id,
    )


def change(draft: OpenDraft, added: Iterable[Taken], removed: Sequence[str]) -> tuple[OpenDraft, list[ValidationError]]:
    """Erase the files that are to go, keep the new ones; the draft as it stands then, and what had no room."""
    errors = []
    with drafts.change(draft) as present:
        for note in present.attachments:
            if str(note.id) in removed:
                present.detach(note.id)
        for taken in added:
            try:
                add(present, taken)
            except ValidationError as error:
                errors.append(error)
    return present, errors


def scan_held(draft: OpenDraft) -> list[ValidationError]:
    """Ask the scanner once more about the files that it could not scan; a file with a virus is erased and named."""
    found = {}
    for file in draft.open_files:
        if file.scan == Scan.HELD:
            found[file.note.id] = scan(file.content)
            if found[file.note.id] == Scan.HELD:
                break  # It does not answer: the others stay held too.
    errors = []
    settled = {file_id: state for file_id, state in found.items() if state != Scan.HELD}
    if settled:
        with drafts.change(draft) as present:
            for note in present.attachments:
                if settled.get(note.id) == Scan.INFECTED:
                    present.detach(note.id)
                    errors.append(refusal(note.name, "infected"))
                elif settled.get(note.id) == Scan.CLEAN:
                    note.scan = Scan.CLEAN
    return errors
