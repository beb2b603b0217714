"""The decision table of Article 21, row by row, and what must hold for every combination of facts."""

import unicodedata
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals import article21
from appeals.article21 import (
    Applicant,
    Assessment,
    Crime,
    Facts,
    Ground,
    Name,
    Note,
    Place,
    Policy,
    Signature,
    Truth,
    Verdict,
    assess,
    assess_collective,
    assess_representation,
)

LANGUAGES = ("tg", "ru", "en")
EACH, TOGETHER = Policy(), Policy(reading="together")
INDIVIDUAL, ENTITY = (Applicant.INDIVIDUAL,), (Applicant.ENTITY,)
FULL, PARTIAL, NO_NAME = Name.FULL, Name.PARTIAL, Name.MISSING
UNDECLARED = Name.FULL_WITHOUT_PATRONYMIC
GIVEN, NO_PLACE, WRONG = (Place.GIVEN,), (Place.MISSING,), (Place.WRONG,)
ANYWHERE = tuple(Place)
TRUE, REFUTED = (Truth.UNQUESTIONED,), (Truth.REFUTED,)
DIGITAL, HAND = (Signature.DIGITAL,), (Signature.HANDWRITTEN,)
INVALID, NONE = (Signature.INVALID,), (Signature.NONE,)
UNSIGNED = INVALID + NONE
SAME, OTHER = False, True
NO_CRIME = (Crime.NOT_CLAIMED, Crime.UNFOUNDED)  # row 23: unfounded is as no crime
ANY_CRIME = tuple(Crime)
A, E, O = Verdict.ANONYMOUS, Verdict.EXAMINED, Verdict.FOR_OFFICER  # noqa: E741
SIGNATURE_GROUND = {Signature.NONE: Ground.UNSIGNED, Signature.INVALID: Ground.SIGNATURE_INVALID}
PLACE_GROUND = {
    (Applicant.INDIVIDUAL, Place.MISSING): Ground.RESIDENCE_MISSING,
    (Applicant.INDIVIDUAL, Place.WRONG): Ground.RESIDENCE_WRONG,
    (Applicant.ENTITY, Place.MISSING): Ground.LOCATION_MISSING,
    (Applicant.ENTITY, Place.WRONG): Ground.LOCATION_WRONG,
}
DECLARED = (Note.PATRONYMIC_DECLARED_ABSENT,)
BY_CERTIFICATE = (Note.IDENTIFIED_BY_CERTIFICATE,)
DIFFERS = (Note.CERTIFICATE_NAME_DIFFERS,)

