"""Feeds: whole reports in three formats, of the site, of each category and topic, only of what is public."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import Photo, Report, Topic
from portal.caching import PUBLIC
from tests.news import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

XML = ("rss.xml", "atom.xml")
FORMATS = (*XML, "feed.json")
TYPES = {"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}
AWKWARD = 'Ҷ ғ ӯ: <b>"R&D"</b> ]]> & </script> 🏔'


def fetch(path, **headers):
    response = Client().get(path, headers=headers)
    assert response.status_code == 200, path
    return response


def parsed(path):
    feed = feedparser.parse(fetch(path).content, sanitize_html=False)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def topic():
    return Topic.objects.get_or_create(
        slug="farming", defaults={"name_tg": "Кишоварзӣ", "name_ru": "Земледелие", "name_en": "Farming"}
    )[0]


def items(path):
    return json.loads(fetch(path).content)["items"]


@pytest.fixture
def full(db):
    """A report with everything that a feed can carry."""
    event = factories.event("2022-01-10 13:45", place=factories.place())
    factories.photo(event, factories.picture((1500, 1000)))
    return factories.report(
        event, title=AWKWARD, lead="Дар Душанбе.", body='<p>See <a href="/en/news/">us</a> & all.</p>'
    )


@pytest.mark.parametrize("name", FORMATS)
def test_a_feed_is_of_its_type_and_public(name, full):
    response = fetch(f"/en/feeds/{name}")
    assert response["Content-Type"] == f"{TYPES[name]}; charset=utf-8"
    assert response["Cache-Control"] == PUBLIC and not response.cookies
    assert "Accept-Language" not in response.get("Vary", "")


@pytest.mark.parametrize("name", XML)
def test_a_reader_of_feeds_understands_all_of_a_report(name, full):
    feed = parsed(f"/en/feeds/{name}")
    assert feed.version == {"rss.xml": "rss20", "atom.xml": "atom10"}[name]
    assert feed.feed.title == "President of the Republic of Tajikistan"
    assert feed.feed.link == "http://testserver/en/news/" and feed.feed.language == "en"
    assert f"http://testserver/en/feeds/{name}" in [link.href for link in feed.feed.links if link.rel == "self"]
    [entry] = feed.entries
    assert entry.title == AWKWARD
    assert entry.link == f"http://testserver{full.get_absolute_url()}"
    assert entry.id == f"tag:president.tj,2026:report/{full.event_id}/en"
    assert entry.summary == "Дар Душанбе."
    assert entry.content[0].value == (
        '<p>Дар Душанбе.</p>\n<p>See <a href="http://testserver/en/news/" rel="noopener noreferrer">us</a> &amp; all.</p>'
    )
    assert [tag.term for tag in entry.tags] == ["Meetings"]
    assert entry.published_parsed[:6] == full.published_at.utctimetuple()[:6]


def test_an_atom_entry_says_when_it_was_updated(full):
    entry = parsed("/en/feeds/atom.xml").entries[0]
    assert entry.updated_parsed[:6] == full.modified_at.utctimetuple()[:6]


@pytest.mark.parametrize("name", XML)
def test_the_picture_is_a_jpeg_of_the_right_length(name, full):
    [entry] = parsed(f"/en/feeds/{name}").entries
    [file] = entry.enclosures
    token = Photo.objects.get().token
    assert (file.href, file.type) == (f"http://testserver/media/photos/{token}/1200.jpeg", "image/jpeg")
    picture = Client().get(file.href)
    assert len(picture.getvalue()) == int(file.length) and picture["Content-Type"] == file.type


def test_json_feed_says_the_same(full):
    feed = json.loads(fetch("/en/feeds/feed.json").content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == "en" and feed["authors"][0]["name"]
    assert feed["feed_url"] == "http://testserver/en/feeds/feed.json"
    assert feed["home_page_url"] == "http://testserver/en/news/"
    [item] = feed["items"]
    assert item["title"] == AWKWARD and item["id"] == f"tag:president.tj,2026:report/{full.event_id}/en"
    assert item["url"] == f"http://testserver{full.get_absolute_url()}"
    assert 'href="http://testserver/en/news/"' in item["content_html"] and item["summary"] == "Дар Душанбе."
    assert item["tags"] == ["Meetings"] and item["date_modified"] >= item["date_published"]
    [file] = item["attachments"]
    assert file["mime_type"] == "image/jpeg" and file["url"] == item["image"]
    assert len(Client().get(file["url"]).getvalue()) == file["size_in_bytes"]


def test_a_photo_whose_file_is_lost_leaves_the_entry_in_place():
    event = factories.event()
    Photo.objects.bulk_create([Photo(event=event, token="lost", image="originals/x.jpg", width=900, height=600)])
    factories.report(event)
    assert "attachments" not in items("/en/feeds/feed.json")[0]
    assert not parsed("/en/feeds/rss.xml").entries[0].enclosures


@pytest.mark.parametrize("name", XML)
def test_characters_that_xml_cannot_hold_do_not_break_the_feed(name):
    factories.report(title="A\x08B\ufffeC", lead="L\x01", body="Text\x0b and \x02 more.")
    response = fetch(f"/en/feeds/{name}")
    ElementTree.fromstring(response.content)
    assert parsed(f"/en/feeds/{name}").entries[0].title == "ABC"


@pytest.mark.parametrize(
    "values",
    [
        {"status": Report.Status.DRAFT},
        {"status": Report.Status.DRAFT, "published_at": None},
        {"published_at": timezone.now() + timedelta(hours=1)},
        {"language": "ru"},
    ],
    ids=["withdrawn", "draft", "future", "another language"],
)
@pytest.mark.parametrize("folder", ["", "meetings/", "topic/farming/"])
@pytest.mark.parametrize("name", FORMATS)
def test_what_is_not_public_in_the_language_is_not_in_its_feed(name, folder, values):
    report = factories.report(title="The report in question", **values)
    topic().events.add(report.event)
    assert "in question" not in fetch(f"/en/feeds/{folder}{name}").content.decode()


@pytest.mark.parametrize("name", XML)
def test_a_feed_of_a_category_holds_that_category(name):
    factories.report(factories.event("2022-01-10 13:45", factories.category("visits", "Visits")), title="A visit")
    factories.report(title="A meeting")
    feed = parsed(f"/en/feeds/visits/{name}")
    assert [entry.title for entry in feed.entries] == ["A visit"]
    assert feed.feed.title == "Visits – President of the Republic of Tajikistan"
    assert feed.feed.link == "http://testserver/en/news/category/visits/"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("folder", ["nothing", "topic/nothing", "topic/meetings"])
def test_a_subject_that_is_not_there_has_no_feed(folder, name):
    factories.category()
    assert Client().get(f"/en/feeds/{folder}/{name}").status_code == 404


@pytest.mark.parametrize("name", XML)
def test_a_feed_of_a_topic_holds_that_topic(name):
    topic().events.add(factories.report(title="A harvest").event)
    factories.report(title="A meeting")
    feed = parsed(f"/en/feeds/topic/farming/{name}")
    assert [entry.title for entry in feed.entries] == ["A harvest"]
    assert feed.feed.title == "Farming – President of the Republic of Tajikistan"
    assert feed.feed.link == "http://testserver/en/news/topic/farming/"


@pytest.fixture
def corrected(full):
    full.correct('The name <of> "R&D" was mended.')
    full.correct("The number was mended.")
    full.save()
    return full


CORRECTIONS = re.compile(
    r"<p><strong>Correction, (\d+ \w+ \d{4}):</strong> The number was mended.</p>\n"
    r"<p><strong>Correction, \1:</strong> The name &lt;of&gt; &quot;R&amp;D&quot; was mended.</p>\n<p>Дар Душанбе.</p>"
)


@pytest.mark.parametrize("name", XML)
def test_a_correction_stands_before_the_text_with_its_day(name, corrected):
    [entry] = parsed(f"/en/feeds/{name}").entries
    assert CORRECTIONS.match(entry.content[0].value.replace('"R&amp;D"', "&quot;R&amp;D&quot;"))
    assert entry.updated_parsed[:6] == corrected.modified_at.utctimetuple()[:6] > entry.published_parsed[:6]


def test_a_correction_stands_in_the_json_feed(corrected):
    [item] = items("/en/feeds/feed.json")
    assert CORRECTIONS.match(item["content_html"])
    assert item["date_modified"] == corrected.modified_at.isoformat() > item["date_published"]


# From the specification (jsonfeed.org/version/1.1): the members of a feed and of an item, and what each holds.
FEED_MEMBERS = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "user_comment": str,
    "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str, "expired": bool, "hubs": list,
    "items": list,
}  # fmt: skip
ITEM_MEMBERS = {
    "id": str, "url": str, "external_url": str, "title": str, "content_html": str, "content_text": str, "summary": str,
    "image": str, "banner_image": str, "date_published": str, "date_modified": str, "authors": list, "tags": list,
    "language": str, "attachments": list,
}  # fmt: skip
ATTACHMENT_MEMBERS = {"url": str, "mime_type": str, "title": str, "size_in_bytes": int, "duration_in_seconds": int}


def test_the_json_feed_has_the_members_of_its_specification(corrected):
    feed = json.loads(fetch("/en/feeds/feed.json").content)
    [item] = feed["items"]
    parts = [(feed, FEED_MEMBERS), (item, ITEM_MEMBERS), *((file, ATTACHMENT_MEMBERS) for file in item["attachments"])]
    for part, members in parts:
        for name, value in part.items():
            assert isinstance(value, members[name]), name
    assert (
        datetime.fromisoformat(item["date_published"]).tzinfo and datetime.fromisoformat(item["date_modified"]).tzinfo
    )


def test_a_feed_is_in_the_language_of_its_address():
    factories.report(language="tg")
    feed = json.loads(fetch("/tg/feeds/meetings/feed.json").content)
    assert feed["title"].startswith("Вохӯриҳо – ") and feed["language"] == "tg"
    assert feed["items"][0]["title"] == factories.TITLES["tg"] and feed["items"][0]["tags"] == ["Вохӯриҳо"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_feed_of_an_empty_site_is_a_feed(name):
    factories.category()
    for path in (f"/tg/feeds/{name}", f"/tg/feeds/meetings/{name}"):
        assert items(path) == [] if name == "feed.json" else parsed(path).entries == []


def test_the_thirty_latest_events_stand_in_order():
    factories.many_reports(40)
    titles = [item["title"] for item in items("/en/feeds/feed.json")]
    assert titles == [f"Event {step:03}" for step in range(39, 9, -1)]


@pytest.mark.parametrize("name", FORMATS)
def test_a_feed_that_did_not_change_is_answered_with_304(name, full):
    first = fetch(f"/en/feeds/{name}")
    client = Client()
    assert client.get(f"/en/feeds/{name}", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(f"/en/feeds/{name}", headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    full.title = "Another title"
    full.save()
    again = client.get(f"/en/feeds/{name}", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200 and "Another title" in again.content.decode()


def test_the_number_of_an_entry_stays_when_its_title_changes(full):
    before = items("/en/feeds/feed.json")[0]
    full.title = "Another title"
    full.save()
    after = items("/en/feeds/feed.json")[0]
    assert after["id"] == before["id"] and after["url"] != before["url"]


@pytest.mark.parametrize("number", [10, 200])
@pytest.mark.parametrize(("folder", "queries"), [("", 3), ("meetings/", 4), ("topic/farming/", 4)])
@pytest.mark.parametrize("name", FORMATS)
def test_a_feed_costs_a_fixed_number_of_queries(name, folder, queries, number):
    reports = factories.many_reports(number)
    topic().events.set([report.event for report in reports])
    Photo.objects.bulk_create(
        Photo(event=report.event, token=f"t{step}", image="originals/x.jpg", width=1200, height=800)
        for step, report in enumerate(reports)
    )
    with CaptureQueriesContext(connection) as captured:
        fetch(f"/en/feeds/{folder}{name}")
    assert len(captured) == queries


@pytest.mark.parametrize("path", ["/en/feeds/rss.xml", "/en/feeds/feed.json", "/sitemap.xml", "/api/v1/openapi.json"])
def test_what_machines_read_is_compressed(path):
    factories.many_reports(30)
    response = fetch(path, **{"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    again = Client().get(path, headers={"accept-encoding": "gzip", "if-none-match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", FORMATS)
def test_a_feed_is_only_read(name):
    assert Client().post(f"/en/feeds/{name}").status_code == 405


@pytest.mark.parametrize("path", ["/en/", "/en/news/", "/en/news/category/meetings/", "/en/news/topic/farming/"])
def test_pages_of_the_news_name_their_feeds(path, client_page, full):
    topic().events.add(full.event)
    page = client_page.get(path).content.decode()
    folders = ["", *(folder for folder in ("meetings/", "topic/farming/") if folder in path)]
    for name in FORMATS:
        for folder in folders:
            assert f'type="{TYPES[name]}"' in page and f'href="/en/feeds/{folder}{name}"' in page
