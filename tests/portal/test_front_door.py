"""The address without a language, and an address that is none."""

import pytest
from django.test import Client

from tests.news import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "tg"), ("tg", "tg"), ("ru-RU,ru;q=0.9", "ru"), ("en-GB", "en"), ("de,fr;q=0.8", "tg"),
        ("uz,ru;q=0.5", "ru"), ("en;q=0.3,tg;q=0.9", "tg"), ("*", "tg"), ("\x00;;q=zz", "tg"),
    ],
)  # fmt: skip
def test_the_reader_is_led_to_a_language(client, accepted, language):
    response = client.get("/", headers={"Accept-Language": accepted})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert "no-store" in response["Cache-Control"]
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("accepted", ["", "ru", "en", "de"])
def test_the_way_from_the_front_door_ends_at_once(client, accepted):
    response = client.get("/", headers={"Accept-Language": accepted}, follow=True)
    assert response.status_code == 200 and len(response.redirect_chain) == 1


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize(
    "path",
    ["", "news/", "news/2022/1/", "news/category/meetings/", "search/?q=water", "accessibility/", "text/", "text/news/",
     "feeds/rss.xml", "news/{report}/", "text/news/{report}/"],
)  # fmt: skip
def test_a_page_in_a_language_is_the_same_whatever_the_browser_asks_for(client, language, path):
    """Nothing in the request but its address decides: a cache needs one copy for all ordinary readers."""
    report = factories.report(language=language)
    path = path.format(report=f"{report.event_id}/{report.slug}")
    first = client.get(f"/{language}/{path}", headers={"Accept-Language": "ru"})
    second = client.get(f"/{language}/{path}", headers={"Accept-Language": "en", "Cookie": "seen=1"})
    assert first.status_code == 200 and first.content == second.content
    for response in (first, second):
        assert not {"accept-language", "cookie"} & {
            name.strip().lower() for name in response.get("Vary", "").split(",")
        }


def test_an_address_shown_on_the_error_page_is_escaped():
    page = Client().get("/en/%22%3E%3Cscript%3Ealert(1)%3C/script%3E/").content.decode()
    assert "<script>alert" not in page
