"""What is said to be missing before a report is published; what its page costs a reader; each line leads to its field."""

import re
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from news import images
from news.desk import readiness as readiness_desk
from news.desk.readiness import weight_of
from news.models import BrokenLink, Event, Photo, Report
from news.readiness import FIRST_VIEW, Facts, Level, event_checks, links_of, problems, report_checks
from news.weight import Weight, static_bytes, taken, weigh
from portal.roles import PRESS_CHIEF, PRESS_EDITOR
from tests.news import factories
from tests.news.desk import Desk

TITLE = "Meeting with the farmers of the district"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def facts(report=None, photos=(), reports=None, broken=(), weight=None, **event):
    """Facts of an event with one report, made without a database."""
    place = event.pop("place", None)
    of = Event(pk=1, starts_at=factories.local("2026-01-10 13:45"), **event)
    if place:
        of.place_id, of.place = place.pk, place
    report = report or a_report()
    reports = reports or {report.language: report}
    return Facts(of, reports, list(photos), {report.pk: list(broken)}, {report.pk: weight} if weight else {})


def a_report(language="tg", **values):
    values = {"title": TITLE, "lead": "A lead.", "body": "<p>Text.</p>"} | values
    return Report(pk=7, language=language, **values)


def a_photo(pk=5, **values):
    values = {"width": 1600, "caption_tg": "Толор", "alt_tg": "Толори калон"} | values
    return Photo(pk=pk, **values)


def found(checks, name, owner=None):
    """The levels and sentences of the checks about a field."""
    return [(check.level.name, check.text) for check in checks if check.name == name and owner in (None, check.owner)]


def of_report(report=None, **given):
    report = report or a_report()
    return report_checks(report, facts(report, **given))


@pytest.mark.parametrize(
    ("length", "level"), [(1, "ADVICE"), (19, "ADVICE"), (20, "OK"), (120, "OK"), (121, "ADVICE"), (300, "ADVICE")]
)
def test_a_title_is_neither_short_nor_long(length, level):
    (said,) = found(of_report(a_report(title="Ғ" * length)), "title")
    assert said[0] == level and str(length) in said[1]


@pytest.mark.parametrize(("length", "level"), [(0, "ADVICE"), (1, "OK"), (300, "OK"), (301, "ADVICE")])
def test_a_lead_is_there_and_short(length, level):
    assert found(of_report(a_report(lead="a" * length)), "lead")[0][0] == level


@pytest.mark.parametrize("body", ["", "<p>&nbsp;</p>", "<ul><li></li></ul>"])
def test_an_empty_text_is_a_problem(body):
    assert ("PROBLEM", "The text is empty.") in found(of_report(a_report(body=body)), "body")


def test_a_text_is_counted_in_words():
    assert ("OK", "Text, in words: 1,200") in found(of_report(a_report(body=f"<p>{'word ' * 1200}</p>")), "body")


def test_a_dateline_has_a_place():
    place = SimpleNamespace(pk=3, name="Dushanbe city", _state=SimpleNamespace(db=None))
    event = Event(pk=1, starts_at=factories.local("2026-01-10 13:45"), place_id=3)
    event._state.fields_cache["place"] = place
    assert found(event_checks(Facts(event, {}, [])), "starts_at") == [
        ("OK", "Dateline: 10.01.2026 13:45, Dushanbe city")
    ]
    without = Facts(Event(pk=1, starts_at=factories.local("2026-01-10 13:45")), {}, [])
    assert found(event_checks(without), "place")[0][0] == "ADVICE"


def test_an_event_without_photos_is_advised_of_it():
    assert "ADVICE" in [check.level.name for check in event_checks(facts()) if check.owner == "photos"]


@pytest.mark.parametrize(("width", "level"), [(1199, "ADVICE"), (1200, "OK"), (None, "ADVICE")])
def test_a_lead_photo_is_wide_enough_to_be_shared(width, level):
    assert found(event_checks(facts(photos=[a_photo(width=width)])), "image")[0][0] == level


def test_photos_that_are_being_prepared_are_told():
    said = [check.text for check in event_checks(facts(photos=[a_photo(), a_photo(6, ready=False)]))]
    assert any("still being prepared" in text and text.endswith(": 1") for text in said)


