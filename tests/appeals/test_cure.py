"""What is missing is asked for with a day, mended alone, and the appeal assessed anew."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from appeals import casework
from appeals.models import Appeal, AppealFile
from tests.appeals.citizen import Citizen, crime, entity, errors, field, picture
from tests.appeals.follower import Follower

pytestmark = pytest.mark.django_db
ADDRESS = {"region": "TJ-KT", "district": "TJ-KT:bokhtar", "address": "деҳаи Зираки"}


def appeal():
    return Appeal.objects.get()


@pytest.fixture
def anonymous(officer):
    """A report of a crime without name, address and signature, registered and open."""
    follower = Follower(*Citizen().appeal(crime(), sign=False))
    casework.register(appeal(), officer)
    follower.open()
    return follower


def ask(officer, what, **days):
    casework.ask(appeal(), officer, f"Лутфан: {what}", what, **days)


def test_the_office_waits_until_a_day_that_can_be_set(sent, officer, settings):
    ask(officer, "address")
    assert appeal().wait_until == timezone.localdate() + timedelta(days=15)
    sent.do("mend", **ADDRESS)
    assert appeal().wait_until is None
    ask(officer, "name", days=5)
    assert appeal().wait_until == timezone.localdate() + timedelta(days=5)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_no_other_number_of_days_is_given(days, sent, officer):
    with pytest.raises(casework.Refused):
        ask(officer, "address", days=days)


def test_when_the_day_has_passed_an_officer_sees_it_and_nothing_else_happens(sent, officer, client):
    ask(officer, "address")
    client.force_login(officer)
    listed = "/admin/appeals/appeal/?queue=passed"
    assert sent.number not in client.get(listed).content.decode()
    Appeal.objects.update(wait_until=timezone.localdate() - timedelta(days=1))
    assert sent.number in client.get(listed).content.decode()
    page = client.get(f"/admin/appeals/appeal/{appeal().pk}/change/", headers={"Accept-Language": "en"})
    assert "That day has passed" in page.content.decode()
    assert appeal().status == "waiting"
    sent.do("mend", **ADDRESS)
    assert appeal().status == "registered"


def test_the_letters_link_leads_to_that_field_alone(sent, officer):
    ask(officer, "address")
    follower = Follower(sent.number, sent.code)
    assert follower.open("?next=mend")["Location"] == follower.url("mend/")
    page = follower.client.get(follower.url("mend/"))
    assert field(page, "address") == "кӯчаи Рӯдакӣ, 5"
    content = page.content.decode()
    assert all(f'name="{name}"' not in content for name in ("surname", "text", "kind", "signature"))


def test_a_link_with_nothing_to_mend_leads_to_the_case(sent):
    assert sent.client.get(sent.url("mend/"))["Location"] == sent.url()
    assert Client().get(sent.url("mend/"))["Location"] == "/en/appeals/track/"


def test_opening_the_link_changes_nothing(sent, officer):
    ask(officer, "address")
    before = appeal().journal.count()
    sent.client.get(sent.url("mend/"), ADDRESS)
    assert (appeal().status, appeal().journal.count()) == ("waiting", before)


def test_a_mended_name_is_judged_like_a_new_one(sent, officer):
    ask(officer, "name")
    assert set(errors(sent.do("mend", surname="Р.", given_name="Ҷ.", patronymic=""))) >= {"surname"}
    assert "given_name" in errors(sent.do("mend", surname="Раҳимов", given_name="Ҷ4мшед", patronymic="Қосимович"))
    sent.do("mend", surname="Қаюмов", given_name="Ҷамшед", patronymic="", no_patronymic="on")
    content = casework.read(appeal(), officer, revealed=True).content
    assert (content.sender, content.no_patronymic) == ("Қаюмов Ҷамшед", True)
    assert "Қаюмов Ҷамшед" in sent.page()


def test_a_legal_entity_mends_its_own_name(officer):
    follower = Follower(*Citizen().appeal(entity()))
    casework.register(appeal(), officer)
    follower.open()
    ask(officer, "name")
    assert set(errors(follower.do("mend", entity_name="-"))) == {"entity_name"}
    follower.do("mend", entity_name="Ҷамъияти «Ҳамдӯст»")
    assert casework.read(appeal(), officer, revealed=True).content.sender == "Ҷамъияти «Ҳамдӯст»"


def test_a_new_signature_is_stored_encrypted_and_shown_to_the_office(anonymous, officer):
    ask(officer, "signature")
    assert set(errors(anonymous.do("mend"))) == {"signature"}
    assert set(errors(anonymous.do("mend", signature=picture(ink=False)))) == {"signature"}
    anonymous.do("mend", signature=picture())
    stored = AppealFile.objects.get(role="signature")
    assert b"PNG" not in bytes(stored.box)
    assert casework.read_file(stored, officer, revealed=True).content.startswith(b"\x89PNG")
    assert [file["id"] for file in casework.read(appeal(), officer, revealed=True).of_role("signature")] == [stored.pk]


def test_each_thing_that_is_mended_takes_its_ground_away(anonymous, officer):
    assert set(appeal().grounds) == {"NAME_MISSING", "RESIDENCE_MISSING", "UNSIGNED"}
    ask(officer, "address")
    anonymous.do("mend", **ADDRESS)
    assert (set(appeal().grounds), appeal().region) == ({"NAME_MISSING", "UNSIGNED"}, "TJ-KT")
    ask(officer, "name")
    anonymous.do("mend", surname="Раҳимов", given_name="Ҷамшед", patronymic="Қосимович")
    ask(officer, "signature")
    assert (appeal().verdict, appeal().grounds) == ("anonymous_crime", ["UNSIGNED"])
    anonymous.do("mend", signature=picture())
    assert (appeal().verdict, appeal().grounds) == ("examined", [])
    entry = appeal().journal.filter(action="mended").last()
    assert (entry.detail["verdict_before"], entry.detail["verdict"]) == ("anonymous_crime", "examined")
    assert "Раҳимов" not in str(list(appeal().journal.values()))
    assert "The appeal meets the requirements of Article 21" in anonymous.page()
    assert casework.chain_is_whole(appeal())


def test_mending_does_not_bring_back_a_claim_that_was_found_unfounded(anonymous, officer):
    Appeal.objects.update(crime="unfounded")
    ask(officer, "address")
    anonymous.do("mend", **ADDRESS)
    assert (appeal().verdict, appeal().crime) == ("anonymous", "unfounded")


def test_only_what_was_asked_for_is_mended(sent, officer):
    ask(officer, "address")
    key = casework.base.data_key(appeal())
    for values, signature in (
        ({"surname": "Дигар"}, None),
        ({"text": "Дигар"}, None),
        ({}, casework.SentFile("signature", "s.png", "image/png", picture().read())),
    ):
        with pytest.raises(casework.Refused):
            casework.mend(appeal(), key, values, signature)
    assert appeal().status == "waiting"


def test_the_original_files_stay_what_they_were(officer):
    citizen = Citizen()
    citizen.appeal(None)
    original = AppealFile.objects.get()
    casework.register(appeal(), officer)
    ask(officer, "signature")
    follower = Follower(*citizen.receipt())
    follower.open()
    follower.do("mend", signature=picture(size=(500, 200)))
    files = casework.read(appeal(), officer, revealed=True).of_role("signature")
    assert (len(files), files[0]["id"]) == (2, original.pk)
    for file in AppealFile.objects.all():
        assert casework.read_file(file, officer, revealed=True).name == "signature.png"
