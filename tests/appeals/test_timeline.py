"""What the office does is told to the applicant in a sentence with its detail, and to the office in the same words."""

import html
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from appeals import article21, casework
from appeals.models import Appeal, Department, Message
from tests.appeals.citizen import Citizen, crime
from tests.appeals.follower import Follower

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
DEPARTMENT = "Раёсати кор бо муроҷиатҳои шаҳрвандон"
REASON = "Аз Ҷомеъаи деҳа маълумот дархост шуд."
CHECKED = "Феҳристи аҳолии шаҳри Хуҷанд"


def appeal():
    return Appeal.objects.get()


def department():
    return Department.objects.create(name_tg=DEPARTMENT, name_ru=DEPARTMENT, name_en=DEPARTMENT)


def day(moment):
    return date_format(moment)


def text(page):
    return html.unescape(page)


def office_page(client, officer):
    client.force_login(officer)
    response = client.get(f"/admin/appeals/appeal/{appeal().pk}/change/", headers={"Accept-Language": "en"})
    return text(response.content.decode())


def test_both_sides_read_who_works_on_it_and_since_when(sent, officer, client):
    casework.assign(appeal(), officer, department())
    with translation.override("en"):
        said = f"With {DEPARTMENT} since {day(timezone.localdate())}."
    assert sent.page().count(said) == 2  # As the state, and in the timeline.
    assert said in office_page(client, officer)


def test_the_term_is_extended_for_a_reason_that_is_stored_encrypted(sent, officer, client):
    due = appeal().due_on + timedelta(days=15)
    casework.extend(appeal(), officer, 15, REASON)
    assert appeal().due_on == due
    with translation.override("en"):
        said = f"The term was extended until {day(due)}, because: {REASON}"
    assert said in text(sent.page())
    assert said in office_page(client, officer)
    assert REASON not in str(list(appeal().journal.values()))
    assert all(REASON.encode() not in bytes(message.box) for message in Message.objects.all())


def test_extensions_end_at_the_limit_however_they_are_cut_up(sent, officer, settings):
    settings.APPEAL_EXTEND_DAYS = 20
    due = appeal().due_on
    casework.extend(appeal(), officer, 12, REASON)
    for days, reason in ((9, REASON), (0, REASON), (-5, REASON), (3, " ")):
        with pytest.raises(casework.Refused):
            casework.extend(appeal(), officer, days, reason)
    casework.extend(appeal(), officer, 8, REASON)
    assert appeal().due_on == due + timedelta(days=20)
    with pytest.raises(casework.Refused, match="0"):
        casework.extend(appeal(), officer, 1, REASON)


def test_a_case_that_is_opened_again_may_be_extended_anew(sent, officer):
    casework.extend(appeal(), officer, 30, REASON)
    casework.answer(appeal(), officer, "Ҷавоб")
    sent.do("rate", helped="no", missing="Кай?")
    casework.extend(appeal(), officer, 30, REASON)
    assert casework.days_extended(appeal()) == 30


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("ground", article21.Ground)
def test_each_ground_is_told_in_its_words_and_those_of_the_law(ground, language, officer):
    follower = Follower(*Citizen(language).appeal(), language)
    casework.register(appeal(), officer)
    casework.leave_unexamined(appeal(), officer, "Шарҳ", ground, CHECKED)
    follower.open()
    page = text(follower.page())
    assert article21.GROUND_TEXTS[ground][language] in page
    assert article21.LAW_WORDS[ground][language] in page
    assert appeal().journal.last().detail["ground"] == ground


def test_another_reason_is_in_the_message_alone(sent, officer):
    casework.leave_unexamined(appeal(), officer, "Ҳамин муроҷиат қаблан баррасӣ шудааст.")
    page = text(sent.page())
    assert "for the reason that the office’s message gives" in page
    assert "Ҳамин муроҷиат қаблан" in page
    assert "қаблан" not in str(list(appeal().journal.values()))


