"""Readers' pages and files behind nginx: what is kept, for whom, how long, and what is shown while the portal is ill."""

import gzip
import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import brotli
import pytest

from tests.deploy.site import OFFICE, PUBLIC, Answer, Site, until

pytestmark = pytest.mark.nginx


@pytest.fixture
def portal_killed(site: Site) -> Iterator[Any]:
    yield site.portal.kill
    site.portal.start(workers=1)


def test_nginx_finds_no_fault_in_the_configuration(site):
    said = site.check()
    assert "warn" not in said and "test is successful" in said


def test_http_leads_to_https(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.http)
    connection.request("GET", "/ru/news/?page=2", headers={"Host": PUBLIC})
    answer = Answer(connection.getresponse())
    assert answer.status == 301 and answer.headers["Location"] == f"https://{PUBLIC}/ru/news/?page=2"


def test_a_program_that_asks_in_clear_is_not_led_on(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.http)
    connection.request("GET", "/api/v1/reports/", headers={"Host": PUBLIC})
    answer = Answer(connection.getresponse())
    assert answer.status == 403 and "Location" not in answer.headers
    assert site.ask("/api/v1/reports/").status == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_only_new_tls_with_forward_secrecy_is_spoken(site):
    for version, spoken in (
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_3, True),
    ):
        context = ssl.create_default_context(cafile=str(site.certificate))
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        bare = socket.create_connection(("127.0.0.1", site.https), timeout=30)
        try:
            with context.wrap_socket(bare, server_hostname=PUBLIC) as connection:
                assert spoken and connection.cipher()[0].startswith(("TLS_", "ECDHE-"))
        except ssl.SSLError:
            assert not spoken
    context = ssl.create_default_context(cafile=str(site.certificate))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-GCM-SHA256:AES256-SHA:ECDHE-ECDSA-AES128-SHA")
    with pytest.raises(ssl.SSLError):
        context.wrap_socket(socket.create_connection(("127.0.0.1", site.https), timeout=30), server_hostname=PUBLIC)


def test_every_answer_of_nginx_itself_asks_for_https_and_is_taken_for_what_it_is(site):
    for path in ("/static/css/site.css", "/en/", "/en/nothing/", "/static/", "/.git/config"):
        headers = site.ask(path).headers
        assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains; preload"], path
        assert headers.get_all("X-Content-Type-Options") == ["nosniff"], path


def test_http_2_is_offered(site):
    with site.socket(PUBLIC, "127.0.0.1", "h2", "http/1.1") as connection:
        assert connection.selected_alpn_protocol() == "h2" and connection.version() == "TLSv1.3"


# Pages that are kept ----------------------------------------------------------------------------------------------------


def test_a_page_is_kept_and_is_the_same_the_second_time(site):
    _pk, path = site.do("write('Kept')")
    first = site.ask(path)  # An address that nobody has asked for before.
    second = until(lambda: (answer := site.ask(path)).cache == "HIT" and answer, 5)
    # Something was published just now: until that is over the portal is asked each time.
    assert first.status == second.status == 200 and first.cache in {"MISS", "BYPASS"} and "Kept" in second.text
    assert first.body == second.body
    assert "Set-Cookie" not in second.headers and "X-Accel-Expires" not in second.headers
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "X-Request-ID"):
        assert len(second.headers.get_all(name)) == 1
    assert second.headers["Server"] == "nginx"


def test_a_page_comes_in_the_best_form_that_the_browser_reads(site):
    plain = site.ask("/ru/news/")
    best = site.ask("/ru/news/", accept_encoding="gzip, deflate, br, zstd")
    assert best.headers["Content-Encoding"] == "br" and brotli.decompress(best.body) == plain.body
    packed = site.ask("/ru/news/", accept_encoding="deflate, gzip;q=0.8")
    assert plain.headers["Content-Encoding"] is None and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body and packed.cache != "MISS"
    assert "accept-encoding" in packed.headers["Vary"].lower()


def test_who_has_the_page_is_told_that_nothing_changed(site):
    tag = site.ask("/tg/accessibility/").headers["ETag"]
    answer = site.ask("/tg/accessibility/", if_none_match=tag)
    assert answer.status == 304 and answer.body == b""


