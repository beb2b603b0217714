"""What a file is, read from its content: a closed list of the kinds that are taken. Knows no model and no request."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import office_files
from .office_files import Refused as Refused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
AUDIO_MP4, VIDEO_MP4 = "audio/mp4", "video/mp4"


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken; a file whose name ends otherwise is given out with the first ``extension``."""

    content_type: str
    extensions: tuple[str, ...]


KINDS = {
    content_type: Kind(content_type, tuple(extensions.split()))
    for content_type, extensions in (
        ("application/pdf", "pdf"),
        ("image/jpeg", "jpg jpeg jpe jfif"),
        ("image/png", "png"),
        ("image/webp", "webp"),
        ("image/heic", "heic heif"),
        ("image/gif", "gif"),
        ("image/tiff", "tif tiff"),
        (office_files.DOCX, "docx dotx"),
        (office_files.XLSX, "xlsx xltx"),
        (office_files.PPTX, "pptx potx ppsx"),
        (office_files.ODT, "odt ott"),
        (office_files.ODS, "ods ots"),
        (office_files.ODP, "odp otp"),
        (office_files.DOC, "doc dot"),
        (office_files.XLS, "xls xlt"),
        (office_files.PPT, "ppt pot pps"),
        ("application/rtf", "rtf doc"),
        ("text/plain", "txt csv log"),
        ("audio/mpeg", "mp3"),
        (AUDIO_MP4, "m4a mp4"),
        ("audio/ogg", "ogg oga opus"),
        ("audio/wav", "wav"),
        ("audio/amr", "amr"),
        (VIDEO_MP4, "mp4 m4v m4a"),
        ("video/3gpp", "3gp 3gpp 3g2"),
        ("video/webm", "webm"),
        ("video/quicktime", "mov qt"),
    )
}
BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
)
REFUSED_BEGINNINGS = (
    (b"PK", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"MSCF", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"dex\n", "program"),
    (b"L\0\0\0\x01\x14\x02\0", "program"),  # A Windows shortcut: it runs what it points at.
    (b"#!", "program"),
)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
MP4_BRANDS = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|MSNV|M4V |M4A |M4B |dash|mmp4|f4v ")
_SHOWS = re.compile(rb"hdlr.{8}vide", re.DOTALL)
_WEB = re.compile(r"<(?:!doctype|html|head|body|script|svg|iframe|\?xml)\b", re.IGNORECASE)
_NOT_PRINTABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def recognise(content: bytes) -> str:
    """The content type of a file that can be taken. Raises ``Refused``."""
    if not content:
        raise Refused("empty")
    for recognised in (_by_beginning, _in_container, _office):
        if found := recognised(content):
            return found
    for beginning, code in REFUSED_BEGINNINGS:
        if content.startswith(beginning):
            raise Refused(code)
    if content[257:262] == b"ustar":
        raise Refused("archive")
    return _text(content)


def safe_name(name: str, content_type: str) -> str:
    """The name under which a file is given out: the person's own, ending as the content asks for."""
    kind = KINDS.get(content_type)
    plain = re.sub(r'[/\\:*?"<>|]', "_", name).strip(". ") or "file"
    if kind is None or plain.rpartition(".")[2].lower() in kind.extensions:
        return plain
    return f"{plain}.{kind.extensions[0]}"


def _by_beginning(content: bytes) -> str:
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    for beginning, content_type in BEGINNINGS:
        if content.startswith(beginning):
            return content_type
    return "audio/mpeg" if _is_mp3_frame(content[:4]) else ""


def _is_mp3_frame(head: bytes) -> bool:
    """A frame of MPEG layer III, as recordings without a title begin."""
    if len(head) < 4 or head[0] != 0xFF or head[1] not in (0xFA, 0xFB, 0xF2, 0xF3):
        return False
    return head[2] & 0xF0 not in (0x00, 0xF0) and head[2] & 0x0C != 0x0C


def _in_container(content: bytes) -> str:
    """Pictures and recordings that share a container: RIFF, the ISO base media format, Matroska."""
    if content.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12], "")
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in content[:64] else ""
    if content[4:8] != b"ftyp":
        return ""
    brand = content[8:12]
    if brand in HEIC_BRANDS:
        return "image/heic"
    if brand.startswith((b"3gp", b"3g2")):
        return "video/3gpp"
    if brand == b"qt  ":
        return "video/quicktime"
    if not MP4_BRANDS.fullmatch(brand):
        return ""
    # Telephones give their sound recordings the brands of films.
    return VIDEO_MP4 if _SHOWS.search(content) else AUDIO_MP4


def _office(content: bytes) -> str:
    if content.startswith(ZIP):
        return office_files.recognise_zip(content)
    return office_files.recognise_ole(content) if content.startswith(OLE) else ""


def _text(content: bytes) -> str:
    """Plain text, in UTF-8 or in the Cyrillic encoding of older Windows."""
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NOT_PRINTABLE.search(text):
            break
        if _WEB.search(text[:4096]):
            raise Refused("web")
        return "text/plain"
    raise Refused("type")
