"""The number of queries of a public page is fixed: a large archive costs as many as a small one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from news.models import Event, FrontPin, Photo, Report, Topic
from tests.news import factories

pytestmark = pytest.mark.django_db

# Page: the number of queries. Budgets: home 8, list 5 and 2 more for what it offers, report 5.
# A list: its rows, their photos, their sections; the sections of the site; the partners: 5. The topics and places
# of the filter form are one more, a calendar or the months of a year another one.
# The front page: newest and pinned reports, their photos, their sections; the calendar, sections, partners.
PAGES = {
    "/en/": 7,
    "/en/news/": 6,
    "/en/news/category/meetings/": 6,
    "/en/news/topic/water/": 6,
    "/en/news/place/dushanbe/": 6,
    "/en/news/2020/": 7,
    "/en/news/2020/1/": 7,
    "/en/news/2020/1/5/": 7,
    "/en/news/?category=meetings&topic=water&place=dushanbe&with=photo": 6,
    "/en/news/category/meetings/?topic=water&with=photo": 6,
    "/en/news/2020/1/?topic=water&place=dushanbe": 7,
    "/en/news/?date=nonsense": 6,
}
HOME_BUDGET, LIST_BUDGET, REPORT_PAGE = 8, 7, 5
LANGUAGES = ("en", "ru", "tg")


@pytest.fixture
def archive(db):
    return make_archive(10)


def make_archive(size):
    """That many events with a photo and a report in each language, and partners; the English reports."""
    reports = factories.many_reports(size)
    for language in LANGUAGES[1:]:
        Report.objects.bulk_create(
            Report(
                event_id=report.event_id, language=language, title=report.title, slug=report.slug, body=report.body,
                status=report.status, published_at=report.published_at,
            )
            for report in reports
        )  # fmt: skip
    Photo.objects.bulk_create(
        Photo(event_id=report.event_id, image="originals/x.jpg", width=1200, height=800, position=0)
        for report in reports
    )
    water = Topic.objects.create(slug="water", name_tg="Об", name_ru="Вода", name_en="Water")
    Event.topics.through.objects.bulk_create(
        Event.topics.through(event_id=report.event_id, topic_id=water.pk) for report in reports
    )
    factories.partners()
    return reports


def queries(url):
    with CaptureQueriesContext(connection) as captured:
        response = Client().get(url)
    assert response.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("size", [10, 1000])
def test_each_page_costs_a_fixed_number_of_queries(size, db):
    reports = make_archive(size)
    asked = {url: queries(url) for url in PAGES}
    assert {url: len(sql) for url, sql in asked.items()} == PAGES, asked
    for number in (0, size // 2, size - 1):
        sql = queries(reports[number].get_absolute_url())
        assert len(sql) == REPORT_PAGE, sql


@pytest.mark.parametrize("url", PAGES)
def test_the_number_is_within_the_budget(url):
    assert PAGES[url] <= (HOME_BUDGET if url == "/en/" else LIST_BUDGET)


def test_a_front_page_with_pins_costs_the_same(archive):
    for position in range(5):
        FrontPin.objects.create(event_id=archive[position].event_id, position=position)
    asked = queries("/en/")
    assert len(asked) == PAGES["/en/"], "\n".join(asked)


def test_an_older_page_of_a_list_costs_the_same(archive):
    older = Client().get("/en/news/").context["older_url"] or "/en/news/?before=20200105T000000000000-1"
    asked = queries(older)
    assert len(asked) == PAGES["/en/news/"], "\n".join(asked)


def test_a_report_with_many_photos_costs_the_same(archive):
    Photo.objects.bulk_create(
        Photo(event_id=archive[0].event_id, image="originals/x.jpg", width=1200, height=800, position=position)
        for position in range(1, 134)
    )
    asked = queries(archive[0].get_absolute_url())
    assert len(asked) == REPORT_PAGE, "\n".join(asked)


def test_a_redirect_to_the_right_address_costs_one_query(archive):
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(f"/en/news/{archive[0].event_id}/wrong/").status_code == 301
    assert len(captured) == 1
