"""Article 21 of the Law of the Republic of Tajikistan "On appeals of individuals and legal entities" as code.

assess() tells from facts, never from text, whether an appeal is anonymous, on which grounds, and whether it
is examined all the same. Where the decision table is silent:
- A certificate supplies a missing name as well as a missing part of one, and the name of a legal entity: it
  was accepted because it identifies its holder. It never supplies an address: it does not know one.
- A certificate in another name supplies nothing and removes no ground. With nothing else wrong, or only
  refuted data, an officer decides, as for either doubt alone.
- Under "each" a further ground beside refuted data makes an appeal anonymous, as every ground does alone.
- Under "together" a digital signature leaves no question who the author is, so a name which the policy does
  not let the certificate fill stops nothing; a handwritten one leaves that question to an officer.
- A signature of a kind that is not accepted is no signature, for every purpose.
- Grounds are what was found, whatever the reading. The crime exception saves what could otherwise end as
  anonymous (anonymous, or for an officer on a ground). An appeal which is examined anyway needs no exception:
  a report of a crime must not turn an identified person into an anonymous one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from appeals import article21_texts as texts

# Raise it whenever the same facts and policy may give another assessment: it is stored with each.
RULES_REVISION = 1


class Applicant(StrEnum):
    """Who appeals: the law speaks of individuals and of legal entities."""

    INDIVIDUAL = "individual"
    ENTITY = "entity"


class Name(StrEnum):
    """How much of the name is given. For an entity a part is not "the full name"; no patronymic is asked."""

    FULL = "full"
    FULL_WITHOUT_PATRONYMIC = "full_without_patronymic"
    PARTIAL = "partial"
    MISSING = "missing"


class Place(StrEnum):
    """The residence of an individual or the location of a legal entity."""

    GIVEN = "given"
    MISSING = "missing"
    WRONG = "wrong"


class Truth(StrEnum):
    """Whether the data correspond to reality: refuted by an officer only, never by the program."""

    UNQUESTIONED = "unquestioned"
    REFUTED = "refuted"


class Signature(StrEnum):
    """A digital signature that was verified, an image of a handwritten one, one that failed, or none."""

    DIGITAL = "digital"
    HANDWRITTEN = "handwritten"
    INVALID = "invalid"
    NONE = "none"


class Crime(StrEnum):
    """Information about a planned or committed crime: claimed by the applicant, ruled on by an officer."""

    NOT_CLAIMED = "not_claimed"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    UNFOUNDED = "unfounded"


# Whether somebody says so or an officer has found it: such an appeal is examined, anonymous or not.
TELLS_OF_CRIME = (Crime.CLAIMED, Crime.CONFIRMED)


class Ground(StrEnum):
    """A defect for which Article 21 lets an appeal be considered anonymous."""

    NAME_MISSING = "NAME_MISSING"
    NAME_PARTIAL = "NAME_PARTIAL"
    RESIDENCE_MISSING = "RESIDENCE_MISSING"
    RESIDENCE_WRONG = "RESIDENCE_WRONG"
    ENTITY_NAME_MISSING = "ENTITY_NAME_MISSING"
    LOCATION_MISSING = "LOCATION_MISSING"
    LOCATION_WRONG = "LOCATION_WRONG"
    DATA_UNTRUE = "DATA_UNTRUE"
    UNSIGNED = "UNSIGNED"
    SIGNATURE_INVALID = "SIGNATURE_INVALID"


class Note(StrEnum):
    """A word to the officer; never a ground."""

    PATRONYMIC_DECLARED_ABSENT = "PATRONYMIC_DECLARED_ABSENT"
    IDENTIFIED_BY_CERTIFICATE = "IDENTIFIED_BY_CERTIFICATE"
    CERTIFICATE_NAME_DIFFERS = "CERTIFICATE_NAME_DIFFERS"
    CHECK_PLAUSIBILITY = "CHECK_PLAUSIBILITY"


class Verdict(StrEnum):
    """What becomes of the appeal, from the best for the applicant to the worst (the order is used)."""

    EXAMINED = "examined"
    FOR_OFFICER = "for_officer"
    ANONYMOUS_CRIME = "anonymous_crime"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Facts:
    """What is known about one author. Field by field it is what the sentence of Article 21 asks about."""

    applicant: Applicant
    name: Name
    place: Place
    truth: Truth = Truth.UNQUESTIONED
    signature: Signature = Signature.NONE
    # Has a meaning only beside a valid digital signature and a name to compare with.
    certificate_name_differs: bool = False
    crime: Crime = Crime.NOT_CLAIMED
    # Complete but odd data: a hint for the officer, without any effect on the verdict.
    plausibility_doubted: bool = False


_ACCEPTABLE = frozenset({Signature.DIGITAL, Signature.HANDWRITTEN})


@dataclass(frozen=True)
class Policy:
    """How the office reads Article 21 where its sentence can be read in more than one way.

    reading: "each": every ground alone makes an appeal anonymous; "together": a defect of identity does, and
    only without a valid signature. crime_includes_ongoing (a crime being committed counts) is applied before
    Facts.crime is set; it stands here to be stored with the assessment.
    """

    reading: str = "each"
    accepted_signatures: frozenset[Signature] = _ACCEPTABLE
    certificate_may_fill: bool = True
    patronymic: str = "if_any"
    crime_includes_ongoing: bool = True

    def __post_init__(self) -> None:
        for field, allowed in (
            ("reading", ("each", "together")),
            ("certificate_may_fill", (True, False)),
            ("patronymic", ("if_any", "strict")),
            ("crime_includes_ongoing", (True, False)),
        ):
            if getattr(self, field) not in allowed:
                raise ValueError(f"{field}: {getattr(self, field)!r} is not one of {allowed}")
        kinds = self.accepted_signatures
        # With no kind accepted nobody could ever be examined.
        if not (isinstance(kinds, frozenset) and kinds and kinds <= _ACCEPTABLE):
            raise ValueError(f"accepted_signatures: {kinds!r} is not a frozenset of digital, handwritten, both")

    @property
    def version(self) -> str:
        """A short stable name of the rules and these values (at most 32 characters)."""
        kinds = "".join(kind.value[0] for kind in Signature if kind in self.accepted_signatures)
        fill, ongoing = int(self.certificate_may_fill), int(self.crime_includes_ongoing)
        return f"{RULES_REVISION}-{self.reading}-{kinds}-f{fill}-{self.patronymic}-o{ongoing}"


DEFAULT_POLICY = Policy()


@dataclass(frozen=True)
class Assessment:
    """The answer of Article 21 to one appeal; grounds and notes keep the order of their enumerations."""

    verdict: Verdict
    grounds: tuple[Ground, ...]
    notes: tuple[Note, ...]
    policy_version: str

    @property
    def examinable(self) -> bool:
        """The appeal is taken. FOR_OFFICER is too: an officer decides, and only a decision could end it."""
        return self.verdict is not Verdict.ANONYMOUS

    @property
    def refused_when_sending(self) -> bool:
        """The form does not take it and shows what to mend: "anonymous and will not be examined"."""
        return self.verdict is Verdict.ANONYMOUS


@dataclass(frozen=True)
class _Seal:
    """What the signature does for one person: vouches for the data, tells who he is, or names another."""

    ground: Ground | None = None
    identifies: bool = False
    differs: bool = False


_rank = tuple(Verdict).index
# A handwritten image vouches for what is written; it cannot tell who signed, nor outweigh a refutation.
_BEYOND_HANDWRITING = frozenset({Ground.NAME_MISSING, Ground.ENTITY_NAME_MISSING, Ground.DATA_UNTRUE})
_PLACE_GROUNDS = {
    Applicant.INDIVIDUAL: {Place.MISSING: Ground.RESIDENCE_MISSING, Place.WRONG: Ground.RESIDENCE_WRONG},
    Applicant.ENTITY: {Place.MISSING: Ground.LOCATION_MISSING, Place.WRONG: Ground.LOCATION_WRONG},
}
# A claim nobody has ruled on outweighs a finding about another author's claim.
_CRIME_BY_WEIGHT = (Crime.CONFIRMED, Crime.CLAIMED, Crime.UNFOUNDED, Crime.NOT_CLAIMED)


def assess(facts: Facts, policy: Policy = DEFAULT_POLICY) -> Assessment:
    """Apply Article 21 to an appeal with one author."""
    return _judge(facts, policy, _seal(facts, policy))


def assess_collective(authors: Sequence[Facts], policy: Policy = DEFAULT_POLICY) -> Assessment:
    """Apply Article 21 to a collective appeal: each author is judged, one identified author suffices.

    Verdict and grounds are those of the author nearest to being identified: mending these is enough. The
    information about a crime is in the appeal, so whoever claimed it, it counts for all.
    """
    if not authors:
        raise ValueError("authors: a collective appeal has at least one")
    judged = [assess(author, policy) for author in _sharing_crime(authors)]
    nearest = min(judged, key=lambda one: (_rank(one.verdict), len(one.grounds)))
    return replace(nearest, notes=_united_notes(judged))


def assess_representation(representative: Facts, represented: Facts, policy: Policy = DEFAULT_POLICY) -> Assessment:
    """Apply Article 21 to an appeal made for somebody else: both must be identified, grounds are united.

    The appeal carries one signature, the representative's. For the represented it vouches as a handwritten
    one does and identifies nobody: a child or a patient signs nothing, the certificate holds another's name.
    """
    representative, represented = _sharing_crime((representative, represented))
    seal = _seal(representative, policy)
    judged = [_judge(representative, policy, seal), _judge(represented, policy, _Seal(ground=seal.ground))]
    worst = max(judged, key=lambda one: _rank(one.verdict))
    grounds = tuple(ground for ground in Ground if any(ground in one.grounds for one in judged))
    return replace(worst, grounds=grounds, notes=_united_notes(judged))


def _judge(facts: Facts, policy: Policy, seal: _Seal) -> Assessment:
    name = _name_ground(facts, policy)
    filled = name is not None and seal.identifies and not seal.differs and policy.certificate_may_fill
    found = {
        None if filled else name,
        _PLACE_GROUNDS[facts.applicant].get(facts.place),
        Ground.DATA_UNTRUE if facts.truth == Truth.REFUTED else None,
        seal.ground,
    }
    grounds = tuple(ground for ground in Ground if ground in found)
    individual = facts.applicant == Applicant.INDIVIDUAL
    noted = {
        Note.PATRONYMIC_DECLARED_ABSENT: individual and facts.name == Name.FULL_WITHOUT_PATRONYMIC,
        Note.IDENTIFIED_BY_CERTIFICATE: filled,
        Note.CERTIFICATE_NAME_DIFFERS: seal.differs,
        Note.CHECK_PLAUSIBILITY: facts.plausibility_doubted,
    }
    verdict = (_each if policy.reading == "each" else _together)(frozenset(grounds), seal)
    crime = facts.crime in TELLS_OF_CRIME
    # Also for an officer's case: his decision on the ground must not be able to bury a crime.
    if crime and grounds and verdict is not Verdict.EXAMINED:
        verdict = Verdict.ANONYMOUS_CRIME
    return Assessment(verdict, grounds, tuple(note for note in Note if noted[note]), policy.version)


def _each(grounds: frozenset[Ground], seal: _Seal) -> Verdict:
    # A certificate contradicts the finding that the data are untrue: a machine cannot settle that.
    doubted = {Ground.DATA_UNTRUE} if seal.identifies else set()
    if grounds - doubted:
        return Verdict.ANONYMOUS
    return Verdict.FOR_OFFICER if grounds or seal.differs else Verdict.EXAMINED


def _together(grounds: frozenset[Ground], seal: _Seal) -> Verdict:
    identity = grounds - {Ground.UNSIGNED, Ground.SIGNATURE_INVALID}
    if identity and seal.ground:
        return Verdict.ANONYMOUS
    doubted = {Ground.DATA_UNTRUE} if seal.identifies else _BEYOND_HANDWRITING
    return Verdict.FOR_OFFICER if identity & doubted or seal.differs else Verdict.EXAMINED


def _seal(facts: Facts, policy: Policy) -> _Seal:
    if facts.signature in policy.accepted_signatures:
        digital = facts.signature == Signature.DIGITAL
        return _Seal(identifies=digital, differs=digital and facts.certificate_name_differs)
    return _Seal(Ground.SIGNATURE_INVALID if facts.signature == Signature.INVALID else Ground.UNSIGNED)


def _name_ground(facts: Facts, policy: Policy) -> Ground | None:
    whole = facts.name in {Name.FULL, Name.FULL_WITHOUT_PATRONYMIC}
    if facts.applicant == Applicant.ENTITY:
        return None if whole else Ground.ENTITY_NAME_MISSING
    if whole and (facts.name == Name.FULL or policy.patronymic == "if_any"):
        return None
    return Ground.NAME_MISSING if facts.name == Name.MISSING else Ground.NAME_PARTIAL


def _sharing_crime(people: Sequence[Facts]) -> list[Facts]:
    crime = min((one.crime for one in people), key=_CRIME_BY_WEIGHT.index)
    return [replace(one, crime=crime) for one in people]


def _united_notes(judged: Sequence[Assessment]) -> tuple[Note, ...]:
    return tuple(note for note in Note if any(note in one.notes for one in judged))


# A code without its texts stops the program at start, not in front of a citizen.
GROUND_TEXTS: Mapping[Ground, Mapping[str, str]] = {ground: texts.GROUNDS[ground] for ground in Ground}
LAW_WORDS: Mapping[Ground, Mapping[str, str]] = {ground: texts.LAW_WORDS[ground] for ground in Ground}
NOTE_TEXTS: Mapping[Note, Mapping[str, str]] = {note: texts.NOTES[note] for note in Note}
VERDICT_TEXTS: Mapping[Verdict, Mapping[str, str]] = {verdict: texts.VERDICTS[verdict] for verdict in Verdict}
NOTICE: Mapping[str, str] = texts.NOTICE
