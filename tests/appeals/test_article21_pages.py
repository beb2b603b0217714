"""The decision table of Article 21 as a citizen meets it: write, check, send.

Every row that can be reached by sending, under both readings. Rows 13, 14, 22 and 23 are an officer's findings
(data refuted, a crime confirmed or unfounded): nothing that a citizen sends leads there.
"""

import html
import io
from dataclasses import dataclass, replace
from itertools import product

import pytest
from django.core import mail
from django.core.cache import cache
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from appeals import article21
from appeals.article21 import Applicant, Crime, Facts, Name, Place, Policy, Signature, Verdict
from appeals.models import Appeal
from tests.appeals import pki
from tests.appeals.citizen import Citizen, entity, errors, picture, values

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

INDIVIDUAL, ENTITY = Applicant.INDIVIDUAL, Applicant.ENTITY
FULL, DECLARED, PARTIAL, NO_NAME = Name
GIVEN, NO_PLACE, WRONG = Place
DIGITAL, HAND, INVALID, NONE = Signature
A, E, O = Verdict.ANONYMOUS, Verdict.EXAMINED, Verdict.FOR_OFFICER  # noqa: E741
OTHER = True

# What is typed for each fact.
NAMES = {
    (INDIVIDUAL, FULL): {},
    (INDIVIDUAL, DECLARED): {"patronymic": "", "no_patronymic": "on"},
    (INDIVIDUAL, PARTIAL): {"given_name": "Ҷ."},
    (INDIVIDUAL, NO_NAME): {"surname": "", "given_name": "", "patronymic": ""},
    (ENTITY, FULL): {},
    (ENTITY, NO_NAME): {"entity_name": ""},
}
PLACES = {
    GIVEN: {},
    NO_PLACE: {"region": "", "district": "", "address": ""},
    WRONG: {"district": "TJ-KT:kulob"},
}
CRIME = {
    "crime": "yes",
    "crime_what": "Дуздии маводи сохтмонӣ аз анбор",
    "crime_when": "шаби 12 ноябр",
    "crime_where": "шаҳри Хуҷанд, кӯчаи Сомонӣ",
}

# row, applicant, name, place, signature, certificate in another name, each, together: without a claim of a crime.
TABLE = [
    (1, INDIVIDUAL, FULL, GIVEN, DIGITAL, False, E, E),
    (2, INDIVIDUAL, FULL, GIVEN, HAND, False, E, E),
    (3, INDIVIDUAL, FULL, GIVEN, NONE, False, A, E),
    (4, INDIVIDUAL, FULL, GIVEN, INVALID, False, A, E),
    (5, INDIVIDUAL, DECLARED, GIVEN, HAND, False, E, E),
    (6, INDIVIDUAL, PARTIAL, GIVEN, DIGITAL, False, E, E),
    (7, INDIVIDUAL, PARTIAL, GIVEN, HAND, False, A, E),
    (7, INDIVIDUAL, PARTIAL, GIVEN, INVALID, False, A, A),
    (7, INDIVIDUAL, PARTIAL, GIVEN, NONE, False, A, A),
    (8, INDIVIDUAL, NO_NAME, GIVEN, HAND, False, A, O),
    (8, INDIVIDUAL, NO_NAME, NO_PLACE, HAND, False, A, O),
    (8, INDIVIDUAL, NO_NAME, WRONG, NONE, False, A, A),
    (9, INDIVIDUAL, FULL, NO_PLACE, DIGITAL, False, A, E),
    (10, INDIVIDUAL, FULL, NO_PLACE, HAND, False, A, E),
    (11, INDIVIDUAL, FULL, NO_PLACE, INVALID, False, A, A),
    (11, INDIVIDUAL, FULL, NO_PLACE, NONE, False, A, A),
    (12, INDIVIDUAL, FULL, WRONG, HAND, False, A, E),
    (15, INDIVIDUAL, FULL, GIVEN, DIGITAL, OTHER, O, O),
    (16, ENTITY, FULL, GIVEN, DIGITAL, False, E, E),
    (16, ENTITY, FULL, GIVEN, HAND, False, E, E),
    (17, ENTITY, FULL, GIVEN, NONE, False, A, E),
    (18, ENTITY, NO_NAME, GIVEN, HAND, False, A, O),
    (18, ENTITY, NO_NAME, NO_PLACE, NONE, False, A, A),
    (19, ENTITY, FULL, NO_PLACE, HAND, False, A, E),
    (19, ENTITY, FULL, NO_PLACE, NONE, False, A, A),
    (20, ENTITY, FULL, WRONG, HAND, False, A, E),
    (20, ENTITY, FULL, WRONG, NONE, False, A, A),
]

