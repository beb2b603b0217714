"""Films at the desk: known by their content, named and measured by it; what cannot be shown is refused in words."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from news.desk import videos as desk
from news.models import Event, Video
from tests.news import factories
from tests.news.desk import Desk, errors, report_fields
from tests.news.test_videos import MP4, WEBM
from tests.news.test_videos import event as event
from tests.news.test_videos import shown as shown

pytestmark = pytest.mark.django_db

MATROSKA = bytes.fromhex("1a45dfa3a34286810142f7810142f2810442f3810842828d6d6174726f736b61") + bytes(900)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (MP4, "mp4"), (MP4.replace(b"ftypisom", b"ftypmp42"), "mp4"), (WEBM, "webm"), (MATROSKA, None), (b"", None),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", None), (b"<html>ftypisom", None), (b"ftypisom" * 9, None), (b"%PDF-1.7", None),
        (b"\xff\xff\xff\xffftypisom" + bytes(60), None), (b"RIFF\0\0\0\0AVI LIST", None), (b"\x1a\x45\xdf\xa3webm", None),
    ],
)  # fmt: skip
def test_a_film_is_known_by_its_content(content, kind):
    assert desk.kind_of(content[:64]) == kind


def test_a_film_that_is_too_large_is_refused_before_it_is_read():
    file = ContentFile(MP4, name="x.mp4")
    file.size = desk.MAX_BYTES + 1
    with override("en"), pytest.raises(ValidationError, match=r"larger than 150.MB"):
        desk.judge(file)


def add(desk_user, **typed):
    """Add a film to a new event at the desk."""
    page = desk_user.open("/admin/news/event/add/")
    facts = {"starts_at_0": "2022-01-10", "starts_at_1": "13:45", "categories": [str(factories.category().pk)]}
    fields = (
        page.fields
        | facts
        | report_fields(0, "tg", "Унвон")
        | {f"videos-0-{name}": value for name, value in typed.items()}
    )
    return desk_user.client.post("/admin/news/event/add/", fields | {"_save": "1"})


def upload(content, name="film.mp4"):
    return SimpleUploadedFile(name, content, content_type="video/mp4")


@pytest.fixture
def editor(db):
    desk = Desk(factories.staff("Press editor"))
    desk.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return desk


def test_an_editor_adds_a_film_whose_name_and_size_come_from_its_content(editor):
    response = add(editor, file=upload(WEBM, "МАРОСИМ.HTML"), title_tg="Маросим", megabytes="999")
    assert response.status_code == 302, errors(response)
    video = Video.objects.get()
    assert video.file.name == f"videos/{video.token}.webm" and video.megabytes == 1
    assert editor.client.get(f"/media/videos/{video.token}.webm").status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"file": upload(b"<html><script>alert(1)</script>")}, "not an MP4 or WebM film"),
        ({"file": upload(MATROSKA)}, "not an MP4 or WebM film"),
        ({"title_tg": "Бе филм"}, "one of the two"),
        ({"file": upload(MP4), "url": "https://example.org/film"}, "one of the two"),
        ({"url": "javascript:alert(1)"}, "valid URL"),
        ({"url": "ftp://example.org/film"}, "valid URL"),
        ({"url": "https://example.org/\0"}, "Null characters"),
    ],
)
def test_a_film_that_cannot_be_shown_is_refused_in_words(editor, typed, said):
    response = add(editor, **typed)
    assert response.status_code == 200 and any(said in error for error in errors(response)), errors(response)
    assert not Video.objects.exists() and not Event.objects.exists()


def test_an_address_without_its_scheme_is_https(editor):
    assert add(editor, url="example.org/film", megabytes="12").status_code == 302
    assert (Video.objects.get().url, Video.objects.get().megabytes) == ("https://example.org/film", 12)


def test_another_film_has_another_address_and_the_old_file_is_erased(editor, django_capture_on_commit_callbacks):
    add(editor, file=upload(MP4), title_tg="Филм")
    old = Video.objects.get()
    url = f"/admin/news/event/{old.event_id}/change/"
    with django_capture_on_commit_callbacks(execute=True):
        fields = editor.open(url).fields | {"videos-0-file": upload(WEBM), "_save": "1"}
        response = editor.client.post(url, fields)
    assert response.status_code == 302, errors(response)
    new = Video.objects.get()
    assert new.pk == old.pk and new.token != old.token and new.file.name.endswith(".webm")
    assert not old.file.storage.exists(old.file.name) and new.file.storage.exists(new.file.name)


def test_a_poster_is_a_photo_of_the_same_event(editor, event):
    own, foreign = factories.photo(event), factories.photo(factories.event())
    page = editor.client.get(f"/admin/news/event/{event.pk}/change/").content.decode()
    choices = re.search(r'<select name="videos-0-poster".*?</select>', page, re.DOTALL)[0]
    assert f'value="{own.pk}"' in choices and f'value="{foreign.pk}"' not in choices


def test_an_editor_may_not_touch_the_films_of_a_published_event(editor, shown):
    video, _url = shown
    page = editor.client.get(f"/admin/news/event/{video.event_id}/change/").content.decode()
    assert "videos-0-file" not in page
