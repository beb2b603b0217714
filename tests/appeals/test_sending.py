"""A citizen's way: rules, write, check, receipt."""

import re

import pytest
from captcha.models import CaptchaStore
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appeals import article21, casework, drafts
from appeals.models import Appeal, AppealFile, Draft, DraftFile
from tests.appeals.citizen import TEXT, Citizen, crime, entity, errors, field, picture, values

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_an_appeal_is_taken_in_every_language(language, officer):
    citizen = Citizen(language)
    rules = citizen.client.get(citizen.url(""))
    assert article21.NOTICE[language] in rules.content.decode().replace("&quot;", '"')
    number, _code = citizen.appeal()
    assert re.fullmatch(rf"{timezone.localdate().year}-000001", number)
    appeal = Appeal.objects.get()
    assert (appeal.number, appeal.language, appeal.verdict, appeal.grounds) == (number, language, "examined", [])
    opened = casework.read(appeal, officer, revealed=True)
    assert opened.content.sender == "Раҳимов Ҷамшед Қосимович"
    assert opened.content.text == TEXT
    assert [file["role"] for file in opened.files] == ["signature"]


def test_a_legal_entity_sends_an_appeal_with_an_attachment(officer):
    citizen = Citizen()
    pdf = picture()
    pdf.name = "нақша.png"
    citizen.appeal(entity(representative="Саидова М., директор", attachments=[pdf]))
    opened = casework.read(Appeal.objects.get(), officer, revealed=True)
    assert opened.content.sender == "ҶДММ «Сомон»"
    assert [(file["role"], file["name"]) for file in opened.files] == [
        ("attachment", "нақша.png"),
        ("signature", "signature.png"),
    ]


def test_an_appeal_from_abroad_names_the_country(officer):
    Citizen().appeal(values(region="abroad", district="", country="Федератсияи Русия", address="Москва, Ленин 1"))
    appeal = Appeal.objects.get()
    assert casework.read(appeal, officer, revealed=True).content.residence("tg") == "Федератсияи Русия, Москва, Ленин 1"
    assert appeal.region == "abroad"


def test_a_missing_residence_is_refused_beside_its_fields_and_can_be_mended():
    citizen = Citizen()
    response = citizen.write(values(region="", district="", address=""))
    assert response.status_code == 200
    assert set(errors(response)) == {"region", "district", "address"}
    assert field(response, "text") == TEXT
    assert field(response, "surname") == "Раҳимов"
    assert citizen.write(values()).status_code == 302


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"surname": ""}, {"surname"}),
        ({"patronymic": ""}, {"patronymic"}),
        ({"given_name": "Ҷ."}, {"given_name"}),
        ({"surname": "", "given_name": "", "patronymic": ""}, {"surname", "given_name", "patronymic"}),
        (
            {"surname": "аноним", "given_name": "аноним", "patronymic": "аноним"},
            {"surname", "given_name", "patronymic"},
        ),
        ({"surname": "Раҳимов1"}, {"surname"}),
        ({"district": "TJ-KT:kulob"}, {"district"}),
        ({"district": ""}, {"district"}),
        ({"address": ""}, {"address"}),
        ({"address": " -- "}, {"address"}),
        ({"region": "abroad", "country": ""}, {"country"}),
    ],
)
def test_each_ground_stands_beside_the_field_that_mends_it(changes, fields):
    response = Citizen().write(values(**changes))
    assert response.status_code == 200
    assert set(errors(response)) == fields


@pytest.mark.parametrize(
    ("changes", "fields"), [({"entity_name": ""}, {"entity_name"}), ({"address": ""}, {"address"})]
)
def test_a_legal_entity_needs_its_name_and_address(changes, fields):
    assert set(errors(Citizen().write(entity(**changes)))) == fields


