"""What an appeal says, as values, and the facts that Article 21 asks about it. Knows no model and no request."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from . import divisions, names
from .article21 import Applicant, Crime, Facts, Name, Place, Signature

CRIME_MIN_LENGTH = 30
PERSON = {"surname", "given_name", "patronymic", "no_patronymic", "single_name"}
ENTITY = {"entity_name", "representative"}


@dataclass(frozen=True)
class Content:
    """The words of an appeal. Field names are those of the form."""

    applicant: str = Applicant.INDIVIDUAL
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    no_patronymic: bool = False
    single_name: bool = False
    entity_name: str = ""
    representative: str = ""
    region: str = ""
    district: str = ""
    country: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    kind: str = ""
    text: str = ""
    crime: bool = False
    crime_what: str = ""
    crime_when: str = ""
    crime_where: str = ""

    @classmethod
    def of(cls, values: dict[str, Any]) -> Content:
        """From a form's cleaned values or a stored box; what it does not know is left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def relevant(self) -> Content:
        """Without what was typed into parts of the form that do not apply: only this is sent."""
        dropped: set[str] = set()
        dropped |= PERSON if self.is_entity else ENTITY
        dropped |= {"district"} if self.region == divisions.ABROAD else {"country"}
        if not self.crime:
            dropped |= {"crime_what", "crime_when", "crime_where"}
        defaults = Content().as_dict()
        return Content(**(self.as_dict() | {name: defaults[name] for name in dropped}))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_entity(self) -> bool:
        return self.applicant == Applicant.ENTITY

    @property
    def sender(self) -> str:
        """The name as it is printed: surname, name, patronymic, or the organisation's."""
        if self.is_entity:
            return self.entity_name
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    def residence(self, language: str) -> str:
        """The address as it is printed, from the largest to the smallest."""
        if self.region == divisions.ABROAD:
            return ", ".join(part for part in (self.country, self.address) if part)
        places = divisions.name(self.region, language), divisions.name(self.district, language), self.address
        return ", ".join(part for part in places if part)

    def place_fact(self) -> Place:
        """Missing, given, or wrong: a district that is not in the region."""
        if not any(character.isalnum() for character in self.address) or not self.region:
            return Place.MISSING
        if self.region == divisions.ABROAD:
            return Place.GIVEN if any(character.isalpha() for character in self.country) else Place.MISSING
        if not self.district:
            return Place.MISSING
        districts = {division.code for division in divisions.districts_of(self.region)}
        return Place.GIVEN if self.district in districts else Place.WRONG

    def name_fact(self) -> Name:
        if self.is_entity:
            return names.classify_entity(self.entity_name)
        return names.classify_person(
            self.surname,
            self.given_name,
            self.patronymic,
            no_patronymic=self.no_patronymic,
            single_name=self.single_name,
        )

    def crime_length(self) -> int:
        """Characters, spaces aside, that tell what, when and where."""
        return sum(len("".join(part.split())) for part in (self.crime_what, self.crime_when, self.crime_where))

    def facts(self, signature: Signature, certificate_name_differs: bool = False) -> Facts:
        return Facts(
            applicant=Applicant(self.applicant),
            name=self.name_fact(),
            place=self.place_fact(),
            signature=signature,
            certificate_name_differs=certificate_name_differs,
            crime=Crime.CLAIMED if self.crime else Crime.NOT_CLAIMED,
        )
