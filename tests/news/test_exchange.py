"""Moving in and out: the exchange format, the commands, and that nothing is lost or taken twice on the way."""

import hashlib
import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from news import exchange_store
from news.exchange import read_line, write_line
from news.exchange_fields import Refused
from news.exchange_files import Folder, is_bare
from news.links import OldAddress
from news.models import Category, Event, Photo, Report, Topic, Video
from news.statement import text_digest
from portal.settings import BASE_DIR
from portal.text import nfc

from . import factories

NAMES = {"tg": "Вохӯриҳо", "ru": "Встречи", "en": "Meetings"}
LINE = {
    "key": "node-123",
    "starts_at": "2022-01-10 13:45",
    "place": {"slug": "dushanbe", "names": {"tg": "шаҳри Душанбе"}},
    "categories": [{"slug": "meetings", "names": NAMES}, {"slug": "visits", "names": {"tg": "Сафарҳо"}}],
    "old_addresses": {"en": ["/en/node/123", "/event/news/50153"]},
    "reports": {"en": {"title": "A meeting", "body": "Text.", "status": "published"}},
}
WORD_HTML = (
    '<p style="text-align:center"><span style="font-size:12pt"><span style="font-family:Calibri,sans-serif">Имрӯз '
    'дар шаҳри&nbsp;Душанбе</span></span><br />\r\nмулоқот <b>шуд</b>.</p><p>&nbsp;</p><img src="/sites/all/gerb.jpg">'
)


def file_of(folder, *lines, name="archive.jsonl"):
    path = folder / name
    texts = (line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines)
    path.write_bytes(b"\n".join(texts) + b"\n")
    return path


def run(command, path, **options):
    """What the command wrote: its summary, its complaints, and whether it ended well."""
    out, err, ended = StringIO(), StringIO(), "well"
    try:
        call_command(command, path, stdout=out, stderr=err, **options)
    except CommandError as error:
        ended = str(error)
    return out.getvalue(), err.getvalue(), ended


def counted():
    return {model.__name__: model.objects.count() for model in (Event, Report, Photo, Video, OldAddress, Category)}


# The format ---------------------------------------------------------------------------------------------------------

letters = st.sampled_from("абғӣқӯҳҷёйъэюя" + "".join("и\u0304 у\u0304") + "AZ09 «»“”–-&<>\"'/\\ \u00a0\t\u00ad\u200b1")
texts = st.text(st.one_of(letters, st.characters(exclude_categories=["Cs", "Cc", "Cn"])), max_size=40)
markup = st.lists(
    st.one_of(
        texts, st.sampled_from([WORD_HTML, "<p>", "</p>", "<ul><li>", "<h1>", "\n\n", "&#1263;", '<a href="/x">'])
    )
).map("".join)
moments = st.datetimes(min_value=factories.datetime(1995, 1, 1), max_value=factories.datetime(2100, 1, 1)).map(str)
report_parts = st.fixed_dictionaries(
    {"title": st.one_of(texts, st.text("ӯ", min_size=300, max_size=300), st.just("у\u0304" * 300)), "body": markup},
    optional={"lead": texts, "status": st.sampled_from(Report.Status.values), "published_at": moments},
)
lines = st.fixed_dictionaries(
    {
        "key": st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True),
        "starts_at": moments,
        "categories": st.just([{"slug": "meetings", "names": NAMES, "position": 0}]),
        "reports": st.dictionaries(st.sampled_from(["tg", "ru", "en"]), report_parts),
    },
    optional={
        "languages_note": texts,
        "photos": st.lists(
            st.fixed_dictionaries(
                {"file": st.just("a/b.jpg")},
                optional={"focal_x": st.integers(0, 100), "decorative": st.booleans(), "credit": texts},
            )
        ),
    },
)


@settings(max_examples=150, deadline=None)
@given(lines)
def test_what_was_read_is_written_and_read_again_unchanged(line):
    try:
        item = read_line(json.dumps(line))
    except Refused:
        return  # A text that the desk would refuse too; the next test says which are not.
    written = write_line(item)
    assert read_line(written) == item
    assert write_line(read_line(written)) == written


