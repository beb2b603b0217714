"""Every document to print, in every language: one head, numbered pages, and facts and structure for who hears it read."""

import ctypes
from functools import cache

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import override

from appeals import case_document, casework, coupon_document, cover_document, letter_document
from appeals.casework.base import Action, data_key
from appeals.casework.notes import messages_of, write
from appeals.models import Appeal, Authority, Forwarding, Message
from news.pdf import statement_pdf
from tests.appeals.citizen import TEXT, Citizen, picture, values
from tests.news import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LANGUAGES = ("tg", "ru", "en")
ROOT = "https://president.example"
HEAD = {
    "tg": "Президенти Ҷумҳурии Тоҷикистон",
    "ru": "Президент Республики Таджикистан",
    "en": "President of the Republic of Tajikistan",
}
PAGE = {"tg": "Саҳифаи {} аз {}", "ru": "Страница {} из {}", "en": "Page {} of {}"}
LONG = "Кумитаи рушди маҳаллии назди Раёсати Ҷумҳуриявиҳокимиятитаъминкунандагонамонро " * 3


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    monkeypatch.setattr("appeals.gate.HASTE", 0)


def of_citizen(language):
    citizen = Citizen(language)
    citizen.write(values(surname="Раҳимов-Ҳакимзодаи-Ғаффорпури" * 3, attachments=[picture()], text=f"{TEXT}\n" * 60))
    found = {"signed": citizen.client.get(citizen.url("check/appeal.pdf")).content}
    citizen.send(picture())
    return found | {"receipt": citizen.client.get(citizen.url("receipt/receipt.pdf")).content}


def of_office(language):
    officer = User.objects.create_superuser(f"officer-{language}", first_name="Ҷамшед", last_name="Ғаффоров")
    appeal = Appeal.objects.latest("pk")
    casework.register(appeal, officer)
    casework.ask(appeal, officer, LONG)
    authority = Authority.objects.create(name_tg=LONG[:150], name_ru=LONG[:150], name_en=LONG[:150], address=LONG[:150])
    note = write(appeal, Message.Author.OFFICE, Action.FORWARDED, data_key(appeal), {"text": LONG})
    forwarding = Forwarding.objects.create(appeal=appeal, authority=authority, message=note, at=timezone.now())
    appeal.entered_by = officer
    with override(language):
        case = casework.print_appeal(appeal, officer)
        return {
            "case": case_document.render(case, LONG),
            "messages": case_document.render_messages(appeal, messages_of(appeal, data_key(appeal)), "Ҷамшед"),
            "cover": cover_document.render([case], lambda one: f"{ROOT}/admin/{one.pk}/", "Ҷамшед"),
            "bundle": cover_document.render([case, case], lambda one: f"{ROOT}/admin/{one.pk}/", "Ҷамшед"),
            "letter": letter_document.render(forwarding, LONG),
            "coupon": coupon_document.render(appeal, "ABCD-EFGH-JKLM-NPQR", timezone.now()),
        }


@cache
def documents(language):
    """The bytes; drawn once for all tests."""
    report = factories.report(
        factories.event(place=factories.place()), language, title=LONG[:200], body=f"<h2>Сархат</h2><p>{TEXT}</p>" * 30
    )
    with override(language):
        news = {"statement": statement_pdf(report, ROOT)}
    return news | of_citizen(language) | of_office(language)


def texts(pdf):
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_document_has_the_head_and_its_pages_their_numbers(language):
    for name, pdf in documents(language).items():
        own = "tg" if name == "letter" else language
        pages = texts(pdf)
        for number, page in enumerate(pages, start=1):
            assert HEAD[own] in page, (name, number)
            assert PAGE[own].format(number, len(pages)) in page, (name, number)
            assert "□" not in page, (name, "a letter that the face lacks")
        assert len(pages) == {"cover": 1, "letter": 1, "coupon": 1, "receipt": 1, "bundle": 3}.get(name, len(pages)), (
            name
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_document_knows_its_language_its_title_and_its_parts(language):
    for name, pdf in documents(language).items():
        own = "tg" if name == "letter" else language
        document = pypdfium2.PdfDocument(pdf)
        assert f"/Lang ({own})".encode() in pdf, name
        assert document.get_metadata_dict()["Title"].strip(), name
        assert b"/DisplayDocTitle true" in pdf and b"/Marked true" in pdf, name
        tags = [tag for page in document for tag in parts(page)]
        assert tags.count("H1") == (3 if name == "bundle" else 1) and "P" in tags, (name, tags)
        assert sum(map(len, (parts(page) for page in document))) == pdf.count(b"/S /P") + pdf.count(
            b"/S /H"
        ) + pdf.count(b"/S /Figure"), "each part belongs to its page"


def parts(page):
    """The tags of the parts of a page, as a program that reads it aloud finds them, in their order."""
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    try:
        found, waiting = [], [pdfium.FPDF_StructTree_GetChildAtIndex(tree, 0)]
        while waiting:
            element = waiting.pop(0)
            found.append(kind(element))
            children = range(pdfium.FPDF_StructElement_CountChildren(element))
            waiting += filter(None, (pdfium.FPDF_StructElement_GetChildAtIndex(element, place) for place in children))
        return [tag for tag in found if tag != "Document"]
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def kind(element):
    buffer = ctypes.create_string_buffer(100)
    size = pdfium.FPDF_StructElement_GetType(element, buffer, 100)
    return buffer.raw[: size - 2].decode("utf-16-le")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_stands_beyond_the_margins(language):
    """Long names and words are broken, not cut."""
    for name, pdf in documents(language).items():
        for page in pypdfium2.PdfDocument(pdf):
            words = page.get_textpage()
            for place in range(words.count_rects()):
                left, _bottom, right, _top = words.get_rect(place)
                assert left > 50 and right < 595 - 50, (name, words.get_text_bounded(*words.get_rect(place)))