# row, applicants, name, places, truths, signatures, certificate, crimes, each, together, grounds, notes;
# the grounds of signature and place, which the table marks with "+", are added by the test.
TABLE = [
    (1, INDIVIDUAL, FULL, GIVEN, TRUE, DIGITAL, SAME, ANY_CRIME, E, E, (), ()),
    (2, INDIVIDUAL, FULL, GIVEN, TRUE, HAND, SAME, ANY_CRIME, E, E, (), ()),
    (3, INDIVIDUAL, FULL, GIVEN, TRUE, NONE, SAME, NO_CRIME, A, E, (), ()),
    (4, INDIVIDUAL, FULL, GIVEN, TRUE, INVALID, SAME, NO_CRIME, A, E, (), ()),
    (5, INDIVIDUAL, UNDECLARED, GIVEN, TRUE, HAND, SAME, ANY_CRIME, E, E, (), DECLARED),
    (6, INDIVIDUAL, PARTIAL, GIVEN, TRUE, DIGITAL, SAME, NO_CRIME, E, E, (), BY_CERTIFICATE),
    (7, INDIVIDUAL, PARTIAL, GIVEN, TRUE, HAND, SAME, NO_CRIME, A, E, (Ground.NAME_PARTIAL,), ()),
    (7, INDIVIDUAL, PARTIAL, GIVEN, TRUE, UNSIGNED, SAME, NO_CRIME, A, A, (Ground.NAME_PARTIAL,), ()),
    (8, INDIVIDUAL, NO_NAME, ANYWHERE, TRUE, HAND, SAME, NO_CRIME, A, O, (Ground.NAME_MISSING,), ()),
    (8, INDIVIDUAL, NO_NAME, ANYWHERE, TRUE, UNSIGNED, SAME, NO_CRIME, A, A, (Ground.NAME_MISSING,), ()),
    (9, INDIVIDUAL, FULL, NO_PLACE, TRUE, DIGITAL, SAME, NO_CRIME, A, E, (), ()),
    (10, INDIVIDUAL, FULL, NO_PLACE, TRUE, HAND, SAME, NO_CRIME, A, E, (), ()),
    (11, INDIVIDUAL, FULL, NO_PLACE, TRUE, UNSIGNED, SAME, NO_CRIME, A, A, (), ()),
    (12, INDIVIDUAL, FULL, WRONG, TRUE, HAND, SAME, NO_CRIME, A, E, (), ()),
    (13, INDIVIDUAL, FULL, GIVEN, REFUTED, HAND, SAME, NO_CRIME, A, O, (Ground.DATA_UNTRUE,), ()),
    (13, INDIVIDUAL, FULL, GIVEN, REFUTED, UNSIGNED, SAME, NO_CRIME, A, A, (Ground.DATA_UNTRUE,), ()),
    (14, INDIVIDUAL, FULL, GIVEN, REFUTED, DIGITAL, SAME, NO_CRIME, O, O, (Ground.DATA_UNTRUE,), ()),
    (15, INDIVIDUAL, FULL, GIVEN, TRUE, DIGITAL, OTHER, NO_CRIME, O, O, (), DIFFERS),
    (16, ENTITY, FULL, GIVEN, TRUE, DIGITAL + HAND, SAME, ANY_CRIME, E, E, (), ()),
    (17, ENTITY, FULL, GIVEN, TRUE, NONE, SAME, NO_CRIME, A, E, (), ()),
    (18, ENTITY, NO_NAME, ANYWHERE, TRUE, HAND, SAME, NO_CRIME, A, O, (Ground.ENTITY_NAME_MISSING,), ()),
    (
        18, ENTITY, NO_NAME, ANYWHERE, TRUE, UNSIGNED, SAME, NO_CRIME,
        A, A, (Ground.ENTITY_NAME_MISSING,), (),
    ),
    (19, ENTITY, FULL, NO_PLACE, TRUE, HAND, SAME, NO_CRIME, A, E, (), ()),
    (19, ENTITY, FULL, NO_PLACE, TRUE, UNSIGNED, SAME, NO_CRIME, A, A, (), ()),
    (20, ENTITY, FULL, WRONG, TRUE, HAND, SAME, NO_CRIME, A, E, (), ()),
    (20, ENTITY, FULL, WRONG, TRUE, UNSIGNED, SAME, NO_CRIME, A, A, (), ()),
    (20, ENTITY, FULL, GIVEN, REFUTED, HAND, SAME, NO_CRIME, A, O, (Ground.DATA_UNTRUE,), ()),
    (20, ENTITY, FULL, GIVEN, REFUTED, UNSIGNED, SAME, NO_CRIME, A, A, (Ground.DATA_UNTRUE,), ()),
]  # fmt: skip


def table_cases():
    for (
        row,
        applicants,
        name,
        places,
        truths,
        signatures,
        differs,
        crimes,
        each,
        together,
        grounds,
        notes,
    ) in TABLE:
        for who, place, truth, signature, crime in product(applicants, places, truths, signatures, crimes):
            facts = Facts(who, name, place, truth, signature, differs, crime)
            found = {*grounds, PLACE_GROUND.get((who, place)), SIGNATURE_GROUND.get(signature)} - {None}
            for policy, verdict in ((EACH, each), (TOGETHER, together)):
                case = f"row{row}-{policy.reading}-{place}-{truth}-{signature}-{crime}"
                yield pytest.param(facts, policy, verdict, found, notes, id=case)


FACTS = [Facts(*values) for values in product(Applicant, Name, Place, Truth, Signature, (False, True), Crime)]
POLICIES = [
    Policy(reading, frozenset(accepted), fill, patronymic)
    for reading, accepted, fill, patronymic in product(
        ("each", "together"), (DIGITAL, HAND, DIGITAL + HAND), (True, False), ("if_any", "strict")
    )
]
ASSESSED = {(facts, policy): assess(facts, policy) for facts in FACTS for policy in POLICIES}
facts_of_all_kinds = st.sampled_from(FACTS)
policies = st.sampled_from(POLICIES)