def test_texts_are_put_right_as_at_the_desk():
    report = {"title": "  Сафар  ба у\u0304збекистон ", "lead": "", "body": WORD_HTML}
    text = read_line(json.dumps(LINE | {"reports": {"tg": report}})).reports["tg"]
    assert text.title == "Сафар ба ӯзбекистон" == nfc(text.title)
    assert "Имрӯз" in text.body and "<strong>шуд</strong>" in text.body
    assert not {"span", "style", "img"} & set(text.body.replace("<", " ").replace("=", " ").split())
    assert text.status == "draft", "nothing becomes public because a word is missing"
    assert (
        read_line(json.dumps(LINE | {"reports": {"tg": {"title": "у\u0304" * 300}}})).reports["tg"].title == "ӯ" * 300
    )


def test_an_old_report_was_published_when_its_event_took_place():
    item = read_line(json.dumps(LINE))
    assert item.reports["en"].published_at == item.starts_at == factories.local("2022-01-10 13:45")


def test_the_example_in_the_documentation_is_of_the_format():
    example = re.search(r"```json\n(.*?)```", (BASE_DIR / "docs/import.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    item = read_line(example.replace("\n", " "))
    assert item.key == "node-29175" and len(item.videos) == 2 and item.reports["ru"].corrections
    assert read_line(write_line(item)) == item


def without(name):
    return {key: value for key, value in LINE.items() if key != name}


def with_report(**values):
    return LINE | {"reports": {"en": LINE["reports"]["en"] | values}}


BAD = {
    "no JSON": (b'{"key": ', "no JSON"),
    "no object": (b"[1, 2]", "object"),
    "not UTF-8": (b'{"key": "\xff"}', "UTF-8"),
    "nested deeply": (b"[" * 100_000, "nested"),
    "a field twice": (b'{"key": "a", "key": "b"}', "twice"),
    "a long number": (b'{"key": ' + b"9" * 5000 + b"}", "number"),
    "not a number": (b'{"key": NaN}', "NaN"),
    "no key": (without("key"), "key: is missing"),
    "a key of spaces": (LINE | {"key": "a b"}, "key: must be"),
    "a key that is a number": (LINE | {"key": 123}, "key: must be"),
    "a misspelt field": (LINE | {"fotos": []}, "'fotos': there is no such field"),
    "a misspelt field of a report": (with_report(titel="x"), "reports en 'titel'"),
    "no date": (without("starts_at"), "starts_at: is missing"),
    "no such date": (LINE | {"starts_at": "2022-02-30 10:00"}, "starts_at"),
    "a year that cannot be": (LINE | {"starts_at": "0001-01-01"}, "year"),
    "no category": (LINE | {"categories": []}, "categories"),
    "an unknown category": (LINE | {"categories": ["unheard-of"]}, "unheard-of is not known"),
    "a name without Tajik": (LINE | {"categories": [{"slug": "new", "names": {"en": "New"}}]}, "Tajik"),
    "a name of the wrong kind": (LINE | {"place": 7}, "place must be an object"),
    "no title": (with_report(title=" \u200b "), "reports en title"),
    "a title that is too long": (with_report(title="x" * 301), "300"),
    "a lead that is too long": (with_report(lead="x" * 601), "600"),
    "a NUL": (with_report(title="a\0b"), "cannot be shown"),
    "half a character": (LINE | {"key": "\ud800"}, "key: must be"),
    "half a character in a text": (with_report(title="a\ud800b") | {"key": "x"}, "cannot be shown"),
    "a hidden direction": (with_report(body="<p>a&#x202e;b</p>"), "cannot be shown"),
    "a status that is none": (with_report(status="public"), "status"),
    "a language that is none": (LINE | {"reports": {"de": {}}}, "no language 'de'"),
    "a body that is a list": (with_report(body=["Text"]), "body: must be a text"),
    "a file outside": (LINE | {"photos": [{"file": "../../etc/passwd"}]}, "no path inside"),
    "an absolute file": (LINE | {"photos": [{"file": "/etc/passwd"}]}, "no path inside"),
    "a photo without a file": (LINE | {"photos": [{"caption": {"tg": "x"}}]}, "photos 1 file: is missing"),
    "a file that is not there": (LINE | {"photos": [{"file": "gone.jpg"}]}, "'gone.jpg' is not in the folder"),
    "a file that is no picture": (LINE | {"photos": [{"file": "text.jpg"}]}, "not a JPEG"),
    "a file behind a link": (LINE | {"photos": [{"file": "link.jpg"}]}, "not in the folder"),
    "a damaged picture": (LINE | {"photos": [{"file": "half.jpg"}]}, "damaged"),
    "a film that is none": (LINE | {"videos": [{"file": "text.jpg"}]}, "MP4 or WebM"),
    "a film of two places": (LINE | {"videos": [{"file": "a.mp4", "url": "https://a.tj/"}]}, "either a file"),
    "a film at no address": (LINE | {"videos": [{"url": "javascript:alert(1)"}]}, "no address"),
    "a poster that is none": (LINE | {"videos": [{"url": "https://a.tj/", "poster": 1}]}, "no photo 1"),
    "a focal point outside": (LINE | {"photos": [{"file": "text.jpg", "focal_x": 101}]}, "from 0 to 100"),
    "a focal point that is true": (LINE | {"photos": [{"file": "text.jpg", "focal_x": True}]}, "whole number"),
    "an old address that is none": (LINE | {"old_addresses": {"en": ["node/123"]}}, "old_addresses en"),
    "itself among the related": (LINE | {"related": ["node-123"]}, "itself"),
}


@pytest.fixture
def files(tmp_path):
    """The folder beside ``archive.jsonl``, with files that are not what they seem."""
    folder = tmp_path / "archive-files"
    folder.mkdir()
    (folder / "text.jpg").write_text("no picture, no film, only some words")
    (tmp_path / "outside.jpg").write_bytes(factories.picture().read())
    (folder / "link.jpg").symlink_to(tmp_path / "outside.jpg")
    (folder / "half.jpg").write_bytes(factories.picture((600, 400)).read()[:3000])
    (folder / "photo.jpg").write_bytes(factories.picture((60, 40)).read())
    return folder


@pytest.mark.django_db
@pytest.mark.parametrize("dry_run", [False, True], ids=["run", "dry run"])
@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_named_with_its_reason_and_the_others_go_on(case, dry_run, tmp_path, files):
    bad, reason = BAD[case]
    bad = bad if isinstance(bad, bytes) else json.dumps(bad).encode()
    out, err, ended = run("import_reports", file_of(tmp_path, bad, LINE | {"key": "good"}), dry_run=dry_run)
    assert err.startswith("line 1: ") and reason in err and err.count("\n") == 1 and "Traceback" not in err
    assert ended == "1 of 2 lines were refused; they are named above."
    assert out.startswith(f"Lines: 2; {'could be stored' if dry_run else 'stored'}: 1;")
    assert Event.objects.count() == (0 if dry_run else 1)


# Moving in ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_dry_run_changes_nothing_and_leaves_no_file(tmp_path, files, settings):
    before = counted()
    path = file_of(tmp_path, LINE | {"photos": [{"file": "photo.jpg"}]}, LINE | {"key": "b", "old_addresses": {}})
    out, err, ended = run("import_reports", path, dry_run=True)
    assert (out, err, ended) == ("Lines: 2; could be stored: 2; there already: 0; refused: 0.\n", "", "well")
    assert counted() == before
    assert not list(Path(settings.MEDIA_ROOT).rglob("*"))


@pytest.mark.django_db
def test_run_again_and_only_what_is_missing_is_taken_in(tmp_path):
    first, second = LINE, LINE | {"key": "second", "old_addresses": {}}
    bad = LINE | {"key": "third", "old_addresses": {}, "reports": {"en": {"title": ""}}}
    assert "refused: 1" in run("import_reports", file_of(tmp_path, first, second, bad))[0]
    stored = set(Event.objects.values_list("pk", flat=True))
    mended = bad | {"reports": {"en": {"title": "Mended"}}}
    out, _err, ended = run("import_reports", file_of(tmp_path, first, second, mended))
    assert (out, ended) == ("Lines: 3; stored: 1; there already: 2; refused: 0.\n", "well")
    assert set(Event.objects.values_list("pk", flat=True)) > stored
    assert Report.objects.filter(title="Mended", status="draft").count() == 1


@pytest.mark.django_db
def test_what_staff_changed_since_is_not_written_over(tmp_path):
    path = file_of(tmp_path, LINE)
    run("import_reports", path)
    report, meetings = Report.objects.get(), Category.objects.get(slug="meetings")
    report.title, meetings.name_en = "Put right by hand", "Talks"
    report.save()
    meetings.save()
    assert "there already: 1" in run("import_reports", path)[0]
    assert Report.objects.get().title == "Put right by hand"
    run("import_reports", file_of(tmp_path, LINE | {"key": "b", "old_addresses": {}}))
    assert Category.objects.get(slug="meetings").name_en == "Talks"


@pytest.mark.django_db
@pytest.mark.parametrize("dry_run", [False, True])
def test_no_event_is_lost_behind_the_key_or_the_address_of_another(tmp_path, dry_run):
    other = LINE | {"reports": {"en": {"title": "Quite another event"}}}
    path = file_of(tmp_path, LINE, other, other | {"key": "second"})
    _out, err, ended = run("import_reports", path, dry_run=dry_run)
    assert "line 2: 'node-123': key: line 1 has the same" in err
    assert "line 3: 'second': old_addresses: /en/node/123 stands on line 1 too" in err
    assert ended.startswith("2 of 3")
    if not dry_run:
        alone = file_of(tmp_path, other | {"key": "second"})
        assert "/en/node/123 leads to another event" in run("import_reports", alone)[1]


@pytest.mark.django_db
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_name_is_given_once_and_known_afterwards(tmp_path, dry_run):
    topic = {"slug": "water", "names": {"tg": "Об"}, "visit": True}
    later = {
        "key": "b",
        "starts_at": "2022-01-11 09:00",
        "place": "dushanbe",
        "categories": ["visits"],
        "topics": ["water"],
    }
    out, err, _ended = run("import_reports", file_of(tmp_path, LINE | {"topics": [topic]}, later), dry_run=dry_run)
    assert "refused: 0" in out and not err
    if not dry_run:
        assert Topic.objects.get(slug="water").visit
        assert Event.objects.get(reports=None).place.slug == "dushanbe"


@pytest.mark.django_db
def test_one_event_in_several_sections_and_several_in_one_minute(tmp_path):
    again = [LINE | {"key": f"act-{number}", "old_addresses": {}} for number in range(4)]
    run("import_reports", file_of(tmp_path, *again))
    assert Event.objects.filter(starts_at=factories.local("2022-01-10 13:45")).count() == 4
    assert [category.slug for category in Event.objects.first().category_list] == ["meetings", "visits"]


@pytest.mark.django_db
def test_related_events_may_stand_after_one_another(tmp_path):
    first = LINE | {"related": ["later", "nowhere"]}
    later = LINE | {"key": "later", "old_addresses": {}, "related": ["node-123"]}
    path = file_of(tmp_path, first, later)
    for _run in range(2):
        _out, err, ended = run("import_reports", path)
        assert err == "line 1: 'node-123': the related event 'nowhere' is not there\n" and ended == "well"
    events = {event.old_addresses.get(path__startswith="/import/").path: event for event in Event.objects.all()}
    assert list(events["/import/node-123"].related.all()) == [events["/import/later"]]
    assert list(events["/import/later"].related.all()) == [events["/import/node-123"]]


@pytest.mark.django_db
def test_an_imported_report_has_a_version_and_is_found(tmp_path, client_page):
    run("import_reports", file_of(tmp_path, LINE))
    report = Report.objects.get()
    assert [version.history_change_reason for version in report.history.all()] == ["import_reports"]
    assert report.digest == text_digest("en", "A meeting", "", "<p>Text.</p>")
    assert report.get_absolute_url() in client_page.get("/en/search/?q=meeting").content.decode()


@pytest.mark.django_db
def test_a_photo_of_a_camera_loses_its_metadata_and_one_of_an_archive_stays_byte_for_byte(tmp_path, files):
    camera = Image.Exif()
    camera[0x010E] = "the place where it was taken"
    (files / "camera.jpg").write_bytes(factories.picture((60, 40), exif=camera).read())
    assert not is_bare(files / "camera.jpg") and is_bare(files / "photo.jpg")
    run("import_reports", file_of(tmp_path, LINE | {"photos": [{"file": "camera.jpg"}, {"file": "photo.jpg"}]}))
    sent, kept = Photo.objects.order_by("position")
    assert b"the place where" not in sent.image.read()
    assert sent.digest == hashlib.sha256((files / "camera.jpg").read_bytes()).hexdigest()
    assert kept.image.read() == (files / "photo.jpg").read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError])
