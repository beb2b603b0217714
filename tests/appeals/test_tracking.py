"""A citizen follows an appeal with its number and code, without an account."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from appeals import casework, receipt, tracking
from appeals.desk import steps
from appeals.models import Appeal, Department, JournalEntry, Message
from tests.appeals.citizen import TEXT, Citizen, crime, errors
from tests.appeals.follower import Follower
from tests.appeals.office_routes import reveal

pytestmark = pytest.mark.django_db

FORMS = {form.NAME: form for form in steps.FORMS}
QUESTION = "Лутфан, суроғаи худро пурра нависед."
ANSWER = "Роҳи деҳа соли оянда таъмир карда мешавад."


def appeal():
    return Appeal.objects.get()


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_number_and_code_open_the_case_in_every_language(language):
    follower = Follower(*Citizen(language).appeal(), language)
    assert follower.client.get(f"/{language}/appeals/track/").status_code == 200
    assert follower.open().status_code == 302
    page = follower.page()
    assert TEXT in page
    assert follower.number in page


def test_the_code_is_taken_as_people_type_it(sent):
    for code in (sent.code.lower(), sent.code.replace("-", ""), sent.code.replace("-", " "), f" {sent.code} "):
        assert Follower(sent.number, code).open().status_code == 302, code


def test_a_slip_in_the_code_is_told_before_anything_is_looked_up(sent, django_assert_num_queries):
    wrong = ("0" if sent.code[0] != "0" else "1") + sent.code[1:]
    with django_assert_num_queries(0):
        response = sent.open(code=wrong)
    assert "slip" in errors(response)["code"]


def test_a_wrong_number_and_a_wrong_code_get_the_same_reply(sent):
    other = receipt.new_code()
    replies = [sent.open(code=other), sent.open(number="2026-999999"), sent.open(number="x" * 20, code=other)]
    assert [reply.status_code for reply in replies] == [200, 200, 200]
    texts = {reply.content.decode().partition("<main")[2].replace(other, sent.code).replace("2026-999999", sent.number)
             .replace("x" * 20, sent.number).partition("csrfmiddlewaretoken")[0] for reply in replies}  # fmt: skip
    assert len(texts) == 1
    assert "no appeal with this number and this code" in texts.pop()


def test_without_the_code_nothing_is_shown(sent):
    for page in ("", "message/"):
        assert Client().get(sent.url(page))["Location"] == "/en/appeals/track/"
    for step in ("message", "mend", "withdraw", "rate"):
        assert Client().post(sent.url(f"{step}/"), {"text": "x"})["Location"] == "/en/appeals/track/"
    assert not Message.objects.exists()


@pytest.mark.parametrize("cookie", ["", "x", "AAAA", "%00", "\xff", "A" * 4000])
def test_a_made_up_cookie_opens_nothing(sent, cookie):
    client = Client()
    client.cookies[tracking.COOKIE] = cookie
    assert client.get(sent.url())["Location"] == "/en/appeals/track/"


def test_the_case_closes_by_itself_and_at_a_press(sent, settings, monkeypatch):
    cookie = sent.client.cookies[tracking.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 1800)
    assert sent.code.encode() not in cookie.value.encode()
    later = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert sent.client.get(sent.url())["Location"] == "/en/appeals/track/"
    monkeypatch.undo()
    assert TEXT in sent.page()
    sent.do("leave")
    assert sent.client.get(sent.url())["Location"] == "/en/appeals/track/"


def test_guessing_is_stopped(sent):
    statuses = [sent.open(number="2026-000777", code=receipt.new_code()).status_code for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert Follower(sent.number, sent.code).open().status_code == 302


def test_a_network_that_guesses_many_numbers_is_stopped(sent):
    statuses = [sent.open(number=f"2026-{n:06}", code=receipt.new_code()).status_code for n in range(100, 130)]
    assert statuses[:15] == [200] * 15
    assert statuses[-5:] == [429] * 5


def test_the_wait_is_told_in_words_and_in_seconds(sent):
    for _ in range(11):
        response = sent.open(code=receipt.new_code())
    assert 100 < int(response["Retry-After"]) <= 120
    assert "Please try again in: 2 min" in response.content.decode()


def test_a_household_behind_one_address_is_not_met():
    for _ in range(5):
        follower = Follower(*Citizen().appeal())
        assert [follower.open(code=receipt.new_code()).status_code for _ in range(2)] == [200, 200]
        assert follower.open().status_code == 302


def test_every_page_may_be_stored_nowhere(sent, officer):
    casework.ask(appeal(), officer, QUESTION, "address")
    paths = ["/en/appeals/track/", "/en/appeals/verify/", sent.url(), sent.url("mend/"), sent.url("files/1/")]
    for response in [sent.client.get(path, inspect=False) for path in paths]:
        assert "no-store" in response["Cache-Control"], response.request["PATH_INFO"]
    for step in ("message", "mend", "withdraw", "rate", "leave"):
        assert "no-store" in sent.do(step)["Cache-Control"], step


def test_the_timeline_tells_each_step(sent, officer):
    casework.ask(appeal(), officer, QUESTION)
    page = sent.page()
    assert [step.action for step in tracking.open_case(sent.number, sent.code).steps] == [
        "received", "registered", "asked",
    ]  # fmt: skip
    assert QUESTION in page
    assert "opened and read" not in page


def test_the_clock_stands_still_while_the_office_waits(sent, officer):
    due = appeal().due_on
    casework.ask(appeal(), officer, QUESTION)
    Appeal.objects.update(paused_at=timezone.now() - timedelta(days=4))
    assert sent.do("message", text="Ана суроғаи ман.").status_code == 302
    assert (appeal().status, appeal().due_on) == ("registered", due + timedelta(days=4))
    assert "Ана суроғаи ман." in sent.page()


def test_an_address_is_mended_with_that_field_alone(sent, officer):
    casework.ask(appeal(), officer, QUESTION, field="address")
    wrong = sent.do("mend", region="TJ-SU", district="TJ-KT:bokhtar", address="5")
    assert set(errors(wrong)) == {"district"}
    empty = sent.do("mend", region="", district="", address="")
    assert set(errors(empty)) == {"region"}
    assert sent.do("mend", region="TJ-SU", district="TJ-SU:khujand", address="кӯчаи Ленин, 7").status_code == 302
    assert tracking.open_case(sent.number, sent.code).content.address == "кӯчаи Ленин, 7"
    assert casework.read(appeal(), officer, revealed=True).content.address == "кӯчаи Ленин, 7"
    assert appeal().status == "registered"


def test_nothing_is_mended_unasked(sent):
    sent.do("mend", region="TJ-SU", district="TJ-SU:khujand", address="кӯчаи Ленин, 7")
    assert "Nothing is to be mended now" in sent.page()
    assert not Message.objects.exists()


def test_an_empty_message_is_told_beside_its_field(sent):
    assert errors(sent.do("message", text="  ")) == {"text": "Error: Write your message."}


def test_what_is_written_is_stored_encrypted(sent):
    sent.do("message", text="Маълумоти иловагӣ")
    assert all("Маълумоти".encode() not in bytes(message.box) for message in Message.objects.all())


def test_the_messages_of_one_applicant_are_bounded(sent, monkeypatch):
    monkeypatch.setattr("appeals.casework.replies.MOST_MESSAGES", 2)
    for number in range(3):
        sent.do("message", text=f"Паёми {number}")
    assert Message.objects.count() == 2
    assert "too many messages" in sent.page()


def test_an_appeal_is_withdrawn_only_on_purpose(sent):
    assert errors(sent.do("withdraw", reason="")) == {"sure": "Error: Tick this to withdraw the appeal."}
    assert sent.do("withdraw", reason="Масъала ҳал шуд", sure="on").status_code == 302
    assert appeal().status == "withdrawn"
    sent.do("message", text="Боз як чиз")
    assert "This case has ended." in sent.page()


def test_an_appeal_that_tells_of_a_crime_is_not_withdrawn():
    follower = Follower(*Citizen().appeal(crime()))
    follower.open()
    assert "withdraw" not in follower.page()
    follower.do("withdraw", reason="", sure="on")
    assert appeal().status == "received"


def test_the_answer_is_read_and_judged(sent, officer):
    casework.answer(appeal(), officer, ANSWER)
    page = sent.page()
    assert ANSWER in page
    assert "Did this answer you?" in page
    sent.do("rate", helped="yes")
    assert (appeal().status, appeal().satisfied) == ("answered", True)
    assert "Did this answer you?" not in sent.page()


def test_an_answer_that_did_not_help_opens_the_case_again(sent, officer):
    casework.answer(appeal(), officer, ANSWER)
    sent.do("rate", helped="no", missing="Кадом моҳ?")
    assert (appeal().status, appeal().satisfied, appeal().ended_at) == ("registered", False, None)
    assert appeal().due_on == timezone.localdate() + timedelta(days=30)
    assert "Кадом моҳ?" in sent.page()


def test_after_the_window_the_answer_is_judged_no_more(sent, officer):
    casework.answer(appeal(), officer, ANSWER)
    Appeal.objects.update(ended_at=timezone.now() - timedelta(days=31))
    sent.do("rate", helped="no", missing="Кадом моҳ?")
    assert appeal().status == "answered"
    assert "time to judge the answer is over" in sent.page()


def test_an_appeal_from_before_codes_opened_anything_is_not_found_instead_of_breaking_the_page(sent):
    Appeal.objects.update(sealed_to_code=b"")
    assert "no appeal" in sent.open().content.decode()


def test_a_lost_code_is_replaced_after_proof_and_the_old_one_opens_nothing(sent, registrar):
    with pytest.raises(casework.Refused):
        casework.replace_code(appeal(), registrar, " ")
    code = casework.replace_code(appeal(), registrar, "Шиноснома А 1234567")
    assert sent.client.get(sent.url())["Location"] == "/en/appeals/track/"
    assert "no appeal" in sent.open().content.decode()
    follower = Follower(sent.number, code)
    follower.open()
    assert TEXT in follower.page()
    assert "1234567" not in follower.page()
    assert "1234567" not in str(list(JournalEntry.objects.values()))


def test_an_officer_asks_and_answers_in_the_admin(sent, officer, client):
    client.force_login(officer)
    url = f"/admin/appeals/appeal/{appeal().pk}/"
    assert client.post(f"{url}step/", {"step": "ask", "field": "address", "text": QUESTION}).status_code == 302
    assert QUESTION in sent.page()
    sent.do("mend", region="TJ-SU", district="TJ-SU:khujand", address="кӯчаи Ленин, 7")
    reveal(client, appeal())
    assert "кӯчаи Ленин, 7" in client.get(f"{url}change/").content.decode()
    refused = client.post(f"{url}step/", {"step": "answer", "text": ""})
    assert refused.status_code == 200
    assert appeal().status == "registered"
    client.post(f"{url}step/", {"step": "answer", "text": ANSWER, "department": " "})
    assert ANSWER in sent.page()
    late = client.post(f"{url}step/", {"step": "ask", "text": "Боз як савол"})
    assert "Боз як савол" in late.content.decode()


@pytest.mark.parametrize("step", ["assign", "ask", "extend", "answer", "leave_unexamined", "replace_code"])
def test_staff_of_the_press_cannot_take_a_step(step, sent, client, django_user_model):
    editor = django_user_model.objects.create_user("editor", is_staff=True)
    client.force_login(editor)
    typed = {
        "text": "x",
        "department": Department.objects.create(name_tg="Раёсат").pk,
        "more_days": 1,
        "ground": "other",
    }
    typed = {"step": step} | {name: typed[name] for name in FORMS[step].base_fields if name in typed}
    assert client.post(f"/admin/appeals/appeal/{appeal().pk}/step/", typed).status_code == 403
    assert appeal().status == "registered"
