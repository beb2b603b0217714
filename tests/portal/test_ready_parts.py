"""Parts of pages that are made once: the same whoever asked before, in each language, edition and section."""

import re
from itertools import permutations

import pytest
from django.test import Client

from portal.templatetags import portal_tags
from tests.browser.portal import ROOT

TEMPLATES = ROOT / "templates"
READY = {
    name
    for path in TEMPLATES.rglob("*.html")
    for name in re.findall(r'{% ready "(.+?)"', path.read_text(encoding="utf-8"))
}
# What says the same for the same language, edition and section.
HARMLESS = r'load [\w ]+|translate ".+?"|url "[\w:]+"|static ".+?"|icon "\w+"|article21_notice'
HARMLESS += r'|if section == "\w+"|endif'
PAGES = ["/tg/news/", "/ru/appeals/", "/en/", "/tg/search/", "/tg/text/news/", "/en/text/news/999999/none/"]


def test_a_part_asks_for_nothing_that_is_of_one_page():
    assert READY
    for name in READY:
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        odd = [tag for tag in re.findall(r"{% (.+?) %}", text) if not re.fullmatch(HARMLESS, tag)]
        assert (odd, "{{" in text) == ([], False), name


@pytest.mark.django_db
def test_no_page_depends_on_what_was_asked_for_before(client: Client):
    seen: dict[str, set[str]] = {path: set() for path in PAGES}
    for order in list(permutations(PAGES))[::119]:
        portal_tags._ready.cache_clear()
        for path in order:
            text = client.get(path).text
            seen[path].add(re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text))
    assert {path: len(texts) for path, texts in seen.items()} == dict.fromkeys(PAGES, 1)


@pytest.mark.django_db
def test_the_section_that_one_is_in_is_marked_and_no_other(client: Client):
    marked = r'<nav class="main-nav".*?<a href="([^"]*)" aria-current="true">.*?</nav>'
    for path, section in (("/tg/news/", "/tg/news/"), ("/ru/appeals/", "/ru/appeals/"), ("/tg/search/", "/tg/search/")):
        assert re.findall(marked, client.get(path).text, re.DOTALL) == [section]
    assert re.findall(marked, client.get("/tg/").text, re.DOTALL) == []


def test_a_part_is_made_anew_each_time_while_templates_are_being_written(settings):
    settings.DEBUG = True
    portal_tags._ready.cache_clear()
    portal_tags.ready("_brand.html")
    assert portal_tags._ready.cache_info().currsize == 0