def individual(**changes) -> Facts:
    whole = Facts(Applicant.INDIVIDUAL, Name.FULL, Place.GIVEN, signature=Signature.HANDWRITTEN)
    return replace(whole, **changes)


def entity(**changes) -> Facts:
    return individual(applicant=Applicant.ENTITY, **changes)


class TestTable:
    @pytest.mark.parametrize(("facts", "policy", "verdict", "grounds", "notes"), list(table_cases()))
    def test_row(self, facts, policy, verdict, grounds, notes):
        answer = assess(facts, policy)
        assert answer == Assessment(
            verdict, tuple(ground for ground in Ground if ground in grounds), notes, policy.version
        )

    def test_no_row_is_left_out(self):
        assert {row[0] for row in TABLE} == set(range(1, 21))

    @pytest.mark.parametrize("crime", [Crime.CLAIMED, Crime.CONFIRMED])
    def test_rows_21_and_22_any_ground_with_a_crime_is_examined_because_of_it(self, crime):
        for facts in FACTS:
            for policy in POLICIES:
                without = ASSESSED[replace(facts, crime=Crime.NOT_CLAIMED), policy]
                answer = ASSESSED[replace(facts, crime=crime), policy]
                # What is examined for an identified person is not relabelled anonymous ("together" only).
                excepted = without.grounds and without.verdict is not Verdict.EXAMINED
                assert answer.verdict is (Verdict.ANONYMOUS_CRIME if excepted else without.verdict)
                if policy.reading == "each" and answer.grounds:
                    assert answer.verdict is Verdict.ANONYMOUS_CRIME

    def test_row_23_an_unfounded_claim_is_as_none(self):
        for (facts, policy), answer in ASSESSED.items():
            if facts.crime is Crime.UNFOUNDED:
                assert answer == ASSESSED[replace(facts, crime=Crime.NOT_CLAIMED), policy]

    def test_row_24_without_a_ground_only_a_differing_certificate_needs_an_officer(self):
        for answer in ASSESSED.values():
            if not answer.grounds:
                differs = Note.CERTIFICATE_NAME_DIFFERS in answer.notes
                assert answer.verdict is (Verdict.FOR_OFFICER if differs else Verdict.EXAMINED)