def test_the_look_of_one_reader_is_not_kept_for_another(site):
    path = "/en/accessibility/"
    wide = site.ask(path, cookie="__Host-view=s2p1c1i1f1")
    ordinary = site.ask(path)
    assert "s2p1c1i1f1" in wide.text and "s2p1c1i1f1" not in ordinary.text and wide.headers["Cache-Control"] != "public"
    assert "s2p1c1i1f1" in site.ask(path, cookie="__Host-view=s2p1c1i1f1").text
    # Of two such cookies nginx reads the first and the portal the last.
    site.ask(path, cookie="__Host-view=s2p1c1i1f1; __Host-view=x")
    assert "s2p1c1i1f1" in site.ask(path, cookie="__Host-view=s2p1c1i1f1").text
    odd = until(lambda: (answer := site.ask(path, cookie="__Host-view=<b>; x=1")).cache == "HIT" and answer, 5)
    assert odd.body == ordinary.body


@pytest.mark.parametrize("header", [{"cookie": "a=b; __Host-sessionid=abc"}, {"authorization": "Basic eDp5"}])
def test_who_is_signed_in_asks_the_portal_itself(site, header):
    assert site.ask("/en/", **header).cache == "BYPASS"


@pytest.mark.parametrize("path", ["/en/appeals/", "/en/search/?q=Rahimov", "/en/subscribe/", "/captcha/x.png"])
def test_what_concerns_one_person_is_never_kept(site, path):
    assert [site.ask(path).cache for _ in range(2)] == ["", ""]


def test_what_is_published_shows_at_once_and_what_is_withdrawn_is_gone_at_once(site):
    pk, path = site.do("write('Withdrawn soon', draft=True)")
    assert site.ask(path).status == 404 and "Withdrawn soon" not in site.ask("/en/news/").text
    site.do(f"publish({pk})")
    until(lambda: "Withdrawn soon" in site.ask("/en/news/").text and site.ask(path).status == 200, 3)
    site.do(f"withdraw({pk})")
    until(lambda: site.ask(path).status == 410 and "Withdrawn soon" not in site.ask("/en/news/").text, 3)


def test_after_a_publication_the_portal_is_asked_each_time_and_then_no_more(site):
    pk, _path = site.do("write('Just published', draft=True)")
    until(lambda: site.ask("/en/").cache == "HIT", 10)
    site.do(f"publish({pk})")
    until(lambda: site.ask("/en/").cache == "BYPASS", 3)
    until(lambda: site.ask("/en/").cache == "HIT", 10)
    assert "Just published" in site.ask("/en/").text


def test_what_is_kept_is_shown_when_the_portal_dies_after_a_publication(site, portal_killed):
    pk, _path = site.do("write('The last', draft=True)")
    until(lambda: site.ask("/en/").cache == "HIT", 10)
    site.do(f"publish({pk})")
    page = until(lambda: (answer := site.ask("/en/")).cache == "BYPASS" and answer, 3)
    portal_killed()
    (site.folder / "data" / "public-changed").touch()  # However long the killing took.
    stale = until(lambda: (answer := site.ask("/en/")).cache == "STALE" and answer, 5)
    assert stale.status == 200 and stale.headers["Content-Type"] == page.headers["Content-Type"]
    for method in ("GET", "POST"):
        refused = site.ask("/ru/news/?place=none-that-was-kept", method=method, body=b"")
        assert refused.status == 503 and refused.body == site.error_page("ru", 503)


def test_while_the_portal_is_down_pages_are_shown_and_appeals_say_so(site, portal_killed):
    page = site.ask("/en/accessibility/")
    portal_killed()
    stale = until(lambda: (answer := site.ask("/en/accessibility/")).cache == "STALE" and answer, 5)
    assert stale.status == 200 and stale.body == page.body
    refused = site.ask("/ru/appeals/write/", method="POST", body=b"x=1")
    assert refused.status == 503 and refused.body == site.error_page("ru", 503)
    for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', refused.text):
        assert site.ask(file).status == 200, "what the page looks like needs no portal"
    assert refused.headers["Retry-After"] == "60" and refused.headers["Cache-Control"] == "no-store"
    assert refused.headers.get_all("Content-Security-Policy")


