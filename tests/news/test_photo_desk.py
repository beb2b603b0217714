"""The photo desk: files sent one by one or with the form, their order, focal points, warnings, and when readers see them."""

import io
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from news import images, renditions
from news.desk import photos as desk_photos
from news.desk.photo_facts import find_place
from news.desk.photo_notes import FAILED, PREPARING, READY, Note, states
from news.desk.photos import Row
from news.models import Event, Photo, Report
from news.photos import make_renditions
from portal import worker
from portal.models import Task
from portal.roles import APPEALS_OFFICER, PRESS_CHIEF, PRESS_EDITOR
from tests.news.desk import ADD, Desk, errors
from tests.news.factories import category, event, local, photo, picture, place, report, staff
from tests.news.test_embargo import addresses, body
from tests.news.test_images import REFUSED
from tests.news.test_iptc import ENGLISH, TAJIK, jpeg, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return Desk(staff(PRESS_EDITOR, username="editor"))


@pytest.fixture
def chief():
    return Desk(staff(PRESS_CHIEF, username="chief"))


def change(of: Event) -> str:
    return f"/admin/news/event/{of.pk}/change/"


def address(of: Event) -> str:
    return f"/admin/news/event/{of.pk}/photos/"


def file(content: bytes | None = None, name: str = "DSC_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture((60, 40)).read() if content is None else content)


def send(desk: Desk, of: Event, sent=None, url: str = "", language: str = "en", **more):
    """Send one file as the page's script does; the token stands in the page."""
    token = desk.open(ADD).fields["csrfmiddlewaretoken"]
    data = {"photo": sent or file(), "number": "0"} | more
    headers = {"x-csrftoken": token, "accept-language": language}
    return desk.client.post(url or address(of), data, headers=headers)


# One by one ---------------------------------------------------------------------------------------------------------


def test_a_photo_that_was_sent_is_stored_last_with_what_it_says_of_itself(editor):
    made = event()
    photo(made)
    answer = send(editor, made, file(jpeg(texts(caption=TAJIK, credit="Ховар"))), number="1")
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    stored = made.photos.last()
    assert (stored.position, stored.caption_tg, stored.credit, stored.ready) == (1, TAJIK, "Ховар", True)
    told = answer.json()
    assert (told["id"], told["state"], told["warnings"]) == (stored.pk, "ready", [])
    assert f'name="photos-1-id" value="{stored.pk}"' in told["row"] and TAJIK in told["row"]
    assert images.rendition_url(stored.token, 60, "jpeg") in told["row"]


def test_the_row_that_was_answered_can_be_saved_with_the_form(editor):
    made = event()
    stored = send(editor, made).json()["id"]
    typed = {
        "photos-TOTAL_FORMS": "1", "photos-INITIAL_FORMS": "1", "photos-0-id": str(stored), "photos-0-event": str(made.pk),
        "photos-0-caption_en": "A field", "photos-0-alt_en": "Wheat", "photos-0-focal_x": "80", "photos-0-focal_y": "10",
        "photos-0-position": "",
    }  # fmt: skip
    assert errors(editor.send(change(made), typed)) == []
    kept = Photo.objects.get()
    assert (kept.caption_en, kept.alt_en, kept.focal_x, kept.focal_y, kept.position) == ("A field", "Wheat", 80, 10, 0)


def test_who_sent_which_file_is_written_down(editor):
    made = event()
    send(editor, made, file(name="Ҷаласа 1.jpg"))
    entry = LogEntry.objects.get(object_id=str(made.pk))
    assert entry.user == editor.user and "Ҷаласа 1.jpg" in entry.get_change_message()


@pytest.mark.parametrize(("content", "name"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_good_picture_is_refused_with_a_sentence(editor, content, name):
    made = event()
    answer = send(editor, made, SimpleUploadedFile(name, content() if callable(content) else content))
    assert answer.status_code == 422 and len(answer.json()["refused"]) > 20
    assert not Photo.objects.exists()


def test_a_request_without_a_file_is_refused(editor):
    answer = send(editor, event(), "no file")
    assert answer.status_code == 400 and "did not arrive" in answer.json()["refused"]


@pytest.mark.parametrize("number", ["", "-1", "x", "9" * 5000, "１", "\x00"])
def test_the_number_of_the_row_may_be_nonsense(editor, number):
    assert send(editor, event(), number=number).status_code == 200


def test_a_full_event_takes_no_more(editor, monkeypatch):
    monkeypatch.setattr("news.desk.photo_upload.MOST_PHOTOS", 1)
    made = event()
    photo(made)
    assert send(editor, made).status_code == 422
    assert made.photos.count() == 1


def test_files_for_which_there_is_no_room_are_named(editor, monkeypatch):
    monkeypatch.setattr(desk_photos, "MOST_PHOTOS", 1)
    made = event()
    editor.send(change(made), {"new_photos": [file(), file(name="DSC_2.jpg")]})
    assert made.photos.count() == 1
    assert "DSC_2.jpg" in editor.client.get("/admin/news/event/").content.decode()


# Who may ------------------------------------------------------------------------------------------------------------

STATES = ["draft", "review", "withdrawn", "published"]


@pytest.mark.parametrize("status", STATES)
def test_only_a_chief_adds_to_what_is_published(editor, chief, status):
    made = event()
    report(made, "tg", status=status)
    assert send(editor, made).status_code == (403 if status == "published" else 200)
    assert send(chief, made).status_code == 200


def test_an_editor_adds_nothing_to_a_published_event_with_the_form_either(editor):
    made = report().event
    editor.send(change(made), {"new_photos": file()})
    assert not Photo.objects.exists()


def test_who_is_not_of_the_press_sends_nothing():
    made = event()
    officer = Desk(staff(APPEALS_OFFICER, username="officer"))
    token = officer.client.cookies["csrftoken"].value
    headers = {"x-csrftoken": token}
    assert officer.client.post(address(made), {"photo": file()}, headers=headers).status_code == 403
    assert officer.client.get(address(made)).status_code == 403
    facts = officer.client.post("/admin/news/event/photos/facts/", {"photo": file()}, headers=headers)
    assert facts.status_code == 403
    anonymous = Client()
    for url in (address(made), "/admin/news/event/photos/facts/"):
        assert anonymous.post(url, {"photo": file()}).status_code == 302
    assert not Photo.objects.exists()


def test_nothing_is_taken_without_the_token(editor):
    made = event()
    for url in (address(made), f"{address(made)}1/again/", "/admin/news/event/photos/facts/"):
        assert editor.client.post(url, {"photo": file()}).status_code == 403
    assert not Photo.objects.exists()


def test_a_photo_is_only_found_under_its_own_event(chief):
    stranger = photo(event())
    assert send(chief, event(), url=f"{address(event())}{stranger.pk}/again/").status_code == 404


def test_an_event_that_is_not_there_takes_nothing(editor):
    assert send(editor, event(), url="/admin/news/event/99999/photos/").status_code == 404


# With the form --------------------------------------------------------------------------------------------------------


def new_event(**more) -> dict:
    return {"starts_at_0": "10.01.2022", "starts_at_1": "13:45", "categories": [str(category().pk)]} | more


def test_photos_chosen_for_a_new_event_are_stored_with_it(editor):
    assert errors(editor.send(ADD, new_event(new_photos=[file(), file(picture((70, 40)).read())]))) == []
    assert list(Photo.objects.values_list("position", "width", "ready")) == [(0, 60, True), (1, 70, True)]


def test_one_bad_file_among_good_ones_is_named_and_nothing_is_stored(editor):
    bad = file(b"<script>", "<b>bad\u202e.jpg")
    said = errors(editor.send(ADD, new_event(new_photos=[file(), bad])))
    assert "bad" in str(said) and "<b>" not in str(said) and "DSC_1" not in str(said)
    assert not Event.objects.exists() and not Photo.objects.exists()


def test_a_new_event_without_a_date_takes_date_and_place_from_its_photos(editor):
    here = place()
    sent = [file(), file(jpeg(texts(day="20220110", time="134500+0500", city="Душанбе")))]
    response = editor.send(ADD, new_event(starts_at_0="", starts_at_1="", new_photos=sent))
    assert errors(response) == []
    made = Event.objects.get()
    assert (made.starts_at, made.place) == (local("2022-01-10 13:45"), here)
    page = editor.client.get("/admin/news/event/", headers={"accept-language": "en"}).content.decode()
    assert "10.01.2022 13:45" in page


def test_what_was_typed_is_not_replaced_by_what_a_photo_says(editor):
    place()
    other = place("khujand", "Khujand city")
    sent = file(jpeg(texts(day="20200101", time="000000", city="Dushanbe")))
    assert errors(editor.send(ADD, new_event(new_photos=sent, place=str(other.pk)))) == []
    made = Event.objects.get()
    assert (made.starts_at, made.place) == (local("2022-01-10 13:45"), other)


@pytest.mark.parametrize("moment", [("", "13:45"), ("nonsense", ""), ("", "")])
def test_half_a_date_is_still_a_fault(editor, moment):
    sent = file() if not any(moment) else file(jpeg(texts(day="20220110", time="134500")))
    typed = new_event(starts_at_0=moment[0], starts_at_1=moment[1], new_photos=sent)
    assert errors(editor.send(ADD, typed))
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("city", "found"),
    [("Dushanbe", True), ("DUSHANBE CITY", True), ("шаҳри Душанбе", True), ("г. Душанбе", True), ("душанбе", True),
     ("Dushan", False), ("", False), ("city", False), ("Dushanbe, Paris", False)],
)  # fmt: skip
def test_a_city_is_a_place_that_bears_its_name(city, found):
    here = place()
    assert find_place(city) == (here if found else None)


def test_another_picture_takes_the_place_of_one_and_keeps_its_captions(editor):
    made = event()
    before = photo(made, caption_tg="Аввал")
    assert errors(editor.send(change(made), {"photos-0-image": picture((90, 60))})) == []
    after = made.photos.get()
    assert (after.pk, after.width, after.caption_tg, after.ready) == (before.pk, 90, "Аввал", True)
    assert after.token != before.token and after.digest != before.digest
    bad = editor.send(change(made), {"photos-0-image": file(b"no picture")})
    assert errors(bad) and made.photos.get().token == after.token


def test_a_photo_that_somebody_else_removed_meanwhile_is_passed_over(editor):
    made = event()
    gone, stays = photo(made), photo(made, position=1)
    page = editor.open(change(made)).fields
    gone.delete()
    assert errors(editor.client.post(change(made), page | {"photos-1-caption_en": "New words", "_save": "1"})) == []
    stays.refresh_from_db()
    assert stays.caption_en == "New words" and made.photos.count() == 1


def test_a_photo_without_a_picture_cannot_be_made_by_hand(editor):
    made = event()
    typed = {"photos-TOTAL_FORMS": "1", "photos-0-caption_en": "No picture", "photos-0-position": "0"}
    editor.send(change(made), typed)
    assert not made.photos.exists()


def test_a_caption_is_one_clean_line(editor):
    made = event()
    photo(made)
    assert errors(editor.send(change(made), {"photos-0-caption_en": "Two\nlines\u200b  and  space"})) == []
    assert made.photos.get().caption_en == "Two lines and space"
    assert errors(editor.send(change(made), {"photos-0-caption_en": "a\u202eb"}))


def test_133_photos_are_shown_and_saved_on_one_page(editor, django_assert_max_num_queries):
    made = event()
    one = photo(made, caption_tg="Аввал")
    Photo.objects.bulk_create(
        Photo(event=made, token=f"copy{number}", image=one.image.name, width=60, height=40, position=number, digest="same")
        for number in range(1, 133)
    )  # fmt: skip
    with django_assert_max_num_queries(60):
        page = editor.client.get(change(made))
    assert page.content.decode().count('<li class="photo-row') == 133
    assert errors(editor.send(change(made), {"photos-132-caption_en": "The last", "photos-132-position": "0"})) == []
    assert made.photos.get(position=0).caption_en == "The last"


# Focal points -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("across", "down", "classes"),
    [(50, 50, ""), (50, 25, ""), (0, 100, "fx0 fy10"), (47, 62, "fx5 fy6"), (50, 51, "fx5 fy5"), (100, 0, "fx10 fy0")],
)
def test_a_cut_picture_shows_its_focal_point(client_page, across, down, classes):
    made = report().event
    photo(made, focal_x=across, focal_y=down)
    page = client_page.get("/en/").content.decode()
    assert (f' class="{classes}"' in page) if classes else (' class="fx' not in page)
    assert "style=" not in page


def test_the_style_sheet_knows_every_tenth():
    css = (desk_photos.settings.BASE_DIR / "static/css/news.css").read_text()
    assert all(f".fx{n} {{ --fx: {10 * n}%; }}" in css and f".fy{n} {{ --fy: {10 * n}%; }}" in css for n in range(11))


def test_the_exact_middle_can_be_chosen(editor):
    made = event()
    photo(made)
    assert editor.open(change(made)).fields["photos-0-focal_y"] == "25"
    assert errors(editor.send(change(made), {"photos-0-caption_en": "Words"})) == []
    assert made.photos.get().focal_classes == "", "nobody chose"
    assert errors(editor.send(change(made), {"photos-0-focal_x": "50", "photos-0-focal_y": "50"})) == []
    assert made.photos.get().focal_classes == "fx5 fy5"


@pytest.mark.parametrize("value", ["101", "-1", "1e3", "x", "9" * 50])
def test_a_focal_point_outside_the_picture_is_refused(editor, value):
    made = event()
    photo(made)
    assert errors(editor.send(change(made), {"photos-0-focal_x": value}))


# The same file again --------------------------------------------------------------------------------------------------


def test_the_same_file_is_taken_with_a_warning_that_leads_to_the_other_event(editor):
    first, second = report(title="The first meeting").event, event()
    photo(first, picture((60, 40)))
    answer = send(editor, second).json()
    (warning,) = answer["warnings"]
    assert warning["url"] == change(first) and "The first meeting" in warning["text"]
    assert change(first) in answer["row"]
    again = send(editor, second).json()
    assert {one["url"] for one in again["warnings"]} == {"", change(first)}
    assert second.photos.count() == 2
    assert "The first meeting" in editor.client.get(change(second)).content.decode()


def test_the_form_warns_of_the_same_file_too(editor):
    other = event()
    photo(other, picture((60, 40)))
    editor.send(ADD, new_event(new_photos=file()))
    assert change(other) in editor.client.get("/admin/news/event/").content.decode()


def test_the_digest_is_of_the_file_as_it_was_sent(editor):
    made = event()
    send(editor, made, file(jpeg(texts(caption=ENGLISH))))
    assert not send(editor, made, file(jpeg(texts(caption=TAJIK)))).json()["warnings"]
    assert len(set(made.photos.values_list("digest", flat=True))) == 2


# What is offered for the event ------------------------------------------------------------------------------------------


def test_date_and_place_are_offered_where_they_differ_or_lack(editor):
    here, made = place(), event("2022-01-10 13:45")
    sent = jpeg(texts(day="20220110", time="140000+0500", city="Dushanbe"))
    offered = send(editor, made, file(sent)).json()["offered"]
    assert (
        offered
        == {
            "starts_at": {"day": "10.01.2022", "clock": "14:00", "text": "10.01.2022 14:00"},
            "place": {"id": here.pk, "text": str(here)},
        }
        or offered["place"]["id"] == here.pk
    )
    Event.objects.filter(pk=made.pk).update(place=here, starts_at=local("2022-01-10 14:00"))
    assert send(editor, made, file(sent)).json()["offered"] == {}


def test_the_beginning_of_a_photo_tells_what_a_new_event_needs(editor):
    whole = jpeg(texts(day="20220110", time="134500+0500"))
    answer = send(editor, event(), file(whole[:1200]), "/admin/news/event/photos/facts/")
    assert answer.json()["offered"]["starts_at"]["text"] == "10.01.2022 13:45"
    assert send(editor, event(), file(b"no picture"), "/admin/news/event/photos/facts/").json() == {"offered": {}}
    assert send(editor, event(), file(b"x" * (2**20 + 1)), "/admin/news/event/photos/facts/").status_code == 400
    assert not Photo.objects.exists()


# Renditions outside the request -----------------------------------------------------------------------------------------


@pytest.fixture
def queue(settings):
    """A worker that is not there yet."""
    settings.TASKS_EAGER = False


def work() -> None:
    Task.objects.update(due_at=timezone.now() - timedelta(days=1))
    worker.work_off()


@pytest.mark.usefixtures("queue")
def test_the_request_makes_no_rendition_and_a_worker_makes_them_all(editor):
    made = event()
    answer = send(editor, made).json()
    stored = made.photos.get()
    assert (answer["state"], stored.ready) == ("preparing", False)
    assert not default_storage.exists(images.rendition_name(stored.token, 60, "jpeg"))
    listed = editor.client.get(address(made)).json()["photos"][str(stored.pk)]
    assert listed == {"state": "preparing", "thumbnail": ""}
    work()
    listed = editor.client.get(address(made)).json()["photos"][str(stored.pk)]
    assert listed["state"] == "ready" and editor.client.get(listed["thumbnail"]).status_code == 200
    assert not Task.objects.exists()


@pytest.mark.usefixtures("queue")
def test_what_cannot_be_prepared_is_said_and_can_be_tried_again(editor, monkeypatch):
    made = event()
    send(editor, made)
    stored = made.photos.get()

    def broken(*_args):
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(renditions, "write", broken)
        for _attempt in range(make_renditions.attempts):
            assert states([stored]) == {stored.pk: PREPARING}
            work()
    assert states([stored]) == {stored.pk: FAILED}
    assert (
        "could not be prepared" in editor.client.get(change(made), headers={"accept-language": "en"}).content.decode()
    )
    url = f"{address(made)}{stored.pk}/again/"
    assert send(editor, made, url=url).json()["photos"][str(stored.pk)]["state"] == "preparing"
    work()
    stored.refresh_from_db()
    assert states([stored]) == {stored.pk: READY} and not Task.objects.exists()


@pytest.mark.usefixtures("queue")
def test_an_original_that_is_lost_is_given_up_at_once():
    stored = photo(event())
    default_storage.delete(stored.image.name)
    work()
    assert Task.objects.get().dead_at and states([stored]) == {stored.pk: FAILED}


@pytest.mark.usefixtures("queue")
def test_a_photo_replaced_or_removed_before_the_worker_comes_leaves_nothing(django_capture_on_commit_callbacks):
    stored, removed = photo(event()), photo(event())
    with django_capture_on_commit_callbacks(execute=True):
        stored.image = picture((90, 60))
        stored.save()
        removed.delete()
    work()
    stored.refresh_from_db()
    assert stored.ready and not Task.objects.exists()
    assert default_storage.listdir("photos")[0] == [stored.token]
    assert len(default_storage.listdir("originals")[1]) == 1


def test_a_photo_removed_while_its_renditions_are_made_leaves_nothing(monkeypatch):
    stored = photo(event())
    Photo.objects.filter(pk=stored.pk).update(ready=False)
    write = renditions.write

    def slowly(*given):
        write(*given)
        Photo.objects.filter(pk=stored.pk).delete()

    monkeypatch.setattr(renditions, "write", slowly)
    make_renditions(photo_id=stored.pk)
    assert default_storage.listdir(f"photos/{stored.token}") == ([], [])


def test_a_photo_that_became_ready_while_its_row_was_made_has_its_thumbnail():
    stored = photo(event())
    stale = SimpleNamespace(instance=Photo(pk=stored.pk, token=stored.token, width=stored.width, ready=False))
    assert Row(stale, Note(READY)).thumbnail == stored.narrowest_url
    assert Row(stale, Note(PREPARING)).thumbnail == ""


def test_the_task_can_run_twice(settings):
    stored = photo(event())
    Photo.objects.filter(pk=stored.pk).update(ready=False)
    for _run in range(2):
        make_renditions(photo_id=stored.pk)
    names = sorted(path.name for path in (settings.MEDIA_ROOT / "photos" / stored.token).iterdir())
    assert names == ["60.avif", "60.jpeg", "60.webp"]


def test_a_large_jpeg_keeps_its_widths_and_proportions():
    stored = photo(event(), picture((4001, 2667)))
    with default_storage.open(images.rendition_name(stored.token, 1920, "jpeg")) as kept:
        assert Image.open(io.BytesIO(kept.read())).size == (1920, 1280)
    assert (stored.width, stored.height) == (4001, 2667)


def test_no_public_address_shows_a_photo_that_is_not_ready():
    made = event(timezone.localtime() - timedelta(minutes=5))
    stored = photo(made, caption_en="The airfield at dawn", alt_en="The airfield at dawn")
    for language in ("tg", "ru", "en"):
        report(made, language, title=f"Meeting {language}")
    client, shown, hidden = Client(), [], []
    for ready, seen in ((True, shown), (False, hidden)):
        Photo.objects.filter(pk=stored.pk).update(ready=ready)
        for route, paths in addresses(made).items():
            if not route.startswith("media/"):
                seen += [url for url in paths if found_in(client.get(url), stored)]
    assert hidden == [] and len(shown) > 20


def found_in(response, stored: Photo) -> list[str]:
    text = body(response)
    return [word for word in (stored.token, "airfield at dawn") if word.lower() in text and response.status_code == 200]


def test_an_event_whose_only_photo_is_not_ready_is_one_without_photos():
    made = report().event
    stored = photo(made)
    assert json.loads(Client().get("/api/v1/reports/?language=en").content)["reports"][0]["photo"]
    Photo.objects.filter(pk=stored.pk).update(ready=False)
    assert not json.loads(Client().get("/api/v1/reports/?language=en").content)["reports"][0]["photo"]
    assert Report.objects.published().with_cards().get().lead_photo is None
