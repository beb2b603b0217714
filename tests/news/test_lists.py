"""Lists: pages by cursor, categories, the archive by the Dushanbe calendar."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from news.models import Report
from tests.news import factories
from tests.pageclient import PageClient, as_written

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<h3 class="row__title"><a class="headline" href="/en/news/(\d+)/')


def ids(page):
    return [int(number) for number in LINK.findall(page)]


def get(url):
    response = PageClient().get(url)
    assert response.status_code == 200, url
    return as_written(response.content.decode())


def neighbour(page, rel):
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return html.unescape(found[1]) if found else None


def walk(url, rel):
    pages = []
    while url:
        assert len(pages) < 10, "the walk does not end"
        page = get(url)
        pages.append(ids(page))
        url = neighbour(page, rel)
    return pages


@pytest.fixture
def sixty_five(db):
    """Reports of which every three share a minute, so that pages end between two of them; made in a mixed order."""
    start = factories.local("2022-01-10 08:00")
    for number in range(65):
        minute = (number * 7 % 65) // 3
        event = factories.event(start + timedelta(minutes=minute))
        factories.report(event, title=f"Report {number}")
    events = Report.objects.values_list("event__starts_at", "event_id")
    return [number for _moment, number in sorted(events, reverse=True)]


def test_walking_to_older_reports_visits_each_once_in_order(sixty_five):
    pages = walk("/en/news/", "next")
    assert [len(page) for page in pages] == [20, 20, 20, 5]
    assert sum(pages, []) == sixty_five


def test_walking_back_visits_the_same_pages(sixty_five):
    forth = walk("/en/news/", "next")
    page, url = "", "/en/news/"
    while url:
        page, last = get(url), url
        url = neighbour(page, "next")
    back = walk(last, "prev")
    assert back == forth[::-1]


def test_a_walk_is_not_disturbed_by_a_report_that_is_published_meanwhile(sixty_five):
    first = get("/en/news/")
    factories.report(factories.event("2022-03-01 10:00"), title="Just published")
    rest = walk(neighbour(first, "next"), "next")
    assert ids(first) + sum(rest, []) == sixty_five


def test_a_category_keeps_to_itself_on_every_page():
    visits = factories.category("visits", "Visits")
    for number in range(25):
        factories.report(factories.event(f"2022-01-10 {number % 24:02}:00", visits), title=f"Visit {number}")
        factories.report(factories.event(f"2022-01-10 {number % 24:02}:00"), title=f"Meeting {number}")
    pages = walk("/en/news/category/visits/", "next")
    assert [len(page) for page in pages] == [20, 5]
    wanted = Report.objects.filter(title__startswith="Visit").values_list("event_id", flat=True)
    assert sorted(sum(pages, [])) == sorted(wanted)


def test_an_event_of_two_categories_stands_once_in_each_and_once_in_the_list():
    visits = factories.category("visits", "Visits")
    event = factories.report(factories.event("2022-01-10 13:45", factories.category(), visits)).event
    for path in ("", "category/visits/", "category/meetings/", "2022/"):
        assert ids(get(f"/en/news/{path}")) == [event.pk]


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "-", "20220110", "20220110T084500000000", "20220110T084500000000-",
        "20220110T084500000000-x", "20221310T084500000000-1", "99999999T999999999999-1", "%00",
        "'; DROP TABLE news_event",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["before", "after"])
def test_a_bad_cursor_is_not_found(name, cursor):
    assert Client().get("/en/news/", {name: cursor}).status_code == 404


@pytest.mark.parametrize("name", ["before", "after"])
@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808", "-9223372036854775809", "9" * 40])
def test_a_cursor_with_a_number_that_no_event_has_is_answered(name, number):
    factories.report()
    response = Client().get("/en/news/", {name: f"20220110T084500000000-{number}"})
    assert response.status_code in (200, 404)


@pytest.mark.parametrize("moment", ["00010101T000000000000", "99991231T235959999999"])
@pytest.mark.parametrize("name", ["before", "after"])
def test_a_cursor_at_the_ends_of_time_is_answered(name, moment):
    factories.report()
    assert Client().get("/en/news/", {name: f"{moment}-1"}).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "There are no reports here yet."), ("ru", None), ("tg", None)],
)
def test_an_empty_list_has_words(language, words):
    page = get(f"/{language}/news/")
    said = re.search(r'<p class="empty">([^<]+)</p>', page)
    assert said and len(said[1]) > 10
    assert words is None or said[1] == words


def test_an_empty_front_page_has_words():
    assert "No reports have been published in this language yet." in get("/en/")


def test_a_category_that_does_not_exist_is_not_found():
    assert Client().get("/en/news/category/nothing/").status_code == 404


@pytest.fixture
def new_year(db):
    """Two events an hour apart on either side of midnight in Dushanbe; in UTC both are still in the old year."""
    old = factories.report(factories.event("2021-12-31 23:30"), title="The last of the year").event
    new = factories.report(factories.event("2022-01-01 00:30"), title="The first of the year").event
    assert new.starts_at.utctimetuple().tm_year == 2021
    return old.pk, new.pk


def test_the_archive_keeps_the_days_of_dushanbe(new_year):
    old, new = new_year
    assert ids(get("/en/news/2021/")) == ids(get("/en/news/2021/12/")) == [old]
    assert ids(get("/en/news/2022/")) == ids(get("/en/news/2022/1/")) == [new]
    assert ids(get("/en/news/2022/2/")) == ids(get("/en/news/2021/11/")) == []


def test_the_days_of_a_list_are_those_of_dushanbe(new_year):
    page = get("/en/news/")
    days = re.findall(r'<h2 class="day">([^<]+)</h2>', page)
    assert days == ["1 January 2022", "31 December 2021"]


def test_an_archive_page_names_its_month():
    assert re.search(r"<h1[^>]*>January 2022</h1>", get("/en/news/2022/1/"))
    assert re.search(r"<h1[^>]*>2022</h1>", get("/en/news/2022/"))


@pytest.mark.parametrize(
    "path",
    ["0/", "1/", "0000/", "0000/1/", "0001/", "0001/1/", "2022/0/", "2022/13/", "2022/0/1/", "2022/1/0/", "2022/2/29/", "2022/01/01/", "2022/99999999999999999999/", "9999/",
     "9999/11/", "9999/12/", "10000/", "99999999999999999999/", "00000/", "2022/01/", f"{'9' * 5000}/"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "tg"])
def test_a_strange_year_or_month_is_not_found_or_empty(language, path):
    factories.report(factories.event("2023-05-05 10:00"))
    response = Client().get(f"/{language}/news/{path}")
    assert response.status_code in (200, 404)
    if response.status_code == 200:
        assert 'class="empty"' in response.content.decode()
