"""The press kit: all that is public of an event and nothing else, in a ZIP as large as was said, in little memory."""

import csv
import io
import tracemalloc
import zipfile
from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news import press_kit
from news.models import Photo, Report
from portal import zip_stream
from portal.caching import PUBLIC
from tests.news import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def _nothing_measured():
    press_kit._stored_bytes.cache_clear()


@pytest.fixture
def event(db):
    """An event in Tajik and English with two photos; the Russian text is a draft."""
    made = factories.event("2022-01-10 13:45", place=factories.place())
    factories.report(made, "tg", lead="Лид.", body="<p>Матн.</p>")
    factories.report(made, "en", body='<p>See <a href="/en/news/">us</a>.</p><ul><li>One</li></ul>')
    factories.report(made, "ru", title="Тайный черновик", status=Report.Status.DRAFT, published_at=None)
    captions = {"caption_tg": "Кишоварзон", "caption_ru": "Секретная подпись", "caption_en": "=HYPERLINK(1)"}
    factories.photo(made, factories.picture((1500, 1000)), position=0, credit="+Aziza", **captions)
    factories.photo(made, factories.picture((400, 300), "PNG"), position=1)
    return made


def downloaded(event, language="en"):
    response = Client().get(f"/{language}/news/{event.pk}/press-kit.zip")
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert response["Content-Length"] == str(len(content))
    return zipfile.ZipFile(io.BytesIO(content)), response


def test_the_archive_holds_everything_that_is_public(event):
    kit, response = downloaded(event)
    assert kit.testzip() is None
    folder = f"press-kit-{event.pk}"
    tajik, english = (event.reports.get(language=code) for code in ("tg", "en"))
    texts = [
        f"{report.language}/{report.slug}.{kind}" for report in (tajik, english) for kind in ("txt", "html", "pdf")
    ]
    photos = [f"photos/{event.pk}-001.jpg", f"photos/{event.pk}-002.png"]
    assert kit.namelist() == [
        f"{folder}/{name}" for name in ["README.txt", *texts, "captions.csv", "captions.txt", *photos]
    ]
    assert response["Content-Type"] == "application/zip" and response["Cache-Control"] == PUBLIC
    assert response["Content-Disposition"] == f'attachment; filename="{folder}.zip"' and not response.cookies
    for photo, name in zip(Photo.objects.order_by("position"), photos, strict=True):
        with default_storage.open(photo.image.name) as stored:
            assert kit.read(f"{folder}/{name}") == stored.read()
    readme = kit.read(f"{folder}/README.txt").decode("utf-8-sig")
    for report in (tajik, english):
        assert report.digest in readme.replace(" ", "") and report.title in readme
        pdf = kit.read(f"{folder}/{report.language}/{report.slug}.pdf")
        document = pypdfium2.PdfDocument(pdf)
        assert report.title in " ".join(document[0].get_textpage().get_text_range().split())
        document.close()
    plain = kit.read(f"{folder}/en/{english.slug}.txt").decode("utf-8-sig")
    assert "10.01.2022 13:45, Dushanbe city\r\n\r\nSee us.\r\n\r\n• One" in plain
    page = kit.read(f"{folder}/en/{english.slug}.html").decode()
    assert 'href="http://testserver/en/news/"' in page and '<html lang="en">' in page and 'charset="utf-8"' in page


def test_nothing_of_a_language_that_is_not_public_is_in_it(event):
    kit, _response = downloaded(event)
    page = Client().get(f"/en/news/{event.pk}/press-kit/").content.decode()
    everything = page + "".join(kit.read(name).decode("utf-8", "replace") for name in kit.namelist())
    assert "Тайный" not in everything and "Секретная" not in everything
    assert not [name for name in kit.namelist() if "/ru/" in name]


def test_no_caption_is_a_formula(event):
    kit, _response = downloaded(event)
    table = kit.read(f"press-kit-{event.pk}/captions.csv").decode("utf-8-sig")
    first, second = list(csv.DictReader(io.StringIO(table)))
    assert first["caption_en"] == "'=HYPERLINK(1)" and first["credit"] == "'+Aziza"
    assert first["caption_tg"] == "Кишоварзон" and "caption_ru" not in first
    with default_storage.open(Photo.objects.get(position=0).image.name) as stored:
        assert int(first["bytes"]) == len(stored.read())
    assert (first["width"], second["height"]) == ("1500", "300")


@pytest.mark.parametrize("text", ["=1", " =1", "+1", "-1", "@a", "\t=1", "\r1", "\n=1"])
def test_a_cell_never_begins_as_a_formula(text):
    assert press_kit._cell(text) == "'" + text and press_kit._cell("Матн = 1") == "Матн = 1"


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_page_shows_texts_captions_and_true_sizes(language, event, client_page):
    response = client_page.get(f"/{language}/news/{event.pk}/press-kit/")
    page = response.content.decode()
    assert response["Cache-Control"] == PUBLIC and not response.cookies
    kit, archive = downloaded(event, language)
    for report in event.reports.exclude(language="ru"):
        assert report.get_absolute_url() in page and f'<section lang="{report.language}"' in page
    assert "Кишоварзон" in page and "1500 × 1000" in page
    size = int(archive["Content-Length"])
    assert response.context["zip_bytes"] == size
    stored = [file.file_size for file in kit.infolist() if "/photos/" in file.filename]
    assert [original.bytes for original in response.context["kit"].originals] == stored
    assert f"/{language}/news/{event.pk}/press-kit.zip" in page


