"""Office documents, told from other files in the same containers (ZIP, OLE), without unpacking them.

What carries macros, what nobody can open without a password, and what would fill a disk when unpacked is refused.
Knows no model and no request.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib

OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX, PPTX = (
    OPEN_XML + "wordprocessingml.document",
    OPEN_XML + "spreadsheetml.sheet",
    OPEN_XML + "presentationml.presentation",
)
ODT, ODS, ODP = (f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation"))
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"

# Above this an office document is no letter and no table, but made to fill a disk.
MOST_UNPACKED, MOST_ENTRIES = 200 * 2**20, 10_000
MOST_TIMES, TIMES_COUNT_FROM = 200, 20 * 2**20
_PART = 2**20  # as much of one entry as is ever unpacked here
_ODF_MACRO = re.compile(r"Basic/[^/]+/(?!script-lb\.xml)[^/]+|Scripts/.*[^/]")
# What the standard library raises for an archive that is cut off or changed.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
_LAST_SECTOR = 0xFFFFFFFA  # From here on the numbers of sectors are marks.


class Refused(Exception):
    """The file is not taken; ``code`` says why (see ``file_checks.REFUSALS``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def recognise_zip(content: bytes) -> str:
    """The content type of an Open XML or OpenDocument file. Raises ``Refused``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _recognise_entries(archive, len(content))
    except UNREADABLE:
        raise Refused("broken") from None


def _recognise_entries(archive: zipfile.ZipFile, packed: int) -> str:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    is_open_xml, is_open_document = "[Content_Types].xml" in names, "mimetype" in names
    if not (is_open_xml or is_open_document):
        raise Refused("archive")
    if unpacked > MOST_UNPACKED or len(entries) > MOST_ENTRIES or unpacked > max(TIMES_COUNT_FROM, MOST_TIMES * packed):
        raise Refused("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    return _open_xml(archive, names) if is_open_xml else _open_document(archive, names)


def _open_xml(archive: zipfile.ZipFile, names: list[str]) -> str:
    types = _part(archive, "[Content_Types].xml").lower()
    if b"macroenabled" in types or b"vbaproject" in types:
        raise Refused("macros")
    if any(name.lower().rpartition("/")[2].startswith("vbaproject") for name in names):
        raise Refused("macros")
    for folder, content_type in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
        if any(name.startswith(folder) for name in names):
            return content_type
    raise Refused("type")


def _open_document(archive: zipfile.ZipFile, names: list[str]) -> str:
    content_type = _part(archive, "mimetype").decode("ascii", "replace").strip().removesuffix("-template")
    if content_type not in {ODT, ODS, ODP}:
        raise Refused("archive")
    if "META-INF/manifest.xml" in names and b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
        raise Refused("encrypted")
    if any(_ODF_MACRO.fullmatch(name) for name in names):
        raise Refused("macros")
    return content_type


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as entry:
        return entry.read(_PART)


def recognise_ole(content: bytes) -> str:
    """The content type of a document of older office programs. Raises ``Refused``."""
    try:
        streams = Streams(content)
    except (struct.error, IndexError, ValueError):
        raise Refused("broken") from None
    names = set(streams.start)
    if {"EncryptedPackage", "EncryptedSummary"} & names:
        raise Refused("encrypted")
    if {"VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros"} & names:
        raise Refused("macros")
    if "WordDocument" in names:
        if streams.head("WordDocument")[11:12] > b"\0" and streams.head("WordDocument")[11] & 1:
            raise Refused("encrypted")
        return DOC
    if book := {"Workbook", "Book"} & names:
        if _has_password(streams.head(book.pop())):
            raise Refused("encrypted")
        return XLS
    if "PowerPoint Document" in names:
        return PPT
    raise Refused("type")  # Installers and letters of mail programs come in this container too.


def _has_password(head: bytes) -> bool:
    """A workbook's records begin with BOF; one that is encrypted says so (FILEPASS) right after it."""
    place = 0
    for _record in range(4):
        if len(head) < place + 4:
            break
        kind, length = struct.unpack_from("<HH", head, place)
        if kind == 0x2F:
            return True
        place += 4 + length
    return False


class Streams:
    """The names of an OLE file's streams and storages, and where each begins."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        shift = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise ValueError
        self.size = 1 << shift
        self.fat = self._fat()
        self.start: dict[str, int] = {}
        for place in range(0, len(directory := self._directory()), 128):
            length, kind = struct.unpack_from("<HB", directory, place + 64)
            if kind in (1, 2) and 2 <= length <= 64:
                name = directory[place : place + length - 2].decode("utf-16-le", "replace")
                self.start[name] = struct.unpack_from("<I", directory, place + 116)[0]

    def head(self, name: str) -> bytes:
        """The first sector of a stream."""
        return self._sector(self.start[name])

    def _sector(self, number: int) -> bytes:
        return self.content[(number + 1) * self.size : (number + 2) * self.size]

    def _fat(self) -> list[int]:
        """The table of sectors; the sectors that hold it are named in the header and in a chain of further lists."""
        numbers = list(struct.unpack_from("<109I", self.content, 76))
        following, count = struct.unpack_from("<II", self.content, 68)
        for _list in range(min(count, len(self.content) // self.size)):
            *more, following = struct.unpack(f"<{self.size // 4}I", self._sector(following))
            numbers += more
        table = b"".join(self._sector(number) for number in numbers if number < _LAST_SECTOR)
        return [entry[0] for entry in struct.iter_unpack("<I", table[: len(table) // 4 * 4])]

    def _directory(self) -> bytes:
        number, sectors = struct.unpack_from("<I", self.content, 48)[0], []
        while number < _LAST_SECTOR:
            sectors.append(self._sector(number))
            if len(sectors) > len(self.content) // self.size:
                raise ValueError  # The chain runs in a circle.
            number = self.fat[number]
        return b"".join(sectors)
