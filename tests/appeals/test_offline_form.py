"""The empty form that browsers keep for want of a line, and what tells a browser that the server has its words."""

import pytest
from django.test import Client

from portal.caching import PUBLIC
from tests.appeals.citizen import Citizen, picture

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

EMPTY = "/en/appeals/write/offline/"


def test_the_empty_form_is_the_same_for_everybody_and_has_no_token(client_page):
    citizen = Citizen()
    citizen.write()
    begun, strange = citizen.client.get(EMPTY), client_page.get(EMPTY)
    assert begun.content == strange.content
    assert begun["Cache-Control"] == PUBLIC and not begun.cookies and "Cookie" not in begun.get("Vary", "")
    assert '<input type="hidden" name="csrfmiddlewaretoken">' in begun.content.decode()


def test_the_empty_form_leads_to_the_form_in_every_language():
    html = Client().get(EMPTY).content.decode()
    assert 'action="/en/appeals/write/"' in html
    for language in ("tg", "ru", "en"):
        assert f'href="/{language}/appeals/write/"' in html


def test_the_form_says_which_draft_it_shows():
    citizen = Citizen()
    assert 'data-begun=""' in citizen.client.get(citizen.url("write/")).content.decode()
    saved = citizen.client.post(citizen.url("write/save/"), {"text": "A word."}).json()
    assert f'data-begun="{saved["at"]}"' in citizen.client.get(citizen.url("write/")).content.decode()


def test_the_pages_after_the_form_erase_what_the_browser_kept():
    citizen = Citizen()
    citizen.write()
    assert forgets(citizen, "check/")
    assert citizen.send(picture(), citizen.unseen_captcha())["Location"] == citizen.url("receipt/")
    assert forgets(citizen, "receipt/")
    assert forgets(citizen, "?done=1") and forgets(citizen, "?erased=1")


def forgets(citizen, page):
    return "data-forget" in citizen.client.get(citizen.url(page)).content.decode()


def test_the_rules_alone_erase_nothing():
    assert not forgets(Citizen(), "") and not forgets(Citizen(), "write/")