AUTHORITY = pki.Authority()
OWN = AUTHORITY.issue("Раҳимов Ҷамшед Қосимович", organisation="ҶДММ «Сомон»")
FOREIGN = AUTHORITY.issue("Саидова Мадина", organisation="ҶСП «Пахта»")


@pytest.fixture(autouse=True)
def trust(settings, tmp_path):
    settings.SIGNATURE_TRUST_DIR = tmp_path
    for name, content in {
        "roots/ours.pem": AUTHORITY.certificate.public_bytes(pki.serialization.Encoding.PEM),
        "crls/ours.crl": AUTHORITY.crl(),
    }.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(content)


@dataclass(frozen=True)
class Case:
    """A row of the table: who writes, what is typed, how it is signed."""

    row: int
    facts: Facts
    reading: str
    verdict: Verdict

    @property
    def policy(self):
        return Policy(self.reading)

    @property
    def claims_a_crime(self):
        return self.facts.crime is Crime.CLAIMED

    def typed(self, **more):
        write = entity if self.facts.applicant is ENTITY else values
        told = CRIME if self.claims_a_crime else {}
        told = told | ({"named_by_certificate": "on"} if self.facts.signature is DIGITAL else {})
        return write(**NAMES[self.facts.applicant, self.facts.name] | PLACES[self.facts.place] | told | more)

    @property
    def stops_at_the_write_page(self):
        """Nothing that is given later can mend it."""
        if self.claims_a_crime:
            return False
        later = DIGITAL if self.facts.signature is DIGITAL else HAND
        signed = replace(self.facts, signature=later, certificate_name_differs=False)
        return article21.assess(signed, self.policy).refused_when_sending


def cases():
    for (row, who, name, place, signature, other, each, together), claim in product(TABLE, (False, True)):
        for reading, verdict in (("each", each), ("together", together)):
            facts = Facts(who, name, place, signature=signature, certificate_name_differs=other)
            if claim:
                facts = replace(facts, crime=Crime.CLAIMED)
                # Row 21: what would be anonymous, or an officer's on a ground, is examined because of the crime.
                # Row 24: what has no ground, or is examined all the same, is as it was.
                grounds = article21.assess(facts, Policy(reading)).grounds
                verdict = Verdict.ANONYMOUS_CRIME if grounds and verdict is not E else verdict  # noqa: PLW2901
            name_of_case = f"row {row}, {reading}, {name}, {place}, {signature}{', a crime' if claim else ''}"
            yield pytest.param(Case(row, facts, reading, verdict), id=name_of_case)


def sign(citizen, case):
    """Give the signature that the case is about, and go back to the check page."""
    if case.facts.signature is HAND:
        citizen.client.post(citizen.url("check/"), {"signature": picture(), "keep_signature": "1"})
    if case.facts.signature in (DIGITAL, INVALID):
        document = citizen.client.get(citizen.url("check/appeal.pdf")).content
        file = io.BytesIO(pki.p7s(document, FOREIGN if case.facts.certificate_name_differs else OWN))
        file.name = "signature.p7s"
        response = citizen.client.post(citizen.url("check/"), {"digital": file, "keep_signature": "1"})
        assert response.status_code == 302, errors(response)
    if case.facts.signature is INVALID:  # It was good until the text was changed.
        assert citizen.write(case.typed(text="Дархост мекунам, ки мактаби нав сохта шавад.")).status_code == 302


def text(response):
    return html.unescape(response.content.decode())


@pytest.mark.parametrize("case", list(cases()))
def test_what_is_sent_is_taken_or_refused_as_the_table_says(case, settings):
    settings.ARTICLE21_READING = case.reading
    assessment = article21.assess(case.facts, case.policy)
    assert assessment.verdict is case.verdict
    citizen = Citizen(["tg", "ru", "en"][case.row % 3])
    written = citizen.write(case.typed())
    if case.stops_at_the_write_page:
        assert written.status_code == 200
        assert errors(written)
        assert assessment.refused_when_sending
        return
    assert written.status_code == 302, errors(written)
    sign(citizen, case)
    page = text(citizen.client.get(citizen.url("check/")))
    assert article21.VERDICT_TEXTS[assessment.verdict][citizen.language] in page
    response = citizen.send()
    if assessment.refused_when_sending:
        assert response.status_code == 200
        assert errors(response)
        assert not Appeal.objects.exists()
        return
    assert response.status_code == 302, errors(response)
    appeal = Appeal.objects.get()
    assert (appeal.verdict, appeal.grounds, appeal.notes, appeal.policy_version) == (
        assessment.verdict,
        list(assessment.grounds),
        list(assessment.notes),
        assessment.policy_version,
    )
    assert appeal.crime == case.facts.crime
    receipt = text(citizen.client.get(citizen.url("receipt/")))
    assert article21.VERDICT_TEXTS[assessment.verdict][citizen.language] in receipt


