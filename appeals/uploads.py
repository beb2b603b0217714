"""Files that citizens attach: what they are is read from their content, never from their name."""

import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

SIGNATURE_FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 40_000_000
SIGNATURE_SIDE = 1600


class Refused(Exception):
    """The file is not taken; ``code`` says why: ``type``, ``pixels``, ``damaged``, ``blank``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Upload:
    """A file that was taken: its bytes as they will be kept, and what they are."""

    content: bytes
    content_type: str


def read_signature(file: BinaryIO) -> Upload:
    """The image of a handwritten signature: upright, without metadata, at most 1600 pixels a side, as PNG.

    Raises ``Refused``.
    """
    picture = _open(file)
    try:
        # A JPEG is decoded at the size that is kept: a fraction of the memory.
        picture.draft(None, (SIGNATURE_SIDE, SIGNATURE_SIDE))
        picture.thumbnail((SIGNATURE_SIDE, SIGNATURE_SIDE))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused("damaged") from None
    flat = Image.new("L", upright.size, 255)
    flat.paste(upright.convert("L"), mask=upright.getchannel("A"))
    if _is_blank(flat):
        raise Refused("blank")
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    return Upload(out.getvalue(), "image/png")


def read_attachment(file: BinaryIO) -> Upload:
    """A document or a picture: PDF, JPEG or PNG. Raises ``Refused``."""
    file.seek(0)
    content = file.read()
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return Upload(content, "application/pdf")
    picture = _open(file)
    # Telephones write JPEG files that hold a second picture: Pillow calls these MPO.
    content_type = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg"}.get(picture.format or "")
    if content_type is None:
        raise Refused("type")
    try:
        picture.draft(None, (SIGNATURE_SIDE, SIGNATURE_SIDE))
        picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused("damaged") from None
    return Upload(content, content_type)


def _open(file: BinaryIO) -> Image.Image:
    try:
        file.seek(0)
        picture = Image.open(file, formats=SIGNATURE_FORMATS)
    except Image.DecompressionBombError:
        raise Refused("pixels") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Refused("type") from None
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused("pixels")
    return picture


def _is_blank(picture: Image.Image) -> bool:
    """A white page or an untouched canvas: hardly any pixel differs from the rest."""
    return ImageStat.Stat(picture).stddev[0] < 1.0
