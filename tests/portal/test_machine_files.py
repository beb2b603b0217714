"""robots.txt, security.txt and the manifest."""

import json
from datetime import datetime, timedelta

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import override

from portal.caching import PUBLIC
from portal.machine_views import NOT_FOR_ROBOTS

FILES = {
    "/robots.txt": "text/plain; charset=utf-8",
    "/.well-known/security.txt": "text/plain; charset=utf-8",
    "/.well-known/security-policy.txt": "text/plain; charset=utf-8",
    "/manifest.webmanifest": "application/manifest+json",
}


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_the_same_for_everybody_and_may_be_kept(path, db):
    tajik, english = (Client().get(path, headers={"accept-language": code}) for code in ("tg", "en"))
    assert tajik.status_code == 200 and tajik["Content-Type"] == FILES[path]
    assert tajik["Cache-Control"] == PUBLIC and not tajik.cookies
    assert tajik.content == english.content
    assert Client().get(path, headers={"if-none-match": tajik["ETag"]}).status_code == 304
    assert Client().post(path).status_code == 405


def allowed(path):
    """By RFC 9309: a rule is the beginning of an address, its question included; there is none longer that allows."""
    lines = Client().get("/robots.txt").content.decode().splitlines()
    assert [line for line in lines if line.startswith("Allow: ")] == ["Allow: /"]
    return not any(path.startswith(line.removeprefix("Disallow: ")) for line in lines if line.startswith("Disallow: "))


def test_robots_may_read_everything_but_what_visitors_type_and_staff_do(db):
    for path in ("/", "/tg/", "/en/news/", "/ru/appeals/", "/media/photos/x/480.jpeg", "/static/css/site.css"):
        assert allowed(path)
    for language in ("tg", "ru", "en"):
        for path in NOT_FOR_ROBOTS:
            assert not allowed(f"/{language}/{path}")
    assert not allowed("/admin/") and not allowed("/admin/login/")


EMPTY = ["search/", "appeals/write/", "appeals/track/"]


@pytest.mark.parametrize("path", EMPTY)
def test_an_empty_form_may_be_found_and_what_is_typed_into_it_may_not(path, db):
    for language in ("tg", "ru", "en"):
        page = Client().get(f"/{language}/{path}").content.decode()
        assert allowed(f"/{language}/{path}") and "noindex" not in page
        assert f'<link rel="canonical" href="http://testserver/{language}/{path}">' in page
        assert not allowed(f"/{language}/{path}?q=x")


def test_pages_that_hold_what_somebody_typed_ask_not_to_be_listed(db):
    client = Client()
    client.post("/en/appeals/write/", {"surname": "Раҳимов", "stay": "1"})
    for path in ("search/?q=x", "search/?category=meetings", "appeals/write/", "appeals/erase/"):
        assert '<meta name="robots" content="noindex">' in client.get(f"/en/{path}").content.decode()
    assert "noindex" in client.post("/en/appeals/track/", {"number": "1"}).content.decode()


def test_robots_are_told_of_the_sitemaps(db):
    lines = Client().get("/robots.txt").content.decode().splitlines()
    sitemaps = [line.removeprefix("Sitemap: http://testserver") for line in lines if line.startswith("Sitemap:")]
    assert sitemaps == ["/sitemap.xml", "/sitemap-news.xml"]
    assert all(Client().get(path).status_code == 200 for path in sitemaps)


def test_the_pages_closed_to_robots_are_those_of_the_appeals():
    for path in ("appeals/check/", "appeals/receipt/", "appeals/case/"):
        assert path in NOT_FOR_ROBOTS
        with override("tg"):
            assert resolve(f"/tg/{path}")


def test_security_txt_says_whom_to_call_and_until_when(db):
    text = Client().get("/.well-known/security.txt").content.decode()
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    assert fields["Contact"] == "tel:+992372212520"
    assert fields["Preferred-Languages"] == "tg, ru, en"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    assert timedelta(days=30) < datetime.fromisoformat(fields["Expires"]) - timezone.now() < timedelta(days=365)


def test_its_policy_says_in_all_languages_what_may_be_expected(db):
    fields = dict(
        line.split(": ", 1) for line in Client().get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert fields["Policy"].startswith("http://testserver/")
    policy = Client().get(fields["Policy"].removeprefix("http://testserver")).content.decode()
    assert [policy.count(word) for word in ("+992372212520", "14 рӯз", "14 дней", "14 days", "{{")] == [3, 1, 1, 1, 0]


def test_the_manifest_names_the_site_and_pictures_that_exist(db):
    manifest = json.loads(Client().get("/manifest.webmanifest").content)
    assert manifest["lang"] == "tg" and manifest["name"] == "Президенти Ҷумҳурии Тоҷикистон"
    assert manifest["short_name"] and manifest["start_url"] == "/"
    assert {"theme_color", "background_color", "display"} <= set(manifest)
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))
    assert any("touch-icon.png" in icon["src"] for icon in manifest["icons"])


@pytest.mark.parametrize("path", ["/tg/", "/en/appeals/"])
def test_pages_name_the_manifest(path, client_page):
    assert '<link rel="manifest" href="/manifest.webmanifest">' in client_page.get(path).content.decode()
