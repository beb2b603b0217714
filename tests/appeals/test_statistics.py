"""The figures of a period, computed by hand; the office's page with them, and the files."""

import csv
import io
import random
from collections import Counter
from datetime import date, timedelta

import openpyxl
import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from appeals import charts, spreadsheets, statistics
from appeals.models import Appeal, Authority, Forwarding, JournalEntry, Topic
from appeals.periods import Period, month, quarter, year
from appeals.statistics import Figures
from tests.appeals.figures import appeal, at
from tests.pageclient import PageClient

PAGE = "/admin/appeals/appeal/statistics/"
MARCH = month(date(2026, 3, 1))
NOW = at("05-01")


@pytest.fixture
def spring(db):
    """Nine appeals around March 2026."""
    roads = Topic.objects.create(name_tg="Роҳҳо", name_ru="Дороги", name_en="=Roads")
    appeal("02-20", registered="02-21", due="03-23", ended="03-03", satisfied=True, topic=roads)  # 10 days
    appeal("03-01", registered="03-02", due="04-01", ended="03-22", satisfied=False, region="TJ-DU")  # 20
    appeal("03-02", registered="03-03", due="04-02", ended="04-02", kind="complaint")  # In time, in April.
    appeal("02-01", registered="02-02", due="03-04", ended="03-05", channel="post", erased_at=NOW)  # 31, late
    appeal("03-10", registered="03-10", due="04-09", ended="03-11", status="not_examined",
           grounds=["UNSIGNED", "NAME_MISSING"])  # 1  # fmt: skip
    appeal("03-11", registered="03-12", due="04-11", ended="03-13", status="withdrawn", language="ru")  # 1
    appeal("03-31", registered="2026-04-01", due="05-01")  # Its day is not over.
    appeal("02-10", registered="02-11", due="03-13", status="forwarded")  # Overdue since the 14th.
    appeal("02-11", registered="02-12", due="03-14", status="waiting", paused_at=at("03-01"))  # The clock stands still.
    first, second = (Authority.objects.create(name_tg=n, name_ru=n, name_en=n) for n in "12")
    last = Appeal.objects.get(status="forwarded")
    for authority, day in ((first, "03-01"), (second, "03-02"), (first, "2026-04-02")):
        Forwarding.objects.create(appeal=last, authority=authority, at=at(day), returned_at=at(day))
    step(last, "reopened", at("03-20"), None)
    step(last, "reopened", at("03-21"), User.objects.create_user("chief"))
    return roads


def step(of, action, moment, actor):
    entry = JournalEntry(appeal=of, at=moment, actor=actor, action=action, previous_hash=f"{moment}"[:64])
    entry.save()


def test_the_figures_of_march(spring):
    total = statistics.count(MARCH, NOW).total
    assert {name: total[name] for name in ("received", "registered", "answered", "in_time", "overdue")} == {
        "received": 5, "registered": 4, "answered": 3, "in_time": 2, "overdue": 1,
    }  # fmt: skip
    assert {name: total[name] for name in ("not_examined", "withdrawn", "forwarded", "reopened")} == {
        "not_examined": 1, "withdrawn": 1, "forwarded": 2, "reopened": 2,
    }  # fmt: skip
    assert (total.in_time_share, total.helped_share) == (67, 33)  # One yes; one no, and one who had it opened again.
    assert sorted(total.days.elements()) == [1, 1, 10, 20, 31]
    assert (total.within(50), total.within(90)) == (10, 31)


