"""Takes out of pictures what does not belong to what one sees: place, time, camera, author, small previews.

Nothing is decoded: the pixels stay byte for byte. Colour profile and orientation are kept, for without them the
picture would look otherwise. Knows no model and no request.
"""

from __future__ import annotations

import io
import re
import struct
import zlib

from PIL import Image

ORIENTATION = 0x0112
_PNG_KEPT = set(
    "IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs sPLT cICP mDCV cLLI acTL fcTL fdAT".split()
)
_WEBP_KEPT = (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
# In a JPEG's pixels FF is followed by 00 or by a restart mark; anything else is the next segment.
_NEXT_SEGMENT = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
SOI, EOI, SOS, COM = 0xD8, 0xD9, 0xDA, 0xFE


def strip(content: bytes, content_type: str) -> bytes | None:
    """The picture without hidden data; None for a kind from which it cannot be taken. Raises ``ValueError``."""
    stripped = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(content_type)
    if stripped is None:
        return None
    try:
        return stripped(content, _orientation(content))
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from None


def _orientation(content: bytes) -> bytes:
    """A minimal EXIF that turns the picture as the camera's did; empty if it stands upright."""
    try:
        turned = Image.open(io.BytesIO(content)).getexif().get(ORIENTATION)
    except (OSError, ValueError, SyntaxError, struct.error):
        turned = None
    if turned not in range(2, 9):
        return b""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, turned, 0, 0)


def _jpeg(content: bytes, orientation: bytes) -> bytes:
    """The first picture alone: what telephones append (a second picture, a film) has hidden data of its own."""
    kept, place, mark_before = [b"\xff\xd8"], 2, SOI
    exif = b"\xff\xe1" + struct.pack(">H", 8 + len(orientation)) + b"Exif\0\0" + orientation if orientation else b""
    while True:
        found = _NEXT_SEGMENT.search(content, place)
        if found is None:
            raise ValueError("no end of the picture")
        if mark_before == SOS:
            kept.append(content[place : found.start()])  # Pixels, up to the next segment.
        mark = mark_before = content[found.end() - 1]
        place = found.end()
        if mark == EOI:
            return b"".join([*kept, b"\xff\xd9"])
        length = struct.unpack_from(">H", content, place)[0]
        body, place = content[place + 2 : place + length], place + length
        if exif and not (mark == 0xE0 and body.startswith(b"JFIF")):
            kept.append(exif)
            exif = b""
        if (segment := _jpeg_segment(mark, body)) is not None:
            kept.append(struct.pack(">BBH", 0xFF, mark, len(segment) + 2) + segment)


def _jpeg_segment(mark: int, body: bytes) -> bytes | None:
    """What is kept of a segment: all that decoding needs, JFIF without its preview, Adobe's colours, the profile."""
    if mark == 0xE0:
        return body[:12] + b"\0\0" if body.startswith(b"JFIF\0") else None
    if mark == 0xE2:
        return body if body.startswith(b"ICC_PROFILE\0") else None
    if mark == 0xEE:
        return body if body.startswith(b"Adobe") else None
    return None if mark == COM or 0xE0 <= mark <= 0xEF else body


def _png(content: bytes, orientation: bytes) -> bytes:
    kept, place = [content[:8]], 8
    while True:
        length, name = struct.unpack_from(">I4s", content, place)
        chunk, place = content[place : place + 12 + length], place + 12 + length
        if name == b"IDAT" and orientation:
            kept.append(_png_chunk(b"eXIf", orientation))
            orientation = b""
        if name.decode("latin-1") in _PNG_KEPT:
            kept.append(chunk)
        if name == b"IEND":
            return b"".join(kept)


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _webp(content: bytes, orientation: bytes) -> bytes:
    kept, place = [], 12
    end = min(len(content), 8 + struct.unpack_from("<I", content, 4)[0])
    while place + 8 <= end:
        name, length = struct.unpack_from("<4sI", content, place)
        chunk = content[place : place + 8 + length + length % 2]
        if name == b"VP8X":
            flags = chunk[8] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if orientation else 0)
            chunk = chunk[:8] + bytes([flags]) + chunk[9:]
        if name in _WEBP_KEPT:
            kept.append(chunk)
        place += 8 + length + length % 2
    if orientation:
        kept.append(struct.pack("<4sI", b"EXIF", len(orientation)) + orientation)
    body = b"".join(kept)
    return struct.pack("<4sI4s", b"RIFF", len(body) + 4, b"WEBP") + body
