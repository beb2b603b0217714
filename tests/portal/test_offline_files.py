"""The service worker and the pages that it keeps; and how much JavaScript the public pages have in all."""

import re

import brotli
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from news.models import Video
from portal import policies
from portal.caching import PUBLIC
from portal.static_files import collected
from tests.news import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SCRIPTS = settings.BASE_DIR / "static" / "js"
OF_THE_OFFICE = re.compile(r"(desk-|staff-).*|case\.js|slug-latin\.js")
BUDGET = 12_000  # bytes
OF_A_REPORT = 2_700


def weight(content):
    return len(brotli.compress(content, quality=11))


def served(name):
    return collected(name, lambda sibling: (SCRIPTS / sibling).read_text()).encode()


def worker():
    return Client().get("/sw.js")


def test_all_scripts_of_the_public_pages_stay_within_their_budget():
    public = [path for path in SCRIPTS.glob("*.js") if not OF_THE_OFFICE.fullmatch(path.name)]
    weights = {path.name: weight(served(path.name)) for path in public} | {"sw.js": weight(worker().content)}
    assert sum(weights.values()) <= BUDGET, weights


def test_the_scripts_of_a_report_with_a_film_stay_within_theirs(client_page):
    event = factories.event()
    Video.objects.create(event=event, url="https://www.youtube.com/watch?v=x", title_tg="Филм", megabytes=40)
    html = client_page.get(factories.report(event).get_absolute_url()).content.decode()
    assert {"reader.js", "video.js", "page.js"} <= set(named(html))
    weights = {name: weight(served(name)) for name in named(html)}
    assert sum(weights.values()) <= OF_A_REPORT, weights


def test_the_scripts_of_the_office_are_on_no_public_page(client_page):
    pages = ("", "news/", "search/", "appeals/", "appeals/write/", "appeals/track/", "appeals/verify/", "offline/")
    for page in pages:
        html = client_page.get(f"/en/{page}").content.decode()
        assert not [name for name in named(html) if OF_THE_OFFICE.fullmatch(name)], page


def named(html):
    """The scripts that a page asks for, without what the storage puts into their names."""
    return [re.sub(r"\.[0-9a-f]{12}\.", ".", name) for name in re.findall(r'<script[^>]* src="[^"]*/([^/"]+)"', html)]


def test_the_worker_may_stand_at_the_root_and_is_asked_for_each_time():
    answer = worker()
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache" and not answer.cookies
    assert answer["Content-Security-Policy"] == policies.WORKER
    assert Client().get("/sw.js", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert Client().post("/sw.js").status_code == 405


def test_the_worker_is_the_same_for_everybody_and_says_nothing_of_templates():
    tajik, english = (Client().get("/sw.js", headers={"accept-language": code}).content for code in ("tg", "en"))
    assert tajik == english
    assert not re.search(rb"\{[%#]|%\}|&quot;|&#x27;", tajik)


def test_the_worker_knows_the_addresses_of_the_pages_that_it_keeps():
    script = worker().content.decode()
    for name in ("offline", "appeals:write_offline"):
        assert reverse(name).removeprefix("/tg") in script


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_offline_page_may_be_kept_and_gives_the_telephone(client_page, language):
    page = client_page.get(f"/{language}/offline/")
    html = page.content.decode()
    assert page["Cache-Control"] == PUBLIC and not page.cookies
    assert "tel:+992372212520" in html and 'content="noindex"' in html
    # What the worker looks for in it.
    assert re.search(r"<!--kept-->.*", html) and "{time}" in re.search(r"<template>(.*)<", html)[1]


def test_where_pages_are_not_to_be_kept_the_worker_throws_all_away(settings):
    keeps = worker().content
    settings.OFFLINE_PAGES = False
    throws = worker().content.decode()
    assert keeps != throws.encode()
    assert "caches.delete" in throws and "registration.unregister()" in throws and "fetch" not in throws
