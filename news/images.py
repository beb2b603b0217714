"""Pictures: what is taken in, and the renditions that readers get."""

import io
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

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
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 30 MB."), code="too_large")
    try:
        open_picture(file).load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(_("The picture is damaged and cannot be read."), code="damaged") from None
    finally:
        file.seek(0)


def prepare_original(file: File) -> ContentFile:
    """The picture upright and without metadata (place, camera, comments), in its own format."""
    source = open_picture(file)
    # Telephones write JPEG files that hold a second picture (Pillow: MPO); the first is the photo.
    kind = source.format if source.format in ACCEPTED else "JPEG"
    upright = _eight_bits(ImageOps.exif_transpose(source))
    bare = Image.new(upright.mode, upright.size)
    if upright.mode == "P":
        bare = upright.convert("RGBA")
    else:
        bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, kind, quality=92, icc_profile=source.info.get("icc_profile"))
    return ContentFile(out.getvalue(), name=f"original.{ACCEPTED[kind]}")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A picture with 16 bits of grey in the 8 that every reader's browser shows; any other as it is."""
    return picture.point(lambda grey: grey / 256).convert("L") if picture.mode.startswith("I") else picture


def widths(width: int) -> list[int]:
    """The widths in which a picture ``width`` pixels wide is kept."""
    return sorted({step for step in WIDTHS if step < width} | {min(width, WIDTHS[-1])})


def rendition_name(token: str, width: int, kind: str) -> str:
    return f"photos/{token}/{width}.{kind}"


def rendition_url(token: str, width: int, kind: str) -> str:
    return default_storage.url(rendition_name(token, width, kind))


def shared_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the rendition that feeds and link previews show."""
    step = max(step for step in widths(width) if step <= SHARED_WIDTH)
    return step, max(1, round(height * step / width))


@lru_cache(maxsize=4096)
def rendition_bytes(token: str, width: int, kind: str) -> int:
    """How large a rendition's file is; asked once, for it never changes. Raises ``FileNotFoundError``."""
    return default_storage.size(rendition_name(token, width, kind))


def make_renditions(file: File, token: str) -> None:
    """Write every width of the picture in every format. Pillow frees the interpreter while it encodes."""
    with file.open("rb") as opened:
        picture = open_picture(opened)
        picture.load()
    flat = Image.new("RGB", picture.size, "white")
    mask = picture.convert("RGBA").getchannel("A") if picture.mode != "RGB" else None
    flat.paste(_as_srgb(picture), mask=mask)
    with ThreadPoolExecutor() as pool:
        for width in widths(flat.width):
            scaled = flat.resize((width, max(1, round(flat.height * width / flat.width))), Image.Resampling.LANCZOS)
            list(pool.map(lambda kind, scaled=scaled, width=width: _write(scaled, token, width, kind), FORMATS))


def _as_srgb(picture: Image.Image) -> Image.Image:
    """The picture in the colours of the web: a wide-gamut photo would look dull without its profile."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError):
        return picture  # A damaged profile: the colours as they are.


def forget(name: str, token: str, width: int) -> None:
    """Erase a picture's original and all its renditions: what is withdrawn may not stay at its old address."""
    default_storage.delete(name)
    for step in widths(width):
        for kind in FORMATS:
            default_storage.delete(rendition_name(token, step, kind))


def _write(picture: Image.Image, token: str, width: int, kind: str) -> None:
    out = io.BytesIO()
    picture.save(out, kind, **FORMATS[kind])
    default_storage.save(rendition_name(token, width, kind), ContentFile(out.getvalue()))
