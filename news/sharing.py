"""What machines are told about a report: its number that never changes, its picture, its whole text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

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
        return self.photo.rendition_url(self.width, "jpeg")

    @property
    def bytes(self) -> int | None:
        """The size of its file, None if there is no such file."""
        try:
            return images.rendition_bytes(self.photo.token, self.width, "jpeg")
        except FileNotFoundError:
            return None


def root_of(request: HttpRequest) -> str:
    """Scheme and host of the site, as the reader knows it."""
    return request.build_absolute_uri("/").rstrip("/")


def shared_jpeg(photo: Photo) -> Jpeg:
    return Jpeg(photo, *images.shared_size(photo.width, photo.height))


def guid(report: Report) -> str:
    """The same whatever becomes of the title and the address."""
    return f"{_TAG}/{report.event_id}/{report.language}"


def full_text(report: Report, root: str) -> str:
    """Corrections, lead and body as HTML that can be read anywhere: links within the site begin with ``root``."""
    corrected = format_html_join(
        "",
        "<p><strong>{}</strong> {}</p>\n",
        ((_("Correction, %(date)s:") % {"date": _day(made_at)}, text) for made_at, text in report.correction_list),
    )
    lead = format_html("<p>{}</p>\n", report.lead) if report.lead else ""
    return xml_text(corrected + lead + report.body.replace('href="/', f'href="{root}/'))


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT")
