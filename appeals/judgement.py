"""How Article 21 judges an appeal with all its people: one, a group, or one who writes for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import article21
from .article21 import Assessment, Ground, Policy, Signature, Truth
from .content import Content, Writer
from .people import Person
from .signing import Signed

# Before the signature is given: by hand, or with a certificate that names whoever signs.
HANDWRITTEN, NAMING = Signed(Signature.HANDWRITTEN), Signed(Signature.DIGITAL)
_OF_SIGNATURE = {Ground.UNSIGNED, Ground.SIGNATURE_INVALID}


@dataclass(frozen=True)
class JudgedPerson:
    """One person of an appeal and what is missing of name and residence.

    ``place``: among the authors, the writer's is 0; of the one for whom somebody writes it is -1.
    """

    person: Person
    place: int
    grounds: tuple[Ground, ...]

    @property
    def is_represented(self) -> bool:
        return self.place < 0

    @property
    def prefix(self) -> str:
        """The names of this person's fields in the form begin so."""
        if self.place == 0:
            return ""
        return "for-" if self.is_represented else f"with-{self.place - 1}-"


def assess(content: Content, signed: Signed, policy: Policy, truth: Truth = Truth.UNQUESTIONED) -> Assessment:
    """The assessment of the whole appeal (Article 21). ``truth``: what an officer found of its writer's data."""
    if content.applicant == Writer.BEHALF:
        represented = (content.represented or Person()).facts(Signature.NONE, crime=content.crime)
        return article21.assess_representation(_authors(content, signed, truth)[0], represented, policy)
    return article21.assess_collective(_authors(content, signed, truth), policy)


def people(content: Content, signed: Signed, policy: Policy) -> list[JudgedPerson]:
    """Everybody in the appeal, in the form's order, each judged alone; what concerns the signature is left out."""
    judged = [
        _without_signature(content.authors[place], place, article21.assess(facts, policy))
        for place, facts in enumerate(_authors(content, signed))
    ]
    if content.applicant == Writer.BEHALF:
        represented = content.represented or Person()
        vouched = article21.assess(represented.facts(Signature.HANDWRITTEN), policy)
        judged.append(_without_signature(represented, -1, vouched))
    return judged


def nearest(judged: Sequence[JudgedPerson]) -> JudgedPerson:
    """The author with the least to mend: one identified author suffices."""
    return min(judged, key=lambda one: len(one.grounds))


def _authors(content: Content, signed: Signed, truth: Truth = Truth.UNQUESTIONED) -> list[article21.Facts]:
    sealed = [signed.of_author(content, place) for place in range(len(content.authors))]
    facts = [
        author.facts(signature, differs, content.crime)
        for author, (signature, differs) in zip(content.authors, sealed, strict=True)
    ]
    return [replace(facts[0], truth=truth), *facts[1:]]


def _without_signature(person: Person, place: int, assessment: Assessment) -> JudgedPerson:
    grounds = tuple(ground for ground in assessment.grounds if ground not in _OF_SIGNATURE)
    return JudgedPerson(person, place, grounds)
