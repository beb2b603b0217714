"""The calendar of a month: it marks the days with public events of the page's language, and leads on without gaps."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from news import calendars
from tests.news import factories
from tests.pageclient import PageClient

pytestmark = pytest.mark.django_db

DAY = re.compile(r'<a href="(/en/news/2022/1/(\d+)/)"[^>]*>(\d+)<span class="visually-hidden">, ([^<]+)</span></a>')


def table(url):
    response = PageClient().get(url)
    assert response.status_code == 200
    return response.content.decode().partition('<table class="calendar">')[2].partition("</table>")[0]


def around(url):
    page = PageClient().get(url).content.decode()
    return re.findall(r'<a[^>]* href="([^"]+)"', page.partition('<nav class="around"')[2].partition("</nav>")[0])


def marked(url="/en/news/2022/1/"):
    days = DAY.findall(table(url))
    assert all(address_day == day for _url, address_day, day, _words in days)
    return {int(day): words for _url, _address_day, day, words in days}


def test_days_with_events_are_links_with_their_number():
    for moment in ("2022-01-10 13:45", "2022-01-10 13:45", "2022-01-10 18:00", "2022-01-31 09:00"):
        factories.report(factories.event(moment))
    assert marked() == {10: "3 events", 31: "1 event"}
    for url, *_rest in DAY.findall(table("/en/news/2022/1/")):
        assert Client().get(url).status_code == 200


def test_days_near_midnight_are_those_of_dushanbe():
    for moment in ("2021-12-31 23:59", "2022-01-01 00:00", "2022-01-31 23:59", "2022-02-01 00:00"):
        factories.report(factories.event(moment))
    assert marked() == {1: "1 event", 31: "1 event"}


HIDDEN = {
    "a draft": {"status": "draft"},
    "in review": {"status": "review"},
    "withdrawn": {"status": "withdrawn"},
    "published in the future": {"published_at": timezone.now() + timedelta(days=1)},
    "in another language": {"language": "ru"},
}


@pytest.mark.parametrize("values", HIDDEN.values(), ids=HIDDEN)
def test_what_is_not_public_in_the_language_marks_no_day_and_no_month(values):
    factories.report(factories.event("2022-01-10 13:45"))
    for moment in ("2022-01-11 10:00", "2021-06-01 10:00", "2023-06-01 10:00"):
        factories.report(factories.event(moment), **values)
    assert list(marked()) == [10]
    assert around("/en/news/2022/1/") == []
    assert around("/en/news/2022/") == []
    months = calendars.year_months(2023, "en")
    assert (months.months, months.previous.title, months.next) == ([], "2022", None)


def test_weeks_begin_on_monday_and_hold_the_month_alone():
    weeks = re.findall(r"<tr>(.*?)</tr>", table("/en/news/2026/2/"), flags=re.S)[1:]
    days = [re.findall(r"<td[^>]*>(\d*)</td>", week) for week in weeks]
    assert days[0] == ["", "", "", "", "", "", "1"]
    assert sum(days, []) == [""] * 6 + [str(day) for day in range(1, 29)] + [""]


@pytest.mark.parametrize(
    ("language", "heads", "caption"),
    [
        ("en", "Mon Tue Wed Thu Fri Sat Sun", "January 2022"),
        ("ru", "Пн Вт Ср Чт Пт Сб Вс", "Январь 2022\xa0г."),
        ("tg", "Дш Сш Чш Пш Ҷм Шн Яш", "Январи соли 2022"),
    ],
)
def test_heads_and_caption_are_in_the_language(language, heads, caption):
    found = table(f"/{language}/news/2022/1/")
    assert re.findall(r'<th scope="col">([^<]+)</th>', found) == heads.split()
    assert f"<caption>{caption}</caption>" in found


def test_no_weekday_is_named_like_the_capital():
    factories.report(factories.event("2022-01-10 13:45"), "tg")  # A Monday without a place.
    for path in ("", "news/2022/1/", "news/2022/1/10/"):
        page = Client().get(f"/tg/{path}").content.decode()
        assert "душанбе" not in page.partition("<main")[2].partition("</main>")[0].lower()


def test_today_is_marked_as_dushanbe_has_it(monkeypatch):
    factories.report(factories.event("2022-01-10 13:45"), published_at=factories.local("2022-01-10 14:00"))
    monkeypatch.setattr(timezone, "now", lambda: factories.local("2022-01-15 00:30"))
    assert re.findall(r'<td aria-current="date">(\d+)', table("/en/news/2022/1/")) == ["15"]
    assert 'aria-current="date"' not in table("/en/news/2022/2/")
    assert "<caption>January 2022</caption>" in table("/en/")


def test_the_front_page_shows_this_month():
    today = calendars.today()
    factories.report(factories.event(factories.local(f"{today} 00:00")))
    found = table("/en/")
    assert f'<a href="/en/news/{today.year}/{today.month}/{today.day}/"' in found
    assert f'<td aria-current="date"><a href="/en/news/{today.year}/{today.month}/{today.day}/">{today.day}<' in found


def test_the_day_that_is_shown_is_marked():
    factories.report(factories.event("2022-01-10 13:45"))
    assert re.findall(r'aria-current="page">(\d+)<', table("/en/news/2022/1/10/")) == ["10"]


def test_the_neighbours_of_a_month_are_the_nearest_with_events():
    for moment in ("2020-05-31 23:59", "2020-06-01 00:00", "2022-01-10 13:45", "2023-03-01 00:00", "2024-01-01 10:00"):
        factories.report(factories.event(moment))
    assert around("/en/news/2022/1/") == ["/en/news/2020/6/", "/en/news/2023/3/"]
    assert around("/en/news/2021/7/") == ["/en/news/2020/6/", "/en/news/2022/1/"]
    assert around("/en/news/2020/5/") == ["/en/news/2020/6/"]
    assert around("/en/news/2024/1/") == ["/en/news/2023/3/"]
    assert around("/en/news/2022/") == ["/en/news/2020/", "/en/news/2023/"]


def test_a_year_names_its_months_with_their_number_of_events():
    for moment in ("2021-12-31 23:59", "2022-01-01 00:00", "2022-01-10 13:45", "2022-12-31 23:59", "2023-01-01 00:00"):
        factories.report(factories.event(moment))
    months = [(link.url, number) for link, number in calendars.year_months(2022, "en").months]
    assert [number for _url, number in months] == [2, 1]
    page = PageClient().get("/en/news/2022/").content.decode()
    assert re.findall(r'<a href="(/en/news/2022/\d+/)">(\w+)<', page) == [
        ("/en/news/2022/1/", "January"),
        ("/en/news/2022/12/", "December"),
    ]


@pytest.mark.parametrize(
    ("numbers", "first", "last"),
    [
        ((2022,), date(2022, 1, 1), date(2022, 12, 31)),
        ((2024, 2), date(2024, 2, 1), date(2024, 2, 29)),
        ((2022, 12), date(2022, 12, 1), date(2022, 12, 31)),
        ((2022, 12, 31), date(2022, 12, 31), date(2022, 12, 31)),
    ],
)
def test_a_period_begins_and_ends_at_midnight_in_dushanbe(numbers, first, last):
    period = calendars.period(*numbers)
    assert period.start == factories.local(f"{first} 00:00")
    assert period.end == factories.local(f"{last} 00:00") + timedelta(days=1)


@pytest.mark.parametrize("numbers", [(0,), (1,), (9999,), (10000,), (2022, 13), (2022, 2, 29), (2022, 1, 10**30)])
def test_a_period_that_does_not_exist_is_refused(numbers):
    with pytest.raises(ValueError, match="no such date"):
        calendars.period(*numbers)
