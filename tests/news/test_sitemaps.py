"""Sitemaps: every public page with its languages, the archive by years, the news of two days."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import Photo, Report
from news.sitemaps import Section
from portal.caching import PUBLIC
from tests.news import factories

pytestmark = pytest.mark.django_db

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
HOST = "http://testserver"
NOT_PUBLIC = {
    "withdrawn": {"status": Report.Status.DRAFT},
    "draft": {"status": Report.Status.DRAFT, "published_at": None},
    "future": {"published_at": timezone.now() + timedelta(hours=1)},
}


def tree(path):
    response = Client().get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/xml; charset=utf-8" and response["Cache-Control"] == PUBLIC
    return ElementTree.fromstring(response.content)


def texts(element, path):
    return [found.text for found in element.findall(path, NAMES)]


def addresses(path):
    return texts(tree(path), "s:url/s:loc")


def links(url):
    return {link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)}


@pytest.fixture
def two_versions(db):
    event = factories.event("2022-01-10 13:45")
    factories.photo(event, factories.picture((1500, 1000)))
    return {language: factories.report(event, language) for language in ("tg", "en")}


def test_the_index_names_the_pages_and_every_year_of_the_dushanbe_calendar():
    factories.report(factories.event("2022-01-01 00:30"))
    last = factories.report(factories.event("2023-12-31 23:30"))
    index = tree("/sitemap.xml")
    assert texts(index, "s:sitemap/s:loc") == [f"{HOST}/sitemap-{name}.xml" for name in ("pages", "2023", "2022")]
    changed = timezone.localtime(Report.objects.get(pk=last.pk).modified_at)
    assert texts(index, "s:sitemap/s:lastmod")[0] == changed.replace(microsecond=0).isoformat()
    assert addresses("/sitemap-2022.xml") and addresses("/sitemap-2023.xml")


def test_an_empty_site_has_a_sitemap_of_its_pages():
    assert texts(tree("/sitemap.xml"), "s:sitemap/s:loc") == [f"{HOST}/sitemap-pages.xml"]
    assert f"{HOST}/tg/" in addresses("/sitemap-pages.xml")
    assert addresses("/sitemap-news.xml") == []


def test_the_pages_stand_in_every_language_and_answer():
    factories.category()
    found = tree("/sitemap-pages.xml").findall("s:url", NAMES)
    paths = [url.find("s:loc", NAMES).text.removeprefix(HOST) for url in found]
    wanted = ["", "news/", "appeals/", "accessibility/", "news/category/meetings/"]
    assert paths == [f"/{language}/{path}" for path in wanted for language in ("tg", "ru", "en")]
    assert links(found[-1]) == {
        code: f"{HOST}/{code if code != 'x-default' else 'tg'}/news/category/meetings/"
        for code in ("tg", "ru", "en", "x-default")
    }
    for path in paths:
        assert Client().get(path).status_code == 200


def test_a_report_names_its_other_languages_and_its_picture(two_versions):
    urls = tree("/sitemap-2022.xml").findall("s:url", NAMES)
    expected = {code: HOST + report.get_absolute_url() for code, report in two_versions.items()}
    assert sorted(url.find("s:loc", NAMES).text for url in urls) == sorted(expected.values())
    for url in urls:
        assert links(url) == expected | {"x-default": expected["tg"]}
        token = Photo.objects.get().token
        assert texts(url, "image:image/image:loc") == [f"{HOST}/media/photos/{token}/1500.jpeg"]
        assert len(texts(url, "s:lastmod")) == 1


def test_a_report_without_a_tajik_version_has_no_version_for_everybody(two_versions):
    two_versions["tg"].delete()
    [url] = tree("/sitemap-2022.xml").findall("s:url", NAMES)
    assert list(links(url)) == ["en"]


@pytest.mark.parametrize("state", NOT_PUBLIC)
def test_what_is_not_public_is_in_no_sitemap(state, two_versions):
    report = factories.report(two_versions["tg"].event, "ru", title="Спорное", **NOT_PUBLIC[state])
    alone = factories.report(factories.event("2019-05-01 10:00"), title="In question", **NOT_PUBLIC[state])
    for path in ("/sitemap.xml", "/sitemap-2022.xml", "/sitemap-news.xml", "/sitemap-pages.xml"):
        page = Client().get(path).content.decode()
        assert report.get_absolute_url() not in page and alone.get_absolute_url() not in page
        assert "sitemap-2019" not in page and "In question" not in page
    assert Client().get("/sitemap-2019.xml").status_code == 404


@pytest.mark.parametrize("path", ["/sitemap-0000.xml", "/sitemap-9999.xml", "/sitemap-x.xml", "/sitemap-2022.xml?p=2",
                                  "/sitemap-2022.xml?p=x", "/sitemap-2022.xml?p=0"])  # fmt: skip
def test_a_section_that_is_not_there_is_not_found(path, two_versions):
    assert Client().get(path).status_code == 404


def test_a_year_is_cut_into_pages_and_no_version_is_lost(monkeypatch):
    monkeypatch.setattr(Section, "limit", 3)
    events = [factories.event(f"2022-01-0{day} 10:00") for day in range(1, 5)]
    wanted = {HOST + factories.report(event, code).get_absolute_url() for event in events for code in ("tg", "ru")}
    parts = [path.removeprefix(HOST) for path in texts(tree("/sitemap.xml"), "s:sitemap/s:loc")[1:]]
    parts = [path for path in parts if "2022" in path]
    assert parts == ["/sitemap-2022.xml", "/sitemap-2022.xml?p=2", "/sitemap-2022.xml?p=3"]
    found = [url for path in parts for url in tree(path).findall("s:url", NAMES)]
    assert {url.find("s:loc", NAMES).text for url in found} == wanted and len(found) == len(wanted)
    assert all(set(links(url)) == {"tg", "ru", "x-default"} for url in found)


def test_the_news_are_those_published_within_two_days():
    title = 'Ҷашни "R&D" <b>]]></b> 🏔'
    new = factories.report(language="tg", title=title)
    factories.report(title="Old", published_at=timezone.now() - timedelta(hours=49))
    [url] = tree("/sitemap-news.xml").findall("s:url", NAMES)
    assert url.find("s:loc", NAMES).text == HOST + new.get_absolute_url()
    assert texts(url, "news:news/news:title") == [title]
    assert texts(url, "news:news/news:publication/news:language") == ["tg"]
    assert texts(url, "news:news/news:publication/news:name") == ["Президенти Ҷумҳурии Тоҷикистон"]
    published = timezone.localtime(new.published_at).replace(microsecond=0).isoformat()
    assert texts(url, "news:news/news:publication_date") == [published]


def test_the_languages_of_the_visitor_change_nothing(two_versions):
    for path in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-2022.xml", "/sitemap-news.xml"):
        russian, english = (Client().get(path, headers={"accept-language": code}) for code in ("ru", "en"))
        assert russian.content == english.content and not russian.cookies


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-pages.xml", "/sitemap-2022.xml", "/sitemap-news.xml"])
def test_a_sitemap_that_did_not_change_is_answered_with_304(path, two_versions):
    first = Client().get(path)
    assert Client().get(path, headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("number", [10, 200])
@pytest.mark.parametrize(
    ("path", "queries"), [("/sitemap.xml", 2), ("/sitemap-pages.xml", 1), ("/sitemap-2020.xml", 4), ("/sitemap-news.xml", 2)]
)  # fmt: skip
def test_a_section_costs_a_fixed_number_of_queries(path, queries, number):
    reports = factories.many_reports(number)
    Photo.objects.bulk_create(
        Photo(event=report.event, token=f"t{step}", image="originals/x.jpg", width=1200, height=800)
        for step, report in enumerate(reports)
    )
    with CaptureQueriesContext(connection) as captured:
        assert len(Client().get(path).content) > 100
    assert len(captured) == queries