def test_a_missing_language_needs_a_reason():
    assert found(event_checks(facts()), "languages_note")[0][0] == "PROBLEM"
    level, text = found(event_checks(facts(languages_note="A telegram.")), "languages_note")[0]
    assert level == "OK" and "Русский, English" in text and "A telegram." in text
    everything = {code: a_report(code) for code in ("tg", "ru", "en")}
    assert found(event_checks(facts(reports=everything)), "languages_note")[0][0] == "OK"


PHOTOS = [
    ({"alt_en": "A hall"}, "alt_en", "OK"),
    ({"decorative": True}, "decorative", "OK"),
    ({"caption_en": "The hall"}, "alt_en", "ADVICE"),
    ({}, "alt_en", "PROBLEM"),
]


@pytest.mark.parametrize(("values", "name", "level"), PHOTOS)
def test_a_lead_photo_is_described_in_the_language_of_the_report(values, name, level):
    assert found(of_report(a_report("en"), photos=[a_photo(**values)]), name, 5)[0][0] == level


def test_captions_are_counted_in_the_language_and_the_first_without_one_is_led_to():
    photos = [a_photo(1, caption_en="One"), a_photo(2), a_photo(3), a_photo(4, decorative=True)]
    checks = of_report(a_report("en"), photos=photos)
    assert found(checks, "caption_en", 2) == [("ADVICE", "Photos without a caption in this language: 2 of 4")]
    assert not found(of_report(a_report("tg"), photos=photos), "caption_tg")


def test_a_translation_of_an_older_text_is_a_problem():
    source = a_report("tg")
    source.digest = "new"
    for digest, level in (("old", Level.PROBLEM), ("new", Level.OK)):
        report = a_report("ru", source_digest=digest)
        report.pk = 8
        checks = report_checks(report, facts(source, reports={"tg": source, "ru": report}))
        assert [check.level for check in checks if "Tajik text" in check.text] == [level]
    unknown = a_report("ru")
    checks = report_checks(unknown, facts(source, reports={"tg": source, "ru": unknown}))
    assert not [check for check in checks if "Tajik text" in check.text]


LINKS = [
    ('<p><a href="/en/">home</a></p>', (), ["OK"]),
    ('<p><a href="/x">one</a> <a href="/y">two</a></p>', ["/x"], ["PROBLEM"]),
    ("<p><a>one</a></p>", (), ["PROBLEM"]),
    ('<p><a href="#">one</a></p>', (), ["PROBLEM"]),
    ('<p><a href="/x"> </a></p>', (), ["PROBLEM"]),
    ("<p>No link.</p>", (), []),
    ("<p>Many.</p>", [f"/{number}" for number in range(25)], ["PROBLEM"] * 11),
]


@pytest.mark.parametrize(("body", "broken", "levels"), LINKS)
def test_links_are_judged(body, broken, levels):
    checks = of_report(a_report(body=body), broken=broken)
    assert [check.level.name for check in checks if "ink" in check.text] == levels


def test_the_links_of_a_text_are_read_with_their_words():
    body = '<p><a href="/a?x=1&amp;y=2">one <strong>two</strong></a> not <a>three</a></p>'
    assert links_of(body) == [("/a?x=1&y=2", "one two"), ("", "three")]


def test_a_heavy_page_is_advised_against():
    light, heavy = Weight(FIRST_VIEW, 310_000), Weight(FIRST_VIEW + 1, 310_000)
    checks = of_report(weight=light)
    assert ("OK", "The first view costs a reader 105 kB; with everything on the page 310 kB.") in found(
        checks, "weight"
    )
    assert any(level == "ADVICE" and "106 kB" in text for level, text in found(of_report(weight=heavy), "weight"))


def test_the_sentences_are_in_the_editors_language():
    with translation.override("ru"):
        assert "310" in [text for _level, text in found(of_report(weight=Weight(1, 310_000)), "weight")][-1]
        assert "1 200" in found(of_report(a_report(body="<p>" + "слово " * 1200 + "</p>")), "body")[0][1].replace(
            "\xa0", " "
        )


