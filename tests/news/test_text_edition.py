"""The text edition: every page for readers at a stable address, with all that it says, in few kilobytes."""

import gzip
import html
import io
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from news import images
from news.models import Photo, Report, Topic
from portal.caching import PUBLIC
from tests.news import factories
from tests.news.test_published import STATES, TITLE, make
from tests.news.test_published import scene as scene
from tests.news.test_queries import make_archive
from tests.pageclient import PageClient, as_written

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

BUDGET = 14_000
LINK = re.compile(r'<a [^>]*href="([^"]+)"')


def get(url, status=200):
    response = PageClient().get(url)
    assert response.status_code == status, url
    return response


def text(url, status=200):
    return get(url, status).content.decode()


def full(url):
    return url.replace("/text/", "/", 1)


def weight(page):
    return len(gzip.compress(page.encode(), 6))


@pytest.fixture
def place(db):
    event = factories.event(place=factories.place())
    event.topics.add(Topic.objects.create(slug="water", name_tg="Об", name_ru="Вода", name_en="Water"))
    factories.photo(event, factories.picture((1000, 600)), caption_tg="Акси якум", credit="Press Service")
    factories.photo(event, factories.picture((600, 900)), caption_tg="Акси дуюм", caption_en="The second", position=1)
    factories.partners()
    for language in ("tg", "ru", "en"):
        factories.report(event, language, lead="A lead.", body="First.\n\nSecond.")
    return event


PATHS = [
    "", "news/", "news/category/meetings/", "news/topic/water/", "news/place/dushanbe/", "news/2022/", "news/2022/1/",
    "news/2022/1/10/", "news/?topic=water&with=photo", "news/?date=nonsense", "search/", "search/?q=meeting",
]  # fmt: skip


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_one_without_a_picture_at_its_address_with_text_in_it(place, language, path):
    url = f"/{language}/text/{path}"
    response = get(url)
    page = response.content.decode()
    assert not re.search(r"<(img|picture|svg|video|style|iframe)\b", page)
    assert response["Cache-Control"] == PUBLIC and not response.cookies and "cookie" not in response.get("Vary", "")
    assert page.count('<link rel="stylesheet"') == 1 and "/css/text.css" in page
    normal = f"/{language}/{path.partition('?')[0]}"
    if path.startswith("search/"):
        assert '<meta name="robots" content="noindex">' in page
    else:
        assert f'<link rel="canonical" href="http://testserver{normal}">' in page
    # There and back, with the same question.
    assert f'<a href="{html.escape(f"/{language}/{path}")}">' in page
    assert f'href="{html.escape(url)}"' in text(f"/{language}/{path}").partition('<footer class="site-footer">')[2]


@pytest.mark.parametrize("path", ["", "news/", "news/2022/1/"])
def test_the_full_page_names_the_text_edition_to_machines(place, path):
    assert f'<link rel="alternate" type="text/html" title="Text-only edition" href="/en/text/{path}">' in text(
        f"/en/{path}"
    )


def test_links_lead_on_within_the_edition_and_out_of_it_only_where_it_has_no_page(place):
    seen, waiting = set(), ["/en/text/"]
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        for link in map(html.unescape, LINK.findall(text(url))):
            if link.startswith("/en/text/"):
                waiting.append(link.partition("#")[0])
            elif link.startswith("/"):
                outside = re.fullmatch(
                    r"/(tg|ru)/text/.*|/en/(appeals|preferences|accessibility)/|/media/photos/.*", link
                )
                assert outside or link == full(url), f"{link} on {url}"
    report = place.reports.get(language="en")
    assert {f"/en/text/news/{place.pk}/{report.slug}/", "/en/text/search/", "/en/text/news/2022/1/10/"} <= seen
    assert len(seen) < 60, "the walk ends"


def test_addresses_are_made_as_ever_after_a_page_of_the_edition(place):
    for url in ("/en/text/", "/en/text/nothing/", "/en/text/news/999/x/"):
        Client().get(url)
        with translation.override("en"):
            assert (reverse("home"), reverse("news:list")) == ("/en/", "/en/news/")
        assert place.reports.get(language="en").get_absolute_url().startswith("/en/news/")


def test_a_report_says_all_that_the_full_page_says(place):
    report = place.reports.get(language="en")
    page = as_written(text(f"/en/text/news/{place.pk}/{report.slug}/"))
    normal = as_written(text(report.get_absolute_url()))
    for said in (report.title, "10.01.2022 13:45", "Dushanbe city", "A lead.", "<p>First.</p>", "<p>Second.</p>",
                 "Акси якум", "The second", "Press Service", "Meetings"):  # fmt: skip
        assert said in normal and said in page, said
    assert re.search(r'<span lang="tg">Акси якум</span>', page)
    assert "<span>The second</span>" in page
    for code in ("tg", "ru"):
        there = place.reports.get(language=code)
        assert f'<a href="/{code}/text/news/{place.pk}/{there.slug}/" lang="{code}"' in page
    assert f"http://testserver{report.get_absolute_url()}" in page, "what is shared is the full page"
    assert "%2Ftext%2F" not in page
    assert f'<link rel="canonical" href="http://testserver{report.get_absolute_url()}">' in page


