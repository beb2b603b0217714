"""A report in the text edition: in parts that a slow connection carries, its photos as links with their size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from . import images
from .models import Photo, Report

# Compressed, a part takes at most 14 kB: so many characters of Tajik text, or so many photos with long captions.
CHARACTERS, PHOTOS = 24_000, 60
# What a photo is opened at.
WIDTH = 800
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_BLOCKS = {"p", "ul", "ol", "li", "blockquote", "h2", "h3", "div", "section", "table"}


@dataclass(frozen=True)
class TextPhoto:
    """A photo before the reader asks to see it."""

    photo: Photo
    width: int
    height: int

    @property
    def url(self) -> str:
        return self.photo.rendition_url(self.width, "jpeg")

    @property
    def kilobytes(self) -> int | None:
        """What it costs to see it, in thousands of bytes, rounded up; None if there is no such file."""
        try:
            return ceil(images.rendition_bytes(self.photo.token, self.width, "jpeg") / 1000)
        except FileNotFoundError:
            return None


def text_photo(photo: Photo) -> TextPhoto:
    width = max(step for step in images.widths(photo.width) if step <= WIDTH or step == images.widths(photo.width)[0])
    return TextPhoto(photo, width, max(1, round(photo.height * width / photo.width)))


@dataclass(frozen=True)
class Part:
    """What one page of the report holds: a stretch of its text, or some of its photos, or all of both."""

    html: SafeString
    photos: list[TextPhoto]


def parts(body: str, photos: list[Photo]) -> list[Part]:
    """A cleaned text and the photos under it; a report of an ordinary length is one part."""
    texts = split(body)
    shown = [text_photo(photo) for photo in photos]
    if len(texts) == 1 and len(body) / CHARACTERS + len(shown) / PHOTOS <= 1:
        return [Part(texts[0], shown)]
    albums = [shown[first : first + PHOTOS] for first in range(0, len(shown), PHOTOS)]
    return [Part(text, []) for text in texts] + [Part(SafeString(""), album) for album in albums]


def split(body: str) -> list[SafeString]:
    """A cleaned text in stretches of about ``CHARACTERS``, cut between its blocks and never inside one."""
    stretches, start, end = [], 0, 0
    for cut in sorted({*_cuts(body), len(body)}):
        if cut - start > CHARACTERS and end > start:
            stretches.append(body[start:end])
            start = end
        end = cut
    stretches.append(body[start:])
    return [mark_safe(stretch.strip()) for stretch in stretches]  # noqa: S308 cleaned when it was saved  # nosec B308 B703


def _cuts(body: str) -> list[int]:
    """Where a block ends that stands in no other."""
    cuts, depth = [], 0
    for tag in _TAG.finditer(body):
        if tag[2] in _BLOCKS:
            depth += -1 if tag[1] else 1
            if depth == 0:
                cuts.append(tag.end())
    return cuts


def text_context(report: Report, photos: list[Photo], query: QueryDict) -> dict[str, Any] | None:
    """What the text edition shows of ``report`` at ``?part=2``; None if it has no such part."""
    found = parts(report.body, photos)
    asked = query.get("part", "1")
    number = int(asked) if re.fullmatch("[1-9][0-9]{0,3}", asked) else 0
    if not 0 < number <= len(found):
        return None
    path = report.get_absolute_url()
    return {
        "part": found[number - 1],
        "part_number": number,
        "part_total": len(found),
        "previous_part_url": f"{path}?part={number - 1}" if number > 2 else path if number == 2 else "",
        "next_part_url": f"{path}?part={number + 1}" if number < len(found) else "",
    }
