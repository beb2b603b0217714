"""Rows 13, 14, 20, 22 and 23 of the decision table: what only an officer finds, and how it is judged then."""

from dataclasses import replace

import pytest
from django.utils import timezone

from appeals import article21, casework, people
from appeals.models import Appeal, JournalEntry, Message
from tests.appeals.citizen import Citizen, crime, values
from tests.appeals.follower import Follower
from tests.appeals.office import authority, taken

pytestmark = pytest.mark.django_db
FOUND = "Феҳристи аҳолии шаҳри Хуҷанд: чунин шахс нест."
NOBODY = {"surname": "", "given_name": "", "patronymic": "", "region": "", "district": "", "address": ""}
CRIME = {
    "crime": True,
    "crime_what": "Дуздии маводи сохтмонӣ аз анбор",
    "crime_when": "шаби 12 ноябр",
    "crime_where": "Хуҷанд",
}


def again(appeal):
    return Appeal.objects.get(pk=appeal.pk)


def ruled(appeal):
    row = again(appeal)
    return row.verdict, sorted(row.grounds)


@pytest.mark.parametrize(
    ("reading", "typed", "verdict"),
    [
        ("each", {}, "anonymous"),  # row 13
        ("together", {}, "for_officer"),  # row 13, signed by hand
        ("each", CRIME, "anonymous_crime"),  # row 21
    ],
)
def test_refuted_data_make_an_appeal_anonymous(reading, typed, verdict, officer, settings):
    settings.ARTICLE21_READING = reading
    appeal = taken(officer, **typed)
    casework.find_untrue(appeal, officer, FOUND)
    assert ruled(appeal) == (verdict, ["DATA_UNTRUE"])
    assert again(appeal).status == "registered"  # It does not end by this.
    assert FOUND not in str(list(JournalEntry.objects.values()))
    assert all(FOUND.encode() not in bytes(message.box) for message in Message.objects.all())


def test_refuted_data_beside_a_certificate_are_for_an_officer(officer):
    """Row 14: no program settles a certificate against a finding."""
    facts = people.Person.of(values()).facts(article21.Signature.DIGITAL)
    assert article21.assess(replace(facts, truth=article21.Truth.REFUTED)).verdict == "for_officer"


def test_mended_data_are_judged_as_new(officer):
    number, code = Citizen().appeal()
    appeal = Appeal.objects.get()
    casework.register(appeal, officer)
    casework.find_untrue(appeal, officer, FOUND)
    casework.ask(appeal, officer, "Суроғаро дуруст кунед.", "address")
    follower = Follower(number, code)
    follower.open()
    follower.do("mend", region="TJ-SU", district="TJ-SU:khujand", address="кӯчаи Сомонӣ, 7")
    assert ruled(appeal) == ("examined", [])
    assert again(appeal).truth_refuted is False


@pytest.mark.parametrize("typed", [CRIME, {}])
def test_a_crime_is_confirmed_whether_its_writer_said_so_or_not(typed, officer):
    appeal = taken(officer, sign=not typed, **(typed and NOBODY | typed))
    casework.confirm_crime(appeal, officer, FOUND)
    row = again(appeal)
    assert (row.crime, row.status, row.crime_handed_at) == ("confirmed", "registered", None)
    assert row.crime_confirmed_at
    assert ruled(appeal)[0] == ("anonymous_crime" if typed else "examined")  # rows 22 and 24
    police = authority("Вазорати корҳои дохилӣ", takes_crime=True)
    casework.forward(appeal, officer, [police], "Лутфан тафтиш кунед.")
    assert again(appeal).crime_handed_at
    assert appeal.forwardings.get().for_crime


def test_a_confirmed_crime_is_handed_over_in_the_same_act(officer):
    appeal = taken(officer)
    police, other = authority("Вазорати корҳои дохилӣ", takes_crime=True), authority()
    with pytest.raises(casework.Refused, match="does not take"):
        casework.confirm_crime(appeal, officer, FOUND, other)
    entries = appeal.journal.count()
    casework.confirm_crime(appeal, officer, FOUND, police)
    row = again(appeal)
    assert (row.status, row.crime) == ("forwarded", "confirmed")
    assert timezone.now() >= row.crime_handed_at >= row.crime_confirmed_at
    assert row.journal.count() == entries + 1


def test_an_unfounded_crime_leaves_what_there_is_without_it(officer):
    """Row 23: as the row without crime; only then can it be left without examination."""
    appeal = taken(officer, sign=False, **NOBODY, **CRIME)
    assert appeal.verdict == "anonymous_crime"
    with pytest.raises(casework.Refused):
        casework.leave_unexamined(appeal, officer, "Шарҳ", "UNSIGNED")
    casework.refute_crime(appeal, officer, FOUND)
    assert ruled(appeal) == ("anonymous", ["NAME_MISSING", "RESIDENCE_MISSING", "UNSIGNED"])
    casework.leave_unexamined(appeal, officer, "Шарҳ", "UNSIGNED")
    assert again(appeal).status == "not_examined"


def test_what_was_ruled_is_not_claimed_again_by_mending(officer):
    number, code = Citizen().appeal(crime(), sign=False)
    appeal = Appeal.objects.get()
    casework.register(appeal, officer)
    casework.refute_crime(appeal, officer, FOUND)
    casework.ask(appeal, officer, "Суроғаи пурра?", "address")
    follower = Follower(number, code)
    follower.open()
    follower.do("mend", region="TJ-SU", district="TJ-SU:khujand", address="кӯчаи Сомонӣ, 7")
    assert ruled(appeal) == ("anonymous", ["NAME_MISSING", "UNSIGNED"])


def test_leaving_for_untrue_data_is_stored_in_the_assessment(officer):
    appeal = taken(officer)
    casework.leave_unexamined(appeal, officer, "Шарҳ", "DATA_UNTRUE", FOUND)
    assert ruled(appeal) == ("anonymous", ["DATA_UNTRUE"])
    assert appeal.journal.last().detail["verdict"] == "anonymous"


@pytest.mark.parametrize("step", [casework.confirm_crime, casework.refute_crime, casework.find_untrue])
def test_a_finding_needs_its_reason(step, officer):
    appeal = taken(officer, sign=False, **NOBODY, **CRIME)
    with pytest.raises(casework.Refused):
        step(appeal, officer, " ")