def test_untrue_data_are_found_only_with_what_was_checked(sent, officer):
    with pytest.raises(casework.Refused):
        casework.leave_unexamined(appeal(), officer, "Шарҳ", article21.Ground.DATA_UNTRUE, " ")
    assert appeal().status == "registered"
    casework.leave_unexamined(appeal(), officer, "Шарҳ", article21.Ground.DATA_UNTRUE, CHECKED)
    assert CHECKED in sent.page()
    assert CHECKED not in str(list(appeal().journal.values()))


@pytest.mark.parametrize("state", ["claimed", "confirmed"])
def test_an_appeal_that_tells_of_a_crime_is_not_left_unexamined_as_anonymous(state, officer):
    Citizen().appeal(crime(), sign=False)
    casework.register(appeal(), officer)
    Appeal.objects.update(crime=state)
    with pytest.raises(casework.Refused):
        casework.leave_unexamined(appeal(), officer, "Шарҳ", article21.Ground.UNSIGNED)
    assert appeal().status == "registered"
    Appeal.objects.update(crime="unfounded")
    casework.leave_unexamined(appeal(), officer, "Шарҳ", article21.Ground.UNSIGNED)
    assert appeal().status == "not_examined"


def test_a_second_answer_is_judged_like_the_first(sent, officer):
    casework.answer(appeal(), officer, "Ҷавоб")
    sent.do("rate", helped="no", missing="Кай?")
    casework.answer(appeal(), officer, "Моҳи май.")
    assert "Did this answer you?" in sent.page()
    sent.do("rate", helped="yes")
    assert appeal().satisfied is True


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_every_state_has_a_page_text_of_its_own(language, officer):
    """Examined, for an officer, anonymous with a crime: and what came of it."""
    told = set()
    for verdict in ("examined", "for_officer", "anonymous_crime"):
        follower = Follower(*Citizen(language).appeal(), language)
        Appeal.objects.filter(number=follower.number).update(verdict=verdict)
        follower.open()
        words = article21.VERDICT_TEXTS[article21.Verdict(verdict)][language]
        assert words in text(follower.page())
        told.add(words)
    assert len(told) == 3


def test_an_officer_takes_each_step_in_the_admin(sent, officer, client):
    client.force_login(officer)
    url = f"/admin/appeals/appeal/{appeal().pk}/step/"
    for typed in (
        {"step": "assign", "department": department().pk},
        {"step": "extend", "more_days": "5", "text": REASON},
        {"step": "ask", "field": "signature", "text": "Лутфан имзо кунед.", "days": "7"},
        {"step": "leave_unexamined", "ground": "UNSIGNED", "text": "Имзо нест.", "checked": ""},
    ):
        assert client.post(url, typed).status_code == 302, typed
    assert list(appeal().journal.exclude(action="opened").values_list("action", flat=True)) == [
        "received", "registered", "assigned", "extended", "asked", "not_examined",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        {"step": "answer", "text": "Ҷавоб", "department": "1"},
        {"step": "assign", "text": "Ба кӣ?"},
        {"step": "ask", "text": "Савол", "ground": "UNSIGNED"},
    ],
)
def test_what_does_not_belong_to_a_step_is_not_dropped_silently(typed, sent, officer, client):
    client.force_login(officer)
    address = f"/admin/appeals/appeal/{appeal().pk}/step/"
    page = client.post(address, typed, headers={"Accept-Language": "en"}).content.decode()
    assert "does not belong to this step" in page
    assert appeal().status == "registered"
    assert appeal().journal.last().action == "opened"


def test_a_step_that_there_is_not_is_not_found(sent, officer, client):
    client.force_login(officer)
    assert client.post(f"/admin/appeals/appeal/{appeal().pk}/step/", {"step": "erase"}).status_code == 404


def test_only_the_steps_that_can_be_taken_now_are_offered(sent, officer, client):
    page = office_page(client, officer)
    assert 'name="step" value="answer"' in page
    assert 'value="replace_code"' not in page  # Not this officer's.
    casework.answer(appeal(), officer, "Ҷавоб")
    assert 'name="step" value="answer"' not in office_page(client, officer)