class TestWhereTheTableIsSilent:
    @pytest.mark.parametrize("reading", ["each", "together"])
    @pytest.mark.parametrize("author", [individual, entity])
    def test_a_certificate_supplies_a_missing_name(self, author, reading):
        answer = assess(author(name=Name.MISSING, signature=Signature.DIGITAL), Policy(reading))
        assert (answer.verdict, answer.grounds, answer.notes) == (Verdict.EXAMINED, (), BY_CERTIFICATE)

    def test_a_certificate_supplies_no_address(self):
        for author, place in product((individual, entity), (Place.MISSING, Place.WRONG)):
            facts = author(place=place, signature=Signature.DIGITAL)
            ground = (PLACE_GROUND[facts.applicant, place],)
            assert (assess(facts).verdict, assess(facts).grounds) == (Verdict.ANONYMOUS, ground)
            assert (assess(facts, TOGETHER).verdict, assess(facts, TOGETHER).grounds) == (
                Verdict.EXAMINED,
                ground,
            )

    @pytest.mark.parametrize(
        ("name", "ground"), [(Name.PARTIAL, Ground.NAME_PARTIAL), (Name.MISSING, Ground.NAME_MISSING)]
    )
    def test_a_certificate_in_another_name_supplies_nothing(self, name, ground):
        facts = individual(name=name, signature=Signature.DIGITAL, certificate_name_differs=True)
        assert (assess(facts).verdict, assess(facts).grounds) == (Verdict.ANONYMOUS, (ground,))
        assert assess(facts, TOGETHER).verdict is Verdict.FOR_OFFICER

    @pytest.mark.parametrize("policy", [EACH, TOGETHER])
    def test_refuted_data_and_another_name_go_to_an_officer(self, policy):
        facts = individual(truth=Truth.REFUTED, signature=Signature.DIGITAL, certificate_name_differs=True)
        answer = assess(facts, policy)
        assert (answer.verdict, answer.grounds) == (Verdict.FOR_OFFICER, (Ground.DATA_UNTRUE,))
        assert answer.notes == DIFFERS

    def test_a_further_ground_beside_refuted_data_is_not_excused_by_a_certificate(self):
        facts = individual(truth=Truth.REFUTED, place=Place.MISSING, signature=Signature.DIGITAL)
        assert assess(facts).verdict is Verdict.ANONYMOUS
        assert assess(facts, TOGETHER).verdict is Verdict.FOR_OFFICER

    def test_an_entity_is_judged_by_its_full_name_and_has_no_patronymic(self):
        assert assess(entity(name=Name.PARTIAL)).grounds == (Ground.ENTITY_NAME_MISSING,)
        strict = Policy(patronymic="strict")
        answer = assess(entity(name=Name.FULL_WITHOUT_PATRONYMIC), strict)
        assert (answer.verdict, answer.notes) == (Verdict.EXAMINED, ())

    def test_a_certificate_differs_only_where_there_is_one(self):
        for signature in (Signature.HANDWRITTEN, Signature.INVALID, Signature.NONE):
            facts = individual(signature=signature)
            assert assess(replace(facts, certificate_name_differs=True)) == assess(facts)

    def test_a_crime_does_not_decide_whose_certificate_it_is(self):
        facts = individual(signature=Signature.DIGITAL, certificate_name_differs=True, crime=Crime.CLAIMED)
        assert assess(facts).verdict is Verdict.FOR_OFFICER

    def test_a_report_of_a_crime_does_not_make_an_identified_person_anonymous(self):
        facts = individual(signature=Signature.NONE, crime=Crime.CLAIMED)
        assert assess(facts, TOGETHER).verdict is Verdict.EXAMINED

    def test_doubted_plausibility_is_a_note_and_nothing_else(self):
        for facts in FACTS:
            plain, doubted = assess(facts), assess(replace(facts, plausibility_doubted=True))
            assert replace(doubted, notes=plain.notes) == plain
            assert doubted.notes == (*plain.notes, Note.CHECK_PLAUSIBILITY)


class TestPolicy:
    def test_strict_asks_everybody_for_a_patronymic(self):
        answer = assess(individual(name=Name.FULL_WITHOUT_PATRONYMIC), Policy(patronymic="strict"))
        assert (answer.verdict, answer.grounds) == (Verdict.ANONYMOUS, (Ground.NAME_PARTIAL,))
        assert answer.notes == DECLARED

    def test_a_certificate_may_be_forbidden_to_fill(self):
        facts = individual(name=Name.PARTIAL, signature=Signature.DIGITAL)
        answer = assess(facts, Policy(certificate_may_fill=False))
        assert (answer.verdict, answer.grounds, answer.notes) == (
            Verdict.ANONYMOUS,
            (Ground.NAME_PARTIAL,),
            (),
        )
        for name in (Name.PARTIAL, Name.MISSING):
            answer = assess(replace(facts, name=name), Policy("together", certificate_may_fill=False))
            assert answer.verdict is Verdict.EXAMINED

    def test_a_signature_of_a_kind_not_accepted_is_none(self):
        only_digital = Policy(accepted_signatures=frozenset(DIGITAL))
        assert assess(individual(), only_digital).grounds == (Ground.UNSIGNED,)
        only_hand = Policy(accepted_signatures=frozenset(HAND))
        facts = individual(name=Name.PARTIAL, signature=Signature.DIGITAL, certificate_name_differs=True)
        answer = assess(facts, only_hand)
        assert (answer.grounds, answer.notes) == ((Ground.NAME_PARTIAL, Ground.UNSIGNED), ())

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("reading", "both"),
            ("reading", ""),
            ("patronymic", "always"),
            ("accepted_signatures", frozenset()),
            ("accepted_signatures", frozenset({Signature.DIGITAL, Signature.INVALID})),
            ("accepted_signatures", frozenset({Signature.NONE})),
            ("accepted_signatures", "digital"),
            ("certificate_may_fill", "yes"),
            ("crime_includes_ongoing", None),
        ],
    )
    def test_a_wrong_value_is_refused_by_name(self, field, value):
        with pytest.raises(ValueError, match=f"^{field}: "):
            Policy(**{field: value})

    def test_version_tells_policies_apart_and_is_stored(self):
        every = [*POLICIES, *(replace(policy, crime_includes_ongoing=False) for policy in POLICIES)]
        assert len({policy.version for policy in every}) == len(every)
        assert max(len(policy.version) for policy in every) <= 32
        assert Policy().version == "1-each-dh-f1-if_any-o1"
        assert {answer.policy_version == policy.version for (_, policy), answer in ASSESSED.items()} == {True}


