"""Entering for others: by telephone, by post and at the reception, into the same queue, once, with a receipt."""

import re
import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from appeals import article21, casework, tracking
from appeals.choices import SignedHow
from appeals.content import Content
from appeals.models import Appeal, Draft, DraftFile, JournalEntry
from tests.appeals.citizen import TEXT, errors, field, pdf_text, picture, values
from tests.appeals.follower import Follower
from tests.intruder import owning_the_database

pytestmark = pytest.mark.django_db
ENTER = "/admin/appeals/appeal/enter/"
COUPON = ENTER + "coupon/"


@pytest.fixture
def operator(db):
    user = User.objects.create_user("operator", is_staff=True, first_name="Фарзона", last_name="Ҳакимова")
    user.groups.add(Group.objects.get(name="Appeals operator"))
    return user


@pytest.fixture
def desk(client, operator):
    """A browser of the operator, in English."""
    client.force_login(operator)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def page_of(response) -> str:
    return re.search(r'name="page" value="([^"]+)"', response.content.decode())[1]


def typed(client, **changes) -> dict:
    """What an operator types on a page that was just opened."""
    moment = timezone.localtime(timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    own = {"page": page_of(client.get(ENTER)), "channel": "telephone", "received_at": moment, "signed": "none"}
    own |= {"language": "tg", "enter": "1", "next": None}
    return values(**(own | changes))


def receipt(response) -> tuple[str, str]:
    page = response.content.decode()
    return re.search(r'id="number">([^<]+)', page)[1], re.search(r'id="code">([^<]+)', page)[1]


def test_what_is_entered_joins_the_queue_and_its_code_opens_it(desk, officer):
    number, code = receipt(desk.post(ENTER, typed(desk)))
    appeal = Appeal.objects.get()
    assert (appeal.number, appeal.status, appeal.channel) == (number, "received", "telephone")
    assert appeal.entered_by.username == "operator"
    assert timedelta(minutes=59) < timezone.now() - appeal.received_at < timedelta(minutes=62)
    assert tracking.open_case(number, code).content.text == TEXT
    steps = list(appeal.journal.values_list("action", "actor__username", "detail"))
    assert steps == [
        ("received", None, {"digest": appeal.digest}),
        ("entered", "operator", {"channel": "telephone", "signed": "none"}),
    ]
    assert casework.chain_is_whole(appeal)
    casework.register(appeal, officer)
    assert casework.read(appeal, officer, revealed=True).content.sender == "Раҳимов Ҷамшед Қосимович"


def test_the_code_is_kept_in_no_address_session_message_or_cookie(desk):
    response = desk.post(ENTER, typed(desk))
    _number, code = receipt(response)
    assert response.status_code == 200  # No redirect: the code is on this page.
    assert "no-store" in response["Cache-Control"]
    assert code not in str(dict(desk.session)) + str(desk.cookies)
    assert code not in desk.get(ENTER).content.decode()


@pytest.mark.parametrize(
    ("channel", "signed", "scan", "verdict", "fault"),
    [
        ("telephone", "none", False, "anonymous", None),
        ("telephone", "paper", True, None, "signed"),
        ("telephone", "coupon", False, None, "signed"),
        ("post", "paper", True, "examined", None),
        ("post", "paper", False, None, "attachments"),
        ("post", "none", True, "anonymous", None),
        ("post", "coupon", True, None, "signed"),
        ("reception", "paper", True, "examined", None),
        ("reception", "coupon", False, "examined", None),
        ("reception", "none", False, "anonymous", None),
        ("web", "none", False, None, "channel"),
    ],
)
def test_the_assessment_follows_from_the_way_it_came_and_how_it_is_signed(desk, channel, signed, scan, verdict, fault):
    files = {"attachments": [picture(kind="JPEG")]} if scan else {}
    response = desk.post(ENTER, typed(desk, channel=channel, signed=signed, **files))
    if fault:
        assert fault in errors(response)
        assert not Appeal.objects.exists()
        return
    appeal = Appeal.objects.get()
    assert appeal.verdict == verdict
    assert appeal.grounds == (["UNSIGNED"] if signed == "none" else [])
    assert appeal.files.count() == scan
    # Registered like any other: an officer decides on it.
    assert appeal.held == ""


def test_the_rule_is_kept_beneath_the_form_too(operator):
    content = Content.of(values(crime=False))
    now = timezone.now()
    for arrival in (
        casework.Arrival("web", now, SignedHow.NONE, "tg"),
        casework.Arrival("telephone", now, SignedHow.PAPER, "tg"),
        casework.Arrival("post", now, SignedHow.PAPER, "tg"),
        casework.Arrival("post", now + timedelta(minutes=5), SignedHow.NONE, "tg"),
        casework.Arrival("post", now - timedelta(days=366), SignedHow.NONE, "tg"),
    ):
        with pytest.raises(casework.Refused):
            casework.enter(content, [], operator, arrival)
    with pytest.raises(PermissionDenied):
        casework.enter(content, [], User.objects.create_user("stranger"), casework.Arrival("post", now, "none", "tg"))
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("days", [-1, 366])
def test_the_day_is_neither_in_the_future_nor_long_ago(desk, days):
    moment = timezone.localtime(timezone.now() - timedelta(days=days)).strftime("%d.%m.%Y %H:%M")
    response = desk.post(ENTER, typed(desk, received_at=moment))
    assert "received_at" in errors(response)
    assert field(response, "text") == TEXT


def test_somebody_without_name_and_address_is_taken_too(desk):
    nobody = {"surname": "", "given_name": "", "patronymic": "", "region": "", "district": "", "address": ""}
    desk.post(ENTER, typed(desk, **nobody))
    appeal = Appeal.objects.get()
    assert appeal.verdict == "anonymous"
    assert appeal.grounds == ["NAME_MISSING", "RESIDENCE_MISSING", "UNSIGNED"]


def test_its_applicant_reads_that_an_officer_decides(desk):
    citizen = Follower(*receipt(desk.post(ENTER, typed(desk))))
    page = citizen.client.get(citizen.open()["Location"]).content.decode()
    assert article21.VERDICT_TEXTS["for_officer"]["en"] in page
    assert article21.VERDICT_TEXTS["anonymous"]["en"] not in page


def test_who_gave_an_address_gets_the_letter_in_his_language(desk):
    number, code = receipt(desk.post(ENTER, typed(desk, email="jamshed@example.tj", language="ru")))
    letter = mail.outbox[0]
    assert letter.to == ["jamshed@example.tj"]
    assert number in letter.subject and "/ru/appeals/track/" in letter.body
    assert code not in letter.subject + letter.body


def test_wrong_input_keeps_what_was_typed_and_the_files(desk):
    sent = typed(desk, kind="", channel="post", signed="paper", attachments=[picture(kind="JPEG")])
    response = desk.post(ENTER, sent)
    assert set(errors(response)) == {"kind"}
    for name in ("surname", "text", "address", "region"):
        assert field(response, name) == sent[name]
    assert field(response, "channel") == "post"
    assert "signature.jpeg" in response.content.decode()
    again = sent | {"page": page_of(response), "kind": "complaint"}
    del again["attachments"]
    receipt(desk.post(ENTER, again))
    appeal = Appeal.objects.get()
    assert (appeal.kind, appeal.files.count(), appeal.verdict) == ("complaint", 1, "examined")
    assert not DraftFile.objects.exists()  # The scan is in the appeal alone.


def test_a_file_can_be_taken_out_again(desk):
    response = desk.post(ENTER, typed(desk, kind="", attachments=[picture(kind="JPEG")]))
    file = DraftFile.objects.get()
    response = desk.post(ENTER, typed(desk) | {"page": page_of(response), "remove": str(file.pk)})
    assert "signature.jpeg" not in response.content.decode()
    assert field(response, "text") == TEXT
    assert not DraftFile.objects.exists() and not Appeal.objects.exists()


def test_what_cannot_be_taken_is_named(desk):
    program = picture()
    program = type(program)(b"MZ" + b"\0" * 100)
    program.name = "run.exe"
    response = desk.post(ENTER, typed(desk, attachments=[program]))
    assert "run.exe" in errors(response)["attachments"]
    assert not Appeal.objects.exists()


def test_the_same_page_sent_twice_makes_one_appeal(desk):
    sent = typed(desk)
    first, second = receipt(desk.post(ENTER, sent)), receipt(desk.post(ENTER, sent))
    assert first == second
    assert Appeal.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs rows that are locked one by one")
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_appeal(desk):
    sent, found = typed(desk), []

    def press():
        browser = Client(HTTP_ACCEPT_LANGUAGE="en")
        browser.cookies = desk.cookies
        found.append(receipt(browser.post(ENTER, sent)))
        connection.close()

    clicks = [threading.Thread(target=press) for _ in range(4)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(found) == 4 and len(set(found)) == 1
    assert Appeal.objects.count() == 1


def test_the_same_words_within_the_hour_are_asked_about(desk):
    number, _code = receipt(desk.post(ENTER, typed(desk)))
    response = desk.post(ENTER, typed(desk, text=TEXT.upper() + "  "))
    assert number in response.content.decode()
    assert Appeal.objects.count() == 1
    assert field(response, "surname") == "Раҳимов"
    receipt(desk.post(ENTER, typed(desk) | {"page": page_of(response), "again": "on"}))
    assert Appeal.objects.count() == 2
    receipt(desk.post(ENTER, typed(desk, surname="Саидов")))  # Another person.


def test_a_page_of_somebody_else_or_of_yesterday_is_asked_for_anew(desk, officer, settings):
    sent = typed(desk)
    other = Client(HTTP_ACCEPT_LANGUAGE="en")
    other.force_login(officer)
    for client in (other, desk):
        response = client.post(ENTER, sent)
        assert "too old" in response.content.decode()
        assert field(response, "text") == TEXT
        settings.DRAFT_HOURS = 0
    assert not Appeal.objects.exists() and not Draft.objects.exists()


def test_the_coupon_is_in_the_visitors_language_and_names_nobody(desk):
    response = desk.post(ENTER, typed(desk, channel="reception", signed="coupon", language="ru"))
    number, code = receipt(response)
    coupon = desk.post(COUPON, {"page": page_of(response)})
    assert coupon["Content-Type"] == "application/pdf"
    text = pdf_text(coupon.content)
    grouped = " ".join(re.findall(".{8}", Appeal.objects.get().digest))
    for part in (number, code, grouped, "Ваше обращение принято", "Фарзона Ҳакимова", "/ru/appeals/track/"):
        assert part in text
    assert text.count(code) == 1  # Not on the part that the office keeps.
    assert "Раҳимов" not in text and TEXT[:20] not in text


def test_after_an_hour_the_code_can_be_seen_no_more(desk, monkeypatch):
    sent = typed(desk)
    _number, code = receipt(desk.post(ENTER, sent))
    monkeypatch.setattr("appeals.drafts.RECEIPT_MINUTES", 0)
    late = desk.post(ENTER, sent)
    assert receipt(late)[1] == "can be seen no more"
    assert code not in late.content.decode()
    assert "no more" in desk.post(COUPON, {"page": sent["page"]}, follow=True).content.decode()
    assert Appeal.objects.count() == 1


def test_an_operator_sees_numbers_and_times_alone(desk, operator):
    number, _code = receipt(desk.post(ENTER, typed(desk)))
    appeal = Appeal.objects.get()
    for page in (desk.get(ENTER), desk.get("/admin/")):
        assert "Раҳимов" not in page.content.decode() and TEXT not in page.content.decode()
    assert number in desk.get(ENTER).content.decode()
    assert ENTER in desk.get("/admin/").content.decode()
    for address in ("", f"{appeal.pk}/change/", f"{appeal.pk}/files/1/"):
        assert desk.get(f"/admin/appeals/appeal/{address}").status_code in {302, 403, 404}
    with owning_the_database():
        JournalEntry.objects.filter(action="entered").update(at=timezone.now() - timedelta(days=2))
    assert number not in desk.get(ENTER).content.decode()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("Appeals operator", True),
        ("Appeals officer", True),
        ("Appeals supervisor", True),
        ("Auditor", False),
        ("Press editor", False),
    ],
)
def test_who_may_enter(role, may):
    user = User.objects.create_user("someone", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    assert client.get(ENTER).status_code == (200 if may else 403)
    assert client.post(ENTER, {}).status_code == (200 if may else 403)
    assert client.post(COUPON, {}).status_code == (302 if may else 403)


def test_entering_needs_the_token_of_the_page(operator):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator)
    assert strict.post(ENTER, {}).status_code == 403


def test_a_group_is_entered_with_all_its_people(desk):
    group = {"applicant": "group", "with-0-surname": "Саидов", "with-0-given_name": "Али"}
    response = desk.post(ENTER, typed(desk, **group, add_person="1", enter=None))
    assert 'name="with-1-surname"' in response.content.decode()
    assert field(response, "with-0-surname") == "Саидов"
    receipt(desk.post(ENTER, typed(desk, **group) | {"page": page_of(response)}))
    assert Appeal.objects.get().applicant == "group"
