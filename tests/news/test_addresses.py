"""Addresses: made from headlines, corrected, offered in every language, and safe where nothing is found."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.news import factories
from tests.pageclient import PageClient, as_written

pytestmark = pytest.mark.django_db

LONG = "Participation in the ceremony of " + "opening of the new hydropower station and " * 5 + "the end"
TAJIK = "Ғайрат, Ӣд, Қонун, Ӯҳда, Ҳамкорӣ, Ҷаласаи ғайринавбатӣ"


def get(url, status=200):
    response = PageClient().get(url)
    assert response.status_code == status, url
    return response


def text(url, status=200):
    return get(url, status).content.decode()


def test_a_wrong_slug_leads_to_the_right_address_for_good():
    report = factories.report()
    for slug in ("x", report.slug + "-old", "event-2022"):
        response = get(f"/en/news/{report.event_id}/{slug}/", 301)
        assert response["Location"] == report.get_absolute_url()


def test_an_old_link_still_leads_to_a_report_whose_title_was_changed():
    report = factories.report()
    old = report.get_absolute_url()
    report.title = "Quite another title"
    report.save()
    assert get(old, 301)["Location"] == f"/en/news/{report.event_id}/quite-another-title/"


def test_the_slug_of_another_language_leads_to_this_languages_address():
    russian = factories.report(language="ru")
    english = factories.report(russian.event)
    assert get(f"/en/news/{russian.event_id}/{russian.slug}/", 301)["Location"] == english.get_absolute_url()


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_missing_language_leads_to_its_list_with_a_notice(language):
    there = next(code for code in ("en", "ru") if code != language)
    report = factories.report(language=there)
    response = get(f"/{language}/news/{report.event_id}/{report.slug}/", 302)
    assert response["Location"] == f"/{language}/news/?missing={report.event_id}"
    page = text(response["Location"])
    notice = page.partition('<div class="callout">')[2].partition("</div>")[0]
    assert len(re.findall("<p>[^<]{20,}</p>", notice)) == 2
    assert f'<a href="{report.get_absolute_url()}" lang="{there}" hreflang="{there}">{report.title}</a>' in as_written(
        notice
    )
    assert "callout" not in text(f"/{language}/news/")


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        ("ru", "This report is published only in Russian."),
        ("tg", "This report is published only in Tajik."),
        ("tg ru", "This report is published only in Tajik and Russian."),
    ],
)
def test_the_notice_names_the_languages_that_there_are_and_leads_to_them(languages, said):
    event = factories.event()
    versions = [factories.report(event, code) for code in languages.split()]
    notice = text(f"/en/news/?missing={event.pk}").partition('<div class="callout">')[2].partition("</div>")[0]
    assert said in notice
    links = re.findall(r'<a href="([^"]+)" lang="(\w+)"', notice)
    assert links == [(version.get_absolute_url(), version.language) for version in versions]


@pytest.mark.parametrize("here", ["tg", "ru", "en"])
def test_a_report_says_in_which_languages_alone_it_is_published(here):
    event = factories.event()
    report = factories.report(event, here)
    page = text(report.get_absolute_url())
    alone = page.partition('<p class="only-in">')[2].partition("</p>")[0]
    assert len(alone) > 20 and "<a" not in alone
    other = factories.report(event, next(code for code in ("tg", "ru", "en") if code != here))
    page = text(report.get_absolute_url())
    two = page.partition('<p class="only-in">')[2].partition("</p>")[0]
    assert alone not in two
    assert f'<a href="{other.get_absolute_url()}" lang="{other.language}" hreflang="{other.language}">' in two
    factories.report(event, next(code for code in ("tg", "ru", "en") if code not in (here, other.language)))
    assert "only-in" not in text(report.get_absolute_url())


def test_no_more_is_said_of_a_report_that_is_not_public_than_of_none():
    report = factories.report(language="ru", status="draft", published_at=None, title="A secret")
    event_id = report.event_id
    unknown = text("/en/news/?missing=999999")
    assert text(f"/en/news/?missing={event_id}").replace(f"missing={event_id}", "missing=999999") == unknown


def test_nothing_is_missing_of_a_report_that_this_language_has():
    assert "callout" not in text(f"/en/news/?missing={factories.report().event_id}")


@pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "９", "0", "9" * 18, "9" * 19, "9" * 5000, "%00", "1'--"])
def test_a_number_that_no_event_has_is_answered_in_words(number):
    assert "has not been published in this language" in text(f"/en/news/?missing={number}")


def test_the_notice_costs_one_query():
    report = factories.report(language="ru")
    for url, number in (("/en/news/", 6), (f"/en/news/?missing={report.event_id}", 7)):
        with CaptureQueriesContext(connection) as captured:
            get(url)
        assert len(captured) <= number, url


def test_the_notice_of_a_missing_language_is_in_words():
    assert "has not been published in this language" in text("/en/news/?missing=1")


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("number", ["999999", "0", "9223372036854775808", "9" * 40])
def test_an_unknown_event_has_a_page_of_words_in_the_language(language, number):
    page = text(f"/{language}/news/{number}/some-event/", 404)
    assert f'<html lang="{language}"' in page
    assert re.search(r"<h1[^>]*>[^<]{10,}</h1>", page)
    assert f'href="/{language}/"' in page and f'href="/{language}/news/"' in page
    assert '<meta name="robots" content="noindex">' in page


def test_the_words_of_a_page_that_is_not_found():
    page = text("/en/news/999999/some-event/", 404)
    assert "The page was not found" in page and "Write to the President" in page


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("2022", "event-2022"),
        ("10.01.2022", "event-10012022"),
        ("2022 – 01", "event-2022-01"),
        ("«…»", "event"),
        ("北京", "event"),
        ("Navruz 2022", "navruz-2022"),
    ],
)
def test_an_address_is_never_empty_and_never_a_date(title, slug):
    report = factories.report(title=title)
    assert report.get_absolute_url() == f"/en/news/{report.event_id}/{slug}/"
    assert html.escape(title) in text(report.get_absolute_url())


def test_a_headline_of_246_characters_is_shown_whole_and_has_a_short_address():
    title = LONG[:245] + "."
    assert len(title) == 246
    report = factories.report(title=title)
    assert 60 < len(report.slug) <= 100 and not report.slug.endswith("-")
    assert title.lower().replace(" ", "-").startswith(report.slug + "-"), "whole words"
    assert f">{title}</h1>" in text(report.get_absolute_url())
    for url in ("/en/", "/en/news/"):
        assert title in text(url)


def test_one_long_word_is_cut():
    report = factories.report(title="a" * 246)
    assert report.slug == "a" * 100
    get(report.get_absolute_url())


def test_a_tajik_headline_has_a_latin_address():
    report = factories.report(language="tg", title=TAJIK)
    assert report.slug == "ghayrat-id-qonun-uhda-hamkori-jalasai-ghayrinavbati"
    assert f">{TAJIK}</h1>" in as_written(text(report.get_absolute_url()))


@pytest.mark.parametrize("here", ["tg", "ru", "en"])
def test_the_language_switch_leads_to_the_versions_of_the_report(here):
    event = factories.event()
    urls = {code: factories.report(event, code).get_absolute_url() for code in ("tg", "ru", "en")}
    page = text(urls[here])
    for code, url in urls.items():
        assert f'<a href="{url}" lang="{code}" hreflang="{code}"' in page
        assert f'<link rel="alternate" hreflang="{code}" href="http://testserver{url}">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="http://testserver{urls["tg"]}">' in page
    assert f'<link rel="canonical" href="http://testserver{urls[here]}">' in page
    assert re.findall(r'lang="(\w+)" hreflang="\w+" aria-current="true"', page) == [here]


def test_the_language_switch_leads_to_the_list_where_a_version_is_missing():
    report = factories.report()
    page = text(report.get_absolute_url())
    assert f'<a href="/tg/news/?missing={report.event_id}" lang="tg"' in page
    assert f'<a href="/ru/news/?missing={report.event_id}" lang="ru"' in page
    assert re.findall(r'rel="alternate" hreflang="([\w-]+)"', page) == ["en"]


@pytest.mark.parametrize("path", ["", "news/", "news/category/meetings/", "news/2022/", "news/2022/1/"])
def test_pages_that_exist_in_every_language_name_the_others(path):
    factories.category()
    page = text(f"/en/{path}")
    named = re.findall(r'rel="alternate" hreflang="([\w-]+)" href="http://testserver([^"]+)"', page)
    assert set(named) == {("x-default", f"/tg/{path}"), *((code, f"/{code}/{path}") for code in ("tg", "ru", "en"))}


def test_the_canonical_address_of_a_list_has_no_query():
    assert '<link rel="canonical" href="http://testserver/en/news/">' in text("/en/news/?missing=1&x=%22%3E")


@pytest.mark.parametrize(
    "path",
    [
        "/en/<script>alert(1)</script>/",
        "/en/%3Cscript%3Ealert(1)%3C/script%3E/",
        '/en/news/1/"><script>alert(1)</script>/',
        "/en/news/category/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E/",
        "/<script>alert(1)</script>",
        "/en/news/?before=<script>alert(1)</script>",
    ],
)
def test_a_script_in_an_address_that_is_not_found_stays_text(path):
    page = text(path, 404)
    assert "alert(1)" not in re.sub(r"&(lt|gt|quot|#x27);|%[0-9A-F]{2}", "", page) or "<script>alert" not in page
    assert "<script>alert" not in page and '"><script' not in page


def test_the_description_of_a_report_without_a_lead_is_its_first_words_escaped_once():
    report = factories.report(body='He said: "Yes & no", 2 < 3.\n\n" http-equiv="refresh" x="')
    page = text(report.get_absolute_url())
    shown = re.search('<meta name="description" content="([^"]*)">', page)
    assert shown and html.unescape(shown[1]).startswith('He said: "Yes & no", 2 < 3.')
    assert 'http-equiv="refresh"' not in page.partition("</head>")[0]


def test_a_script_in_a_headline_stays_text():
    report = factories.report(title='<script>alert(1)</script> & "more"', lead="<b>lead</b>")
    for url in (report.get_absolute_url(), "/en/", "/en/news/"):
        page = text(url)
        assert "<script>alert" not in page and "<b>lead" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “more”" in as_written(page)