# What "more true information" is. Grounds are compared by subject, since a better one may replace a worse one
# (NAME_PARTIAL for NAME_MISSING) without the subject being new.
BETTER = {
    "name": [
        (Name.MISSING, Name.PARTIAL),
        (Name.PARTIAL, Name.FULL_WITHOUT_PATRONYMIC),
        (Name.FULL_WITHOUT_PATRONYMIC, Name.FULL),
    ],
    "place": [(Place.MISSING, Place.GIVEN), (Place.WRONG, Place.GIVEN)],
    "truth": [(Truth.REFUTED, Truth.UNQUESTIONED)],
    "signature": [
        *product((Signature.NONE, Signature.INVALID), (Signature.HANDWRITTEN, Signature.DIGITAL)),
        (Signature.HANDWRITTEN, Signature.DIGITAL),
    ],
    "certificate_name_differs": [(True, False)],
}
SUBJECT = {
    Ground.NAME_MISSING: "name",
    Ground.NAME_PARTIAL: "name",
    Ground.ENTITY_NAME_MISSING: "name",
    Ground.RESIDENCE_MISSING: "place",
    Ground.RESIDENCE_WRONG: "place",
    Ground.LOCATION_MISSING: "place",
    Ground.LOCATION_WRONG: "place",
    Ground.DATA_UNTRUE: "truth",
    Ground.UNSIGNED: "signature",
    Ground.SIGNATURE_INVALID: "signature",
}


class TestInvariants:
    """Over all combinations of facts and policies."""

    def test_1_a_crime_claimed_or_confirmed_never_ends_in_anonymous(self):
        for (facts, _), answer in ASSESSED.items():
            if facts.crime in (Crime.CLAIMED, Crime.CONFIRMED):
                assert answer.verdict is not Verdict.ANONYMOUS

    @pytest.mark.parametrize("field", BETTER)
    def test_2_more_true_information_never_adds_a_ground(self, field):
        for worse, better in BETTER[field]:
            for (facts, policy), before in ASSESSED.items():
                if getattr(facts, field) != worse:
                    continue
                if field == "signature" and better not in policy.accepted_signatures:
                    continue
                after = ASSESSED[replace(facts, **{field: better}), policy]
                assert {SUBJECT[g] for g in after.grounds} <= {SUBJECT[g] for g in before.grounds}
                assert len(after.grounds) <= len(before.grounds)

    @pytest.mark.parametrize("field", [field for field in BETTER if field != "signature"])
    def test_2_nor_does_it_turn_an_examined_appeal_away(self, field):
        for worse, better in BETTER[field]:
            for (facts, policy), before in ASSESSED.items():
                if getattr(facts, field) == worse and before.examinable:
                    assert ASSESSED[replace(facts, **{field: better}), policy].examinable

    def test_3_the_crime_fact_never_changes_grounds_or_notes(self):
        for (facts, policy), answer in ASSESSED.items():
            plain = ASSESSED[replace(facts, crime=Crime.NOT_CLAIMED), policy]
            assert (answer.grounds, answer.notes) == (plain.grounds, plain.notes)

    def test_5_together_never_refuses_what_each_takes(self):
        for (facts, policy), answer in ASSESSED.items():
            if policy.reading == "each":
                together = ASSESSED[facts, replace(policy, reading="together")]
                if answer.examinable:
                    assert together.examinable
                if answer.verdict is Verdict.EXAMINED:
                    assert together.verdict is Verdict.EXAMINED
                assert together.grounds == answer.grounds

    @given(facts_of_all_kinds, policies)
    def test_6_same_facts_same_assessment(self, facts, policy):
        assert assess(replace(facts), replace(policy)) == assess(facts, policy)

    def test_7_one_verdict_and_an_anonymous_one_has_a_ground(self):
        for (_, policy), answer in ASSESSED.items():
            assert answer.verdict in Verdict
            assert answer.examinable is not answer.refused_when_sending
            assert answer.refused_when_sending is (answer.verdict is Verdict.ANONYMOUS)
            if answer.verdict in (Verdict.ANONYMOUS, Verdict.ANONYMOUS_CRIME):
                assert answer.grounds
            if policy.reading == "each" and answer.verdict is Verdict.EXAMINED:
                assert not answer.grounds

    def test_nobody_is_given_the_grounds_of_the_other_kind(self):
        for (facts, _), answer in ASSESSED.items():
            of_entity = {g for g in answer.grounds if g.startswith(("ENTITY", "LOCATION"))}
            of_individual = {g for g in answer.grounds if g.startswith(("NAME", "RESIDENCE"))}
            assert not (of_individual if facts.applicant is Applicant.ENTITY else of_entity)


