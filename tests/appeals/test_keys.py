"""The office's keys: an appeal is sealed twice, and a new key takes over from an old one."""

import hashlib
import json

import pytest
from django.core.management import CommandError, call_command

from appeals import casework, receipt, tracking, vault
from appeals.models import Appeal
from tests.appeals.citizen import TEXT, Citizen

pytestmark = pytest.mark.django_db

OLD, NEW = "a1" * 32, "b2" * 32


def test_the_tracking_code_opens_the_appeal_without_the_office():
    _number, code = Citizen().appeal()
    appeal = Appeal.objects.get()
    data_key = vault.decrypt(vault.code_key(receipt.normalise(code), appeal.number), appeal.sealed_to_code)
    assert json.loads(vault.decrypt(data_key, appeal.box))["content"]["text"] == TEXT


def test_what_is_stored_of_the_code_opens_nothing():
    Citizen().appeal()
    appeal = Appeal.objects.get()
    for guess in (appeal.tracking_hash, appeal.number, "", appeal.digest):
        with pytest.raises(vault.Unreadable):
            vault.decrypt(vault.code_key(guess, appeal.number), appeal.sealed_to_code)
    with pytest.raises(vault.Unreadable):
        vault.decrypt(bytes.fromhex(appeal.tracking_hash), appeal.sealed_to_code)


def test_a_code_is_tried_against_one_appeal_and_not_against_all_at_once():
    """The same code would be stored and would seal in another way elsewhere: no table of guesses fits two appeals."""
    code = receipt.new_code()
    assert len({receipt.code_hash(code, number) for number in ("2026-000001", "2026-000002", "")}) == 3
    assert len({vault.code_key(code, number) for number in ("2026-000001", "2026-000002", "")}) == 3


def test_a_code_from_before_the_number_was_in_its_hash_still_opens():
    citizen = Citizen()
    number, code = citizen.appeal()
    appeal = Appeal.objects.get()
    normal = receipt.normalise(code)
    data_key = vault.decrypt(vault.code_key(normal, number), appeal.sealed_to_code)
    appeal.tracking_hash = hashlib.sha256(normal.encode()).hexdigest()
    old_key = hashlib.blake2b(normal.encode(), digest_size=32, person=b"portal.code.key").digest()
    appeal.sealed_to_code = vault.encrypt(old_key, data_key)
    appeal.save(update_fields=["tracking_hash", "sealed_to_code"])
    case = tracking.open_case(number, code)
    assert case and case.content.text == TEXT
    assert tracking.open_case(number, receipt.new_code()) is None


def test_a_new_key_reads_new_appeals_and_the_old_one_still_reads_old_ones(settings, officer):
    settings.OFFICE_KEYS = [OLD]
    Citizen().appeal()
    settings.OFFICE_KEYS = [NEW, OLD]
    Citizen().appeal()
    assert [casework.read(appeal, officer).content.text for appeal in Appeal.objects.all()] == [TEXT, TEXT]
    assert len({appeal.office_key_id for appeal in Appeal.objects.all()}) == 2


def test_after_sealing_anew_the_old_key_is_needed_no_more(settings, officer, capsys):
    settings.OFFICE_KEYS = [OLD]
    for _ in range(3):
        Citizen().appeal()
    settings.OFFICE_KEYS = [NEW, OLD]
    call_command("reseal_appeals")
    settings.OFFICE_KEYS = [NEW]
    assert [casework.read(appeal, officer).content.text for appeal in Appeal.objects.all()] == [TEXT] * 3
    call_command("reseal_appeals")
    assert "Sealed to the present key: 0" in capsys.readouterr().out
    settings.OFFICE_KEYS = [OLD]
    with pytest.raises(vault.Unreadable):
        casework.read(Appeal.objects.first(), officer)


def test_an_interrupted_run_goes_on_where_it_stopped(settings):
    settings.OFFICE_KEYS = [OLD]
    for _ in range(3):
        Citizen().appeal()
    settings.OFFICE_KEYS = [NEW, OLD]
    assert next(casework.reseal(batch=2)) == 2
    assert list(casework.reseal(batch=2)) == [1]


def test_a_key_that_is_missing_is_told_and_nothing_is_lost(settings):
    settings.OFFICE_KEYS = [OLD]
    Citizen().appeal()
    settings.OFFICE_KEYS = [NEW]
    with pytest.raises(CommandError, match="OFFICE_OLD_KEYS"):
        call_command("reseal_appeals")
    settings.OFFICE_KEYS = [OLD]
    assert vault.unseal(Appeal.objects.get().sealed_key, settings.OFFICE_KEYS)


def test_a_new_pair_fits_together(capsys):
    call_command("office_key", new=True)
    pair = dict(line.split("=") for line in capsys.readouterr().out.split())
    sealed = vault.seal(b"k" * 32, pair["OFFICE_PUBLIC_KEY"])
    assert vault.unseal(sealed, [pair["OFFICE_KEY"]]) == b"k" * 32


def test_an_officer_with_the_wrong_key_is_told_on_every_page(settings, officer, client):
    settings.OFFICE_KEYS = [OLD]
    Citizen().appeal()
    appeal = Appeal.objects.get()
    casework.register(appeal, officer)
    settings.OFFICE_KEYS = [NEW]
    client.force_login(officer)
    page = f"/admin/appeals/appeal/{appeal.pk}/"
    steps = {"step": "answer", "text": "Ҷавоб"}, {"step": "extend", "more_days": "5", "text": "Сабаб"}
    answers = [client.post(f"{page}step/", step, follow=True, headers={"Accept-Language": "en"}) for step in steps]
    answers.append(client.get(f"{page}files/{appeal.files.get().pk}/", follow=True, headers={"Accept-Language": "en"}))
    for answer in answers:
        assert answer.status_code == 200
        assert "cannot be read with the office" in answer.content.decode()
    appeal.refresh_from_db()
    assert appeal.status == "registered"
