"""A case as one ZIP, to be handed over: documents, files, journal, and digests by which the receiver checks them.

It is sent while it is made: one file at a time is in memory.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal import zip_stream

from .. import case_document, cover_document, timeline
from ..casework import KeptFile, PrintedCase
from ..choices import FileRole
from ..file_kinds import safe_name
from ..models import JournalEntry
from ..spreadsheets import BOM, safe
from ..tracking import FOR_APPLICANT

STEM_BYTES, ENDING_LETTERS = 160, 12  # With folder and number a name stays below what any file system takes.
FOLDERS = {FileRole.ATTACHMENT: "attachments", FileRole.SIGNATURE: "signature", FileRole.DOCUMENT: "signature"}
_EXCHANGED = set(FOR_APPLICANT)


@dataclass(frozen=True)
class Making:
    """By whom and when a parcel is made; ``words`` say both, ``address`` is where the office has the case."""

    by: str
    at: datetime
    words: str
    address: str


@dataclass(frozen=True)
class Member:
    """A file of the archive."""

    name: str
    size: int


def folder(case: PrintedCase) -> str:
    return f"appeal-{case.appeal.number}"


def pack(case: PrintedCase, making: Making) -> Iterator[bytes]:
    """The archive, piece by piece. What has words in it is made at once, in the language of this moment."""
    notes = [note for note in case.notes if note.kind in _EXCHANGED]
    journal = list(case.appeal.journal.select_related("actor"))
    documents = {
        "README.txt": _instruction(case, making).encode(),
        "cover.pdf": cover_document.render([case], lambda _appeal: making.address, making.words),
        "appeal.pdf": case_document.render(case, making.words),
        "journal.csv": _journal(journal),
    }
    if notes:
        documents["messages.pdf"] = case_document.render_messages(case.appeal, notes, making.words)
    # The office's own notes and their files stay in the office.
    exchanged = {None, *(note.id for note in notes)}
    files = [file for file in case.files if file.message in exchanged]
    moment = localtime(making.at).timetuple()
    return zip_stream.stream(_opened(case, making, documents, files, journal[-1].hash), tuple(moment)[:6])


def _opened(
    case: PrintedCase, making: Making, documents: Mapping[str, bytes], files: Sequence[KeptFile], head: str
) -> Iterator[tuple[Member, BinaryIO]]:
    """Each file when its turn comes; those with the digests are last."""
    sums: dict[str, str] = {}

    def member(name: str, content: bytes) -> tuple[Member, BinaryIO]:
        sums[name] = hashlib.sha256(content).hexdigest()
        return Member(f"{folder(case)}/{name}", len(content)), io.BytesIO(content)

    for name, content in documents.items():
        yield member(name, content)
    for number, file in enumerate(files, start=1):
        if not file.is_closed:
            yield member(_name(number, file), case.read(file))
    manifest = {
        "appeal": case.appeal.number,
        "digest": case.appeal.digest,
        "digest_matches": case.genuine,
        "journal_head": head,
        "made_at": making.at.astimezone(UTC).isoformat(timespec="seconds"),
        "made_by": making.by,
        "files": [{"name": name, "sha256": digest} for name, digest in sums.items()],
        "left_out": [
            {"name": file.name, "sha256": file.digest, "why": file.scan} for file in files if file.is_closed
        ],
    }  # fmt: skip
    yield member("manifest.json", (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
    yield member("SHA256SUMS", "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode())


def _instruction(case: PrintedCase, making: Making) -> str:
    """How the receiver checks that nothing was changed."""
    paragraphs = (
        _("Appeal %(number)s") % {"number": case.appeal.number} + f"\n{making.words}",
        _("To check that no file was changed, run this in the folder of this file:"),
        "    sha256sum -c SHA256SUMS",
        _("On Windows compare each line of SHA256SUMS with what this command says of the file:"),
        "    certutil -hashfile appeal.pdf SHA256",
        _("manifest.json names each file with its digest, and what was left out because of viruses."),
        _("The digest of the appeal there is the one on the applicant's receipt."),
    )
    return "\n\n".join(paragraphs) + "\n"


def _name(number: int, file: KeptFile) -> str:
    """A name that is unique in the archive and safe in every file system, ending as the content asks for."""
    place = "messages" if file.message else FOLDERS[FileRole(file.role)]
    stem, dot, ending = unicodedata.normalize("NFC", safe_name(file.name, file.content_type)).rpartition(".")
    if not stem:
        stem, ending = ending, ""
    short = stem.encode()[:STEM_BYTES].decode(errors="ignore")
    return f"{place}/{number:02d}-{short}{dot}{ending[:ENDING_LETTERS]}"


def _journal(entries: Sequence[JournalEntry]) -> bytes:
    """Every step as a row, with what its hash is made of: so the chain can be checked."""
    table = io.StringIO(BOM, newline="")
    table.seek(0, io.SEEK_END)
    write = csv.writer(table).writerow
    write([_("When"), _("Who"), _("What"), "action", "detail", "previous_hash", "hash"])
    for entry in entries:
        detail = json.dumps(entry.detail, sort_keys=True, ensure_ascii=False)
        cells = [entry.at.isoformat(), timeline.actor(entry), timeline.sentence(entry), entry.action, detail]
        write([safe(str(cell)) for cell in (*cells, entry.previous_hash, entry.hash)])
    return table.getvalue().encode()
