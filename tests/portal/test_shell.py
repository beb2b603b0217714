"""The parts of a page that are kept ready: each page still has its own language and its own place in the menu."""

import re

import pytest
from django.core.cache import caches
from django.template import Context, Template
from django.test import Client

KEPT = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test_shell"}
PAGES = {"news/": "news/", "appeals/": "appeals/", "search/": "search/", "accessibility/": None}


@pytest.fixture(autouse=True)
def kept(settings):
    """As in production; by default nothing is kept while templates are worked on."""
    settings.CACHES = settings.CACHES | {"template_fragments": KEPT}
    caches["template_fragments"].clear()


def menu(page: str) -> list[tuple[str, bool]]:
    """The entries of the main menu: address, and whether it is said to be where the reader is."""
    entries = re.search(r'<nav class="main-nav".*?</nav>', page, re.DOTALL)[0]
    return [(href, "aria-current" in more) for href, more in re.findall(r'<a href="([^"]+)"([^>]*)>', entries)]


@pytest.mark.django_db
def test_each_page_marks_its_own_place_whichever_was_asked_for_before(client: Client):
    for _ in range(2):
        for language in ("tg", "ru", "en"):
            for path, place in PAGES.items():
                marked = [href for href, current in menu(client.get(f"/{language}/{path}").text) if current]
                assert marked == ([f"/{language}/{place}"] if place else [])


@pytest.mark.django_db
def test_header_and_footer_lead_on_in_the_page_s_language(client: Client):
    for _ in range(2):
        for language, words in (("tg", "матбуоти"), ("ru", "Пресс"), ("en", "Press")):
            page = client.get(f"/{language}/news/").text
            footer = page[page.index('<footer class="site-footer"') :]
            assert words in footer
            assert {href[:4] for href in re.findall(r'href="(/[a-z]{2}/[^"]*)"', footer)} == {f"/{language}/"}
            assert f'href="/{language}/text/news/"' in footer


def test_a_sign_says_nothing_to_a_screen_reader_and_points_the_way_of_the_text():
    plain, directed = (Template(f'{{% icon "{name}" %}}').render(Context()) for name in ("search", "next"))
    assert 'aria-hidden="true"' in plain and "#search" in plain and "icon--direction" not in plain
    assert "icon icon--direction" in directed
    assert "&lt;b&gt;" in Template("{% icon name %}").render(Context({"name": "<b>"}))
