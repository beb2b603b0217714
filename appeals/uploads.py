"""Files that citizens attach: what they are is read from their content, never from their name."""

import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

from . import hidden_data
from .file_kinds import Refused as Refused
from .file_kinds import recognise

SIGNATURE_FORMATS = ("PNG", "JPEG", "WEBP")
# What Pillow opens of the attachments.
PICTURES = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/gif": ("GIF",),
    "image/tiff": ("TIFF",),
}
MAX_PIXELS = 40_000_000
COMPRESSION = 7  # of 9: a third of the time, for files that are a little larger
SIGNATURE_SIDE = 1600


# What became of what a file tells beside what one sees or reads in it.
REMOVED, STAYS = "removed", "stays"


@dataclass(frozen=True)
class Upload:
    """A file that was taken: its bytes as they will be kept, and what they are.

    ``hidden_data``: ``REMOVED``; ``STAYS`` in a kind from which it cannot be taken; empty if it was to be kept.
    """

    content: bytes
    content_type: str
    hidden_data: str = ""


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
    flat.save(out, "PNG", compress_level=COMPRESSION)
    return Upload(out.getvalue(), "image/png")


def read_attachment(file: BinaryIO, keep_hidden_data: bool = False) -> Upload:
    """A document, a picture or a recording of a kind in the list of ``file_kinds``. Raises ``Refused``."""
    file.seek(0)
    content = file.read()
    content_type = recognise(content)
    if content_type in PICTURES:
        _check_picture(content, content_type)
    if keep_hidden_data or content_type == "text/plain":
        return Upload(content, content_type)
    try:
        stripped = hidden_data.strip(content, content_type)
    except ValueError:
        raise Refused("damaged") from None
    return Upload(content, content_type, STAYS) if stripped is None else Upload(stripped, content_type, REMOVED)


def _check_picture(content: bytes, content_type: str) -> None:
    """Not above the limit of pixels, and whole as far as that can be told without decoding it at full size."""
    try:
        picture = _open(io.BytesIO(content), PICTURES[content_type])
        if content_type == "image/jpeg":
            picture.draft(None, (SIGNATURE_SIDE, SIGNATURE_SIDE))
            picture.load()
        elif content_type == "image/png":
            picture.verify()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused("damaged") from None
    except Refused as refused:
        raise Refused("damaged" if refused.code == "type" else refused.code) from None


def _open(file: BinaryIO, formats: tuple[str, ...] = SIGNATURE_FORMATS) -> Image.Image:
    try:
        file.seek(0)
        picture = Image.open(file, formats=formats)
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
