"""The files that readers get: every width of a picture in every format, written once, outside the request."""

import io
from concurrent.futures import ThreadPoolExecutor

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from .images import FORMATS, WIDTHS, open_picture, rendition_name, widths


def write(file: File, token: str) -> None:
    """Write the renditions of an original; what lies there already, of a run that was cut short, is replaced.

    Raises ``FileNotFoundError``, ``OSError`` if the storage is full, and ``ValidationError`` if it is no picture.
    """
    with file.open("rb") as opened, ThreadPoolExecutor(len(FORMATS)) as pool:
        picture = open_picture(opened)
        width, height = picture.size
        # A JPEG is decoded at a half, a quarter or an eighth as long as that is not less than what is wanted.
        picture.draft("RGB", (WIDTHS[-1], max(1, round(height * WIDTHS[-1] / width))))
        picture.load()
        flat = _flat(picture)
        for step in widths(width):
            scaled = flat.resize((step, max(1, round(height * step / width))), Image.Resampling.LANCZOS)
            # Pillow frees the interpreter while it encodes.
            list(pool.map(lambda kind, scaled=scaled, step=step: _write(scaled, token, step, kind), FORMATS))


def forget(name: str, token: str, width: int) -> None:
    """Erase a picture's original and all its renditions: what is withdrawn may not stay at its old address."""
    default_storage.delete(name)
    for step in widths(width):
        for kind in FORMATS:
            default_storage.delete(rendition_name(token, step, kind))


def _flat(picture: Image.Image) -> Image.Image:
    """The picture in the colours of the web, what is transparent in white."""
    shown = _as_srgb(picture)
    if shown.mode == "RGB" and "transparency" not in picture.info:
        return shown
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(shown, mask=picture.convert("RGBA").getchannel("A"))
    return flat


def _as_srgb(picture: Image.Image) -> Image.Image:
    """A wide-gamut photo would look dull without its profile: its colours are translated."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError):
        return picture  # A damaged profile: the colours as they are.


def _write(picture: Image.Image, token: str, width: int, kind: str) -> None:
    out = io.BytesIO()
    picture.save(out, kind, **FORMATS[kind])
    name = rendition_name(token, width, kind)
    default_storage.delete(name)
    kept = default_storage.save(name, ContentFile(out.getvalue()))
    if kept != name:
        default_storage.delete(kept)  # Another worker wrote the same in the same moment.