def test_what_was_withdrawn_is_not_shown_while_the_portal_is_down_either(site, portal_killed):
    pk, path = site.do("write('Kept and withdrawn')")
    assert site.ask(path).status == 200
    site.do(f"withdraw({pk})")
    until(lambda: site.ask(path).status == 410, 5)
    portal_killed()
    answer = site.ask(path)
    assert answer.status == 410 and "X-Accel-Expires" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_the_files_of_the_error_pages_the_status_is_the_same(site, portal_killed):
    (site.static / "errors").rename(site.static / "hidden")
    try:
        portal_killed()
        assert site.ask("/en/appeals/").status == 503
        assert site.ask("/en/search/", method="POST", content_length=str(2**30)).status == 413
    finally:
        (site.static / "hidden").rename(site.static / "errors")


# Files ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "br"), ("br;q=0, gzip", "gzip"), ("gzip", "gzip"), ("", None), ("brotli", None)],
)
def test_a_style_sheet_comes_in_the_best_form_that_the_browser_reads(site, accepted, encoding):
    name = json.loads((site.static / "staticfiles.json").read_text())["paths"]["css/admin.css"]
    answer = site.ask(f"/static/{name}", accept_encoding=accepted)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert answer.status == 200 and answer.headers["Content-Encoding"] == encoding
    assert unpack(answer.body) == (site.static / name).read_bytes()
    assert answer.headers["Content-Type"].startswith("text/css")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "accept-encoding" in (answer.headers["Vary"] or "").lower()
    assert "immutable" not in site.ask("/static/css/admin.css").headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secrets/django", "/static/%2e%2e/portal.sqlite3", "/static/..%2fportal.sqlite3", "/static../portal.sqlite3",
        "//static/../portal.sqlite3", "/static/css/../../portal.sqlite3", "/static/css%5c..%5c..%5cportal.sqlite3",
        "/-/media/photos/a/original.jpeg", "/errors/en/503.html", "/media/../portal.sqlite3", "/media/", "/-/media/../portal.sqlite3",
        "/var/portal.sqlite3", "/.git/config", "/admin/", "//admin/", "/x/../admin/", "/%61dmin/",
    ],
)  # fmt: skip
def test_no_way_of_writing_an_address_leads_to_what_is_not_public(site, path):
    assert site.ask(path).status in (400, 404)


def test_a_photo_is_had_only_while_its_event_is_public(site):
    pk, _path = site.do("write('Photo', draft=True)")
    original, url = site.do(f"add_photo({pk})")
    assert site.ask(url).status == 404
    site.do(f"publish({pk})")
    first = until(lambda: (answer := site.ask(url)).status == 200 and answer, 3)
    assert first.headers["Content-Type"] == "image/jpeg"
    assert until(lambda: (answer := site.ask(url)).cache == "HIT" and answer, 5).body == first.body
    for path in (f"/media/{original}", f"/-/media/{original}"):
        assert site.ask(path).status == 404
    site.do(f"withdraw({pk})")
    until(lambda: site.ask(url).status == 404, 15)


def test_a_film_is_sent_by_nginx_in_parts_when_the_portal_lets_the_asker_have_it(site):
    pk, _path = site.do("write('Film', draft=True)")
    name, url = site.do(f"add_film({pk}, bytes(range(200)))")
    assert site.ask(url).status == 404 and site.ask(f"/-/media/{name}").status == 404
    site.do(f"publish({pk})")
    part = site.ask(url, range="bytes=10-19")
    assert part.status == 206 and part.body == bytes(range(10, 20)) and part.headers["Content-Type"] == "video/mp4"
    assert part.headers["Cross-Origin-Resource-Policy"] == "same-origin" and "X-Accel-Redirect" not in part.headers
    assert "Content-Security-Policy" in part.headers and "immutable" in part.headers["Cache-Control"]
    assert site.ask(url).body == bytes(range(200))
    site.do(f"withdraw({pk})")
    assert site.ask(url).status == 404


def test_the_office_has_a_name_of_its_own(site):
    assert site.ask("/", OFFICE).headers["Location"].endswith("/admin/")
    assert json.loads(site.ask("/admin/", OFFICE).body)["path"] == "/admin/"