def test_a_stop_in_the_middle_leaves_whole_events_and_no_stray_file(tmp_path, files, settings, monkeypatch, fault):
    real, done = Folder.add_photo, []

    def stopping(self, event, picture, position, made):
        photo = real(self, event, picture, position, made)
        done.append(photo)
        if len(done) == 3:
            raise fault("no more")
        return photo

    photos = [{"file": "photo.jpg"}, {"file": "photo.jpg", "credit": "second"}]
    path = file_of(tmp_path, LINE | {"photos": photos}, LINE | {"key": "b", "old_addresses": {}, "photos": photos})
    monkeypatch.setattr(Folder, "add_photo", stopping)
    with pytest.raises((SystemExit, CommandError)) as stopped:
        call_command("import_reports", path, stdout=StringIO(), stderr=StringIO())
    monkeypatch.undo()
    assert fault is not KeyboardInterrupt or stopped.value.code == 130
    assert (Event.objects.count(), Photo.objects.count()) == (1, 2)
    tokens = {photo.token for photo in Photo.objects.all()}
    on_disk = [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]
    assert on_disk and all(any(token in str(file) for token in tokens) for file in on_disk)
    assert run("import_reports", path)[0] == "Lines: 2; stored: 1; there already: 1; refused: 0.\n"
    assert Photo.objects.count() == 4


