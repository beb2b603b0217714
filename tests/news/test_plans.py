"""No public page reads or sorts the archive: what PostgreSQL does for every list and filter at 100,050 reports.

The numbers are what was measured, and some room. A table that is read through without an index is one of names.
"""

from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from news.models import Report
from news.reading import PAGE_SIZE, cursor
from tests.news import archive
from tests.pageclient import PageClient
from tests.plans import plans

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

NAMES = 150  # rows of the largest table of names
SORTED = 600
# A section, a topic or a place: one that is everywhere, one that is usual, one of three events long ago.
SECTIONS, TOPICS, PLACES = ("section-1", "section-7"), ("topic-100", "topic-7", "rare"), ("place-1", "place-8", "rare")
YEAR = timezone.now().year - 3


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        archive.build()
    yield
    with django_db_blocker.unblock():
        archive.remove()


@pytest.fixture
def ask(large, db):
    """``ask(url)`` gives the plans of a page."""
    with connection.cursor() as asked:
        asked.execute("SET LOCAL random_page_cost = 1.1")  # As docs/operations.md has it.
    client = PageClient()

    def page(url):
        with plans() as found:
            response = client.get(url, inspect=False)
        assert response.status_code == 200, url
        return found

    return page


def holds(found, *, read, rows_sorted=SORTED):
    for plan in found.plans:
        assert plan.rows_scanned <= NAMES, plan
        assert plan.rows_sorted <= rows_sorted, plan
        assert plan.rows_read <= read, plan


LISTS = [
    "/tg/news/",
    *(f"/tg/news/category/{slug}/" for slug in SECTIONS),
    *(f"/tg/news/place/{slug}/" for slug in PLACES),
    "/tg/news/topic/topic-100/",
    "/tg/news/topic/rare/",
    f"/tg/news/{YEAR}/5/",
    f"/tg/news/{YEAR}/5/9/",
]


@pytest.mark.parametrize("url", LISTS)
def test_a_list_reads_little_more_than_it_shows(ask, url):
    holds(ask(url), read=700)


@pytest.mark.parametrize("url", [f"/tg/news/{YEAR}/", f"/tg/news/{YEAR}/?topic=topic-7&category=section-1"])
def test_a_year_is_counted_by_month_and_no_other_year_is_read(ask, url):
    holds(ask(url), read=1200)


@pytest.mark.parametrize("url", LISTS[:6])
def test_page_500_is_found_as_page_1_is(ask, url):
    """Its cursor is that of page 500 of the whole archive: a place in time that each list has."""
    newest = Report.objects.published().in_language("tg").select_related("event").newest_first()
    place = cursor(newest[499 * PAGE_SIZE - 1])
    first, deep = ask(url), ask(f"{url}?before={place}")
    holds(deep, read=700)
    if "/place/" not in url and "rare" not in url:  # By its own index or along the times, as many rows are left.
        assert deep.shapes == first.shapes
    holds(ask(f"{url}?after={place}"), read=700)


@pytest.mark.parametrize("name", ["topic-7"])
def test_a_topic_of_a_few_hundred_events_is_looked_for_along_the_times_or_sorted_whole(ask, name):
    holds(ask(f"/tg/news/topic/{name}/"), read=4000)
    holds(ask(f"/tg/feeds/topic/{name}/rss.xml"), read=4000)


def test_filters_in_every_combination_read_no_more_than_the_rows_of_one_of_them(ask):
    for section, topic, place, files in product(("", "section-7"), ("", *TOPICS), ("", *PLACES), ("", "video")):
        chosen = {"category": section, "topic": topic, "place": place, "with": files}
        query = "&".join(f"{name}={value}" for name, value in chosen.items() if value)
        if query:
            holds(ask(f"/tg/news/?{query}"), read=7000)


@pytest.mark.parametrize("url", ["/tg/", "/tg/text/", "/tg/feeds/rss.xml", "/tg/feeds/section-7/rss.xml", "/tg/feeds/topic/rare/rss.xml", "/sitemap-news.xml", "/api/v1/reports/"])  # fmt: skip
def test_what_is_latest_reads_the_latest(ask, url):
    holds(ask(url), read=700)


def test_a_report_reads_its_neighbours_and_its_ties_alone(ask):
    report = Report.objects.published().in_language("tg").newest_first()[5000]
    holds(ask(report.get_absolute_url()), read=1500)
    holds(ask(f"/api/v1/reports/{report.event_id}/tg/"), read=150)


def test_the_interface_for_programs_pages_without_reading_what_it_passes(ask):
    newest = Report.objects.published().in_language("tg").select_related("event").newest_first()
    holds(ask(f"/api/v1/reports/?cursor={cursor(newest[10_000])}"), read=700)
    holds(ask(f"/api/v1/reports/?since={YEAR}-01-01&category=section-7"), read=1500)


def test_a_sitemap_of_a_year_reads_that_year(ask):
    holds(ask(f"/sitemap-{YEAR}.xml"), read=4000, rows_sorted=1100)
    holds(ask(f"/sitemap-{YEAR}.xml?p=3"), read=4000, rows_sorted=3300)


def test_the_table_of_sitemaps_is_made_in_one_pass_without_sorting_reports(ask):
    """It says of each year when something in it last changed: it is the one page that reads the whole archive."""
    found = ask("/sitemap.xml")
    assert found.worst("rows_sorted") < 100
    assert sum(plan.rows_scanned > NAMES for plan in found.plans) == 1


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("q=text", 8000),
        ("q=visit", 8000),
        ("q=singular", 700),
        ("q=number77", 1500),
        ("q=nosuchword", 700),
        ("q=text&category=section-7", 36_000),  # The narrow index of sections is read through.
        ("q=text&category=section-7&place=rare", 700),
        ("q=text&place=place-8", 1500),
        (f"q=text&since={YEAR}-05-01&until={YEAR}-05-03", 700),
        (f"q=singular&since={YEAR}-01-01", 1500),
    ],
)
# pragma: allowlist nextline secret - a name that looks like a token
def test_search_weighs_the_newest_matches_and_sorts_no_more(ask, query, read):
    holds(ask(f"/tg/search/?{query}"), read=read, rows_sorted=2000)
