"""Which requests a kept page may answer: before an application that would have everything kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver

from portal import page_cache_pages

from .cached_site import PUBLIC, Site, answering


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(answering(PUBLIC)).sees()
    yield made
    made.close()


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every address that the portal answers, as it is declared."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from routes(each, route)
        else:
            yield route


def filled(route: str) -> str:
    """An address that the route answers, in English."""
    while "<" in route:
        start, _mark, rest = route.partition("<")
        kind, _mark, rest = rest.partition(">")
        route = start + {"row": "1", "int": "1", "year": "2022"}.get(kind.partition(":")[0], "x") + rest
    return f"/en/{route.partition('/')[2]}" if route[2:3] == "/" else f"/{route}"


PERSONAL = sorted({
    filled(route) for route in routes()
    if {"appeals", "subscribe", "captcha", "preview", "admin", "media", "reads", "preferences", "healthz", "readyz"} & set(route.split("/"))
})  # fmt: skip


def test_no_address_of_appeals_and_none_that_is_one_persons_is_ever_looked_at(site):
    assert len([path for path in PERSONAL if path.startswith("/en/appeals/")]) > 20
    assert any(path.startswith("/captcha/") for path in PERSONAL) and "/en/appeals/track/" in PERSONAL
    for path in PERSONAL:
        for more in ("", "x.css", "../x.css", "?x=1", "?/en/news/"):  # Nor does it by another end of its name.
            assert site.times_asked(path + more) == 2, path + more
            assert site.times_asked(f"{path}{more}", accept_encoding="br") == 2
    assert site.kept == []


def test_what_is_djangos_alone(site):
    for path in ("/", "/robots.txt", "/sitemap.xml", "/api/v1/reports/", "/en/search/?q=water", "/en/news/verify/",
                 "/en/text/search/", "/static/css/site.css", "/fr/news/"):  # fmt: skip
        assert site.times_asked(path) == 2, path
    assert site.kept == []


def test_an_odd_path_is_never_kept(site):
    for path in ("//en/news/", "/en//", "/EN/news/", "/en/News/", "/en/news/%2e%2e/", "/en/news/;x=1", "/en/news/x\0/", "/en/news/ё/",
                 "/en/appeals/write/../../news/", "/en/news/\r\nSet-Cookie: a=1/", "/en/news\\x/", "/en/news/" + "x" * 400,
                 "en/news/", "http://evil.example/en/news/", "/en"):  # fmt: skip
        site.get(path)
        assert site.kept == [], path


def test_parameters_that_no_page_knows_change_nothing(site):
    for query in ("?utm_source=x&fbclid=1", "?x=1", "?x=2", "?%00=1", "?=", "?&&", "?X" * 20, "?x=" + "y" * 5000):
        site.get(f"/en/news/{query}")
    assert site.kept == ["/en/news/"] and {request["QUERY_STRING"] for request in site.asked} == {""}


def test_known_parameters_are_kept_in_one_order(site):
    for query in (
        "with=photo&category=a%20b",
        "category=a+b&with=photo&utm=1",
        "category=x&with=photo&category=%61%20b",
    ):
        site.get(f"/en/news/?{query}")
    assert site.kept == ["/en/news/?category=a+b&with=photo"] and len(site.asked) == 1
    site.get("/en/news/?category=&with=photo")
    assert len(site.kept) == 2


def test_odd_parameters_are_djangos_alone(site):
    for query in (
        "category=ё",
        "category=" + "x" * 400,
        "&".join(f"a{n}=1" for n in range(30)),
    ):
        site.get(f"/en/news/?{query}")
        assert site.kept == [] and site.asked[-1]["QUERY_STRING"] == query


def test_a_host_that_is_not_ours_is_djangos_alone_and_ours_are_kept_apart(site, settings):
    settings.ALLOWED_HOSTS = ["testserver", ".portal.example", "[::1]"]
    page_cache_pages._is_ours.cache_clear()
    for host in ("evil.example", "testserver:9999", "testserver@evil.example", "testserver/x", "", "testserver, evil.example",
                 "testserver:", "testserver:x", "evilportal.example", "testserver\0", "[::1", "user:x@testserver"):  # fmt: skip
        site.get("/en/", host=host)
        assert site.kept == [] and site.asked[-1]["HTTP_HOST"] == host
    for host in ("testserver", "www.portal.example", "testserver:8000", "[::1]:8000"):
        assert site.times_asked("/en/", host=host) == 1
    assert site.times_asked("/en/", host="TestServer") == 0
    page_cache_pages._is_ours.cache_clear()


def test_http_and_https_are_kept_apart_by_the_proxy_s_word_only_where_there_is_a_proxy(site, monkeypatch):
    assert site.times_asked("/en/", extra={"wsgi.url_scheme": "https"}) == 1
    with monkeypatch.context() as behind_a_proxy:
        behind_a_proxy.setattr(page_cache_pages, "_SECURE", ("HTTP_X_FORWARDED_PROTO", "https"))
        assert site.times_asked("/en/", x_forwarded_proto="https, http") == 0
    assert site.times_asked("/en/", x_forwarded_proto="https") == 1
    monkeypatch.setattr(page_cache_pages, "_SECURE", ("HTTP_X_FORWARDED_PROTO", "https"))
    assert site.times_asked("/en/", x_forwarded_proto="http", extra={"wsgi.url_scheme": "https"}) == 0
    assert [request["wsgi.url_scheme"] for request in site.asked] == ["https", "http"]


def test_a_get_with_a_body_or_under_another_root_or_another_method_is_djangos_alone(site):
    for extra in ({"CONTENT_LENGTH": "3"}, {"HTTP_TRANSFER_ENCODING": "chunked"}, {"SCRIPT_NAME": "/x"}):
        site.get("/en/", extra=extra)
        assert site.kept == [] and site.asked[-1]["REMOTE_ADDR"]
    assert site.times_asked("/en/", extra={"CONTENT_LENGTH": "0"}) == 1
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "get", "PURGE", "TRACE"):
        assert site.times_asked("/en/", method=method) == 2 and site.kept == ["/en/"]


def test_no_header_and_no_cookie_but_the_key_reaches_the_page(site):
    names = """x-forwarded-host x-forwarded-proto x-forwarded-for x-forwarded-port x-original-url x-rewrite-url x-host forwarded
        origin referer user-agent authorization range accept accept-language accept-encoding x-http-method-override
        if-modified-since if-none-match proxy x-wap-profile"""
    site.get("/en/", **dict.fromkeys(names.split(), "evil"), cookie="django_language=ru; other=evil")
    assert {name for name in site.asked[0] if name.startswith("HTTP_")} == {"HTTP_HOST"}
    assert "REMOTE_ADDR" not in site.asked[0] and "evil" not in str(site.asked[0].values())
    assert site.get("/en/").body == b"ok" and len(site.asked) == 1


def test_only_a_wish_of_the_reader_and_a_session_of_staff_ask_django(site):
    site.get("/en/")
    for cookie in ("view=s2p1c1i1f1", "a=1; sessionid=abc", "view=x; view=s2p1c1i1f1"):
        site.get("/en/", cookie=cookie)
        assert site.asked[-1]["HTTP_COOKIE"] == cookie
    assert len(site.asked) == 4
    for cookie in (
        "view=s0p0c0i0f0",
        "view=x",
        "review=1",
        "view=s2p1c1i1f1; view=x",
        "csrftoken=x; other=sessionid",
        "=;,",
    ):
        assert site.times_asked("/en/", cookie=cookie) == 0, cookie
    assert len(site.kept) == 1


def test_only_what_says_public_to_everybody_is_kept():
    large = ("Content-Length", str(2**20 + 1))
    for headers in ([], [("Cache-Control", "max-age=60")], [("Cache-Control", "public, private")],
                    [("Cache-Control", "public, no-store")], [("Cache-Control", "Public, No-Cache")],
                    [PUBLIC, ("Set-Cookie", "a=1")], [PUBLIC, ("Vary", "Accept-Encoding, Cookie")],
                    [PUBLIC, ("Vary", "*")], [PUBLIC, ("vary", "Accept-Language")], [PUBLIC, large]):  # fmt: skip
        site = Site(answering(*headers)).sees()
        assert site.get("/en/").body == b"ok"
        assert site.times_asked("/en/") >= 2 and site.kept == [], headers
        site.close()
    for status in (
        "201 Created",
        "206 Partial Content",
        "301 Moved Permanently",
        "404 Not Found",
        "410 Gone",
        "503 Unavailable",
    ):
        site = Site(answering(PUBLIC, status=status)).sees()
        assert site.get("/en/").status == int(status[:3])
        assert site.times_asked("/en/") == 2 and site.kept == [], status
        site.close()


def test_what_is_meant_for_one_reader_is_given_to_nobody_else():
    """Django is asked once more, by the reader's own request."""
    site = Site(answering(PUBLIC, ("Set-Cookie", "a=1"))).sees()
    assert site.get("/en/", cookie="b=2").headers["set-cookie"] == "a=1"
    assert site.asked[-1]["HTTP_COOKIE"] == "b=2" and "HTTP_COOKIE" not in site.asked[0]
    site.close()


def test_the_memory_is_bounded_and_what_nobody_asked_for_lately_goes_first():
    site = Site(answering(PUBLIC, body=bytes(range(256)) * 400), megabytes=1).sees()
    for number in range(50):
        site.get(f"/en/news/?before={number}")
        site.get("/en/")
        assert site.cache.size == sum(page.size for page in site.cache._pages.values()) <= 2**20
    assert "/en/" in site.kept and "/en/news/?before=49" in site.kept and "/en/news/?before=0" not in site.kept
    assert len(site.kept) > 3 and len(site.asked) == 51, "what is asked for all the time stays"
    site.close()
