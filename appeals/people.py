"""A person of an appeal as values: name and residence, and the facts that Article 21 asks about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from . import divisions, names
from .article21 import Applicant, Crime, Facts, Name, Place, Signature

NAME_FIELDS = ("surname", "given_name", "patronymic", "no_patronymic", "single_name")
PLACE_FIELDS = ("region", "district", "country", "jamoat", "address")


@dataclass(frozen=True)
class Person:
    """Field names are those of the form."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    no_patronymic: bool = False
    single_name: bool = False
    region: str = ""
    district: str = ""
    country: str = ""
    jamoat: str = ""
    address: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """From a form's cleaned values or a stored box; what it does not know is left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def masked(self) -> Self:
        """Without all that says who it is: the region and the district are left."""
        hidden = [field for field in fields(Person) if field.name not in {"region", "district"}]
        return replace(self, **{field.name: field.default for field in hidden})

    @property
    def is_entity(self) -> bool:
        return False

    @property
    def sender(self) -> str:
        """The name as it is printed: surname, name, patronymic."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    def residence(self, language: str) -> str:
        """The address as it is printed, from the largest to the smallest."""
        if self.region == divisions.ABROAD:
            return ", ".join(part for part in (self.country, self.address) if part)
        places = divisions.name(self.region, language), divisions.name(self.district, language)
        return ", ".join(part for part in (*places, self.jamoat, self.address) if part)

    def place_fact(self) -> Place:
        """Missing, given, or wrong: a district that is not in the region."""
        if not any(map(str.isalnum, self.address)) or not self.region:
            return Place.MISSING
        if self.region == divisions.ABROAD:
            return Place.GIVEN if any(map(str.isalpha, self.country)) else Place.MISSING
        if not self.district:
            return Place.MISSING
        districts = {division.code for division in divisions.districts_of(self.region)}
        return Place.GIVEN if self.district in districts else Place.WRONG

    def name_fact(self) -> Name:
        return names.classify_person(
            self.surname,
            self.given_name,
            self.patronymic,
            no_patronymic=self.no_patronymic,
            single_name=self.single_name,
        )

    def facts(self, signature: Signature, differs: bool = False, crime: bool = False) -> Facts:
        """``differs``: the certificate of a digital signature names somebody else."""
        return Facts(
            applicant=Applicant.ENTITY if self.is_entity else Applicant.INDIVIDUAL,
            name=self.name_fact(),
            place=self.place_fact(),
            signature=signature,
            certificate_name_differs=differs,
            crime=Crime.CLAIMED if crime else Crime.NOT_CLAIMED,
        )