@pytest.mark.django_db
def test_a_line_without_an_end_is_refused_and_the_next_one_is_read(tmp_path):
    endless = b'{"key": "' + b"x" * (21 * 2**20)
    _out, err, _ended = run("import_reports", file_of(tmp_path, endless, LINE))
    assert err == "line 1: the line is longer than 10 MB\n"
    assert Event.objects.count() == 1


def test_a_file_that_is_not_there_is_said(tmp_path):
    assert "There is no file" in run("import_reports", tmp_path / "gone.jsonl")[2]


# Moving out and in again --------------------------------------------------------------------------------------------


def archive():
    """Events with all that an event can have."""
    town = factories.place()
    first = factories.event(place=town, languages_note="Only two", embargo_until=factories.local("2030-01-01 00:00"))
    first.topics.add(Topic.objects.create(slug="water", name_tg="Об", name_ru="Вода", name_en="Water", visit=True))
    tajik = factories.report(first, "tg", title="Вохӯрӣ бо деҳқонон " + "ӯ" * 250, body=WORD_HTML, lead="Ду\nсатр")
    english = factories.report(first, "en", source_digest=tajik.digest, urgent_reason="At once")
    english.correct("The number was wrong.")
    english.save()
    factories.report(first, "ru", status="draft", published_at=None, body="")
    second = factories.event(
        "2022-01-10 13:45", factories.category(), factories.category("visits", "Visits", "Сафарҳо")
    )
    factories.report(second, "tg", status="withdrawn")
    first.related.add(second)
    second.related.add(first)
    OldAddress.objects.create(path="/ru/taxonomy/term/5/68", event=second, language="ru")
    lead = factories.photo(
        first, caption_tg="Дар деҳа", alt_en="A field", credit="Press service", focal_x=0, focal_y=100
    )
    factories.photo(first, factories.picture((90, 60), "PNG"), position=5, decorative=True)
    Photo.objects.update(digest="5e" * 32)  # Of the file of the camera, which nobody has any more.
    film = ContentFile(b"\x00\x00\x00\x18ftypmp42 and so on", name="film.mp4")
    Video.objects.create(event=first, file=film, poster=lead, title_tg="Филм", position=1)
    Video.objects.create(event=first, url="https://video.example.org/1", megabytes=23, position=0)
    return first, second


