"""A draft is saved while it is typed, and continued in another browser with a code."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from appeals import drafts
from appeals.models import Draft, DraftFile
from tests.appeals.citizen import TEXT, Citizen, errors, field, picture, values

pytestmark = pytest.mark.django_db


def save(citizen, **changes):
    return citizen.client.post(citizen.url("write/save/"), values(**changes))


def later(citizen, typed=None):
    page = citizen.write((typed or values(address="")) | {"later": "1"}).content.decode()
    return re.search(r'id="code">([^<]+)', page)[1]


def resume(code, citizen=None):
    citizen = citizen or Citizen()
    return citizen, citizen.client.post(citizen.url("resume/"), {"code": code})


def test_what_is_typed_is_saved_without_being_judged():
    citizen = Citizen()
    answer = save(citizen, address="", text="Нопурра")
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["saved"])
    assert "no-store" in answer["Cache-Control"]
    page = citizen.client.get(citizen.url("write/"))
    assert field(page, "text") == "Нопурра"
    assert errors(page) == {}
    assert f"Saved at {answer.json()['saved']}" in page.content.decode()


def test_saving_keeps_the_files():
    citizen = Citizen()
    citizen.write(values(stay="1", attachments=[picture()]))
    save(citizen, text="Матни нав")
    assert "signature.png" in citizen.client.get(citizen.url("write/")).content.decode()
    assert DraftFile.objects.count() == 1


def test_saving_makes_one_draft():
    citizen = Citizen()
    for _ in range(3):
        save(citizen)
    assert Draft.objects.count() == 1


def test_what_was_sent_in_another_tab_is_not_begun_again():
    citizen = Citizen()
    citizen.appeal()
    assert save(citizen).status_code == 409
    assert citizen.receipt()


def test_saving_needs_the_form_s_token_and_a_post():
    assert Client(enforce_csrf_checks=True).post("/en/appeals/write/save/", values()).status_code == 403
    assert Client().get("/en/appeals/write/save/").status_code == 405


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_code_continues_the_draft_in_another_browser(language, client_page):
    writer = Citizen(language, client_page)
    code = later(writer, values(address="", attachments=[picture()]))
    other, answer = resume(code.lower().replace("-", " "), Citizen(language))
    assert answer["Location"] == other.url("write/")
    page = other.client.get(other.url("write/"))
    assert field(page, "text") == TEXT
    assert "signature.png" in page.content.decode()
    assert field(writer.client.get(writer.url("write/")), "text") == TEXT  # The first browser has it still.


def test_a_new_code_ends_the_one_before():
    citizen = Citizen()
    first, second = later(citizen), later(citizen)
    assert errors(resume(first)[1]).keys() == {"code"}
    assert resume(second)[1].status_code == 302


def test_a_code_opens_nothing_after_sending_or_after_its_time():
    citizen = Citizen()
    code = later(citizen)
    citizen.appeal()
    assert errors(resume(code)[1]).keys() == {"code"}
    other = Citizen()
    code = later(other)
    Draft.objects.filter(sent=False).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert errors(resume(code)[1]).keys() == {"code"}


@pytest.mark.parametrize("code", ["", "7KQ2", "7KQ2-M0XV-9T4D-AB3C-0", "0000-0000-0000-0000-0", "Ғ" * 17])
def test_a_code_that_is_none_gets_a_sentence(code):
    assert len(errors(resume(code)[1])["code"]) > 15


def test_the_database_alone_gives_no_code_and_no_draft():
    citizen = Citizen()
    code = later(citizen)
    row = Draft.objects.get()
    kept = bytes(row.box) + bytes(row.code_box) + row.code_id.encode() + row.key_id.encode()
    secret = citizen.client.cookies[drafts.COOKIE].value
    for text in (code, code.replace("-", ""), secret, TEXT[:20]):
        assert text.encode() not in kept


def test_codes_cannot_be_tried_without_end():
    citizen = Citizen()
    answers = [resume("0000-0000-0000-0000-0", citizen)[1].status_code for _ in range(25)]
    assert answers[:5] == [200] * 5
    assert 429 in answers


def test_who_has_another_draft_is_told_before_it_gets_out_of_reach():
    citizen = Citizen()
    citizen.write()
    assert "Another appeal was begun in this browser" in citizen.client.get(citizen.url("resume/")).content.decode()
    assert "Another appeal" not in Client().get("/en/appeals/resume/").content.decode()


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_draft_is_thrown_away_only_on_purpose(language, client_page):
    citizen = Citizen(language, client_page)
    code = later(citizen, values(attachments=[picture()]))
    citizen.client.get(citizen.url("erase/"))
    assert Draft.objects.count() == 1
    assert citizen.client.post(citizen.url("erase/"))["Location"] == citizen.url("") + "?erased=1"
    assert (Draft.objects.count(), DraftFile.objects.count()) == (0, 0)
    citizen.client.get(citizen.url("") + "?erased=1")
    assert field(citizen.client.get(citizen.url("write/")), "text") == ""
    assert errors(resume(code)[1]).keys() == {"code"}


def test_a_receipt_is_not_thrown_away_with_the_draft():
    citizen = Citizen()
    citizen.appeal()
    assert citizen.client.post(citizen.url("erase/"))["Location"] == citizen.url("")
    assert citizen.receipt()


def test_a_program_that_saves_without_pause_is_told_to_wait():
    citizen = Citizen()
    answers = [save(citizen) for _ in range(60)]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused["Retry-After"]) > 0
