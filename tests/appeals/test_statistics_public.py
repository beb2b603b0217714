"""The public page of the figures: off unless switched on, only months that are over, no small number."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from appeals import periods, statistics_public, term
from appeals.suppression import Hidden
from tests.appeals.figures import appeal

PAGE = "/en/appeals/statistics/"


@pytest.fixture
def public(settings):
    settings.APPEAL_STATISTICS_PUBLIC = True


@pytest.fixture
def last_month(db):
    """Of 24 appeals in the last month 3 came from Dushanbe; and one came today."""
    today = term.local_day(timezone.now())
    found = periods.month(periods.day_before(periods.month(today)))
    day = f"{found.first + timedelta(days=9)}"
    for region, number in (("TJ-DU", 3), ("TJ-SU", 7), ("TJ-KT", 14)):
        for _ in range(number):
            appeal(day, region=region, grounds=["UNSIGNED"] if number == 3 else [])
    appeal(timezone.now(), region="TJ-RA")
    return found.first


@pytest.mark.parametrize("page", ["", "statistics.csv"])
def test_there_is_no_page_unless_it_is_switched_on(client, last_month, page):
    assert client.get(PAGE + page).status_code == 404
    assert PAGE not in client.get("/en/appeals/").content.decode()


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_page_is_found_from_the_rules_and_leaves_nothing_behind(public, client_page, last_month, language):
    address = f"/{language}/appeals/statistics/"
    assert address in client_page.get(f"/{language}/appeals/").content.decode()
    response = client_page.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert response.content.decode().count("<svg") >= 6


def test_a_small_number_is_hidden_and_cannot_be_computed(public, client_page, last_month):
    found = statistics_public.published(last_month)
    assert found.total[0] == 24
    assert {code: cells[0] for code, cells in found.by["region"].items()} == {
        "TJ-DU": Hidden.FEW, "TJ-SU": Hidden.WITHHELD, "TJ-KT": 14, "TJ-GB": 0, "TJ-RA": 0,
    }  # fmt: skip
    assert found.by["ground"] == {"UNSIGNED": [Hidden.FEW, 0, 0]}
    assert found.trend == {last_month: [24, 0]}
    page = client_page.get(PAGE).content.decode()
    assert "fewer than 5" in page and "withheld" in page


def test_the_file_holds_what_the_page_shows(public, client, last_month):
    response = client.get(f"{PAGE}statistics.csv", {"month": last_month.isoformat()})
    assert "no-store" in response["Cache-Control"] and not response.cookies
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    by_region = {row[1]: row[2] for row in rows if row[0] == "By region"}
    assert (by_region["Dushanbe"], by_region["Sughd Region"]) == ("fewer than 5", "withheld")


def test_a_month_that_is_not_over_and_what_is_none_are_refused_with_words(public, client_page, last_month):
    this = term.local_day(timezone.now()).replace(day=1).isoformat()
    for month in (this, "1999-01-01", "x", ""):
        page = client_page.get(PAGE, {"month": month})
        assert page.status_code == 200
        assert "<tbody>" not in page.content.decode()
        assert "field-error" in page.content.decode()
        assert client_page.get(f"{PAGE}statistics.csv", {"month": month}).status_code == 404


def test_before_the_first_month_is_over_the_page_says_so(public, client_page, db):
    appeal(timezone.now())
    assert "There is no month yet" in client_page.get(PAGE).content.decode()


def test_many_readers_cost_one_count(public, client, last_month, django_assert_max_num_queries):
    client.get(PAGE)
    with django_assert_max_num_queries(1):  # The names of the topics.
        client.get(PAGE)
