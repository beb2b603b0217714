"""The page cache before the real portal: its pages are Django's own, to the byte."""

import gzip
import time

import brotli
import pytest
from django.http import QueryDict
from django.test import Client

from portal.page_cache import COUNTS
from portal.page_cache_pages import PARAMETERS
from tests.news import factories

from .cached_site import Site
from .test_page_cache_keys import PERSONAL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site():
    made = Site()
    made.sees()
    yield made
    made.close()


@pytest.fixture
def report(db):
    event = factories.event(place=factories.place())
    factories.photo(event)
    return factories.report(event)


def test_a_page_is_made_once_and_is_what_django_says(site, report):
    for path in ("/en/", "/en/text/", "/en/news/", "/en/text/news/", "/en/news/2022/1/10/", "/en/news/category/meetings/",
                 "/en/news/?category=meetings&with=photo", "/en/news/?missing=1", "/en/accessibility/", "/en/feeds/rss.xml",
                 report.get_absolute_url(), f"/en/text{report.get_absolute_url()[3:]}?part=1"):  # fmt: skip
        made, asked = site.get(path), len(site.asked)
        kept, own = site.get(path), Client().get(path)
        assert len(site.asked) == asked, path
        assert kept.body == made.body == own.content and kept.headers == made.headers
        assert {name: kept.headers[name.lower()] for name in own.headers} == dict(own.headers), path
        assert "age" not in kept.headers


def test_each_encoding_is_the_same_page(site, report):
    url = report.get_absolute_url()
    plain = site.get(url)
    for name, opened in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        answer = site.get(url, accept_encoding=f"deflate, {name}")
        assert opened(answer.body) == plain.body
        assert answer.headers["content-encoding"] == name and answer.headers["vary"] == "Accept-Encoding"
        assert int(answer.headers["content-length"]) == len(answer.body) < len(plain.body)
        assert answer.headers["etag"] == f"W/{plain.headers['etag']}"
    assert "content-encoding" not in plain.headers and plain.headers["vary"] == "Accept-Encoding"
    for accepted, sent in {
        "gzip, deflate, br, zstd": "br", "br;q=0, gzip;q=0.5": "gzip", "br; q=0.0": None, "identity": None, "*": None, "": None,
        "BR": "br", "xbr, gzipped": None, "x" * 5000: None,
    }.items():  # fmt: skip
        assert site.get(url, accept_encoding=accepted).headers.get("content-encoding") == sent, accepted
    assert len(site.asked) == 1


def test_who_has_the_page_gets_304(site, report):
    url = report.get_absolute_url()
    page = site.get(url)
    tag, time = page.headers["etag"], page.headers["last-modified"]
    for known in (
        {"if_none_match": tag},
        {"if_none_match": f'"x", W/{tag}'},
        {"if_none_match": "*"},
        {"if_modified_since": time},
    ):
        answer = site.get(url, accept_encoding="br", **known)
        assert (answer.status, answer.body) == (304, b""), known
        assert answer.headers["etag"] == f"W/{tag}" and answer.headers["cache-control"] == page.headers["cache-control"]
        assert "content-length" not in answer.headers and "content-encoding" not in answer.headers
    for other in ({"if_none_match": '"x"'}, {"if_none_match": '"x"', "if_modified_since": time}, {"if_none_match": ""},
                  {"if_modified_since": "Mon, 10 Jan 2000 00:00:00 GMT"}, {"if_modified_since": "x"}):  # fmt: skip
        assert site.get(url, **other).status == 200, other
    assert len(site.asked) == 1


def test_head_is_the_page_without_its_body(site, report):
    url = report.get_absolute_url()
    head, page = site.get(url, method="HEAD"), site.get(url)
    assert (head.status, head.body, head.headers) == (200, b"", page.headers)
    assert site.get(url, method="HEAD").body == b"" and len(site.asked) == 1


def test_a_wrong_address_leads_on_and_a_missing_page_is_kept_by_nobody(site, report):
    answer = site.get(f"/en/news/{report.event_id}/x/?utm_source=x")
    assert (answer.status, answer.headers["location"]) == (301, report.get_absolute_url())
    assert site.get("/en/news/999999/x/").status == 404 and site.get("/en/news/?category=nothing").status == 404
    assert site.get("/en/news").status == 301 and site.get("/en/", host="evil.example").status == 400
    assert site.kept == []


def test_no_page_of_one_person_is_kept_or_says_that_it_may_be(site, report):
    for path in PERSONAL:
        answer = site.get(path)
        empty = path == "/en/appeals/write/offline/"  # The form for browsers without a line: the same for everybody.
        assert empty or answer.status != 200 or "public" not in answer.headers.get("cache-control", ""), path
        site.get(f"{path}x.css")
    assert site.kept == []


def test_a_reader_who_sees_badly_and_everybody_else_get_their_own_pages(site, report):
    url = report.get_absolute_url()
    for _time in range(2):
        assert 'data-view="s2p1c1i1f1"' in site.get(url, cookie="view=s2p1c1i1f1").text
        assert "data-view" not in site.get(url).text
        assert b'<html lang="en"' in site.get(url, cookie="django_language=ru", accept_language="ru").body
    assert site.kept == [url]


def test_each_host_and_scheme_has_its_own_links(site, report):
    url = report.get_absolute_url()
    for host, scheme in (("testserver", "http"), ("testserver", "https"), ("localhost:8000", "http")):
        for _time in range(2):
            page = site.get(url, host=host, extra={"wsgi.url_scheme": scheme}, x_forwarded_host="evil.example")
            assert f'<link rel="canonical" href="{scheme}://{host}{url}">' in page.text and "evil" not in page.text


def test_the_pages_read_no_parameter_that_the_cache_leaves_out(site, report, monkeypatch):
    """Whatever a kept page asks of its query is known, or it would be ignored without a word."""
    read = set()
    for name in ("get", "__getitem__", "__contains__", "getlist"):
        usual = getattr(QueryDict, name)
        monkeypatch.setattr(
            QueryDict, name, lambda self, key, *rest, usual=usual: read.add(key) or usual(self, key, *rest)
        )
    url = report.get_absolute_url()
    for path in ("/en/", "/en/text/", "/en/news/", "/en/text/news/", "/en/news/2022/1/10/", "/en/news/category/meetings/", url,
                 f"/en/text{url[3:]}", "/en/feeds/rss.xml", "/en/accessibility/", f"/en/news/{report.event_id}/press-kit/",
                 f"/en/news/{report.event_id}/statement.pdf"):  # fmt: skip
        assert site.get(path).status == 200, path
    assert {"category", "part", "before"} <= read <= PARAMETERS


def test_a_large_archive_is_passed_on_as_it_comes(site, report):
    answer = site.get(f"/en/news/{report.event_id}/press-kit.zip")
    assert answer.status == 200 and answer.body[:2] == b"PK"
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_the_counts_tell_what_became_of_the_requests(site, report):
    before = dict(COUNTS)
    for path in ("/en/", "/en/", "/en/", "/en/search/?q=x"):
        site.get(path)
    assert {name: COUNTS[name] - before[name] for name in COUNTS} == {"hit": 2, "miss": 1, "stale": 0, "passed": 1}


def test_our_proxy_keeps_a_page_until_the_next_second_begins_and_no_longer(site, report, settings):
    for behind in (True, False, True):  # Made, then kept.
        settings.BEHIND_PROXY = behind
        before = int(time.time())
        told = site.get("/en/news/").headers.get("x-accel-expires")
        assert (told is not None) == behind and (not behind or before <= int(told.removeprefix("@")) <= time.time())
