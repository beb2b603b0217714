"""Addresses that are kept ready are those that Django makes, in each language and edition."""

import pytest
from django.test import Client
from django.urls import reverse, set_urlconf
from django.utils.translation import override

from portal.page_urls import page_url
from portal.text_edition import URLCONF


@pytest.fixture
def text_edition():
    set_urlconf(URLCONF)
    yield
    set_urlconf(None)


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_address_is_that_of_the_page_s_language(language: str):
    with override(language):
        for _ in range(2):
            assert page_url("news:report", 7, "slug") == reverse("news:report", args=[7, "slug"])
            assert page_url("news:list").startswith(f"/{language}/")


def test_another_language_can_be_named_and_the_page_s_own_stays():
    with override("tg"):
        assert page_url("news:list", language="ru") == "/ru/news/"
        assert page_url("news:list") == reverse("news:list") == "/tg/news/"


def test_within_the_text_edition_addresses_lead_on_within_it(text_edition):
    with override("tg"):
        assert page_url("news:report", 7, "slug") == reverse("news:report", args=[7, "slug"]) == "/tg/text/news/7/slug/"
        set_urlconf(None)
        assert page_url("news:report", 7, "slug") == "/tg/news/7/slug/"


@pytest.mark.django_db
def test_a_missing_page_of_the_text_edition_leaves_the_full_one_its_own_addresses(client: Client):
    assert client.get("/tg/text/news/999999/none/").status_code == 404
    page = client.get("/tg/news/").text
    menu = page[page.index('<nav class="main-nav"') : page.index("</header>")]
    assert 'href="/tg/news/"' in menu and "/text/" not in menu
