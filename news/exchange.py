"""The exchange format: one event with all that belongs to it as one line of JSON (see docs/import.md).

Reading puts texts right as the desk does, and ``read_line(write_line(item)) == item`` for every item that was read.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from portal.text import validate_characters

from .body import clean_body
from .exchange_fields import Part, Refused, parse, shown
from .models import Report
from .old_addresses import normal_path

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,100}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEY_FORM = "a text of Latin letters, digits, points, colons and hyphens"


@dataclass(frozen=True)
class Name:
    """A category, place or topic: its slug, and its names where the file gives them."""

    slug: str
    names: dict[str, str] = field(default_factory=dict)
    visit: bool = False
    position: int | None = None


@dataclass(frozen=True)
class Text:
    """The report in one language."""

    title: str
    lead: str
    body: str
    status: str
    published_at: datetime | None
    corrections: tuple[dict[str, str], ...]
    urgent_reason: str
    urgent_reviewed_at: datetime | None
    source_digest: str
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True)
class Picture:
    file: str
    caption: dict[str, str]
    alt: dict[str, str]
    decorative: bool
    credit: str
    focal_x: int
    focal_y: int
    digest: str


@dataclass(frozen=True)
class Film:
    """A film: a file or an address; ``poster`` is the number of one of the event's photos, from 1."""

    file: str
    url: str
    megabytes: int | None
    title: dict[str, str]
    poster: int | None


@dataclass(frozen=True)
class Item:
    """One line: an event. Photos and films stand in their order."""

    key: str
    starts_at: datetime
    place: Name | None
    categories: tuple[Name, ...]
    topics: tuple[Name, ...]
    embargo_until: datetime | None
    languages_note: str
    related: tuple[str, ...]
    old_addresses: dict[str, tuple[str, ...]]
    reports: dict[str, Text]
    photos: tuple[Picture, ...]
    videos: tuple[Film, ...]
    created_at: datetime | None
    updated_at: datetime | None


def write_line(item: Item) -> str:
    """``item`` as one line; what is empty is left out."""
    return json.dumps(_bare(asdict(item)), ensure_ascii=False, separators=(",", ":"))


