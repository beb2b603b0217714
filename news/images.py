"""Pictures: what is taken in, in which form it is kept, and how its renditions are named."""

import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from .iptc import Facts, read_facts

# The closed list of widths, in pixels; a picture is never enlarged.
WIDTHS = (480, 800, 1200, 1920)
# The widest that feeds and link previews show.
SHARED_WIDTH = 1200
FORMATS = {
    "avif": {"quality": 58, "speed": 8},
    "webp": {"quality": 78, "method": 4},
    "jpeg": {"quality": 80, "progressive": True},
}
ACCEPTED = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MAX_PIXELS = 60_000_000
MAX_BYTES = 30 * 2**20

# Pillow itself refuses beyond this too, wherever it opens a picture.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Intake:
    """A picture that was taken in: the original to keep, the SHA-256 of the file as sent, what its metadata said."""

    original: ContentFile
    digest: str
    facts: Facts


def open_picture(file: BinaryIO) -> Image.Image:
    """Open ``file`` as a picture of an accepted kind; its header is read, not yet its pixels.

    Raises ``ValidationError`` with a sentence for the person who sent it.
    """
    try:
        file.seek(0)
        picture = Image.open(file, formats=list(ACCEPTED))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise ValidationError(_("This file is not a JPEG, PNG or WebP picture."), code="not_a_picture") from None
    if picture.width * picture.height > MAX_PIXELS:
        raise ValidationError(_("The picture has too many pixels (at most 60 million)."), code="too_many_pixels")
    return picture


def validate_picture(file: File) -> None:
    """Refuse what is no picture, is damaged, or is too large; by content, never by name."""
    if getattr(file, "_committed", False):
        return  # It was judged when it was taken in.
    try:
        _decode(file)
    finally:
        file.seek(0)


def _decode(file: File) -> Image.Image:
    """The picture in ``file`` with its pixels. Raises ``ValidationError``."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 30 MB."), code="too_large")
    picture = open_picture(file)
    try:
        picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(_("The picture is damaged and cannot be read."), code="damaged") from None
    return picture


def take_in(file: File) -> Intake:
    """Judge a file that was sent, read what it says of itself, and make the original to keep of it.

    The pixels are decoded once. Raises ``ValidationError`` with a sentence for the person who sent it.
    """
    picture = _decode(file)
    facts = read_facts(picture)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return Intake(_original(picture), digest.hexdigest(), facts)


def _original(picture: Image.Image) -> ContentFile:
    """The picture upright and without metadata (place, camera, comments), in its own format."""
    # Telephones write JPEG files that hold a second picture (Pillow: MPO); the first is the photo.
    kind = picture.format if picture.format in ACCEPTED else "JPEG"
    profile = picture.info.get("icc_profile")
    bare = _eight_bits(_upright(picture))
    # What an encoder could write besides the pixels, it finds here: 24 megapixels are not copied to be rid of it.
    bare.info = {}
    out = io.BytesIO()
    bare.save(out, kind, quality=92, icc_profile=profile)
    return ContentFile(out.getvalue(), name=f"original.{ACCEPTED[kind]}")


def _upright(picture: Image.Image) -> Image.Image:
    try:
        turn = _UPRIGHT.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        return picture  # Whatever Pillow stumbles over in a damaged EXIF part: the pixels are good.
    return picture if turn is None else picture.transpose(turn)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A picture with 16 bits of grey in the 8 that every browser shows, one with a palette in full colours."""
    if picture.mode.startswith("I"):
        return picture.point(lambda grey: grey / 256).convert("L")
    return picture.convert("RGBA") if picture.mode == "P" else picture


def widths(width: int) -> list[int]:
    """The widths in which a picture ``width`` pixels wide is kept."""
    return sorted({step for step in WIDTHS if step < width} | {min(width, WIDTHS[-1])})


def rendition_name(token: str, width: int, kind: str) -> str:
    return f"photos/{token}/{width}.{kind}"


def rendition_url(token: str, width: int, kind: str) -> str:
    """Its address, whatever store it is kept in: ``news.media`` is asked for each."""
    return settings.MEDIA_URL + rendition_name(token, width, kind)


def shared_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the rendition that feeds and link previews show."""
    step = max(step for step in widths(width) if step <= SHARED_WIDTH)
    return step, max(1, round(height * step / width))


@lru_cache(maxsize=4096)
def rendition_bytes(token: str, width: int, kind: str) -> int:
    """How large a rendition's file is; asked once, for it never changes. Raises ``FileNotFoundError``."""
    return default_storage.size(rendition_name(token, width, kind))