NOT_PUBLIC = {
    "draft": {"status": Report.Status.DRAFT, "published_at": None},
    "withdrawn": {"status": Report.Status.WITHDRAWN},
    "scheduled": {"published_at": timezone.now() + timedelta(hours=1)},
    "embargo": {},
}


@pytest.mark.parametrize("name", ["press-kit/", "press-kit.zip"])
@pytest.mark.parametrize("state", NOT_PUBLIC)
def test_an_event_without_a_public_report_has_no_kit(state, name):
    embargo = timezone.now() + timedelta(hours=1) if state == "embargo" else None
    report = factories.report(factories.event(embargo_until=embargo), **NOT_PUBLIC[state])
    for number in (report.event_id, 10**17):
        assert Client().get(f"/en/news/{number}/{name}").status_code == 404


def test_a_photo_whose_file_is_lost_is_left_out(event):
    Photo.objects.bulk_create(
        [Photo(event=event, token="lost", image="originals/x.jpg", width=9, height=6, position=5)]
    )
    kit, _response = downloaded(event)
    assert len([name for name in kit.namelist() if "/photos/" in name]) == 2


def test_a_strange_name_in_the_store_makes_no_strange_name_in_the_archive(event):
    Photo.objects.filter(position=1).delete()
    default_storage.save("originals/odd.x..y", io.BytesIO(b"picture"))
    Photo.objects.bulk_create(
        [Photo(event=event, token="odd", image="originals/odd.x..y", width=9, height=6, position=1)]
    )
    kit, _response = downloaded(event)
    assert kit.namelist()[-1] == f"press-kit-{event.pk}/photos/{event.pk}-002.jpg"


@pytest.mark.parametrize("number", [1, 30])
def test_a_kit_costs_a_fixed_number_of_queries(number):
    event = factories.event()
    factories.report(event)
    default_storage.save("originals/a.jpg", io.BytesIO(b"picture"))
    Photo.objects.bulk_create(
        Photo(event=event, token=f"t{step}", image="originals/a.jpg", width=900, height=600, position=step)
        for step in range(number)
    )
    for name in ("press-kit/", "press-kit.zip"):
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(f"/en/news/{event.pk}/{name}").status_code == 200
        assert len(captured) == 2, name


def test_an_archive_that_did_not_change_is_answered_with_304(event):
    _kit, first = downloaded(event)
    path = f"/en/news/{event.pk}/press-kit.zip"
    assert Client().get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    report = event.reports.get(language="en")
    report.correct("A name was mended.")
    report.save()
    assert Client().get(path, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert int(Client().head(path)["Content-Length"]) > int(first["Content-Length"])


def test_a_correction_stands_in_every_text(event):
    report = event.reports.get(language="en")
    report.correct("A name was mended.")
    report.save()
    kit, _response = downloaded(event)
    for kind in ("txt", "html"):
        assert "A name was mended." in kit.read(f"press-kit-{event.pk}/en/{report.slug}.{kind}").decode()
    assert "A name was mended." in Client().get(f"/en/news/{event.pk}/press-kit/").content.decode()


class Sized:
    def __init__(self, name, size):
        self.name, self.size = name, size


class Zeros(io.RawIOBase):
    """A file of any size that takes no room."""

    def __init__(self, size):
        self.left = size

    def read(self, number=-1):
        number = self.left if number < 0 else min(number, self.left)
        self.left -= number
        return bytes(number)


MOMENT = (2026, 1, 10, 13, 45, 0)


def test_a_hundred_and_thirty_three_large_photos_need_little_memory():
    files = [Sized(f"photos/{number:03}.jpg", 5_000_000) for number in range(133)]
    tracemalloc.start()
    sent = sum(len(piece) for piece in zip_stream.stream(((file, Zeros(file.size)) for file in files), MOMENT))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent == zip_stream.size_of(files) > 665_000_000
    assert most < 3_000_000


def test_the_size_is_right_beyond_the_limit_of_the_format(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10_000)
    files = [Sized(f"{number}.jpg", 3_000) for number in range(12)]
    sent = b"".join(zip_stream.stream(((file, Zeros(file.size)) for file in files), MOMENT))
    assert len(sent) == zip_stream.size_of(files)
    assert zipfile.ZipFile(io.BytesIO(sent)).testzip() is None


def test_a_file_of_another_size_breaks_the_transfer():
    with pytest.raises(ValueError, match=r"a\.jpg"):
        list(zip_stream.stream([(Sized("a.jpg", 10), Zeros(9))], MOMENT))


def test_an_empty_archive_is_one():
    sent = b"".join(zip_stream.stream([], MOMENT))
    assert zipfile.ZipFile(io.BytesIO(sent)).namelist() == [] and len(sent) == zip_stream.size_of([])
