"""Beside which fields of the form a ground of Article 21 is told, and in which words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import article21, divisions, names
from .article21 import Ground
from .people import Person

# Beside the further fields that a ground names: its own sentence stands beside the first.
ALSO_NEEDED = {
    "surname": _("Write your surname."),
    "given_name": _("Write your name."),
    "patronymic": _("Write your patronymic, or tick below that your documents have none."),
    "region": _("Choose the region."),
    "district": _("Choose the city or district."),
    "country": _("Write the country."),
    "address": _("Write the settlement, the street and the house."),
}


def ground_text(ground: Ground) -> str:
    """The ground in a sentence for the citizen, in the page's language."""
    return article21.GROUND_TEXTS[ground][get_language() or "tg"]


def fields_that_mend(ground: Ground, person: Person) -> Iterable[str]:
    """The names of the fields beside which ``ground`` is told: those that are empty, else the first."""
    place = ("region", "country", "address") if person.region == divisions.ABROAD else ("region", "district", "address")
    candidates = {
        Ground.NAME_MISSING: ("surname", "given_name", "patronymic"),
        Ground.NAME_PARTIAL: ("surname", "given_name", "patronymic"),
        Ground.ENTITY_NAME_MISSING: ("entity_name",),
        Ground.RESIDENCE_MISSING: place,
        Ground.LOCATION_MISSING: place,
        Ground.RESIDENCE_WRONG: ("district",),
        Ground.LOCATION_WRONG: ("district",),
        Ground.UNSIGNED: ("signature",),
        Ground.SIGNATURE_INVALID: ("signature",),
        Ground.DATA_UNTRUE: ("text",),
    }[ground]
    skip = {"patronymic"} if person.no_patronymic or person.single_name else set()
    if person.single_name:
        skip |= {"given_name"} if person.surname else {"surname"}
    empty = [field for field in candidates if field not in skip and not is_given(getattr(person, field, ""))]
    return empty or [field for field in candidates if field not in skip][:1]


def is_given(text: str) -> bool:
    """The field holds something that counts: a letter or digit, no initials, no placeholder."""
    return (
        any(character.isalnum() for character in text)
        and not names.is_initials(text)
        and not names.is_placeholder(text)
    )