@pytest.mark.parametrize(
    ("dimension", "name", "found"),
    [
        ("kind", "received", {"request": 4, "complaint": 1, "application": 0, "proposal": 0}),
        ("region", "answered", {"TJ-SU": 2, "TJ-DU": 1, "TJ-KT": 0, "TJ-GB": 0, "TJ-RA": 0}),
        ("ground", "received", {"": 4, "UNSIGNED": 1, "NAME_MISSING": 1}),
        ("channel", "answered", {"web": 2, "post": 1, "telephone": 0, "reception": 0}),
        ("language", "withdrawn", {"ru": 1, "tg": 0, "en": 0}),
        ("month", "received", {date(2026, 3, 1): 5}),
    ],
)
def test_a_figure_by_each_dimension(spring, dimension, name, found):
    rows = statistics.count(MARCH, NOW).by[dimension]
    assert {key: row[name] for key, row in rows.items()} == found


def test_a_figure_by_topic(spring):
    rows = statistics.count(MARCH, NOW).by["topic"]
    assert {key: row["answered"] for key, row in rows.items()} == {spring.pk: 1, None: 2}


def test_the_last_and_the_first_moment_of_a_month_are_those_of_dushanbe(db):
    appeal(at("03-01", "00:00"))
    appeal(at("03-31", "23:59"))
    appeal(at("04-01", "00:00"))
    assert statistics.count(MARCH, NOW).total["received"] == 2


def test_an_answer_on_its_last_day_is_in_time_until_midnight_in_dushanbe(db):
    for clock in ("23:59", "00:00"):
        day = "03-20" if clock == "23:59" else "03-21"
        appeal("03-01", registered="03-02", due="03-20", ended=at(day, clock))
    total = statistics.count(MARCH, NOW).total
    assert (total["answered"], total["in_time"]) == (2, 1)


def test_sums_agree_and_months_add_up_to_the_year(db):
    chance = random.Random(5)
    start = at("2025-12-01")
    for _ in range(80):
        received = start + timedelta(hours=chance.randrange(10_000))
        registered = received + timedelta(hours=chance.randrange(72))
        ended = chance.choice((None, registered + timedelta(hours=chance.randrange(1500))))
        appeal(
            received, registered=f"{registered:%Y-%m-%d}", due=f"{registered + timedelta(30):%Y-%m-%d}", ended=ended,
            kind=chance.choice(("request", "complaint")), region=chance.choice(("", "abroad", "TJ-DU")),
            status=chance.choice(("answered", "not_examined", "withdrawn")) if ended else "registered",
            satisfied=chance.choice((None, True, False)), grounds=chance.choice(([], ["UNSIGNED"])),
        )  # fmt: skip
    now = at("2027-03-01")
    whole = statistics.count(year(date(2026, 1, 1)), now)
    for name, rows in whole.by.items():
        assert sum((+row.counts for row in rows.values()), Counter()) == +whole.total.counts, name
        assert sum((row.days for row in rows.values()), Counter()) == whole.total.days, name
    parts = [statistics.count(quarter(date(2026, first, 1)), now).total for first in (1, 4, 7, 10)]
    assert sum((part.counts for part in parts), Counter()) == +whole.total.counts
    for part in whole.by["month"].values():
        assert part["in_time"] <= part["answered"]


@given(st.lists(st.integers(0, 90), min_size=1, max_size=60), st.integers(1, 100))
def test_so_many_ended_within_so_many_days(days, share):
    found = Figures(days=Counter(days)).within(share)
    assert sum(day <= found for day in days) >= len(days) * share / 100
    assert found == 0 or sum(day <= found - 1 for day in days) < len(days) * share / 100


def test_the_number_of_questions_does_not_grow(db, django_assert_num_queries):
    for number in (1, 20):
        for _ in range(number):
            appeal("03-01", registered="03-02", due="04-01", ended="03-22")
        with django_assert_num_queries(3):
            statistics.count(MARCH, NOW)


@pytest.mark.parametrize(
    ("role", "status"),
    [("Appeals supervisor", 200), ("Auditor", 200), ("Appeals officer", 403), ("Press editor", 403), ("", 302)],
)
@pytest.mark.parametrize("file", ["", "statistics.csv", "statistics.xlsx"])
def test_who_sees_the_figures(db, client, role, status, file):
    if role:
        client.force_login(person(role))
    assert client.get(PAGE + file).status_code == status