@pytest.mark.parametrize(
    "changes",
    [
        {"patronymic": "", "no_patronymic": "on"},
        {"surname": "Сӯҳроб", "given_name": "", "patronymic": "", "single_name": "on"},
        {"surname": "О", "given_name": "Ян", "patronymic": "Ли-Вэй"},
        {"surname": "O’Brien", "given_name": "John", "patronymic": "ибн Ҳасан"},
    ],
)
def test_nobody_real_is_refused(changes):
    assert Citizen().write(values(**changes)).status_code == 302


def test_an_unsigned_appeal_is_refused_beside_the_signature():
    citizen = Citizen()
    citizen.write()
    response = citizen.send()
    assert set(errors(response)) == {"signature"}
    assert not Appeal.objects.exists()


def test_an_anonymous_appeal_about_a_crime_is_taken_and_told_so():
    citizen = Citizen()
    citizen.write(crime())
    page = citizen.client.get(citizen.url("check/")).content.decode()
    assert article21.VERDICT_TEXTS["anonymous_crime"]["en"] in page
    assert "112" in page
    citizen.appeal(crime(), sign=False)
    appeal = Appeal.objects.get()
    assert appeal.verdict == "anonymous_crime"
    assert appeal.crime == "claimed"
    assert appeal.grounds == ["NAME_MISSING", "RESIDENCE_MISSING", "UNSIGNED"]
    assert "112" in citizen.client.get(citizen.url("receipt/")).content.decode()


def test_crime_information_says_what_when_and_where():
    response = Citizen().write(crime(crime_what="дуздӣ", crime_when="", crime_where=""))
    assert set(errors(response)) == {"crime_what"}


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_wrong_captcha_loses_neither_text_nor_signature(language):
    citizen = Citizen(language)
    citizen.write()
    response = citizen.client.post(
        citizen.url("check/"), citizen.captcha(wrong=True) | {"send": "1", "signature": picture()}
    )
    assert set(errors(response)) == {"captcha"}
    assert TEXT in response.content.decode()
    assert DraftFile.objects.count() == 1
    assert citizen.send().status_code == 302
    assert AppealFile.objects.get().role == "signature"


def test_an_expired_captcha_is_told_kindly():
    citizen = Citizen()
    citizen.write()
    data = citizen.captcha() | {"send": "1", "signature": picture()}
    CaptchaStore.objects.update(expiration=timezone.now())
    assert "expired" in errors(citizen.client.post(citizen.url("check/"), data))["captcha"]


def test_a_captcha_counts_once():
    first, second = Citizen(), Citizen()
    first.write()
    second.write()
    data = first.captcha() | {"send": "1"}
    assert first.client.post(first.url("check/"), data | {"signature": picture()}).status_code == 302
    response = second.client.post(second.url("check/"), data | {"signature": picture()})
    assert "used already" in errors(response)["captcha"]
    assert Appeal.objects.count() == 1


def test_a_repeated_post_makes_one_appeal():
    citizen = Citizen()
    citizen.write()
    data = citizen.captcha() | {"send": "1"}
    for _ in range(3):
        response = citizen.client.post(citizen.url("check/"), data | {"signature": picture()})
        assert response["Location"] == citizen.url("receipt/")
    assert Appeal.objects.count() == 1


def test_a_tab_that_saves_late_does_not_write_over_the_receipt(rf):
    citizen = Citizen()
    citizen.write()
    request = rf.get("/")
    request.COOKIES[drafts.COOKIE] = citizen.client.cookies[drafts.COOKIE].value
    late = drafts.find(request)  # Another tab has read the draft, and is slow.
    citizen.send(picture())
    receipt = citizen.receipt()
    with pytest.raises(drafts.AlreadySent):
        late.save()
    assert citizen.receipt() == receipt
    assert citizen.write().status_code == 302  # A new appeal can be begun, as ever.