def test_every_row_that_can_be_sent_is_here():
    assert {row[0] for row in TABLE} == set(range(1, 21)) - {13, 14}


# One way to each outcome: typed, signed by, verdict.
OUTCOMES = {
    Verdict.EXAMINED: (values(), HAND),
    Verdict.FOR_OFFICER: (values(), DIGITAL),
    Verdict.ANONYMOUS_CRIME: (values(**CRIME, surname="", given_name="", patronymic=""), NONE),
}


def outcome(language, verdict):
    """The check page and the receipt of an appeal with this outcome, and its letter: texts."""
    typed, signature = OUTCOMES[verdict]
    citizen = Citizen(language)
    assert citizen.write(typed | {"email": "jamshed@example.tj"}).status_code == 302
    facts = Facts(INDIVIDUAL, FULL, GIVEN, signature=signature, certificate_name_differs=signature is DIGITAL)
    sign(citizen, Case(0, facts, "each", verdict))
    check = text(citizen.client.get(citizen.url("check/")))
    assert citizen.send().status_code == 302
    assert Appeal.objects.latest("id").verdict == verdict
    letter = mail.outbox[-1]
    return check, text(citizen.client.get(citizen.url("receipt/"))), letter


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_each_outcome_has_a_text_of_its_own_on_the_pages_and_in_the_letter(language):
    letters = set()
    for verdict in OUTCOMES:
        check, receipt, letter = outcome(language, verdict)
        for other in Verdict:
            sentence = article21.VERDICT_TEXTS[other][language]
            assert (sentence in check) == (sentence in receipt) == (other is verdict), other
        assert Appeal.objects.latest("id").number in letter.body
        letters.add(letter.body.replace(Appeal.objects.latest("id").number, "№"))
    assert len(letters) == len(OUTCOMES)
    citizen = Citizen(language)
    citizen.write()
    refused = text(citizen.client.get(citizen.url("check/")))
    assert article21.VERDICT_TEXTS[Verdict.ANONYMOUS][language] in refused
    assert article21.GROUND_TEXTS[article21.Ground.UNSIGNED][language] in refused


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_who_tells_of_a_crime_is_not_named_so_in_a_letter_that_others_may_read(language):
    letter = outcome(language, Verdict.ANONYMOUS_CRIME)[2]
    words = {"tg": ("ҷиноят", "беном"), "ru": ("преступлен", "анонимн"), "en": ("crime", "anonymous")}[language]
    assert [word for word in words if word in (letter.subject + letter.body).lower()] == []


PARTS = st.fixed_dictionaries(
    {
        "applicant": st.sampled_from(["individual", "entity"]),
        "surname": st.sampled_from(["", "Раҳимов", "Р.", "аноним"]),
        "given_name": st.sampled_from(["", "Ҷамшед", "Ҷ."]),
        "patronymic": st.sampled_from(["", "Қосимович"]),
        "no_patronymic": st.sampled_from([None, "on"]),
        "entity_name": st.sampled_from(["", "ҶДММ «Сомон»", "test"]),
        "region": st.sampled_from(["", "TJ-SU", "abroad"]),
        "district": st.sampled_from(["", "TJ-SU:khujand", "TJ-KT:kulob"]),
        "country": st.sampled_from(["", "Қазоқистон"]),
        "address": st.sampled_from(["", " -- ", "кӯчаи Рӯдакӣ, 5"]),
    }
)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@given(typed=PARTS, claim=st.booleans(), signed=st.booleans(), reading=st.sampled_from(["each", "together"]))
@hypothesis_settings(max_examples=60, suppress_health_check=QUIET)
def test_form_check_page_and_stored_appeal_always_agree(typed, claim, signed, reading, settings, db):
    settings.ARTICLE21_READING = reading
    cache.clear()  # Each example comes from a network of its own, as it were.
    citizen = Citizen("en")
    written = citizen.write(values(**typed | (CRIME if claim else {})))
    if written.status_code == 200:  # Told beside the fields, and so it is when the signature is there.
        assert not claim
        assert errors(written)
        return
    if signed:
        citizen.client.post(citizen.url("check/"), {"signature": picture(), "keep_signature": "1"})
    page = text(citizen.client.get(citizen.url("check/")))
    [said] = [verdict for verdict, by_language in article21.VERDICT_TEXTS.items() if by_language["en"] in page]
    before = Appeal.objects.count()
    response = citizen.send()
    if said is Verdict.ANONYMOUS:
        assert response.status_code == 200 and errors(response)
        assert Appeal.objects.count() == before
        return
    assert response.status_code == 302, errors(response)
    appeal = Appeal.objects.latest("id")
    assert appeal.verdict == said
    for ground in article21.Ground:
        assert (article21.GROUND_TEXTS[ground]["en"] in page) == (ground in appeal.grounds), ground
