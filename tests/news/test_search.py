"""Search: what is found, in which order, how it is shown, and that nothing typed breaks it."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from news.models import Report
from news.search import MAX_PAGES, PAGE_SIZE, search
from news.search_index import SearchEntry
from news.search_words import suggestion
from portal.caching import PUBLIC
from tests.news import factories

pytestmark = pytest.mark.django_db


def titles(language, query, **filters):
    return [hit.report.title for hit in search(language, query, **filters).hits]


def page(query="", language="en", client=None, **values):
    return (client or Client()).get(f"/{language}/search/?{urlencode({'q': query} | values)}")


def text(response):
    return response.content.decode()


@pytest.fixture
def khujand(db):
    return factories.report(
        language="tg", title="Таҷлили Наврӯз дар шаҳри Хуҷанд", lead="Ҳунармандон ҷамъ омаданд.", body="Китобхонаи нав."
    )


@pytest.mark.parametrize(
    "query",
    [
        "Наврӯз", "НАВРӮЗ", "навруз", "Navruz", "Navrūz", "Хуҷанд", "Хучанд", "Khujand", "шахри Хучанд", "Хуљанд",
        "хунармандон", "хунарманд", "китобхонаҳо", "китобхонаро", "китобхона", "Навр", "наврӯз,", "Наврӯзи Хуҷанд",
    ],
)  # fmt: skip
def test_a_report_is_found_from_every_keyboard(query, khujand):
    assert titles("tg", query) == [khujand.title]


@pytest.mark.parametrize("query", ["ветер", "Б", "кхуджанд", "-", "ҳо", "strong", "p"])
def test_what_is_not_there_is_not_found(query, khujand):
    assert titles("tg", query) == []


@pytest.mark.parametrize(
    ("language", "title", "query"),
    [
        ("ru", "Открытие областной библиотеки", "библиотека"),
        ("ru", "Открытие областной библиотеки", "библиотеками открытий"),
        ("ru", "Праздник в Худжанде", "Khujand"),
        ("ru", "Зелёная энергетика", "зеленая энергетика"),
        ("en", "Opening of libraries", "library opened"),
        ("en", "Meeting in Roghun", "Роғун"),
        ("en", "The Mehrgon holiday in Hisor", "Ҳисор меҳргон"),
    ],
)
def test_other_forms_of_a_word_are_found(language, title, query):
    factories.report(language=language, title=title)
    assert titles(language, query) == [title]


def test_the_marks_of_a_text_are_not_its_words():
    factories.report(
        title="Visit", body='<p>One <strong>word</strong> <a href="https://example.org/hidden">here</a></p>'
    )
    assert titles("en", "word here") == ["Visit"]
    assert titles("en", "strong") == titles("en", "hidden") == titles("en", "href") == []


def test_a_title_comes_before_a_text_and_a_new_report_before_an_old_one():
    for title, day, body in (
        ("Old water", "2015-01-10 10:00", "x"), ("New water", "2022-01-10 10:00", "x"), ("Rain", "2022-01-11 10:00", "All water."),
        ("Same minute", "2015-01-10 10:00", "Nothing."),
    ):  # fmt: skip
        factories.report(factories.event(day), title=title, body=body)
    assert titles("en", "water") == ["New water", "Old water", "Rain"]


def test_events_of_one_minute_come_in_the_order_of_events():
    made = [factories.report(factories.event("2022-01-10 10:00"), title=f"Water {number}") for number in ("one", "two")]
    assert titles("en", "water") == [made[1].title, made[0].title]


def test_the_index_follows_the_report(khujand):
    khujand.title, khujand.lead, khujand.body = "Меҳргон", "", "Ҳосил."
    khujand.save()
    assert titles("tg", "Наврӯз") == titles("tg", "китобхона") == []
    assert titles("tg", "мехргон хосил") == ["Меҳргон"]
    khujand.delete()
    assert titles("tg", "мехргон") == []
    assert not SearchEntry.objects.exists()


def test_reports_that_are_made_together_are_found_too():
    factories.many_reports(3)
    assert search("en", "event").total == 3


@pytest.mark.parametrize("values", [
    {"status": Report.Status.DRAFT, "published_at": None},
    {"status": Report.Status.DRAFT},
    {"published_at": timezone.now() + timedelta(hours=1)},
])  # fmt: skip
def test_nothing_unpublished_is_found_nor_suggested(values):
    factories.report(title="Secret glaciers", body="Hidden rivers.", **values)
    assert titles("en", "glaciers") == titles("en", "rivers") == titles("en", "rivers nothing") == []
    assert search("en", "glacierz").suggestion == ""
    assert "lacier" not in text(page("glacierz")).replace("glacierz", "")


def test_only_the_language_of_the_page_is_searched(khujand):
    assert titles("ru", "Хуҷанд") == titles("en", "Khujand") == []


def test_some_of_the_words_are_better_than_nothing(khujand):
    results = search("tg", "Наврӯз дар Панҷакент")
    assert results.any_word and [hit.report for hit in results.hits] == [khujand]
    factories.report()
    assert "These have some of them" in text(page("farmers unicorn"))


def test_filters_leave_out_the_rest():
    visits, dushanbe = factories.category("visits", "Visits"), factories.place()
    factories.report(factories.event("2022-01-10 23:59", visits, place=dushanbe), title="Water one")
    factories.report(factories.event("2022-01-11 00:00"), title="Water two")
    assert titles("en", "water") == ["Water two", "Water one"]
    assert titles("en", "water", category="visits") == titles("en", "water", place="dushanbe") == ["Water one"]
    assert titles("en", "water", until=date(2022, 1, 10)) == ["Water one"]
    assert titles("en", "water", since=date(2022, 1, 11), until=date(2022, 1, 11)) == ["Water two"]
    assert titles("en", "water", since=date.min, until=date.max) == ["Water two", "Water one"]
    assert titles("en", "water", category="visits", since=date(2022, 1, 11)) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("glasiers", "glaciers"),
        ("glaciers preservasion", "glaciers preservation"),
        ("glacier", ""),
        ("zzzz", ""),
        ("", ""),
    ],
)
def test_a_slip_of_the_pen_is_seen(typed, meant):
    assert suggestion(typed, "en", ["On the preservation of Glaciers", "Visit"]) == meant


def test_a_suggestion_is_a_link_that_finds(khujand):
    answer = page("Наврӯс", "tg", since="2020-01-01")
    address = re.search(r'search__suggestion">[^<]*<a href="([^"]+)">наврӯз</a>', text(answer))[1].replace("&amp;", "&")
    assert "since=2020-01-01" in address
    assert "<mark>Наврӯз</mark>" in text(Client().get(address))


def test_what_was_found_is_marked_as_it_is_written_and_escaped(khujand):
    khujand.title, khujand.lead = (
        "«Наврӯз» <b>&",
        "Пеш аз ҷашн. " * 30 + "Дар Хуҷанд <script>ҷашн</script> & шодӣ. " + "Баъд. " * 60,
    )
    khujand.save()
    (hit,) = search("tg", "навруз Khujand").hits
    assert hit.title == "«<mark>Наврӯз</mark>» &lt;b&gt;&amp;"
    assert "<mark>Хуҷанд</mark> &lt;script&gt;ҷашн&lt;/script&gt; &amp;" in hit.excerpt
    assert hit.excerpt.startswith("… ") and hit.excerpt.endswith(" …")
    assert len(re.sub("<[^>]+>", "", hit.excerpt)) < 260
    assert "<script>" not in text(page("навруз", "tg")).partition("<main")[2].partition("</main>")[0]


def test_the_page_says_what_was_found(client_page, khujand):
    answer = page("Хучанд", "tg", client_page)
    assert answer.status_code == 200 and answer["Cache-Control"] == PUBLIC and not answer.cookies
    assert "<mark>Хуҷанд</mark>" in text(answer) and khujand.get_absolute_url() in text(answer)
    assert '<meta name="robots" content="noindex">' in text(answer)
    assert 'value="Хучанд"' in text(answer)
    assert page("", "tg", client_page).status_code == page("zzzz", "ru", client_page).status_code == 200


def test_pages_of_results(client_page):
    factories.many_reports(PAGE_SIZE + 5)
    first, second = page("event", client=client_page), page("event", client=client_page, page="2")
    assert f"Reports found: {PAGE_SIZE + 5}" in text(first)
    assert "page=2" in text(first) and 'rel="prev"' not in text(first)
    assert 'rel="prev"' in text(second) and 'rel="next"' not in text(second)
    shown = [{hit.report.pk for hit in answer.context["results"].hits} for answer in (first, second)]
    assert [len(each) for each in shown] == [PAGE_SIZE, 5] and not shown[0] & shown[1]


@pytest.mark.parametrize("number", ["0", "-1", "3", "51", "999", "9" * 30, "x", "²", "", "1.5", "\0"])
def test_a_page_that_is_not_there_shows_one_that_is(number):
    factories.many_reports(3)
    assert len(page("event", page=number).context["results"].hits) == 3


def test_no_more_than_fifty_pages(monkeypatch):
    monkeypatch.setattr("news.search.MOST", 10)
    factories.many_reports(12)
    results = search("en", "event", page=MAX_PAGES)
    assert (results.total, results.more) == (10, True)
    assert "More than 10 reports" in text(page("event"))


@pytest.mark.parametrize(
    ("query", "number"), [("", 1), ("event", 3), ("event nothing", 5), ("zzzz yyyy", 4), ("evvent", 3), ('"', 1)]
)
@pytest.mark.parametrize("size", [3, 40])
def test_a_search_costs_a_fixed_number_of_queries(query, number, size):
    factories.many_reports(size)
    with CaptureQueriesContext(connection) as asked:
        assert page(query).status_code == 200
    assert len(asked) == number <= 5, [each["sql"] for each in asked]


NASTY = [
    "", " ", "а", "a", "x" * 10_000, "слово " * 2000, '"', '"water', 'water"', "*", "water*", "-water", "- -", "water OR",
    "OR", "AND NOT", "NEAR(", "NEAR(water farmers, 2)", "title:", "title:water", ":", "(", ")", "((water)", "water)",
    "water\0farmers", "\0", "\ud800", "water\udfff", "'; DROP TABLE news_report; --", "' OR '1'='1", '" OR rowid > 0 --',
    "water:*", "!water", "water & | !", "<-> water", "water <2> x", "\\", "\\'", "%", "%s %(x)s", "_", "{}", "{0}", "{public}",
    "🙂", "🙂 water", "…—«»", "٣", "²", "½ ⅷ", "İ", "ß ŉ", "\u202e water", "e\u0301\u0304", "ا", "水", "<script>alert(1)</script>",
    "water/farmers", "user@example.org", "https://example.org/?a=1&b=2", "10.01.2022 13:45", "1e400", "covid-19",
]  # fmt: skip


@pytest.mark.parametrize("query", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_whatever_is_typed_is_answered_in_words(client_page, query, language):
    factories.report(language=language)
    address = f"/{language}/search/?q=" + urlencode({"": query.encode("utf-8", "surrogatepass")})[1:]
    answer = client_page.get(address)
    assert answer.status_code == 200
    assert 'role="search"' in text(answer)
    search(language, query)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters() | st.sampled_from("\"'*:()-&|!<>\\\0%_ аиоҳw"), max_size=60))
def test_nothing_that_is_typed_breaks_search(db, query):
    for language in ("tg", "ru", "en"):
        search(language, query)
    assert Client().get("/en/search/", {"q": query.encode("utf-8", "surrogatepass")}).status_code == 200


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"since": "2022-02-30"}, "Please write the date like this"),
        ({"until": "yesterday"}, "Please write the date like this"),
        ({"since": "0000-00-00"}, "Please write the date like this"),
        ({"since": "2022-02-02", "until": "2022-02-01"}, "This day is before the day"),
        ({"category": "made-up"}, "Please choose one from the list"),
        ({"place": "x' OR 1=1"}, "Please choose one from the list"),
    ],
)
def test_a_wrong_filter_is_told_beside_the_field(client_page, values, sentence):
    factories.report()
    answer = page("farmers", client=client_page, **values)
    assert answer.status_code == 200
    assert sentence in text(answer) and "<details" in text(answer) and "field-error" in text(answer)
    assert "<mark>" not in text(answer)


@pytest.mark.parametrize("since", ["2021-12-31", "31.12.2021", "0001-01-01", "9999-12-31", ""])
def test_a_date_is_taken_as_it_is_written(client_page, since):
    factories.report()
    answer = page("farmers", client=client_page, since=since)
    assert ("<mark>" in text(answer)) == (not since.startswith("9"))


def test_search_is_near_on_every_page(client_page):
    assert 'href="/ru/search/"' in text(client_page.get("/ru/"))
    missing = client_page.get("/ru/nowhere/")
    assert missing.status_code == 404 and 'action="/ru/search/"' in text(missing)


def test_the_page_is_only_read():
    assert Client().post("/en/search/").status_code == 405
