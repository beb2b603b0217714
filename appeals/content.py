"""What an appeal says, as values. Knows no model and no request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

from . import divisions, names
from .article21 import Name
from .people import NAME_FIELDS, Person

CRIME_MIN_LENGTH = 30
ENTITY_FIELDS = ("entity_name", "representative")
BEHALF_FIELDS = ("represented", "representation", "representation_words")


class Writer(StrEnum):
    """Who writes: for himself, for an organisation, as the contact of a group, or for another person."""

    INDIVIDUAL = "individual"
    ENTITY = "entity"
    GROUP = "group"
    BEHALF = "behalf"


@dataclass(frozen=True)
class Content(Person):
    """The words of an appeal. Field names are those of the form; the person is the one who writes."""

    applicant: str = Writer.INDIVIDUAL
    entity_name: str = ""
    representative: str = ""
    # The others of a group, each with name and residence; the writer is their contact.
    signatories: tuple[Person, ...] = ()
    # For whom the writer writes, and by what right.
    represented: Person | None = None
    representation: str = ""
    representation_words: str = ""
    email: str = ""
    phone: str = ""
    kind: str = ""
    text: str = ""
    crime: bool = False
    crime_what: str = ""
    crime_when: str = ""
    crime_where: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        content = super().of(values)
        represented = content.represented
        return replace(
            content,
            signatories=tuple(_person(one) for one in content.signatories),
            represented=_person(represented) if represented is not None else None,
        )

    def relevant(self) -> Content:
        """Without what was typed into parts of the form that do not apply: only this is sent."""
        dropped: set[str] = set(NAME_FIELDS if self.is_entity else ENTITY_FIELDS)
        dropped |= {"district", "jamoat"} if self.region == divisions.ABROAD else {"country"}
        dropped |= set() if self.applicant == Writer.GROUP else {"signatories"}
        dropped |= set() if self.applicant == Writer.BEHALF else set(BEHALF_FIELDS)
        if not self.crime:
            dropped |= {"crime_what", "crime_when", "crime_where"}
        return replace(self, **{field.name: field.default for field in fields(self) if field.name in dropped})

    def masked(self) -> Self:
        """Without the names, addresses and contacts of everybody in it. The words may still name somebody."""
        words = {"entity_name": "", "representative": "", "representation_words": "", "email": "", "phone": ""}
        return replace(
            super().masked(),
            **words,
            signatories=tuple(person.masked() for person in self.signatories),
            represented=self.represented and self.represented.masked(),
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_entity(self) -> bool:
        return self.applicant == Writer.ENTITY

    @property
    def sender(self) -> str:
        """The name as it is printed: of the person who writes, or of the organisation."""
        return self.entity_name if self.is_entity else super().sender

    @property
    def authors(self) -> tuple[Person, ...]:
        """Whose appeal it is and who signs it: of a group each one, the contact first."""
        return (self, *self.signatories) if self.applicant == Writer.GROUP else (self,)

    @property
    def further(self) -> tuple[Person, ...]:
        """Everybody beside the writer: the others of a group, or the one for whom he writes."""
        if self.applicant == Writer.BEHALF and self.represented is not None:
            return (self.represented,)
        return self.authors[1:]

    def name_fact(self) -> Name:
        return names.classify_entity(self.entity_name) if self.is_entity else super().name_fact()

    def crime_length(self) -> int:
        """Characters, spaces aside, that tell what, when and where."""
        return sum(len("".join(part.split())) for part in (self.crime_what, self.crime_when, self.crime_where))


def _person(value: Person | Mapping[str, Any]) -> Person:
    return value if isinstance(value, Person) else Person.of(value)