def _bare(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat()
    if isinstance(value, dict):
        return {name: _bare(part) for name, part in value.items() if part or (part == 0 and part is not False)}
    return [_bare(part) for part in value] if isinstance(value, tuple) else value


def read_key(data: object) -> str:
    """The key in what a line holds: to see whether the event is there already, its texts need not be read."""
    return Part(data).matching("key", KEY, _KEY_FORM)


def read_line(line: bytes | str) -> Item:
    """The event that a line speaks of. Raises ``Refused`` with the reason."""
    return read_item(parse(line))


def read_item(data: object) -> Item:
    """The event in what a line holds (see ``parse``). Raises ``Refused`` with the reason."""
    part = Part(data)
    starts_at = part.moment("starts_at", required=True)
    reports = part.by_language("reports", _read_text)
    item = Item(
        key=part.matching("key", KEY, _KEY_FORM),
        starts_at=starts_at,
        place=_place(part),
        categories=part.each("categories", _read_name),
        topics=part.each("topics", _read_name),
        embargo_until=part.moment("embargo_until"),
        languages_note=part.text("languages_note", 300),
        related=part.each("related", _read_key),
        old_addresses=part.by_language("old_addresses", _read_paths),
        reports={code: _published(text, starts_at) for code, text in reports.items()},
        photos=part.each("photos", _read_picture),
        videos=part.each("videos", _read_film),
        created_at=part.moment("created_at"),
        updated_at=part.moment("updated_at"),
    )
    part.done()
    _consider(item)
    return item


def _consider(item: Item) -> None:
    """What only the whole line can tell."""
    if not item.categories:
        raise Refused("categories: an event belongs to one at least")
    for kind in ("categories", "topics"):
        slugs = [name.slug for name in getattr(item, kind)]
        if len(set(slugs)) < len(slugs):
            raise Refused(f"{kind}: one stands there twice")
    if item.key in item.related:
        raise Refused("related: the event itself stands there")
    paths = [path for some in item.old_addresses.values() for path in some]
    if len(set(paths)) < len(paths):
        raise Refused("old_addresses: one stands there twice")
    for number, film in enumerate(item.videos, 1):
        if film.poster and film.poster > len(item.photos):
            raise Refused(f"videos {number} poster: there is no photo {film.poster}")


def _place(part: Part) -> Name | None:
    value = part.take("place", object, "", None)
    return None if value is None else _read_name(value, "place")


def _read_name(value: object, where: str) -> Name:
    part = Part({"slug": value} if isinstance(value, str) else value, where)
    slug = part.matching("slug", _SLUG, "an address of Latin letters, digits and hyphens")
    name = Name(slug, part.texts("names", 150), part.flag("visit"), part.number("position", 0, 32767))
    part.done()
    if name.names and "tg" not in name.names:
        raise part.refuse("names", "the Tajik one is missing")
    return name


def _read_key(value: object, where: str) -> str:
    return Part({"key": value}, where).matching("key", KEY, _KEY_FORM)


def _read_paths(value: object, where: str) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    try:
        if not isinstance(given, list) or not all(isinstance(path, str) for path in given):
            raise ValueError
        return tuple(dict.fromkeys(normal_path(path) for path in given))
    except (ValueError, ValidationError):
        raise Refused(f"{where}: must be a list of addresses as /en/node/123") from None


def _read_text(value: object, where: str) -> Text:
    part = Part(value, where)
    text = Text(
        title=part.text("title", 300, required=True),
        lead=part.text("lead", 600, lines=True),
        body=_read_body(part),
        status=part.matching("status", re.compile("|".join(Report.Status.values)), "draft, review, …", "draft"),
        published_at=part.moment("published_at"),
        corrections=part.each("corrections", _read_correction),
        urgent_reason=part.text("urgent_reason", 300),
        urgent_reviewed_at=part.moment("urgent_reviewed_at"),
        source_digest=part.matching("source_digest", _SHA256, "a SHA-256 in hexadecimal", ""),
        created_at=part.moment("created_at"),
        updated_at=part.moment("updated_at"),
    )
    part.done()
    return text


def _read_body(part: Part) -> str:
    """The text as the site keeps it. Characters may hide in entities: what came of them is judged too."""
    body = clean_body(part.text("body", lines=True))
    try:
        validate_characters(body)
    except ValidationError as error:
        raise part.refuse("body", " ".join(error.messages)) from None
    return body


def _published(text: Text, starts_at: datetime) -> Text:
    """An old report was published when the event was, unless the file knows better: never at the moment of moving."""
    if text.status != Report.Status.PUBLISHED or text.published_at:
        return text
    return Text(**{**vars(text), "published_at": starts_at})


def _read_correction(value: object, where: str) -> dict[str, str]:
    part = Part(value, where)
    moment = part.moment("at", required=True)
    made = {"at": moment.astimezone(UTC).isoformat(), "text": part.text("text", 500, lines=True, required=True)}
    part.done()
    return made


def _read_picture(value: object, where: str) -> Picture:
    part = Part(value, where)
    picture = Picture(
        file=_file(part, required=True),
        caption=part.texts("caption", 500),
        alt=part.texts("alt", 300),
        decorative=part.flag("decorative"),
        credit=part.text("credit", 150),
        focal_x=part.number("focal_x", 0, 100, 50),
        focal_y=part.number("focal_y", 0, 100, 50),
        digest=part.matching("digest", _SHA256, "a SHA-256 in hexadecimal", ""),
    )
    part.done()
    return picture


def _file(part: Part, required: bool = False) -> str:
    """A path inside the folder of files: never out of it."""
    path = part.take("file", str, "a path") if required else part.take("file", str, "a path", "")
    if not path and not required:
        return ""
    if not path.isprintable() or "\\" in path or len(path) > 500 or {"", ".", ".."} & set(path.split("/")):
        raise part.refuse("file", f"{shown(path)} is no path inside the folder of files")
    return str(path)


def _read_film(value: object, where: str) -> Film:
    part = Part(value, where)
    film = Film(
        file=_file(part),
        url=part.text("url", 500),
        megabytes=part.number("megabytes", 0, 1_000_000),
        title=part.texts("title", 200),
        poster=part.number("poster", 1, 32767),
    )
    part.done()
    if bool(film.file) == bool(film.url):
        raise part.refuse("file", "a film has either a file or an address (url)")
    try:
        URLValidator(["http", "https"])(film.url or "https://www.example.org/")
    except ValidationError:
        raise part.refuse("url", "is no address that begins with http:// or https://") from None
    return film
