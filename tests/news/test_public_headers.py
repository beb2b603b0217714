"""What caches may keep: public pages are the same for everybody; renditions never change; originals are not served."""

import re

import pytest
from django.test import Client

from portal.caching import PUBLIC
from tests.news import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PAGES = ["home", "list", "list with a notice", "category", "place", "filters", "year", "month", "day", "report"]
COOKIES = {
    "sessionid": "abcdefgh" * 4,
    "csrftoken": "x" * 32,
    "messages": "bm9wZQ",
    "django_language": "ru",
    "other": "1",
}


@pytest.fixture
def urls(db):
    event = factories.event(place=factories.place())
    factories.photo(event)
    return {
        "home": "/en/",
        "list": "/en/news/",
        "list with a notice": "/en/news/?missing=1",
        "category": "/en/news/category/meetings/",
        "year": "/en/news/2022/",
        "month": "/en/news/2022/1/",
        "day": "/en/news/2022/1/10/",
        "place": "/en/news/place/dushanbe/",
        "filters": "/en/news/?category=meetings&place=dushanbe&with=photo",
        "report": factories.report(event).get_absolute_url(),
    }


def vary(response):
    return {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}


@pytest.mark.parametrize("page", PAGES)
def test_a_public_page_is_the_same_whatever_cookies_the_reader_has(page, urls):
    plain = Client().get(urls[page])
    client = Client()
    client.cookies.load(COOKIES)
    visited = client.get(urls[page], headers={"accept-language": "ru"})
    assert visited.content == plain.content and b'<html lang="en"' in plain.content
    for response in (plain, visited):
        assert response.status_code == 200
        assert not response.cookies
        assert not vary(response) & {"cookie", "accept-language", "*"}
        assert response["Cache-Control"] == PUBLIC


def test_a_member_of_staff_sees_the_public_page_that_everybody_sees(urls):
    client = Client()
    client.force_login(factories.staff("Press chief"))
    response = client.get(urls["report"])
    assert response.content == Client().get(urls["report"]).content
    assert not response.cookies and "cookie" not in vary(response)


def test_what_shared_caches_may_do():
    assert PUBLIC.startswith("public, ") and "stale-if-error=" in PUBLIC and "s-maxage=1," in PUBLIC


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_did_not_change_is_answered_with_304(page, urls):
    first = Client().get(urls[page])
    again = Client().get(urls[page], headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    assert again["ETag"] == first["ETag"] and again["Cache-Control"] == PUBLIC


def test_a_compressed_page_is_answered_with_304_too(urls):
    first = Client().get(urls["report"], headers={"accept-encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip" and "accept-encoding" in vary(first)
    again = Client().get(urls["report"], headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_the_etag_changes_with_the_report(urls):
    first = Client().get(urls["report"])
    report = factories.Report.objects.get()
    report.body = "Other words."
    report.save()
    again = Client().get(urls["report"], headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200 and again["ETag"] != first["ETag"]


def test_a_report_says_when_it_was_changed(urls):
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", Client().get(urls["report"])["Last-Modified"])


def test_a_reader_that_asks_by_date_gets_what_stands_around_a_report_now(urls):
    """A neighbour, a caption or a partner changes the page, but not the report's own time."""
    first = Client().get(urls["report"])
    factories.report(factories.event("2022-01-11 10:00"), title="The next event")
    again = Client().get(
        urls["report"], headers={"if-modified-since": first["Last-Modified"], "if-none-match": first["ETag"]}
    )
    assert again.status_code == 200 and "The next event" in again.content.decode()


@pytest.mark.parametrize("path", ["/en/news/999/x/", "/en/nothing/", "/en/news/?before=x", "/en/news/category/x/"])
def test_a_page_that_is_not_found_may_not_be_kept_and_sets_no_cookie(path):
    response = Client().get(path)
    assert response.status_code == 404
    assert "public" not in response.get("Cache-Control", "")
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_public_pages_are_only_read(method, urls):
    for url in urls.values():
        assert getattr(Client(), method)(url).status_code == 405


def test_the_headers_of_a_page_can_be_asked_for_alone(urls):
    response = Client().head(urls["report"])
    assert response.status_code == 200 and not response.content
    assert response["Cache-Control"] == PUBLIC


def test_a_rendition_may_be_kept_for_a_year():
    photo = factories.photo(factories.report().event)
    for kind in ("avif", "webp", "jpeg"):
        response = Client().get(f"/media/photos/{photo.token}/60.{kind}")
        assert response.status_code == 200
        assert response["Content-Type"] == f"image/{kind}"
        assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=10, immutable"
        assert not response.cookies and "cookie" not in vary(response)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert len(response.getvalue()) > 100


def test_an_original_is_not_served():
    photo = factories.photo(factories.report().event)
    assert photo.image.storage.exists(photo.image.name)
    for path in (
        photo.image.name,
        f"photos/{photo.token}/../../{photo.image.name}",
        f"photos/{photo.token}/original.jpeg",
    ):
        assert Client().get(f"/media/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "photos/../../portal.sqlite3",
        "photos/..%2f..%2fportal.sqlite3",
        "photos/%2e%2e/%2e%2e/portal.sqlite3",
        "photos/..%252f..%252fportal.sqlite3",
        "photos/..%5c..%5cportal.sqlite3",
        "photos/../60.jpeg",
        "photos/%2e%2e/60.jpeg",
        "photos/token%00/60.jpeg",
        "photos/token/60.jpeg%00.png",
        "photos/token/60.jpeg/",
        "photos/token/60.gif",
        "photos/token/60.svg",
        "photos/token/-1.jpeg",
        "photos/token/61.jpeg",
        "photos/token/0.jpeg",
        "photos/" + "a" * 33 + "/60.jpeg",
        "photos/token/" + "9" * 100 + ".jpeg",
        "photos/token/" + "9" * 300 + ".jpeg",
        "photos/token/" + "9" * 5000 + ".jpeg",
        "photos/token/",
        "photos/",
        "",
        "/etc/passwd",
        "%2fetc%2fpasswd",
    ],
)
def test_nothing_but_renditions_is_served_from_media(path, settings, tmp_path):
    (tmp_path / "portal.sqlite3").write_text("secret")
    folder = settings.MEDIA_ROOT / "photos" / "token"
    folder.mkdir(parents=True)
    for outside in (folder.parent.parent, folder.parent):
        (outside / "60.jpeg").write_text("secret")
    (folder / "60.gif").write_text("secret")
    response = Client().get(f"/media/{path}")
    assert response.status_code == 404
    assert b"secret" not in response.content
