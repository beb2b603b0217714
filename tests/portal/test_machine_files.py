"""robots.txt, security.txt and the manifest."""

import json
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser

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
    parser = RobotFileParser()
    # This parser takes the first rule that fits, the standard (RFC 9309) the longest: leave "Allow: /" out.
    lines = Client().get("/robots.txt").content.decode().splitlines()
    parser.parse([line for line in lines if line != "Allow: /"])
    return parser.can_fetch("any", f"http://testserver{path}")


def test_robots_may_read_everything_but_what_visitors_type_and_staff_do(db):
    for path in ("/", "/tg/", "/en/news/", "/ru/appeals/", "/media/photos/x/480.jpeg", "/static/css/site.css"):
        assert allowed(path)
    for language in ("tg", "ru", "en"):
        for path in NOT_FOR_ROBOTS:
            assert not allowed(f"/{language}/{path}")
    assert not allowed("/admin/") and not allowed("/admin/login/")


def test_robots_are_told_of_the_sitemaps(db):
    lines = Client().get("/robots.txt").content.decode().splitlines()
    sitemaps = [line.removeprefix("Sitemap: http://testserver") for line in lines if line.startswith("Sitemap:")]
    assert sitemaps == ["/sitemap.xml", "/sitemap-news.xml"]
    assert all(Client().get(path).status_code == 200 for path in sitemaps)


def test_the_pages_closed_to_robots_are_those_of_the_appeals():
    for path in ("appeals/write/", "appeals/check/", "appeals/receipt/"):
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
