"""The picture of a link preview: headline, date and photo of a report, as one picture of 1200 × 630 pixels."""

from __future__ import annotations

import io
import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock

from django.core.cache import caches
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont, ImageOps

from portal import emblem, typefaces

from . import images
from .models import Photo, Report

WIDTH, HEIGHT = 1200, 630
MAX_BYTES = 100_000
_LAYOUT = 1  # Counts the changes of how a card looks.
_PHOTO = 520  # the width of its photo
_MARGIN, _TOP, _BASE = 56, 168, 536
_SIZES = range(68, 25, -2)
_PAPER, _INK, _MUTED, _CRIMSON, _GOLD = "#ffffff", "#1c1a17", "#57524a", "#9d1a28", "#b48a36"
_DRAWING = Lock()  # A card takes a tenth of a second of one core: one at a time in a process.


@dataclass(frozen=True)
class Card:
    """All that a card shows, in the report's language."""

    report_id: int
    language: str
    title: str
    date: str
    site: str
    photo: tuple[str, int, int, int, int] | None  # token, width, height, focal point

    @property
    def digest(self) -> str:
        """Of what it shows; keyed, so that nobody finds out by it what will be published."""
        shown = json.dumps([_LAYOUT, self.language, self.title, self.date, self.site, self.photo])
        return salted_hmac("news.share_card", shown, algorithm="sha256").hexdigest()[:32]

    @property
    def url(self) -> str:
        return reverse("share_card", args=[self.report_id, self.digest])


def card_of(report: Report, photo: Photo | None) -> Card:
    """The card of a report with its event, and the event's first photo."""
    with override(report.language):
        return Card(
            report.pk,
            report.language,
            report.title,
            formats.date_format(timezone.localtime(report.event.starts_at), "DATE_FORMAT"),
            _("President of the Republic of Tajikistan"),
            photo and (photo.token, photo.width, photo.height, photo.focal_x, photo.focal_y),
        )


def jpeg(card: Card) -> bytes:
    """The card as a JPEG file of at most 100 kB; drawn once and kept for a week."""
    key = f"card:{card.report_id}:{card.digest}"
    drawn = caches["drawn"].get(key)
    if drawn is None:
        with _DRAWING:
            photo = _photo(card)
            drawn = _encoded(_draw(card, photo))
        if photo or not card.photo:  # A photo whose file is not there yet may come.
            caches["drawn"].set(key, drawn)
    return drawn


def _encoded(picture: Image.Image) -> bytes:
    for quality in (86, 78, 70, 60, 45, 30, 20, 10):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True, subsampling=0 if quality > 80 else 2)
        if out.tell() <= MAX_BYTES:
            break
    return out.getvalue()


def _photo(card: Card) -> Image.Image | None:
    """The photo, cut to its place around its focal point; None without one."""
    if not card.photo:
        return None
    token, width, height, focal_x, focal_y = card.photo
    step = images.shared_size(width, height)[0]
    try:
        with default_storage.open(images.rendition_name(token, step, "jpeg")) as file:
            picture = Image.open(file, formats=["JPEG"]).convert("RGB")
    except (FileNotFoundError, OSError):
        return None
    place = (_PHOTO, HEIGHT)
    return ImageOps.fit(
        picture, place, Image.Resampling.LANCZOS, centering=_centering(picture.size, place, focal_x, focal_y)
    )


def _centering(size: tuple[int, int], place: tuple[int, int], focal_x: int, focal_y: int) -> tuple[float, float]:
    """Where Pillow must cut so that the focal point comes as near to the middle as the edges let it."""
    scale = max(place[0] / size[0], place[1] / size[1])
    parts = []
    for length, room, focal in zip(size, place, (focal_x, focal_y), strict=True):
        spare = length * scale - room
        wanted = length * scale * focal / 100 - room / 2
        parts.append(min(1.0, max(0.0, wanted / spare)) if spare > 1 else 0.5)
    return parts[0], parts[1]


def _draw(card: Card, photo: Image.Image | None) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(picture)
    room = WIDTH - 2 * _MARGIN - (_PHOTO if photo else 0)
    if photo:
        picture.paste(photo, (WIDTH - _PHOTO, 0))
    else:
        _watermark(picture)
    pen.rectangle((0, 0, WIDTH, 9), fill=_CRIMSON)
    picture.paste(_emblem(84), (_MARGIN, 48), _emblem(84))
    name = _lines(card.site, _font(typefaces.SANS_BOLD, 25), room - 108)[:2]
    for number, line in enumerate(name):
        y = 90 + (number - (len(name) - 1) / 2) * 33
        pen.text((_MARGIN + 108, y), line, _INK, _font(typefaces.SANS_BOLD, 25), anchor="lm")
    size, lines = fitted(card.title, room)
    leading = round(size * 1.2)
    top = _TOP + max(0, (_BASE - _TOP - leading * len(lines)) // 2)
    for number, line in enumerate(lines):
        y = top + leading * number + round(size * 0.98)
        pen.text((_MARGIN, y), line, _INK, _font(typefaces.SERIF, size), anchor="ls")
    pen.rectangle((_MARGIN, 562, _MARGIN + 72, 565), fill=_GOLD)
    pen.text((_MARGIN, 596), card.date, _MUTED, _font(typefaces.SANS, 26), anchor="lm")
    return picture


def fitted(title: str, room: int) -> tuple[int, list[str]]:
    """The largest size at which the headline fits, and its lines; at the smallest what does not fit is cut with “…”."""
    title = " ".join(typefaces.printable(title, typefaces.SERIF, unknown="").split())
    for size in _SIZES:
        lines = _lines(title, _font(typefaces.SERIF, size), room)
        if len(lines) * round(size * 1.2) <= _BASE - _TOP:
            return size, lines
    most = (_BASE - _TOP) // round(size * 1.2)
    last = lines[most - 1]
    font = _font(typefaces.SERIF, size)
    while font.getlength(f"{last}…") > room:
        last = last[:-1]
    return size, [*lines[: most - 1], f"{last}…"]


def _lines(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """The words set into lines no wider than ``room``; a word that alone is wider is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if font.getlength(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > room:
            widths = partial(_width, font, line)
            fits = max(1, bisect_right(range(1, len(line)), room, key=widths))
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


def _width(font: ImageFont.FreeTypeFont, text: str, end: int) -> float:
    return font.getlength(text[:end])


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(typefaces.path(name), size)


@lru_cache(maxsize=2)
def _emblem(size: int) -> Image.Image:
    """The emblem, drawn four times as large and made smaller, so that its edges are smooth."""
    large = Image.new("RGBA", (size * 4, size * 4), (255, 255, 255, 0))
    pen = ImageDraw.Draw(large)
    for colour, polygons in emblem.outlines():
        for polygon in polygons:
            pen.polygon([(x * size * 4 / emblem.SIZE, y * size * 4 / emblem.SIZE) for x, y in polygon], fill=colour)
    return large.resize((size, size), Image.Resampling.LANCZOS)


def _watermark(picture: Image.Image) -> None:
    """A large pale emblem at the right, where a photo would stand."""
    mark = _emblem(560)
    pale = mark.getchannel("A").point(lambda alpha: round(alpha * 0.1))
    picture.paste(mark, (WIDTH - 470, 60), pale)
