"""What machines are told about a report: its number that never changes, its picture, its whole text."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import format_html

from portal.text import xml_text

from . import images
from .models import Photo, Report

# RFC 4151: whoever held the name on this day gives out the numbers, wherever the site may move.
_TAG = "tag:president.tj,2026:report"


@dataclass(frozen=True)
class Jpeg:
    """The rendition of a photo that every reader of feeds and link previews can show."""

    photo: Photo
    width: int
    height: int

    @property
    def url(self) -> str:
        return images.rendition_url(self.photo.token, self.width, "jpeg")

    @property
    def bytes(self) -> int | None:
        """The size of its file, None if there is no such file."""
        try:
            return images.rendition_bytes(self.photo.token, self.width, "jpeg")
        except FileNotFoundError:
            return None


def shared_jpeg(photo: Photo) -> Jpeg:
    return Jpeg(photo, *images.shared_size(photo.width, photo.height))


def guid(report: Report) -> str:
    """The same whatever becomes of the title and the address."""
    return f"{_TAG}/{report.event_id}/{report.language}"


def full_text(report: Report, root: str) -> str:
    """Lead and body as HTML that can be read anywhere: links within the site begin with ``root``."""
    lead = format_html("<p>{}</p>\n", report.lead) if report.lead else ""
    return xml_text(lead + report.body.replace('href="/', f'href="{root}/'))