def test_the_receipt_is_for_this_browser_until_it_is_put_away():
    citizen = Citizen()
    number, code = citizen.appeal()
    assert citizen.receipt() == (number, code)
    assert Client().get(citizen.url("receipt/")).status_code == 302
    assert citizen.client.post(citizen.url("receipt/"))["Location"] == citizen.url("") + "?done=1"
    assert not Draft.objects.exists()
    assert citizen.client.get(citizen.url("receipt/")).status_code == 302


def test_a_draft_survives_a_closed_tab_and_a_change_of_language():
    citizen = Citizen("tg")
    citizen.write(values(address="", attachments=[picture()]))
    citizen.language = "ru"
    page = citizen.client.get(citizen.url("write/"))
    assert field(page, "text") == TEXT
    assert field(page, "district") == "TJ-SU:khujand"
    assert "signature.png" in page.content.decode()


def test_an_attachment_can_be_removed():
    citizen = Citizen()
    citizen.write(values(attachments=[picture()], stay="1"))
    file = DraftFile.objects.get()
    citizen.write(values(remove=str(file.pk), stay="1"))
    assert not DraftFile.objects.exists()


def test_a_signature_can_be_looked_at_by_its_writer_alone_and_removed():
    citizen = Citizen()
    citizen.write()
    citizen.send(picture(), captcha_1="")
    address = citizen.url(f"files/{DraftFile.objects.get().pk}/")
    assert citizen.client.get(address)["Content-Type"] == "image/png"
    assert Client().get(address).status_code == 404
    citizen.client.post(citizen.url("check/"), {"remove_signature": "1"})
    assert not DraftFile.objects.exists()


def test_a_signature_that_is_sent_at_once_is_never_stored_in_the_draft():
    citizen = Citizen()
    citizen.write()
    with CaptureQueriesContext(connection) as asked:
        assert citizen.send(picture()).status_code == 302
    assert not [
        one for one in asked.captured_queries if one["sql"].startswith(f'INSERT INTO "{DraftFile._meta.db_table}"')
    ]
    assert AppealFile.objects.get().role == "signature"


def test_another_picture_leaves_the_draft_as_it_was_and_a_signature_with_it_is_kept():
    citizen = Citizen()
    citizen.write()
    before = Draft.objects.values().get()
    assert citizen.client.post(citizen.url("check/"), {"new_picture": "1"}).status_code == 302
    assert Draft.objects.values().get() == before
    citizen.client.post(citizen.url("check/"), {"new_picture": "1", "signature": picture()})
    assert DraftFile.objects.count() == 1 and Draft.objects.get().box != before["box"]


def test_expired_drafts_are_erased():
    citizen = Citizen()
    citizen.write()
    Draft.objects.update(expires_at=timezone.now())
    assert citizen.client.get(citizen.url("check/"))["Location"] == citizen.url("write/") + "?lost=1"
    assert drafts.erase_expired() == 1
    assert not Draft.objects.exists()


def test_who_has_the_database_alone_reads_no_draft_and_no_appeal():
    citizen = Citizen()
    citizen.write(values(surname="Нишондорова"))
    stored = [bytes(row) for row in Draft.objects.values_list("box", flat=True)]
    citizen.send(picture())
    appeal = Appeal.objects.get()
    stored += [bytes(appeal.box), bytes(appeal.sealed_key), str(Appeal.objects.values()).encode()]
    assert all("Нишондорова".encode() not in box and b"\\u041d" not in box for box in stored)


def test_every_appeals_page_may_be_stored_nowhere(client):
    for page in ("", "write/", "check/", "receipt/", "files/1/"):
        assert "no-store" in client.get(f"/en/appeals/{page}")["Cache-Control"], page


def test_a_form_without_its_token_is_refused_with_words():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/ru/appeals/write/", values())
    assert response.status_code == 403
    assert '<html lang="ru"' in response.content.decode()


def test_the_draft_cookie_is_out_of_reach_of_scripts():
    citizen = Citizen()
    citizen.write()
    cookie = citizen.client.cookies[drafts.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", settings.DRAFT_HOURS * 3600)
