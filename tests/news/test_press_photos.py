"""Photos at the press desk: their order, who changes those of a published event, what becomes of their files."""

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from news import images
from news.models import Photo, Report
from tests.news.desk import Desk, errors
from tests.news.factories import event, photo, picture, report, staff, upload

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def change(of) -> str:
    return f"/admin/news/event/{of.pk}/change/"


@pytest.fixture
def illustrated():
    made = event()
    for caption in ("Аввал", "Дуюм"):
        photo(made, caption_tg=caption, position=made.photos.count())
    return made


def order(of) -> list[tuple[int, str]]:
    return list(Photo.objects.filter(event=of).order_by("position").values_list("position", "caption_tg"))


def test_new_photos_go_to_the_end_in_the_order_in_which_they_were_chosen(illustrated):
    desk = Desk(staff("Press editor"))
    chosen = [picture((60 + width, 40)) for width in (1, 2)]
    assert errors(desk.send(change(illustrated), {"new_photos": chosen})) == []
    assert order(illustrated) == [(0, "Аввал"), (1, "Дуюм"), (2, ""), (3, "")]
    assert [one.width for one in illustrated.photos.all()][2:] == [61, 62]


def test_a_photo_whose_position_is_emptied_goes_to_the_end(illustrated):
    desk = Desk(staff("Press editor"))
    assert errors(desk.send(change(illustrated), {"photos-0-position": ""})) == []
    assert order(illustrated) == [(0, "Дуюм"), (1, "Аввал")]


def test_a_photo_can_be_moved(illustrated):
    desk = Desk(staff("Press editor"))
    assert errors(desk.send(change(illustrated), {"photos-1-position": "0"})) == []
    assert order(illustrated) == [(0, "Дуюм"), (1, "Аввал")]


def test_an_editor_leaves_a_published_events_facts_and_photos_as_they_are(illustrated):
    report(illustrated, "tg")
    before = illustrated.starts_at
    desk = Desk(staff("Press editor"))
    desk.send(change(illustrated), {
        "starts_at_0": "01.01.2001", "starts_at_1": "00:00", "photos-0-caption_tg": "Дигар", "photos-0-DELETE": "on",
        "photos-TOTAL_FORMS": "2", "photos-INITIAL_FORMS": "2",
    })  # fmt: skip
    illustrated.refresh_from_db()
    assert illustrated.starts_at == before
    assert order(illustrated) == [(0, "Аввал"), (1, "Дуюм")]


def test_an_editor_still_translates_a_published_event(illustrated):
    report(illustrated, "tg")
    desk = Desk(staff("Press editor"))
    assert errors(desk.send(change(illustrated), {"reports-1-title": "Встреча", "reports-1-body": "Текст"})) == []
    assert Report.objects.get(event=illustrated, language="ru").status == "draft"


def files_of(one: Photo) -> list[str]:
    names = [
        images.rendition_name(one.token, width, kind) for width in images.widths(one.width) for kind in images.FORMATS
    ]
    return [one.image.name, *names]


def test_a_removed_picture_leaves_no_file(django_capture_on_commit_callbacks):
    one = photo(event(), picture((600, 400)))
    names = files_of(one)
    assert all(default_storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        one.delete()
    assert not any(default_storage.exists(name) for name in names)


def test_a_replaced_picture_leaves_no_file(django_capture_on_commit_callbacks):
    one = photo(event(), picture((600, 400)))
    names = files_of(one)
    with django_capture_on_commit_callbacks(execute=True):
        one.image = picture((500, 300))
        one.save()
    assert not any(default_storage.exists(name) for name in names)
    assert all(default_storage.exists(name) for name in files_of(one))


def test_a_removed_event_takes_its_files_along(client, django_capture_on_commit_callbacks, illustrated):
    names = [name for one in illustrated.photos.all() for name in files_of(one)]
    client.force_login(staff("Press chief"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/news/event/{illustrated.pk}/delete/", {"post": "yes"})
    assert not Photo.objects.exists()
    assert not any(default_storage.exists(name) for name in names)


def test_a_wide_gamut_picture_is_shown_in_the_colours_of_the_web():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, lab, b"damaged"):
        one = photo(event(), upload(Image.new("RGB", (60, 40), (200, 40, 40)), icc_profile=profile))
        rendition = Image.open(default_storage.open(images.rendition_name(one.token, 60, "jpeg")))
        assert abs(rendition.convert("RGB").getpixel((30, 20))[0] - 200) < 8
        assert not rendition.info.get("icc_profile")


def test_the_red_of_a_wide_gamut_becomes_the_red_of_the_web():
    # A profile whose red and green primaries are exchanged: (255, 0, 0) in it is green to the eye.
    swapped = swap_red_and_green(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    one = photo(event(), upload(Image.new("RGB", (60, 40), (255, 0, 0)), "PNG", icc_profile=swapped))
    red, green, _blue = (
        Image.open(default_storage.open(images.rendition_name(one.token, 60, "webp"))).convert("RGB").getpixel((30, 20))
    )
    assert green > 200
    assert red < 100


def swap_red_and_green(profile: bytes) -> bytes:
    """The profile with its rXYZ and gXYZ tags' names exchanged."""
    return profile.replace(b"rXYZ", b"tmp_").replace(b"gXYZ", b"rXYZ").replace(b"tmp_", b"gXYZ")
