"""A receipt that a third party can check."""

import hmac
import io
import re
from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from appeals.models import Appeal
from tests.appeals.citizen import TEXT, Citizen, errors, pdf_text
from tests.pageclient import PageClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent():
    citizen = Citizen("tg")
    citizen.number, citizen.code = citizen.appeal()
    return citizen


def pdf_of(citizen):
    response = citizen.client.get(citizen.url("receipt/receipt.pdf"))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in response["Cache-Control"]
    return response.content


def check(language="en", **typed):
    return PageClient().post(f"/{language}/appeals/verify/", typed)


def named(content):
    file = io.BytesIO(content)
    file.name = "receipt.pdf"
    return file


def test_number_and_digest_confirm_a_receipt_and_tell_nothing_else(sent):
    appeal = Appeal.objects.get()
    for digest in (appeal.digest, appeal.digest.upper(), " ".join(re.findall(".{8}", appeal.digest))):
        page = check(number=sent.number, digest=digest).content.decode()
        assert "Genuine." in page
        assert f"{appeal.received_at:%Y}" in page
        assert TEXT not in page
        assert "Раҳимов" not in page


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_page_is_there_in_every_language(language):
    assert PageClient().get(f"/{language}/appeals/verify/").status_code == 200


def test_another_digest_and_another_number_get_the_same_reply(sent):
    digest = Appeal.objects.get().digest
    pages = []
    for number, other in ((sent.number, "0" * 64), ("2026-999999", digest), ("2026-999999", "0" * 64), ("x", digest)):
        page = check(number=number, digest=other).content.decode().partition("<main")[2]
        assert "There is no appeal with this number and this digest" in page
        page = page.replace(f'value="{number}"', "").replace(other, "")
        pages.append(re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page))
    assert len(set(pages)) == 1


def test_an_unknown_number_takes_the_same_way_as_a_wrong_digest(sent, django_assert_num_queries, monkeypatch):
    compared = []
    monkeypatch.setattr(
        "appeals.receipt_views.hmac.compare_digest",
        lambda *both, real=hmac.compare_digest: compared.append(both) or real(*both),
    )
    for number in (sent.number, "2026-999999"):
        compared.clear()
        with django_assert_num_queries(1):
            check(number=number, digest="0" * 64)
        assert [(len(one), len(other)) for one, other in compared if "0" * 64 in (one, other)] == [(64, 64)]


def test_the_file_itself_is_confirmed_until_a_byte_of_it_is_changed(sent):
    pdf = pdf_of(sent)
    assert "Genuine." in check(receipt=named(pdf)).content.decode()
    other = b"1" if pdf[-2:-1] == b"0" else b"0"
    for changed in (pdf.replace(b"%PDF-1.", b"%PDF-2.", 1), pdf + b" ", pdf[:-2] + other + b"\n", pdf[100:], b"", b"x"):
        assert "receipt" in errors(check(receipt=named(changed))), changed[:20]


def test_a_seal_is_not_moved_to_another_document(sent):
    pdf = pdf_of(sent)
    seal = pdf[pdf.rindex(b"\n%receipt ") :]
    assert "receipt" in errors(check(receipt=named(b"%PDF-1.4 forged" + seal)))


def test_the_qr_code_leads_to_the_answer(sent):
    digest = Appeal.objects.get().digest
    page = PageClient().get("/ru/appeals/verify/", {"number": sent.number, "digest": digest}).content.decode()
    assert sent.number in page
    assert "callout--success" in page


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_document_is_one_page_that_carries_number_code_day_and_digest(sent, language):
    sent.language = language
    pdf = pdf_of(sent)
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    text = pdf_text(pdf)
    received = timezone.localdate()
    assert f"= {received + timedelta(days=33):%d.%m.%Y}" in text
    assert sent.number in text
    assert sent.code in text
    assert Appeal.objects.get().digest in text.replace(" ", "")


def test_what_is_missing_or_misspelt_is_told_beside_its_field():
    assert set(errors(check(number="", digest=""))) == {"number", "digest"}
    assert set(errors(check(number="2026-000001", digest="xyz"))) == {"digest"}


def test_nobody_else_gets_the_receipt(sent):
    assert Client().get(sent.url("receipt/receipt.pdf")).status_code == 404


def test_asking_too_often_is_slowed_down(sent):
    statuses = [check(number=sent.number, digest="0" * 64).status_code for _ in range(32)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_the_printed_page_has_a_code_that_leads_to_the_answer(sent):
    page = sent.client.get(sent.url("receipt/")).content.decode()
    digest = Appeal.objects.get().digest
    assert f"/tg/appeals/verify/?number={sent.number}&amp;digest={digest}" in page
    picture = sent.client.get(sent.url("receipt/qr.svg"))
    assert (picture["Content-Type"], b"<svg" in picture.content) == ("image/svg+xml", True)
    assert "no-store" in picture["Cache-Control"]
    assert Client().get(sent.url("receipt/qr.svg")).status_code == 404


def test_the_page_says_in_words_to_save_the_code(sent):
    page = sent.client.get("/en/appeals/receipt/").content.decode()
    assert "Save the number and the code before you leave this page." in page
    assert page.index("Save the number and the code") < page.index('id="code"')
