"""What templates ask of the appeals: the words of the law, and how an assessment reads."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appeals import article21
from appeals.article21 import Assessment, Ground
from appeals.content import Content
from appeals.file_checks import kind_in_words

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
def region_of(district: str) -> str:
    """The region's code in a district's."""
    return str(district).partition(":")[0]


@dataclass(frozen=True)
class Element:
    """One thing that Article 21 asks for: given, or the ground that it is not."""

    name: str
    ground: Ground | None
    anchor: str


@register.simple_tag
def article21_elements(assessment: Assessment, content: Content) -> list[Element]:
    """Name, residence, signature, in the order of the law, each with its ground if it is missing."""
    entity = content.is_entity
    elements = (
        (
            _("Full name of the legal entity") if entity else _("Surname, name and patronymic"),
            {Ground.NAME_MISSING, Ground.NAME_PARTIAL, Ground.ENTITY_NAME_MISSING},
            "id_entity_name" if entity else "id_surname",
        ),
        (
            _("Address of the legal entity") if entity else _("Place of residence"),
            {Ground.RESIDENCE_MISSING, Ground.RESIDENCE_WRONG, Ground.LOCATION_MISSING, Ground.LOCATION_WRONG},
            "id_region",
        ),
        (_("Signature"), {Ground.UNSIGNED, Ground.SIGNATURE_INVALID}, "id_signature"),
    )
    return [
        Element(name, next((ground for ground in assessment.grounds if ground in grounds), None), anchor)
        for name, grounds, anchor in elements
    ]
