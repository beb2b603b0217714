"""Films: a poster with the size first, files piece by piece, nothing before its event is public."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from news.models import Event, Report, Video
from news.videos import megabytes, piece, read_range
from tests.news import factories
from tests.pageclient import PageClient

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MP4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(range(256)) * 40
WEBM = bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701") + bytes(900)


def film(event, content=MP4, kind="mp4", **values):
    return Video.objects.create(event=event, file=ContentFile(content, name=f"x.{kind}"), **values)


@pytest.fixture
def event(db):
    return factories.event()


@pytest.fixture
def shown(event):
    """A film of a public event, and its address."""
    factories.report(event)
    video = film(event)
    return video, f"/media/videos/{video.token}.mp4"


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_page_shows_a_poster_a_title_and_the_size(event):
    poster = factories.photo(event)
    film(event, poster=poster, title_tg="Суханронӣ", title_en="The speech", megabytes=23)
    film(event, WEBM, "webm", title_tg="Маросим", position=1)
    page = PageClient().get(factories.report(event).get_absolute_url()).content.decode()
    first, second = re.findall(r'<a class="film".*?</a>', page, re.DOTALL)
    assert 'data-film="video/mp4"' in first and poster.token in first and "The speech" in first and ">23 MB<" in first
    assert "<span>The speech</span>" in first
    assert 'data-film="video/webm"' in second and '<span lang="tg">Маросим</span>' in second and ">1 MB<" in second
    assert "<video" not in page and "<iframe" not in page
    assert "video.js" in page


def test_a_film_that_lies_elsewhere_says_where_it_opens_and_nothing_is_asked_of_that_site(event):
    Video.objects.create(event=event, url="https://www.youtube.com/watch?v=x&t=1", title_tg="Филм", megabytes=40)
    page = PageClient().get(factories.report(event).get_absolute_url()).content.decode()
    link = re.search(r'<a class="film".*?</a>', page, re.DOTALL)[0]
    assert 'href="https://www.youtube.com/watch?v=x&amp;t=1" rel="noopener noreferrer external"' in link
    assert "40 MB" in link and "opens on youtube.com" in link and "data-film" not in link
    assert page.count("youtube.com") == 2, "the link and the words"


def test_a_page_without_films_has_nothing_of_them(event):
    page = PageClient().get(factories.report(event).get_absolute_url()).content.decode()
    assert "video.js" not in page and 'class="film' not in page


def test_a_film_whose_file_is_lost_does_not_break_the_page(event):
    video = film(event)
    video.file.storage.delete(video.file.name)
    assert PageClient().get(factories.report(event).get_absolute_url()).status_code == 200
    assert Client().get(f"/media/videos/{video.token}.mp4").status_code == 404


@pytest.mark.parametrize(("size", "shown"), [(0, 1), (1, 1), (1_000_000, 1), (1_000_001, 2), (23_400_000, 24)])
def test_megabytes_are_rounded_up(size, shown):
    assert megabytes(size) == shown


def test_the_whole_file_is_given_out_with_its_type(shown):
    _video, url = shown
    response = Client().get(url)
    assert response.status_code == 200 and body(response) == MP4
    assert response["Content-Type"] == "video/mp4" and response["Content-Length"] == str(len(MP4))
    assert response["Accept-Ranges"] == "bytes" and response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=10, immutable" and not response.cookies
    assert Client().get(url, headers={"if-none-match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, None),
        ("bytes=0-0", 0, 0),
        ("bytes=5-9", 5, 9),
        ("bytes=-4", -4, None),
        ("bytes=100-999999", 100, None),
    ],
)
def test_a_piece_is_given_out(shown, asked, first, last):
    response = Client().get(shown[1], headers={"range": asked})
    wanted = MP4[first:] if last is None else MP4[first : last + 1]
    start = first % len(MP4)
    assert response.status_code == 206 and body(response) == wanted
    assert response["Content-Range"] == f"bytes {start}-{start + len(wanted) - 1}/{len(MP4)}"
    assert response["Content-Length"] == str(len(wanted))


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0", f"bytes={len(MP4)}-"])
def test_a_piece_that_there_is_not_is_refused(shown, asked):
    response = Client().get(shown[1], headers={"range": asked})
    assert response.status_code == 416 and response["Content-Range"] == f"bytes */{len(MP4)}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=-", "bytes=9-5", "bytes=0-1,3-4", "lines=1-2", "bytes=x-y", "bytes=１-２", "bytes=" + "9" * 40 + "-"],
)
def test_words_that_are_no_range_count_as_not_asked(shown, asked):
    response = Client().get(shown[1], headers={"range": asked.encode().decode("latin-1")})
    assert response.status_code == 200 and body(response) == MP4


def test_a_piece_of_another_file_is_not_mixed_in(shown):
    response = Client().get(shown[1], headers={"range": "bytes=5-9", "if-range": '"another"'})
    assert response.status_code == 200 and body(response) == MP4
    tag = Client().get(shown[1])["ETag"]
    assert Client().get(shown[1], headers={"range": "bytes=5-9", "if-range": tag}).status_code == 206


def test_of_an_empty_file_no_piece_is_there():
    assert read_range("", 0) is None
    with pytest.raises(ValueError, match="bytes=0-"):
        read_range("bytes=0-", 0)


def test_the_file_is_closed_even_if_nobody_reads_it():
    file = io.BytesIO(MP4)
    piece(file, len(MP4), "", "video/mp4").close()
    assert file.closed


HIDDEN = {
    "a draft": {"status": Report.Status.DRAFT, "published_at": None},
    "scheduled": {"published_at": timezone.now() + timedelta(days=3650)},
    "withdrawn": {"status": Report.Status.WITHDRAWN},
}


@pytest.mark.parametrize("state", [*HIDDEN, "under embargo", "no report"])
def test_a_film_is_given_to_nobody_but_staff_before_its_event_is_public(event, state):
    video = film(event)
    if state == "under embargo":
        Event.objects.filter(pk=event.pk).update(embargo_until=timezone.now() + timedelta(hours=1))
    if state != "no report":
        factories.report(event, **HIDDEN.get(state, {}))
    url = f"/media/videos/{video.token}.mp4"
    assert Client().get(url).status_code == 404
    client = Client()
    client.force_login(factories.staff("Press editor"))
    response = client.get(url)
    assert response.status_code == 200 and response["Cache-Control"] == "private, no-store"
    officer = Client()
    officer.force_login(factories.staff("Appeals officer", username="officer"))
    assert officer.get(url).status_code == 404


def test_an_event_that_is_public_in_one_language_shows_its_films(event):
    factories.report(event, "ru")
    assert Client().get(f"/media/videos/{film(event).token}.mp4").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "x.mp4",
        "{token}.webm",
        "{token}.html",
        "{token}.mp4.html",
        "../originals/x.mp4",
        "{token}",
        "{token}.mp4/",
        "%00.mp4",
    ],
)
def test_no_other_address_leads_to_a_file(shown, path):
    assert Client().get("/media/videos/" + path.format(token=shown[0].token)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_film_is_only_read(shown, method):
    assert getattr(Client(), method)(shown[1]).status_code == 405


def test_a_film_goes_with_its_event(event, django_capture_on_commit_callbacks):
    video = film(event)
    with django_capture_on_commit_callbacks(execute=True):
        event.delete()
    assert not video.file.storage.exists(video.file.name)