class TestCollective:
    def test_one_identified_author_suffices(self):
        nobody = individual(name=Name.MISSING, place=Place.MISSING, signature=Signature.NONE)
        answer = assess_collective([nobody, individual(), nobody])
        assert (answer.verdict, answer.grounds) == (Verdict.EXAMINED, ())

    def test_the_grounds_are_those_nearest_to_being_mended(self):
        far = individual(name=Name.MISSING, place=Place.MISSING)
        answer = assess_collective([far, individual(place=Place.WRONG)])
        assert (answer.verdict, answer.grounds) == (Verdict.ANONYMOUS, (Ground.RESIDENCE_WRONG,))

    def test_a_crime_told_by_one_counts_for_all(self):
        unsigned = individual(signature=Signature.NONE)
        for crimes, verdict in [
            ((Crime.NOT_CLAIMED, Crime.CLAIMED), Verdict.ANONYMOUS_CRIME),
            ((Crime.UNFOUNDED, Crime.CLAIMED), Verdict.ANONYMOUS_CRIME),
            ((Crime.UNFOUNDED, Crime.NOT_CLAIMED), Verdict.ANONYMOUS),
        ]:
            assert assess_collective([replace(unsigned, crime=crime) for crime in crimes]).verdict is verdict

    def test_a_crime_told_by_one_takes_the_decision_from_the_officer(self):
        refuted = individual(truth=Truth.REFUTED, signature=Signature.DIGITAL)
        other = individual(signature=Signature.NONE, crime=Crime.CLAIMED)
        assert assess_collective([refuted, other]).verdict is Verdict.ANONYMOUS_CRIME

    def test_nobody_is_an_error(self):
        with pytest.raises(ValueError, match="authors"):
            assess_collective([])

    def test_the_officer_sees_the_notes_about_all(self):
        undeclared = individual(name=Name.FULL_WITHOUT_PATRONYMIC, place=Place.MISSING)
        certified = individual(name=Name.PARTIAL, signature=Signature.DIGITAL)
        assert assess_collective([certified, undeclared]).notes == DECLARED + BY_CERTIFICATE

    @given(facts_of_all_kinds, policies)
    def test_one_author_is_judged_as_alone(self, facts, policy):
        assert assess_collective([facts], policy) == assess(facts, policy)

    @given(st.lists(facts_of_all_kinds, min_size=1, max_size=4), facts_of_all_kinds, policies)
    def test_another_author_never_harms_and_order_does_not_matter(self, authors, another, policy):
        before, after = assess_collective(authors, policy), assess_collective([another, *authors], policy)
        assert not (before.examinable and after.refused_when_sending)
        assert assess_collective(authors[::-1], policy).verdict is before.verdict


