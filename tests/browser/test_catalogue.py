"""Every page template is in the catalogue, so that no page escapes the audit."""

import re
from collections import Counter

from tests.browser.pages import catalogue
from tests.browser.portal import ROOT

TEMPLATES = ROOT / "templates"
# What extends another and is no page of its own, or is met only where the catalogue does not go.
NOT_IN_IT = {
    "429.html": "met after very many requests alone; drawn as the other pages of errors are",
    "admin/base_site.html": "the frame of the office's pages",
    "admin/staff/page.html": "the frame of the pages of the account",
    "admin/appeals/appeal/actions.html": "a part of the list of appeals",
    "admin/news/event/delete_confirmation.html": "asked for only before an event is deleted",
    "errors/given_back.html": "met when the database does not answer: tests/portal/test_without_database.py",
    "errors/base.html": "the frame of the pages of errors",
    "news/press_kit_text.html": "a file in the press kit's ZIP",
    "news/subscription_base.html": "the frame of the pages of subscriptions",
    "text/base.html": "the frame of the text edition",
}


def pages() -> set[str]:
    """The templates that begin a page: they extend another, or have a doctype of their own."""
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        name, text = path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8")
        if re.search(r"{% extends|<!DOCTYPE", text) and not name.startswith("email/") and name != "base.html":
            found.add(name)
    return found


def test_every_page_is_in_the_catalogue_or_says_why_not():
    known = {stop.template for way in catalogue() for stop in way.stops.values()}
    assert sorted(pages() - known - set(NOT_IN_IT)) == []
    assert sorted(set(NOT_IN_IT) & known) == [] and sorted(set(NOT_IN_IT) - pages()) == []


def test_the_catalogue_names_templates_that_there_are_and_no_page_twice():
    stops = [(name, stop) for way in catalogue() for name, stop in way.stops.items()]
    assert {stop.template for _name, stop in stops} - pages() <= {"Django's admin"}
    assert [name for name, times in Counter(name for name, _stop in stops).items() if times > 1] == []