def test_problems_are_those_of_the_report_and_of_its_event():
    report = a_report(body="")
    assert {check.name for check in problems(report, facts(report))} == {"body", "languages_note"}


# What a page costs ------------------------------------------------------------------------------------------------

OFFERS = "/a/480.avif 480w, /a/800.avif 800w, /a/1200.avif 1200w"


@pytest.mark.parametrize(
    ("srcset", "sizes", "url"),
    [
        (OFFERS, "100vw", "/a/800.avif"),
        (OFFERS, "(min-width: 64em) 58rem, 100vw", "/a/800.avif"),
        (OFFERS, "(min-width: 64em) 33vw, 50vw", "/a/480.avif"),
        ("/a/300.avif 300w", "100vw", "/a/300.avif"),
        ("", "100vw", ""),
        ("/a.avif 2x", "", ""),
        ("nonsense", "nonsense", ""),
    ],
)
def test_a_phone_takes_the_narrowest_that_fills_its_screen(srcset, sizes, url):
    assert taken(srcset, sizes) == url


def test_a_page_costs_what_it_names(settings):
    bare = weigh("<!DOCTYPE html><p>Text</p>")
    styled = weigh('<!DOCTYPE html><link rel="stylesheet" href="/static/css/site.css"><p>Text</p>')
    fonts = sum(static_bytes(f"/static/fonts/{name}.woff2") for name in ("portal-sans", "portal-serif"))
    assert bare.first_view < 100
    assert styled.first_view > bare.first_view + static_bytes("/static/css/site.css") + fonts
    assert 1000 < static_bytes("/static/css/site.css") < 12_000, "as it is sent, compressed"


@pytest.mark.parametrize(
    "url",
    [
        "/static/../portal/settings.py",
        "/static/%2e%2e/manage.py",
        "https://x.example/a.css",
        "/static/",
        "",
        "/media/x",
    ],
)
def test_nothing_but_a_file_of_the_sites_own_is_weighed(url):
    assert static_bytes(url) == 0


def test_a_file_that_lies_compressed_is_weighed_as_it_lies(settings, tmp_path):
    settings.STATIC_ROOT, settings.DEBUG = tmp_path, False
    (tmp_path / "a.css").write_text("a" * 5000)
    (tmp_path / "a.css.br").write_bytes(b"x" * 17)
    assert static_bytes("/static/a.css") == 17


@pytest.mark.django_db
def test_the_first_view_holds_the_lead_photo_and_the_rest_comes_later(settings):
    report = factories.report(factories.event(), language="en", body="<p>Text.</p>")
    without = page_weight(report)
    sizes = []
    for _number in range(3):
        photo = factories.photo(report.event, factories.picture((1300, 900)))
        photo.refresh_from_db()
        sizes.append(photo)
    report = Report.objects.select_related("event").get()
    heavier = page_weight(report)
    lead = images.rendition_bytes(sizes[0].token, 800, "avif")
    assert lead <= heavier.first_view - without.first_view <= lead + 3000, "and the markup of the pictures"
    assert heavier.everything > heavier.first_view + 2 * images.rendition_bytes(sizes[1].token, 480, "avif") - 1
    assert heavier.unknown == 0


@pytest.mark.django_db
def test_a_picture_that_is_not_made_yet_is_counted_as_unknown():
    page = (
        '<picture><source type="image/avif" srcset="/media/photos/abc/480.avif 480w" sizes="100vw">'
        '<img src="/media/photos/abc/480.jpeg" alt="" width="1" height="1"></picture>'
    )
    assert weigh(page).unknown == 1


def page_weight(report):
    return weight_of(report, RequestFactory().get("/admin/"))


# At the desk ------------------------------------------------------------------------------------------------------


def panel(desk, event):
    response = desk.client.get(f"/admin/news/event/{event.pk}/change/", headers={"accept-language": "en"})
    assert response.status_code == 200
    page = response.content.decode()
    found = re.search(r'<section class="module readiness".*?</section>\n</div>\n</section>', page, re.DOTALL)
    return page, found and found[0]


@pytest.fixture
def chief(db):
    return Desk(factories.staff(PRESS_CHIEF, username="chief"))