def test_a_photo_is_a_link_with_its_true_size(place):
    first, second = place.photos.all()
    page = text(f"/en/text/news/{place.pk}/x/".replace("/x/", f"/{place.reports.get(language='en').slug}/"))
    for photo, width in ((first, 800), (second, 600)):
        size = -(-images.rendition_bytes(photo.token, width, "jpeg") // 1000)
        url = images.rendition_url(photo.token, width, "jpeg")
        assert re.search(rf'<a href="{url}" data-picture [^>]+>Show the picture \({size} kB\)</a>', page)
        answer = Client().get(url)
        assert (size - 1) * 1000 < len(answer.getvalue()) <= size * 1000
    assert 'data-width="800" data-height="480"' in page


def test_a_photo_whose_file_is_lost_is_still_offered(place):
    place.photos.filter(position=0).update(token="lost")
    page = text(f"/en/text/news/{place.pk}/{place.reports.get(language='en').slug}/")
    assert ">Show the picture</a>" in page


def test_a_wrong_slug_and_a_missing_language_stay_in_the_edition():
    report = factories.report(language="ru")
    assert get(f"/ru/text/news/{report.event_id}/wrong/", 301)["Location"] == (
        f"/ru/text/news/{report.event_id}/{report.slug}/"
    )
    answer = get(f"/en/text/news/{report.event_id}/{report.slug}/", 302)
    assert answer["Location"] == f"/en/text/news/?missing={report.event_id}"
    page = text(answer["Location"])
    assert "This report is published only in Russian." in page
    assert f'<a href="/ru/text/news/{report.event_id}/{report.slug}/" lang="ru"' in page


@pytest.mark.parametrize(
    "path", ["nothing/", "news/999/x/", "appeals/", "news/?before=x", "admin/", "text/", "text/news/"]
)
def test_what_the_edition_does_not_have_is_not_found_in_words(path):
    response = get(f"/en/text/{path}", 404)
    page = response.content.decode()
    assert "The page was not found" in page and 'href="/en/text/"' in page
    assert "public" not in response["Cache-Control"]


def test_the_slash_at_the_end_is_mended_within_the_edition():
    assert get("/en/text/news", 301)["Location"] == "/en/text/news/"
    assert get("/en/text", 301)["Location"] == "/en/text/"
    get("/en/text/nothing", 404)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["", "news/", "search/"])
def test_the_edition_is_only_read(method, path):
    assert getattr(Client(), method)(f"/en/text/{path}").status_code == 405


@pytest.mark.parametrize(
    "path", ["<script>alert(1)</script>/", 'news/?q="><script>alert(1)</script>', "search/?q=<script>alert(1)"]
)
def test_a_script_in_an_address_stays_text(path):
    page = Client().get(f"/en/text/{path}").content.decode()
    assert "<script>alert" not in page and '"><script' not in page


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "path", ["", "news/", "news/category/meetings/", "news/topic/farming/", "news/place/dushanbe/", "news/2022/",
             "news/2022/1/", "news/2022/1/10/", "search/?q=lead+question", "before", "after", "own"],
)  # fmt: skip
def test_the_edition_shows_a_report_only_when_it_is_public(path, state, scene):
    report = make(state, scene["event"])
    own = f"/en/text/news/{scene['event'].pk}/{report.slug}/"
    url = f"/en/text/{path}"
    if path in ("before", "after"):
        url = scene[path].get_absolute_url().replace("/en/", "/en/text/")
    response = Client().get(own if path == "own" else url)
    page = response.content.decode().replace("<mark>", "").replace("</mark>", "")
    public = state == "published"
    assert (TITLE in page) == public
    assert ("in question" in page) == public
    assert (own in page) == public or path == "own"
    if path == "own":
        assert (response.status_code == 200) == public


def test_every_page_of_the_demonstration_is_light(media_folder):
    call_command("load_demo", without_pictures=True, verbosity=0, stdout=io.StringIO())
    for event_id in Report.objects.values_list("event_id", flat=True).distinct():
        Photo.objects.bulk_create(
            Photo(event_id=event_id, image="originals/x.jpg", width=1200, height=800, position=number,
                  caption_tg=f"Тавсифи мухтасари акси рақами {number}")
            for number in range(6)
        )  # fmt: skip
    heavy = {}
    topic = Topic.objects.filter(events__reports__in=Report.objects.published()).first().slug
    paths = [path.replace("water", topic) for path in PATHS]
    addresses = [f"/{language}/text/{path}" for language in ("tg", "ru", "en") for path in paths]
    addresses += [
        re.sub(r"^/(\w\w)/", r"/\1/text/", report.get_absolute_url()) for report in Report.objects.published()
    ]
    for url in addresses:
        response = Client().get(url, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200 and response["Content-Encoding"] == "gzip", url
        heavy[url] = len(response.content)
    assert len(heavy) > 60
    assert max(heavy.values()) <= BUDGET, sorted(heavy.items(), key=lambda item: -item[1])[:3]


@pytest.mark.parametrize("size", [10, 1000])
def test_a_page_of_the_edition_costs_no_more_queries_than_the_full_one(size):
    reports = make_archive(size)
    own = reports[size // 2].get_absolute_url().removeprefix("/en/")
    numbers = {}
    for path in ("", "news/", "news/category/meetings/", "news/2020/", "news/2020/1/", "news/2020/1/5/", own):
        asked = []
        for edition in ("/en/", "/en/text/"):
            with CaptureQueriesContext(connection) as captured:
                assert Client().get(edition + path).status_code == 200
            asked.append(len(captured))
        numbers[path] = asked[1]
        assert asked[1] <= asked[0], path
    assert numbers[own] == 5 and numbers[""] <= 8 and numbers["news/"] <= 6


def test_the_notice_of_article_21_and_the_way_to_an_appeal_are_on_each_page(place):
    for path in PATHS:
        page = text(f"/en/text/{path}")
        assert 'href="/en/appeals/"' in page and "Article 21" in page