def person(role, email=""):
    user = User.objects.create_user(role, email, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def desk(db):
    client = PageClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(person("Appeals supervisor"))
    return client


def test_the_page_shows_the_figures_and_draws_them(spring, desk):
    page = desk.get(PAGE, {"first": "2026-01-01", "last": "2026-03-31"}).content.decode()
    assert "01.01.2026 – 31.03.2026" in page
    assert page.count("<svg") >= 7
    assert "=Roads" in page
    assert "By ground of Article 21" in page and "The appeal is not signed" in page


def test_an_empty_period_is_said_in_words(desk):
    page = desk.get(PAGE, {"first": "2001-01-01", "last": "2001-03-31"}).content.decode()
    assert "Nothing happened in this period" in page


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-31", "2026-03-01", "The last day is before the first."),
        ("2000-01-01", "2026-03-01", "Choose at most 10 years."),
        ("tomorrow", "2026-03-01", "Enter a valid date."),
        ("", "2026-03-01", "This field is required."),
        ("9999-12-31", "9999-12-31", "Choose days of this time."),
        ("0001-01-01", "0001-01-02", "Choose days of this time."),
    ],
)
def test_a_period_that_is_none_is_said_beside_its_field(desk, first, last, said):
    page = desk.get(PAGE, {"first": first, "last": last})
    assert page.status_code == 200
    assert said in page.content.decode()
    assert f'value="{first}"' in page.content.decode() or not first
    assert desk.get(f"{PAGE}statistics.csv", {"first": first, "last": last}).status_code == 404


def test_the_csv_has_each_row_and_runs_nothing(spring, desk):
    response = desk.get(f"{PAGE}statistics.csv", {"first": "2026-03-01", "last": "2026-03-31"})
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert "no-store" in response["Cache-Control"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert rows[1][:6] == ["Whole period", "", "5", "4", "3", "2"]
    assert ["By topic", "'=Roads", "0", "0", "1"] in [row[:5] for row in rows]


def test_the_workbook_opens_again_with_numbers_and_without_formulas(spring, desk):
    response = desk.get(f"{PAGE}statistics.xlsx", {"first": "2026-03-01", "last": "2026-03-31"})
    assert response["Content-Type"] == spreadsheets.XLSX
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames[:3] == ["Whole period", "By month", "By kind"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert [row[:2] for row in book["By month"].iter_rows(values_only=True)][1] == ("March 2026", 5)
    assert "'=Roads" in [cell.value for cell in book["By topic"]["A"]]


def test_a_period_knows_its_months():
    assert list(Period(date(2025, 11, 30), date(2026, 2, 1)).months) == [
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip
    assert quarter(date(2026, 12, 31)) == Period(date(2026, 10, 1), date(2026, 12, 31))
    assert month(date(2028, 2, 10)).last == date(2028, 2, 29)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_bars_stay_on_the_paper_and_in_proportion(values):
    chart = charts.bars("", [(f"Ҷамоат {value}", value, str(value)) for value in values])
    assert len(chart.bars) == min(len(values), charts.MOST_BARS)
    assert max(bar.value for bar in chart.bars) == max(values)
    for bar in chart.bars:
        assert 0 <= bar.width <= charts.WIDTH - charts.VALUE
        assert (bar.width > 0) == (bar.value > 0)


def test_a_line_is_broken_where_nothing_is_shown():
    chart = charts.lines("", ["1", "2", "3", "4"], [("a", [5, None, 7, 20])])
    assert [len(run) for run in chart.lines[0].runs] == [1, 2]
    assert [number for _place, number in chart.scale] == [0, 5, 10, 15, 20]


def test_the_page_opens_with_this_year(desk):
    assert f"01.01.{timezone.localdate().year}" in desk.get(PAGE).content.decode()