def complete_event():
    event = factories.event(place=factories.place())
    for language in ("tg", "ru", "en"):
        factories.report(event, language, lead="Lead.", status="draft", published_at=None)
    for _number in range(2):
        factories.photo(event)
    return event


def test_each_line_leads_to_a_field_of_the_page(chief):
    page, lines = panel(chief, complete_event())
    anchors = re.findall(r'href="#([^"]+)"', lines)
    assert len(anchors) > 15
    missing = [anchor for anchor in anchors if f'id="{anchor}"' not in page]
    assert not missing


def test_where_the_facts_are_locked_the_lines_still_lead_somewhere(db):
    event = complete_event()
    for report in event.reports.all():
        report.status = "published"
        report.save()
    page, lines = panel(Desk(factories.staff(PRESS_EDITOR)), event)
    anchors = re.findall(r'href="#([^"]*)"', lines)
    assert anchors and not [anchor for anchor in anchors if f'id="{anchor}"' not in page]


def test_a_new_event_has_no_panel(chief):
    assert "readiness" not in fields_page(chief)


def fields_page(desk):
    page = desk.client.get("/admin/news/event/add/").content.decode()
    return page.replace("desk-readiness.css", "")


def test_the_panel_says_what_the_saved_report_lacks_and_what_it_costs(chief):
    event = factories.event()
    report = factories.report(
        event, "tg", title="Кӯтоҳ", body='<p><a href="/tg/news/999/gone/">ҳаст</a></p>', status="draft"
    )
    BrokenLink.objects.create(report=report, url="https://gone.example/", reason="no_host")
    _page, lines = panel(chief, event)
    assert "Title, in characters: 5" in lines
    assert "There is no report in: Русский, English" in lines
    assert "A link leads nowhere: /tg/news/999/gone/" in lines
    assert "gone.example" not in lines, "the text no longer holds it"
    first = int(re.search(r"The first view costs a reader ([1-9]\d*) kB", lines)[1])
    measured = int(re.search(r'<meter min="0" max="105000" value="(\d+)"', lines)[1])
    assert first - 1 < measured / 1000 <= first


def test_a_draft_is_weighed_without_being_read_by_anybody(chief):
    event = complete_event()
    _page, lines = panel(chief, event)
    assert lines.count("The first view costs a reader") == 3
    assert not event.reports.filter(draft_readings__isnull=False).exists()


def test_a_long_text_with_many_photos_costs_few_queries(chief):
    event = complete_event()
    url = f"/admin/news/event/{event.pk}/change/"
    chief.client.get(url)
    cache.clear()  # The weight is kept there: here it is measured anew.
    with CaptureQueriesContext(connection) as few:
        chief.client.get(url)
    Photo.objects.bulk_create(
        Photo(event=event, token=f"token{number}", image="x.jpg", width=1300, height=900, position=number + 2)
        for number in range(30)
    )
    cache.clear()
    with CaptureQueriesContext(connection) as many:
        chief.client.get(url)
    assert len(many) <= len(few) + 2


def test_a_page_is_drawn_again_only_when_something_changed(chief, monkeypatch):
    drawn = []
    monkeypatch.setattr(readiness_desk, "weigh", lambda page: drawn.append(page) or Weight(1000, 2000))
    event = complete_event()
    panel(chief, event)
    panel(chief, event)
    assert len(drawn) == 3, "one page for each language"
    event.reports.first().save()
    panel(chief, event)
    assert len(drawn) == 4
    factories.photo(event)
    panel(chief, event)
    assert len(drawn) == 7, "the pictures stand on every page"


def test_publishing_says_what_is_missing_and_publishes(chief):
    event = factories.event()
    factories.report(event, "en", status="review", published_at=None)
    factories.photo(event)
    reason = {"urgent_reason": "It cannot wait."}
    response = chief.send(f"/admin/news/event/{event.pk}/change/", reason, "_publish")
    assert response.status_code == 302
    assert event.reports.get().is_public
    said = chief.client.get("/admin/", headers={"accept-language": "en"})
    warnings = [str(message) for message in said.context["messages"] if message.level_tag == "warning"]
    assert any("something is missing" in text and "neither a description" in text for text in warnings)
