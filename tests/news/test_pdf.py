"""The document: its letters can be read again, it is the same each time, its code leads to the verification."""

import time

import pypdfium2
import pytest
import zxingcpp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from news.models import Report
from news.pdf import statement_pdf
from news.statement import grouped
from portal.caching import PUBLIC
from portal.typefaces import SANS, SERIF, letters, printable
from tests.news import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ALPHABET = "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюяцщыьАБВГҒДЕЁЖЗИӢЙКҚЛМНОПРСТУӮФХҲЧҶШЪЭЮЯЦЩЫЬ"
ROOT = "https://president.example"
BODY = (
    "<h2>Сархати якум</h2><p>Ба <a href='/tg/news/12/x/'>хабари пешина</a> ва "
    "<a href='https://www.un.org/'>СММ</a> <strong>нигаред</strong>, <em>лутфан</em>.<br>Сатри дигар.</p>"
    "<ul><li>Банд<ol><li>Зербанд</li></ol></li></ul><blockquote><p>Иқтибос</p></blockquote><h3>Поён</h3>"
)


def read(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
        return pages, document.get_metadata_dict()
    finally:
        document.close()


def codes(pdf, page=0):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [found.text for found in zxingcpp.read_barcodes(document[page].render(scale=3).to_pil())]
    finally:
        document.close()


@pytest.fixture
def report(db):
    event = factories.event("2022-01-10 13:45", place=factories.place())
    made = factories.report(event, "tg", title=f"Сарлавҳа {ALPHABET[:35]}", lead=ALPHABET, body=BODY)
    made.correct("Номи мактаб ислоҳ шуд.")
    made.save()
    return made


def test_all_that_a_report_says_can_be_read_again(report):
    pages, facts = read(statement_pdf(report, ROOT))
    text = " ".join(" ".join(pages).split())
    assert ALPHABET in text.replace(" ", "") and "10.01.2022 13:45, шаҳри Душанбе" in text
    for words in ("Сархати якум", "Ба хабари пешина ва СММ нигаред, лутфан.", "Сатри дигар.", "• Банд", "1. Зербанд",
                  "Иқтибос", "Поён", "Ислоҳҳо", "Номи мактаб ислоҳ шуд.", "Президенти Ҷумҳурии Тоҷикистон"):  # fmt: skip
        assert words in text, words
    assert facts["Title"] == report.title and "Хадамоти матбуот" in facts["Author"]


def test_each_page_has_its_number_the_address_the_digest_and_the_code(report):
    report.body = "<p>Матни дароз.</p>" * 200
    report.save()
    pdf = statement_pdf(report, ROOT)
    pages, _facts = read(pdf)
    verify = f"{ROOT}/tg/news/verify/{report.digest}/"
    assert len(pages) > 3
    halves = grouped(report.digest[:32]), grouped(report.digest[32:])
    for number, text in enumerate(pages):
        assert f"{ROOT}/tg/news/{report.event_id}/" in text
        assert f"SHA-256 {halves[0]}" in text and halves[1] in text
        assert f"{number + 1}" in text and f"{len(pages)}" in text
    assert codes(pdf) == codes(pdf, len(pages) - 1) == [verify]
    assert Client().get(verify.removeprefix(ROOT)).status_code == 200


def test_the_document_knows_its_language_and_its_links(report):
    pdf = statement_pdf(report, ROOT)
    assert b"/Lang (tg)" in pdf
    for address in (f"{ROOT}/tg/news/12/x/", "https://www.un.org/", f"{ROOT}{report.get_absolute_url()}"):
        assert f"/URI ({address})".encode() in pdf


def test_the_same_version_is_the_same_to_the_last_byte(report):
    first = statement_pdf(report, ROOT)
    again = statement_pdf(Report.objects.select_related("event__place").get(pk=report.pk), ROOT)
    assert first == again
    report.title = "Сарлавҳаи дигар"
    report.save()
    assert statement_pdf(report, ROOT) != first


@pytest.mark.parametrize("letter", ["ğ", "ş", "İ", "ñ", "ў", "№", "€", "“", "—", "é"])
def test_the_faces_have_the_letters_of_neighbours(letter):
    assert ord(letter) in letters(SANS) and ord(letter) in letters(SERIF)


def test_what_the_faces_lack_is_shown_in_another_way():
    assert printable("ﬁn ‑ ′ \u200b\u202e🏔中") == "fin - ’ □□"
    assert printable("🏔", unknown="") == ""


@pytest.mark.parametrize(
    "values",
    [
        {"title": "<b>R&D</b> ]]> \x08" + "x" * 250, "lead": "<img src=file:///etc/passwd>"},
        {"body": "<p>" + "Ж" * 3000 + "</p>"},
        {"body": "<ul>" * 20 + "<li>deep</li>" + "</ul>" * 20},
        {"body": "<p>&lt;para&gt; &amp; &lt;/font&gt; <a href='http://[/x'>a</a> <a href='mailto:a@b.tj'>m</a></p>"},
        {"body": ""},
    ],
)
def test_no_text_stops_the_document(values):
    report = factories.report(factories.event(), "en", **values)
    pages, _facts = read(statement_pdf(report, ROOT))
    assert pages[0]


@pytest.mark.slow
def test_the_longest_address_is_a_document_within_seconds():
    sentence = "Имрӯз Президенти Ҷумҳурии Тоҷикистон дар вохӯрӣ бо аҳолии ноҳия қайд карданд. "
    report = factories.report(factories.event(), "tg", body="".join(f"<p>{sentence * 5}</p>" for _ in range(210)))
    assert len(report.body) > 80_000
    start = time.process_time()
    pages, _facts = read(statement_pdf(report, ROOT))
    assert time.process_time() - start < 5 and len(pages) > 20


def test_the_page_of_the_document(report):
    path = f"/tg/news/{report.event_id}/statement.pdf"
    with CaptureQueriesContext(connection) as captured:
        response = Client().get(path)
    assert len(captured) == 1
    assert response["Content-Type"] == "application/pdf" and response["Cache-Control"] == PUBLIC
    assert response.content.startswith(b"%PDF") and not response.cookies
    assert f'filename="{report.slug}-tg.pdf"' in response["Content-Disposition"]
    assert Client().get(path, headers={"if-none-match": response["ETag"]}).status_code == 304


def test_a_corrected_report_has_another_document(report):
    path = f"/tg/news/{report.event_id}/statement.pdf"
    first = Client().get(path).content
    report.correct("Боз як ислоҳ.")
    report.save()
    assert Client().get(path).content != first


@pytest.mark.parametrize("name", ["statement.pdf", "qr.svg"])
@pytest.mark.parametrize(
    "values", [{"status": Report.Status.DRAFT}, {"status": Report.Status.WITHDRAWN}, {"language": "ru"}, {"published_at": None, "status": Report.Status.REVIEW}]
)  # fmt: skip
def test_what_is_not_public_in_the_language_has_no_document(name, values):
    made = factories.report(**values)
    assert Client().get(f"/en/news/{made.event_id}/{name}").status_code == 404


def test_a_withdrawn_report_loses_its_document_at_once(report):
    path = f"/tg/news/{report.event_id}/statement.pdf"
    assert Client().get(path).status_code == 200
    report.status = Report.Status.WITHDRAWN
    report.save()
    assert Client().get(path).status_code == 404


def test_the_code_is_a_picture_without_inline_style(report):
    response = Client().get(f"/tg/news/{report.event_id}/qr.svg")
    assert response["Content-Type"] == "image/svg+xml" and response["Cache-Control"] == PUBLIC
    svg = response.content.decode()
    assert svg.count("<path") >= 2 and "style=" not in svg and "<script" not in svg and "<title>" in svg
