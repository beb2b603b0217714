"""What the desk says about photos: whether readers see them yet, and where the same file was used before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.models import Task

from ..models import Event, Photo, Report
from ..photos import make_renditions

READY, PREPARING, FAILED = "ready", "preparing", "failed"
# More places where a file was used say nothing new.
MOST_PLACES = 5


@dataclass(frozen=True)
class Place:
    """Where the same file stands already, as a sentence and, for another event, a link."""

    text: str
    url: str = ""


@dataclass
class Note:
    state: str = READY
    places: list[Place] = field(default_factory=list)


def notes(event: Event) -> dict[int, Note]:
    """What is to be said about each photo of an event. At most six queries, whatever the number of photos."""
    if not event.pk:
        return {}
    photos = list(event.photos.all())
    told = {pk: Note(state) for pk, state in states(photos).items()}
    for pk, places in duplicates(photos).items():
        told[pk].places = places[:MOST_PLACES]
    return told


def states(photos: Iterable[Photo]) -> dict[int, str]:
    """Ready for readers, being prepared, or given up, by the number of the photo. Two queries, or none."""
    found = {photo.pk: READY if photo.ready else PREPARING for photo in photos}
    waiting = [pk for pk, state in found.items() if state == PREPARING]
    if waiting:
        dead = Task.objects.filter(name=make_renditions.name, arguments__photo_id__in=waiting)
        last = dict(dead.order_by("pk").values_list("arguments__photo_id", "dead_at"))
        # Asked for after the tasks: one that was done in between left a photo that is ready.
        done = set(Photo.objects.ready().filter(pk__in=waiting).values_list("pk", flat=True))
        # Without a task nothing is under way: it was given up, or deleted by hand.
        found |= {pk: READY if pk in done else FAILED for pk in waiting if pk in done or is_over(last, pk)}
    return found


def is_over(last: dict[int, datetime | None], pk: int) -> bool:
    return pk not in last or last[pk] is not None


def try_again(photo: Photo) -> None:
    """Ask once more for the renditions that were given up."""
    Task.objects.filter(name=make_renditions.name, arguments__photo_id=photo.pk, dead_at__isnull=False).delete()
    make_renditions.later(photo_id=photo.pk)


def duplicates(photos: Iterable[Photo]) -> dict[int, list[Place]]:
    """Where the very same files are used besides, by the number of the photo. Two queries, or none."""
    sent = {photo.pk: photo for photo in photos if photo.digest}
    same = Photo.objects.filter(digest__in={photo.digest for photo in sent.values()}).order_by("event_id", "position")
    titles = Report.objects.only("event_id", "language", "title")
    same = same.select_related("event").prefetch_related(Prefetch("event__reports", titles))
    by_digest: dict[str, list[Photo]] = defaultdict(list)
    for other in same if sent else ():
        by_digest[other.digest].append(other)
    found = {
        pk: [_place(photo, other) for other in by_digest[photo.digest] if other.pk != pk] for pk, photo in sent.items()
    }
    return {pk: list(dict.fromkeys(places)) for pk, places in found.items() if places}


def _place(photo: Photo, other: Photo) -> Place:
    if other.event_id == photo.event_id:
        return Place(_("The same file is in this event already: photo %(number)s") % {"number": other.position + 1})
    url = reverse("admin:news_event_change", args=[other.event_id])
    return Place(_("The same file is in another event: %(event)s") % {"event": other.event}, url)
