"""Repeats and campaigns: joined appeals end together, each applicant with an answer of their own."""

import pytest

from appeals import casework, tracking
from appeals.models import Appeal
from tests.appeals.citizen import Citizen, values
from tests.appeals.follower import Follower
from tests.appeals.office import person, taken

pytestmark = pytest.mark.django_db
ANSWER = "Роҳ дар моҳи май таъмир карда мешавад."


@pytest.fixture
def pair(officer):
    """The main appeal, and one joined to it with its applicant."""
    main = taken(officer)
    number, code = Citizen().appeal(values(surname="Назарова", given_name="Зебо"))
    repeat = Appeal.objects.get(number=number)
    casework.register(repeat, officer)
    casework.join(repeat, officer, main)
    follower = Follower(number, code)
    follower.open()
    return main, repeat, follower


def again(appeal):
    return Appeal.objects.get(pk=appeal.pk)


def test_the_answer_comes_to_each(pair, officer):
    main, repeat, follower = pair
    assert "together with another appeal" in follower.page()
    assert main.number not in follower.page()
    casework.answer(main, officer, ANSWER)
    assert (again(main).status, again(repeat).status) == ("answered", "answered")
    assert ANSWER in follower.page()
    assert [one.journal.filter(action="answered").count() for one in (main, repeat)] == [1, 1]


def test_an_approved_answer_comes_to_each_with_its_files(pair, officer, settings):
    settings.ANSWER_SECOND_PERSON = True
    main, _repeat, follower = pair
    paper = casework.SentFile("answer", "plan.pdf", "application/pdf", b"%PDF-1.4 plan")
    casework.prepare(main, officer, ANSWER, [paper])
    casework.approve_answer(main, person("supervisor", "Appeals supervisor"))
    assert ANSWER in follower.page()
    assert "plan.pdf" in follower.page()


def test_what_is_found_of_one_does_not_end_the_other(pair, officer):
    main, repeat, _follower = pair
    casework.leave_unexamined(main, officer, "Шарҳ", "UNSIGNED")
    assert (again(main).status, again(repeat).status, again(repeat).joined_to) == ("not_examined", "registered", None)


def test_when_the_main_one_is_withdrawn_the_other_goes_on(officer):
    number, code = Citizen().appeal()
    main = Appeal.objects.get()
    casework.register(main, officer)
    repeat = taken(officer)
    casework.join(repeat, officer, main)
    casework.withdraw(main, tracking.open_case(number, code).key, "")
    assert (again(repeat).status, again(repeat).joined_to) == ("registered", None)


def test_what_cannot_be_joined(pair, officer):
    main, repeat, _follower = pair
    third, crime = taken(officer), taken(officer, crime=True, crime_what="Дуздӣ аз анбори деҳа шуд", crime_when="дирӯз")
    for one, other in ((main, main), (main, third), (third, repeat), (crime, main)):
        with pytest.raises(casework.Refused):
            casework.join(again(one), officer, again(other))
    casework.join(third, officer, again(main))


def test_a_link_is_seen_from_both_sides_and_made_once(officer):
    one, other = taken(officer), taken(officer)
    casework.link(one, officer, other)
    assert casework.linked(one) == [other.pk]
    assert casework.linked(other) == [one.pk]
    for pair in ((one, other), (other, one), (one, one)):
        with pytest.raises(casework.Refused):
            casework.link(pair[0], officer, pair[1])