class TestRepresentation:
    def test_both_identified(self):
        assert assess_representation(individual(), individual()).verdict is Verdict.EXAMINED
        assert assess_representation(individual(), entity()).verdict is Verdict.EXAMINED

    def test_both_must_pass_and_grounds_are_united(self):
        answer = assess_representation(individual(name=Name.PARTIAL), entity(place=Place.MISSING))
        assert answer.verdict is Verdict.ANONYMOUS
        assert answer.grounds == (Ground.NAME_PARTIAL, Ground.LOCATION_MISSING)
        assert assess_representation(individual(), individual(place=Place.WRONG)).refused_when_sending
        assert assess_representation(individual(place=Place.WRONG), individual()).refused_when_sending

    def test_the_represented_need_not_sign(self):
        child = individual(signature=Signature.NONE)
        assert assess_representation(individual(), child).verdict is Verdict.EXAMINED
        unsigned = assess_representation(child, individual())
        assert (unsigned.verdict, unsigned.grounds) == (Verdict.ANONYMOUS, (Ground.UNSIGNED,))

    def test_the_certificate_of_the_representative_does_not_name_the_represented(self):
        signed = individual(name=Name.PARTIAL, signature=Signature.DIGITAL)
        answer = assess_representation(signed, individual(name=Name.PARTIAL, signature=Signature.DIGITAL))
        assert (answer.verdict, answer.grounds) == (Verdict.ANONYMOUS, (Ground.NAME_PARTIAL,))
        refuted = assess_representation(signed, individual(truth=Truth.REFUTED, signature=Signature.DIGITAL))
        assert refuted.verdict is Verdict.ANONYMOUS

    @given(facts_of_all_kinds, facts_of_all_kinds, policies)
    def test_it_passes_no_better_than_the_representative_alone(self, one, other, policy):
        answer = assess_representation(one, other, policy)
        alone = assess(replace(one, crime=Crime.NOT_CLAIMED), policy)
        assert set(alone.grounds) <= set(answer.grounds)
        if {one.crime, other.crime} & {Crime.CLAIMED, Crime.CONFIRMED}:
            assert answer.examinable
        elif alone.refused_when_sending:
            assert answer.refused_when_sending


TEXTS = [article21.GROUND_TEXTS, article21.LAW_WORDS, article21.NOTE_TEXTS, article21.VERDICT_TEXTS]
EVERY_TEXT = [
    *((language, text) for table in TEXTS for by_language in table.values() for language, text in by_language.items()),
    *article21.NOTICE.items(),
]


class TestTexts:
    def test_the_english_notice_is_word_for_word_the_customers(self):
        assert article21.NOTICE["en"] == (
            "In accordance with the provisions of Article 21 of the Law of the Republic of Tajikistan "
            '"On appeals of individuals and legal entities", written and electronic appeals, which do not '
            "specify surname, name and patronymic of the individual, information about his place of "
            "residence or the full name of the legal entity, the address of its locations is not mentioned "
            "or wrong, or information does not correspond to reality and is submitted without signature "
            "(digital signature), are considered to be anonymous and will not be examined, if they do not "
            "contain information about the planned or committed crime."
        )

    def test_every_code_has_texts_in_every_language(self):
        for codes, table in [(Ground, TEXTS[0]), (Ground, TEXTS[1]), (Note, TEXTS[2]), (Verdict, TEXTS[3])]:
            assert list(table) == list(codes)
            assert {tuple(by_language) for by_language in table.values()} == {LANGUAGES}
        assert tuple(article21.NOTICE) == LANGUAGES

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_words_of_the_law_stand_in_the_notice(self, language):
        for words in article21.LAW_WORDS.values():
            assert words[language] in article21.NOTICE[language]

    def test_texts_are_whole_sentences_in_one_spelling(self):
        for _, text in EVERY_TEXT:
            assert text == unicodedata.normalize("NFC", text) == " ".join(text.split())
        for table in (TEXTS[0], TEXTS[2], TEXTS[3]):
            for by_language in table.values():
                assert all(text.endswith(".") and text.count(".") == 1 for text in by_language.values())

    def test_no_letter_strays_between_alphabets(self):
        alphabets = {
            "tg": set("абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя"),
            "ru": set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
            "en": set("abcdefghijklmnopqrstuvwxyz"),
        }
        for language, text in EVERY_TEXT:
            assert {char for char in text.lower() if char.isalpha()} <= alphabets[language], text

    def test_codes_are_the_stored_values(self):
        assert all(code.value == code.name for code in [*Ground, *Note])
        assert {verdict.value for verdict in Verdict} == {
            "examined",
            "anonymous",
            "anonymous_crime",
            "for_officer",
        }
