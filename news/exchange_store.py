"""Events of the exchange format into the database and out of it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from datetime import UTC, datetime

from django.db import IntegrityError, models, transaction

from . import exchange_files
from .exchange import Film, Item, Name, Picture, Text
from .exchange_fields import LANGUAGES, Refused
from .exchange_files import Folder
from .links import OldAddress
from .models import Category, Event, Photo, Place, Report, Topic, Video
from .names import STATE_LANGUAGE

# The key that an event came with is kept as an old address: the database then holds each key once.
KEY_PATH = "/import/"
_OWN_KEY = re.compile(r"([0-9]{1,18})-([0-9]{20})")
_MADE = "%Y%m%d%H%M%S%f"
_TEXT_FIELDS = ("title", "lead", "body", "status", "published_at", "urgent_reason", "urgent_reviewed_at")


def own_key(event: Event) -> str:
    """The key of an event that was written here: its number, and when it was made."""
    return f"{event.pk}-{event.created_at.astimezone(UTC).strftime(_MADE):0>20}"


def find_event(key: str) -> int | None:
    """The number of the event with this key: one that was moved in, or one that was written here."""
    if moved := OldAddress.objects.filter(path=KEY_PATH + key).values_list("event", flat=True).first():
        return moved
    if own := _OWN_KEY.fullmatch(key):
        try:
            made = datetime.strptime(own[2], _MADE).replace(tzinfo=UTC)
        except ValueError:
            return None
        return Event.objects.filter(pk=int(own[1]), created_at=made).values_list("pk", flat=True).first()
    return None


def check(item: Item, promised: Container[tuple[str, str]] = ()) -> None:
    """What the database must know or must not know yet; ``promised`` names (kind, slug) count as known.

    Raises ``Refused``.
    """
    paths = [path for some in item.old_addresses.values() for path in some]
    taken = OldAddress.objects.filter(path__in=paths).values_list("path", flat=True).first()
    if taken:
        raise Refused(f"old_addresses: {taken} leads to another event")
    for model, name in _names(item):
        if name.names or (model.__name__, name.slug) in promised:
            continue
        if not model.objects.filter(slug=name.slug).exists():
            raise Refused(f"the {model._meta.model_name} {name.slug} is not known; give its names at its first mention")


def names_in(item: Item) -> Iterable[tuple[str, str]]:
    """The names that the item brings with it, as (kind, slug)."""
    return ((model.__name__, name.slug) for model, name in _names(item) if name.names)


def _names(item: Item) -> Iterable[tuple[type[models.Model], Name]]:
    if item.place:
        yield Place, item.place
    yield from ((Category, name) for name in item.categories)
    yield from ((Topic, name) for name in item.topics)


def store(item: Item, folder: Folder) -> Event:
    """Write the event and all that belongs to it, whole or not at all; files last. Raises ``Refused``."""
    made: list[Photo | Video] = []
    try:
        with transaction.atomic():
            event = _store_event(item)
            for language, text in item.reports.items():
                _store_report(event, language, text)
            photos = [folder.add_photo(event, picture, place, made) for place, picture in enumerate(item.photos)]
            for place, film in enumerate(item.videos):
                folder.add_film(event, film, place, photos[film.poster - 1] if film.poster else None, made)
    except BaseException as error:  # Ctrl-C too: no file may stay of what was not stored.
        exchange_files.forget(made)
        if isinstance(error, IntegrityError):
            raise Refused("somebody else stored the same key, address or name just now") from None
        raise
    return event


def _store_event(item: Item) -> Event:
    event = Event.objects.create(
        starts_at=item.starts_at,
        place=_named(Place, item.place) if item.place else None,
        embargo_until=item.embargo_until,
        languages_note=item.languages_note,
    )
    event.categories.set([_named(Category, name) for name in item.categories])
    event.topics.set([_named(Topic, name) for name in item.topics])
    first = next(iter(item.reports), STATE_LANGUAGE)
    OldAddress.objects.bulk_create(
        [
            OldAddress(path=KEY_PATH + item.key, event=event, language=first),
            *(
                OldAddress(path=path, event=event, language=language)
                for language, paths in item.old_addresses.items()
                for path in paths
            ),
        ]
    )
    _keep_times(event, item)
    return event


def _named(model: type[models.Model], name: Name) -> models.Model:
    """The category, place or topic; one that is there stays as staff made it."""
    if known := model.objects.filter(slug=name.slug).first():
        return known
    values = {f"name_{code}": text for code, text in name.names.items()}
    if model is Topic:
        values["visit"] = name.visit
    elif model is Category:
        last = Category.objects.aggregate(last=models.Max("position"))["last"]
        values["position"] = name.position if name.position is not None else (last or 0) + 1
    return model.objects.get_or_create(slug=name.slug, defaults=values)[0]


def _store_report(event: Event, language: str, text: Text) -> None:
    report = Report(event=event, language=language, **{name: getattr(text, name) for name in _TEXT_FIELDS})
    report.corrections = list(text.corrections)
    report.source_digest = text.source_digest
    report._change_reason = "import_reports"
    report.save()
    _keep_times(report, text)


def _keep_times(row: Event | Report, given: Item | Text) -> None:
    """When the row was made and changed at its former home; a save would write the present over it."""
    times = {name: getattr(given, name) for name in ("created_at", "updated_at") if getattr(given, name)}
    if times:
        type(row).objects.filter(pk=row.pk).update(**times)


def relate(item: Item) -> list[str]:
    """Make the related events of a stored item those that the file names; the keys that no event has."""
    found = {key: find_event(key) for key in item.related}
    event = find_event(item.key)
    if event:
        Event.objects.get(pk=event).related.add(*(number for number in found.values() if number))
    return [key for key, number in found.items() if number is None]


def read_event(event: Event, folder: Folder) -> tuple[Item, list[str]]:
    """``event`` as an item, its files copied into ``folder``; and the files that the storage has lost."""
    lost: list[str] = []
    addresses = list(event.old_addresses.all())
    pictures = {photo.pk: _read_photo(photo, folder, lost) for photo in event.photos.all()}
    kept = [number for number, picture in pictures.items() if picture]
    films = [_read_film(video, folder, lost, kept) for video in event.videos.all()]
    item = Item(
        key=_key_of(event, addresses),
        starts_at=event.starts_at,
        place=_read_name(event.place) if event.place else None,
        categories=tuple(_read_name(category) for category in event.categories.all()),
        topics=tuple(_read_name(topic) for topic in event.topics.all()),
        embargo_until=event.embargo_until,
        languages_note=event.languages_note,
        related=tuple(sorted(_key_of(other, other.old_addresses.all()) for other in event.related.all())),
        old_addresses=_read_addresses(addresses),
        reports={
            report.language: _read_report(report)
            for report in sorted(event.reports.all(), key=lambda report: LANGUAGES.index(report.language))
        },
        photos=tuple(picture for picture in pictures.values() if picture),
        videos=tuple(film for film in films if film),
        created_at=event.created_at,
        updated_at=event.updated_at,
    )
    return item, lost


def _key_of(event: Event, addresses: Iterable[OldAddress]) -> str:
    keys = [old.path.removeprefix(KEY_PATH) for old in addresses if old.path.startswith(KEY_PATH)]
    return keys[0] if keys else own_key(event)


def _read_addresses(addresses: Iterable[OldAddress]) -> dict[str, tuple[str, ...]]:
    kept = [old for old in addresses if not old.path.startswith(KEY_PATH)]
    by_language = {code: tuple(old.path for old in kept if old.language == code) for code in LANGUAGES}
    return {code: paths for code, paths in by_language.items() if paths}


def _read_name(named: Category | Place | Topic) -> Name:
    return Name(named.slug, _texts(named, "name"), getattr(named, "visit", False), getattr(named, "position", None))


def _texts(row: models.Model, field: str) -> dict[str, str]:
    texts = {code: getattr(row, f"{field}_{code}") for code in LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def _read_report(report: Report) -> Text:
    return Text(
        **{name: getattr(report, name) for name in _TEXT_FIELDS},
        corrections=tuple(report.corrections),
        source_digest=report.source_digest,
        created_at=report.created_at,
        updated_at=report.updated_at,
    )


def _read_photo(photo: Photo, folder: Folder, lost: list[str]) -> Picture | None:
    try:
        file = folder.take(photo.image)
    except FileNotFoundError:
        lost.append(photo.image.name)
        return None
    return Picture(
        file, _texts(photo, "caption"), _texts(photo, "alt"), photo.decorative, photo.credit,
        photo.focal_x, photo.focal_y, photo.digest,
    )  # fmt: skip


def _read_film(video: Video, folder: Folder, lost: list[str], photos: list[int]) -> Film | None:
    """A film; ``photos`` are the numbers of the event's photos in the order in which the line has them."""
    try:
        file = folder.take(video.file) if video.file else ""
    except FileNotFoundError:
        lost.append(video.file.name)
        return None
    poster = photos.index(video.poster_id) + 1 if video.poster_id in photos else None
    return Film(file, video.url, video.megabytes, _texts(video, "title"), poster)
