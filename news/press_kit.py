"""Everything about an event for the media: texts, captions and original photos, as a page and as one ZIP.

Only what is public is in it: the languages in which a report is published, and the photos of a public event.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from .blocks import plain_text
from .models import Event, Photo, Report
from .pdf import drawn_statement
from .sharing import full_text
from .statement import grouped

# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EXTENSIONS = {"jpg", "jpeg", "png", "webp"}


@dataclass(frozen=True)
class Original:
    """A photo as it lies in the store: upright and without metadata, in its own size."""

    photo: Photo
    name: str  # in the kit
    stored: str
    bytes: int
    captions: list[tuple[str, str]]  # language and text, of the languages that are public


@dataclass(frozen=True)
class Kit:
    event: Event
    reports: list[Report]
    originals: list[Original]

    @property
    def folder(self) -> str:
        return f"press-kit-{self.event.pk}"

    @property
    def headline(self) -> str:
        """The title in the page's language, else in the first that there is."""
        titles = {report.language: report.title for report in self.reports}
        return titles.get(get_language(), self.reports[0].title)

    @property
    def languages(self) -> list[str]:
        return [report.language for report in self.reports]

    @property
    def photo_bytes(self) -> int:
        return sum(original.bytes for original in self.originals)


@dataclass(frozen=True)
class Member:
    """A file of the ZIP: its ``content``, or the name under which the store keeps it."""

    name: str
    size: int
    content: bytes | None = None
    stored: str = ""

    @property
    def short_name(self) -> str:
        """Its name within the folder."""
        return self.name.partition("/")[2]


def read_kit(event_id: int) -> Kit | None:
    """The kit of an event; None if no report of it is public. Two queries."""
    public = Report.objects.published().filter(event=event_id).select_related("event__place")
    codes = [code for code, _name in settings.LANGUAGES]
    reports = sorted(public, key=lambda report: codes.index(report.language))
    if not reports:
        return None
    event, languages = reports[0].event, [report.language for report in reports]
    originals = [_original(photo, number, languages) for number, photo in enumerate(event.photos.ready(), start=1)]
    return Kit(event, reports, [original for original in originals if original])


def _original(photo: Photo, number: int, languages: list[str]) -> Original | None:
    """A photo with its captions; None if its file is lost."""
    extension = photo.image.name.rpartition(".")[2].lower()
    name = f"photos/{photo.event_id}-{number:03}.{extension if extension in _EXTENSIONS else 'jpg'}"
    captions = [(code, caption) for code in languages if (caption := getattr(photo, f"caption_{code}"))]
    try:
        return Original(photo, name, photo.image.name, _stored_bytes(photo.image.name), captions)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=4096)
def _stored_bytes(name: str) -> int:
    """How large an original is; asked once, for another picture has another name. Raises ``FileNotFoundError``."""
    return default_storage.size(name)


def members(kit: Kit, root: str) -> list[Member]:
    """The files of the ZIP in the page's language; texts are made now, photos are read when they are sent."""
    texts: list[tuple[str, bytes]] = [("README.txt", _text(_readme(kit, root)))]
    for report in kit.reports:
        with override(report.language):
            place = f"{report.language}/{report.slug}"
            texts += [
                (f"{place}.txt", _text(_plain(report, root))),
                (f"{place}.html", _page(report, root)),
                (f"{place}.pdf", drawn_statement(report, root)),
            ]
    texts += [("captions.csv", _captions_table(kit)), ("captions.txt", _text(_captions(kit)))]
    found = [Member(f"{kit.folder}/{name}", len(content), content) for name, content in texts]
    return found + [
        Member(f"{kit.folder}/{original.name}", original.bytes, stored=original.stored) for original in kit.originals
    ]


# The texts --------------------------------------------------------------------------------------------------------


def _text(text: str) -> bytes:
    """With the line ends that every editor shows, and a mark by which all of them know UTF-8."""
    return text.replace("\n", "\r\n").encode("utf-8-sig", "replace")


def _dateline(report: Report) -> str:
    moment = timezone.localtime(report.event.starts_at).strftime("%d.%m.%Y %H:%M")
    return f"{moment}, {report.event.place.name}" if report.event.place else moment


def _plain(report: Report, root: str) -> str:
    parts = [report.title, _dateline(report), report.lead, plain_text(report.body)]
    parts += [
        _("Correction, %(date)s:") % {"date": _moment(made_at)} + f" {text}" for made_at, text in report.correction_list
    ]
    parts += [f"{root}{report.get_absolute_url()}\nSHA-256: {grouped(report.digest)}"]
    return "\n\n".join(part for part in parts if part) + "\n"


def _moment(moment: object) -> str:
    return timezone.localtime(moment).strftime("%d.%m.%Y %H:%M")


def _page(report: Report, root: str) -> bytes:
    context = {"report": report, "dateline": _dateline(report), "text": full_text(report, root), "root": root}
    return render_to_string("news/press_kit_text.html", context).encode("utf-8", "replace")


def _readme(kit: Kit, root: str) -> str:
    lines = [_("Press kit of the Press Service of the President of the Republic of Tajikistan"), ""]
    for report in kit.reports:
        with override(report.language):
            lines += [report.title, _dateline(report), root + report.get_absolute_url()]
        lines += [f"{report.language}/{report.slug}.txt · .html · .pdf", f"SHA-256: {grouped(report.digest)}", ""]
    lines += [_("Photos: %(number)s") % {"number": len(kit.originals)}]
    lines += [_("The captions of the photos are in captions.txt and captions.csv.")]
    lines += [_("The texts and photos may be published with a reference to the source.")]
    lines += [_("Whether a text is unaltered is told by this page: %(address)s") % {"address": _verify(root)}]
    return "\n".join(lines) + "\n"


def _verify(root: str) -> str:
    return root + reverse("news:verify")


def _captions(kit: Kit) -> str:
    parts = []
    for original in kit.originals:
        photo = original.photo
        captions = [caption for _code, caption in original.captions]
        credit = photo.credit and f"{_('Photo')}: {photo.credit}"
        facts = f"{original.name} · {photo.width} × {photo.height}"
        parts.append("\n".join(part for part in (facts, *captions, credit) if part))
    return "\n\n".join(parts) + "\n"


def _captions_table(kit: Kit) -> bytes:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["file", "width", "height", "bytes", "credit", *(f"caption_{code}" for code in kit.languages)])
    for original in kit.originals:
        photo = original.photo
        captions = dict(original.captions)
        told = [photo.credit, *(captions.get(code, "") for code in kit.languages)]
        table.writerow([original.name, photo.width, photo.height, original.bytes, *map(_cell, told)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _cell(text: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text
