"""What templates ask of the appeals: the words of the law, and how an assessment reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appeals import article21
from appeals.article21 import Assessment, Ground
from appeals.choices import Representation, SignedHow
from appeals.content import Content
from appeals.file_checks import kind_in_words
from appeals.judgement import JudgedPerson
from appeals.models import JournalEntry
from appeals.people import Person
from portal.presence import name_of

register = template.Library()


@register.simple_tag
def article21_notice() -> str:
    """The notice of Article 21 in the page's language (English word for word as the customer gives it)."""
    return article21.NOTICE[get_language() or "tg"]


@register.filter
def file_kind(content_type: str) -> str:
    """What a file is, in words."""
    return kind_in_words(content_type)


@register.filter
def ground_text(ground: str) -> str:
    return article21.GROUND_TEXTS[Ground(ground)][get_language() or "tg"]


@register.filter
def law_words(ground: str) -> str:
    return article21.LAW_WORDS[Ground(ground)][get_language() or "tg"]


@register.filter
def note_text(note: str) -> str:
    return article21.NOTE_TEXTS[article21.Note(note)][get_language() or "tg"]


@register.filter
def verdict_text(verdict: str) -> str:
    return article21.VERDICT_TEXTS[article21.Verdict(verdict)][get_language() or "tg"]


@register.filter
def signed_how(how: str) -> str:
    """How an appeal is signed of whose signature there is no file."""
    return str(SignedHow(how).label if how else _("not given"))


@register.filter
def residence(person: Person) -> str:
    return person.residence(get_language() or "tg")


@register.filter
def right_of(content: Content) -> str:
    """By what right somebody writes for another, as it is printed."""
    parts = (
        Representation(content.representation).label if content.representation else "",
        content.representation_words,
    )
    return ": ".join(str(part) for part in parts if part)


@register.filter
def mended_words(values: dict[str, Any]) -> str:
    """What an applicant mended, as it is printed: the address or the name."""
    content = Content.of(values)
    return content.residence(get_language() or "tg") if "address" in values else content.entity_name or content.sender


@dataclass(frozen=True)
class Element:
    """One thing that Article 21 asks for: given, or the ground that it is not. ``whose``: empty for the only person."""

    name: str
    whose: str
    ground: Ground | None
    anchor: str


_NAMES = {Ground.NAME_MISSING, Ground.NAME_PARTIAL, Ground.ENTITY_NAME_MISSING}
_PLACES = {Ground.RESIDENCE_MISSING, Ground.RESIDENCE_WRONG, Ground.LOCATION_MISSING, Ground.LOCATION_WRONG}
_SIGNATURES = {Ground.UNSIGNED, Ground.SIGNATURE_INVALID}


@register.simple_tag
def article21_elements(assessment: Assessment, judged: list[JudgedPerson]) -> list[Element]:
    """Name and residence of each person, then the signature: in the order of the law, each with its ground."""
    elements = []
    for one in judged:
        entity, whose = one.person.is_entity, _whose(one) if len(judged) > 1 else ""
        name = _("Full name of the legal entity") if entity else _("Surname, name and patronymic")
        place = _("Address of the legal entity") if entity else _("Place of residence")
        field = "entity_name" if entity else "surname"
        elements += [
            Element(name, whose, _among(one.grounds, _NAMES), f"id_{one.prefix}{field}"),
            Element(place, whose, _among(one.grounds, _PLACES), f"id_{one.prefix}region"),
        ]
    return [*elements, Element(_("Signature"), "", _among(assessment.grounds, _SIGNATURES), "id_signature")]


def _among(grounds: Iterable[Ground], wanted: set[Ground]) -> Ground | None:
    return next((ground for ground in grounds if ground in wanted), None)


def _whose(judged: JudgedPerson) -> str:
    if judged.is_represented:
        return judged.person.sender or _("The person for whom you write")
    return judged.person.sender or (_("Person %(number)s") % {"number": judged.place + 1} if judged.place else _("You"))


@register.filter
def step_name(kind: str) -> str:
    """The step that a message came with, as the journal calls it."""
    return str(JournalEntry.Action(kind).label)


@register.filter
def called(user: Any) -> str:
    """A colleague by name."""
    return name_of(user) if user else ""
