"""Ғ Ӣ Қ Ӯ Ҳ Ҷ arrive as they were typed, wherever they go: form, pages, documents, letters, files, addresses, search."""

import html
import io
import re
import unicodedata
from email import message_from_bytes, policy
from urllib.parse import unquote, urlencode

import pytest
from django.core import mail
from django.test import Client

from appeals import casework
from appeals.models import Appeal, AppealFile
from tests.appeals.citizen import Citizen, errors, field, pdf_text, picture, values
from tests.appeals.office_routes import reveal
from tests.news import factories

pytestmark = pytest.mark.django_db

LETTERS = "Ғғ Ӣӣ Ққ Ӯӯ Ҳҳ Ҷҷ"
NAME = {"surname": "Ғаюрӣ", "given_name": "Ҷӯрақул", "patronymic": "Ҳақназарович"}
ADDRESS = "деҳаи Ҷӯйҳо, кӯчаи Қаҳрамонӣ"
TEXT = f"Хоҳиш мекунам, ки ҳарфҳои {LETTERS} дуруст расанд."
FILE = "Нақшаи роҳи Ҷӯйҳо ва Ғазантарак.png"
TYPED = values(**NAME, address=ADDRESS, text=TEXT, email="jamshed@example.tj")
SAID = [*NAME.values(), ADDRESS, LETTERS]


def attached():
    file = picture()
    file.name = FILE
    return file


def text(response):
    assert response.status_code == 200
    return html.unescape(response.content.decode())


@pytest.fixture
def citizen():
    """One who has written, with an attachment."""
    citizen = Citizen("tg")
    assert citizen.write(TYPED | {"attachments": [attached()]}).status_code == 302
    return citizen


@pytest.fixture
def receipt(citizen):
    """Number and code of the appeal, sent."""
    response = citizen.send(picture())
    assert response.status_code == 302, errors(response)
    return citizen.receipt()


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def test_the_form_gives_back_what_was_typed(citizen):
    page = citizen.write(TYPED | {"kind": ""})
    assert {name: field(page, name) for name in NAME} == NAME
    assert (field(page, "address"), field(page, "text")) == (ADDRESS, TEXT)
    assert FILE in text(page)


def test_the_check_page_and_the_document_say_it(citizen):
    page = text(citizen.client.get(citizen.url("check/")))
    document = pdf_text(citizen.client.get(citizen.url("check/appeal.pdf")).content)
    assert [word for word in [*SAID, FILE] if word not in page or word not in document] == []


def test_the_receipt_is_in_tajik_and_so_is_its_file(citizen, receipt):
    page = text(citizen.client.get(citizen.url("receipt/")))
    document = pdf_text(citizen.client.get(citizen.url("receipt/receipt.pdf")).content)
    for said in (page, document):
        assert set("қҳҷ") <= set(said.lower())
        assert "\ufffd" not in said


def test_the_applicant_reads_it_on_the_page_of_the_case(citizen, receipt):
    number, code = receipt
    page = citizen.client.post(citizen.url("track/"), {"number": number, "code": code}, follow=True)
    assert [word for word in SAID if word not in text(page)] == []


def test_the_office_reads_it(receipt, office):
    reveal(office, Appeal.objects.get())
    page = text(office.get(f"/admin/appeals/appeal/{Appeal.objects.get().pk}/change/"))
    assert [word for word in [*SAID, FILE] if word not in page] == []


def test_a_file_is_saved_by_the_office_under_its_own_name(receipt, office):
    file = AppealFile.objects.get(role="attachment")
    response = office.get(f"/admin/appeals/appeal/{file.appeal_id}/files/{file.pk}/")
    header = response.headers["Content-Disposition"]
    assert header.isascii()
    assert unquote(re.search(r"filename\*=utf-8''([^;]+)", header)[1]) == FILE


def test_the_subject_of_a_letter_is_ascii_on_the_way_and_tajik_when_it_is_read(receipt):
    sent = mail.outbox[0].message().as_bytes()
    head = sent.partition(b"\n\n")[0]
    assert head.isascii()
    read = message_from_bytes(sent, policy=policy.default)
    assert read["Subject"].lstrip() == mail.outbox[0].subject  # Folded before the first word, if that is long.
    assert "муроҷиат" in read["Subject"].lower()
    assert all("ҷ" in part.get_content() for part in read.iter_parts())


def test_letters_and_marks_apart_are_stored_as_one(officer):
    apart = {name: unicodedata.normalize("NFD", value) for name, value in TYPED.items()}
    assert apart["surname"] != TYPED["surname"]
    citizen = Citizen("tg")
    assert citizen.write(apart).status_code == 302
    assert citizen.send(picture()).status_code == 302
    content = casework.read(Appeal.objects.get(), officer, revealed=True).content
    assert {name: getattr(content, name) for name in NAME} == NAME
    assert (content.address, content.text) == (ADDRESS, TEXT)


def test_a_file_whose_name_came_apart_is_named_as_one(officer):
    file = io.BytesIO(picture().getvalue())
    file.name = unicodedata.normalize("NFD", FILE)
    Citizen("tg").appeal(TYPED | {"attachments": [file]})
    files = casework.read(Appeal.objects.get(), officer, revealed=True).files
    assert [file["name"] for file in files if file["role"] == "attachment"] == [FILE]


TITLE = "Ғафур, Ӣсо, Қодир, Ӯктам, Ҳасан ва Ҷалол дар Душанбе"


def test_the_address_of_a_report_is_plain_and_stays():
    report = factories.report(language="tg", title=TITLE)
    url = report.get_absolute_url()
    assert url == f"/tg/news/{report.event_id}/ghafur-iso-qodir-uktam-hasan-va-jalol-dar-dushanbe/"
    assert TITLE in text(Client().get(url))
    wrong = Client().get(f"/tg/news/{report.event_id}/gafur/")
    assert (wrong.status_code, wrong["Location"]) == (301, url)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("word", ["Ғафур", "ӢСО", "Қодир", "Ӯктам", "ҲАСАН", "Ҷалол", "Гафур", "Исо", "Кодир", "Хасан"])
def test_search_finds_each_letter_and_what_is_typed_on_a_keyboard_without_it(word, form):
    report = factories.report(language="tg", title=TITLE)
    factories.report(language="tg", title="Хабари дигар")
    page = text(Client().get(f"/tg/search/?{urlencode({'q': unicodedata.normalize(form, word)})}"))
    assert report.get_absolute_url() in page
    assert "Хабари дигар" not in page
