"""What holds for every appeal with several people, whoever they are."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appeals import judgement
from appeals.article21 import Policy, Signature, Verdict
from appeals.content import Content, Writer
from appeals.people import Person
from appeals.signing import Signed

RANK = list(Verdict)
PEOPLE = st.builds(
    Person,
    surname=st.sampled_from(["", "Раҳимов", "аноним", "Р."]),
    given_name=st.sampled_from(["", "Али"]),
    patronymic=st.sampled_from(["", "Саидович"]),
    no_patronymic=st.booleans(),
    region=st.sampled_from(["", "TJ-SU"]),
    district=st.sampled_from(["", "TJ-SU:khujand", "TJ-KT:kulob"]),
    address=st.sampled_from(["", "Рӯдакӣ 1"]),
)
POLICIES = st.builds(Policy, reading=st.sampled_from(["each", "together"]))
SIGNED = st.sampled_from([Signed(), Signed(Signature.HANDWRITTEN), Signed(Signature.INVALID)])


def content(writer: str, person: Person, **more: object) -> Content:
    return Content(**vars(person), applicant=writer, **more)


@given(PEOPLE, st.lists(PEOPLE, max_size=3), PEOPLE, SIGNED, POLICIES)
def test_one_more_signatory_never_makes_it_worse(contact, others, newcomer, signed, policy):
    group = content(Writer.GROUP, contact, signatories=tuple(others))
    before = judgement.assess(group, signed, policy)
    after = judgement.assess(replace(group, signatories=(*others, newcomer)), signed, policy)
    assert RANK.index(after.verdict) <= RANK.index(before.verdict)
    assert len(after.grounds) <= len(before.grounds) or RANK.index(after.verdict) < RANK.index(before.verdict)


@given(PEOPLE, SIGNED, POLICIES)
def test_a_group_of_its_contact_alone_is_judged_as_that_person(contact, signed, policy):
    group = judgement.assess(content(Writer.GROUP, contact), signed, policy)
    assert group == judgement.assess(content(Writer.INDIVIDUAL, contact), signed, policy)


@given(PEOPLE, PEOPLE, SIGNED, POLICIES)
def test_for_another_both_must_be_identified(writer, represented, signed, policy):
    together = judgement.assess(content(Writer.BEHALF, writer, represented=represented), signed, policy)
    alone = judgement.assess(content(Writer.INDIVIDUAL, writer), signed, policy)
    assert set(alone.grounds) <= set(together.grounds)
    assert RANK.index(together.verdict) >= RANK.index(alone.verdict)


@given(st.sampled_from(list(Writer)), PEOPLE, st.lists(PEOPLE, max_size=2), SIGNED, POLICIES)
def test_the_crime_claim_changes_the_consequence_and_never_the_grounds(writer, person, others, signed, policy):
    one = content(writer, person, signatories=tuple(others), represented=person)
    calm, claimed = (judgement.assess(replace(one, crime=crime), signed, policy) for crime in (False, True))
    assert calm.grounds == claimed.grounds
    assert claimed.verdict != Verdict.ANONYMOUS


@given(st.sampled_from(list(Writer)), PEOPLE, st.lists(PEOPLE, max_size=2), SIGNED, POLICIES)
def test_what_is_refused_has_somebody_or_a_signature_to_mend(writer, person, others, signed, policy):
    one = content(writer, person, signatories=tuple(others), represented=person)
    if judgement.assess(one, signed, policy).refused_when_sending:
        judged = judgement.people(one, signed, policy)
        assert any(each.grounds for each in judged) or signed.signature != Signature.HANDWRITTEN


@given(st.sampled_from(list(Writer)), PEOPLE, st.lists(PEOPLE, max_size=2))
def test_what_is_kept_is_read_back_as_it_was(writer, person, others):
    one = content(writer, person, signatories=tuple(others), represented=person).relevant()
    assert Content.of(one.as_dict()) == one
    assert one.relevant() == one