def moved_out(folder, name):
    path = folder / f"{name}.jsonl"
    out, err, ended = run("export_reports", path)
    assert (err, ended) == ("", "well") and out.startswith("Events written: ")
    return path


@pytest.mark.django_db
def test_what_is_moved_out_and_in_is_the_same_to_the_last_byte(tmp_path):
    archive()
    first = moved_out(tmp_path, "first")
    before = {report.digest: (report.title, report.body, report.lead) for report in Report.objects.all()}
    for event in Event.objects.all():
        event.delete()
    for model in (Category, Topic):
        model.objects.all().delete()
    out, err, ended = run("import_reports", first)
    assert (out, err, ended) == ("Lines: 2; stored: 2; there already: 0; refused: 0.\n", "", "well")
    assert {report.digest: (report.title, report.body, report.lead) for report in Report.objects.all()} == before
    second = moved_out(tmp_path, "second")
    assert second.read_text() == first.read_text()
    assert {p.name: p.read_bytes() for p in (tmp_path / "second-files").rglob("*.*")} == {
        p.name: p.read_bytes() for p in (tmp_path / "first-files").rglob("*.*")
    }
    assert Video.objects.get(url="").poster.caption_tg == "Дар деҳа"
    assert [event.related.count() for event in Event.objects.all()] == [1, 1]


