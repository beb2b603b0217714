"""What photos tell about their event: when and where. It is offered, or fills what is empty; a person reads it over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone

from portal.fold import fold_words

from .. import images
from ..iptc import Facts, read_facts
from ..models import Event, Place

# "Dushanbe" in a photo is the place "Dushanbe city".
_CITY = frozenset(fold_words("city town шаҳри шаҳр город г"))


def facts_of(files: Iterable[File]) -> Facts:
    """The moment and the city of the first files that tell them; of a file that is no picture, nothing."""
    taken_at, city = None, ""
    for file in files:
        try:
            facts = read_facts(images.open_picture(file))
        except ValidationError:
            continue
        finally:
            file.seek(0)
        taken_at, city = taken_at or facts.taken_at, city or facts.city
        if taken_at and city:
            break
    return Facts(city=city, taken_at=taken_at)


def find_place(city: str) -> Place | None:
    """The place that bears this city's name in any language; the shortest name, if there are several."""
    wanted = _words(city)
    if not wanted:
        return None
    places = (place for place in Place.objects.order_by("pk") if wanted in map(_words, _names(place)))
    return min(places, key=lambda place: len(place.name_tg), default=None)


def _names(place: Place) -> tuple[str, str, str]:
    return place.name_tg, place.name_ru, place.name_en


def _words(name: str) -> frozenset[str]:
    return frozenset(fold_words(name)) - _CITY


def said(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"


def suggestions(facts: Facts, event: Event | None = None) -> dict[str, Any]:
    """What may be filled into the event's form: date and time as its two fields take them, and a place.

    Of an event that is there already: only what differs, and a place only if it has none.
    """
    offered: dict[str, Any] = {}
    if facts.taken_at and (event is None or said(event.starts_at) != said(facts.taken_at)):
        day, clock = said(facts.taken_at).split()
        offered["starts_at"] = {"day": day, "clock": clock, "text": said(facts.taken_at)}
    if (event is None or event.place_id is None) and (place := find_place(facts.city)):
        offered["place"] = {"id": place.pk, "text": str(place)}
    return offered