@pytest.mark.django_db
def test_an_archive_that_is_moved_in_where_it_came_from_is_there_already(tmp_path):
    _first, second = archive()
    path = moved_out(tmp_path, "mine")
    changed = second.reports.get()
    changed.title = "Changed since"
    changed.save()
    before = counted()
    assert "there already: 2" in run("import_reports", path)[0]
    assert counted() == before


@pytest.mark.django_db
def test_an_export_is_its_owners_alone_and_writes_over_nothing(tmp_path):
    archive()
    path = moved_out(tmp_path, "mine")
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "mine-files").stat().st_mode & 0o777 == 0o700
    assert "there already" in run("export_reports", path)[2]
    assert run("export_reports", path, force=True)[2] == "well"


@pytest.mark.django_db
def test_a_lost_file_is_named_and_the_rest_is_moved_out(tmp_path):
    first, _second = archive()
    lost = first.photos.first()
    lost.image.storage.delete(lost.image.name)
    out, err, ended = run("export_reports", tmp_path / "mine.jsonl")
    assert lost.image.name in err and "1 files are lost" in ended and out == "Events written: 2.\n"
    items = [read_line(line) for line in (tmp_path / "mine.jsonl").read_bytes().splitlines()]
    moved = next(item for item in items if item.photos)
    assert len(moved.photos) == 1
    assert [film.poster for film in moved.videos] == [None, None], "the poster was the lost photo"


@pytest.mark.django_db
def test_moving_out_asks_as_often_for_many_events_as_for_few(tmp_path, django_assert_num_queries):
    factories.many_reports(3)
    with django_assert_num_queries(9):
        run("export_reports", tmp_path / "few.jsonl")
    factories.many_reports(40, language="tg")
    with django_assert_num_queries(9):
        run("export_reports", tmp_path / "many.jsonl")


@pytest.mark.django_db
def test_a_race_for_the_same_key_is_a_refusal(tmp_path):
    item = read_line(json.dumps(LINE))
    exchange_store.store(item, Folder(None))
    with pytest.raises(Refused, match="just now"):
        exchange_store.store(replace(item, old_addresses={}), Folder(None))
    assert Event.objects.count() == 1
