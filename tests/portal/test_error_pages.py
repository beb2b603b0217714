"""What a reader finds where something went wrong: his language, what to do next, the telephone, no detail, no cache."""

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from tests.appeals.office_routes import someone
from tests.news import factories
from tests.pageclient import PageClient

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

WENT_WRONG = {
    "host": lambda language: ask(f"/{language}/", headers={"host": "other.example"}),
    "nothing there": lambda language: ask(f"/{language}/news/999999/nothing/"),
    "too large": lambda language: ask(f"/{language}/appeals/write/", "post", CONTENT_LENGTH=str(2**30)),
    "no token": lambda language: ask(f"/{language}/subscribe/", "post"),
    "not open": lambda language: ask(
        "/admin/appeals/journalentry/", who=someone("Press editor"), headers={"accept-language": language}
    ),
}
STATUS = {"host": 400, "nothing there": 404, "too large": 413, "no token": 403, "not open": 403}


def ask(address, method="get", who=None, **environ):
    client = PageClient(enforce_csrf_checks=True)
    if who:
        client.force_login(who)
    return getattr(client, method)(address, **environ)


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("what", WENT_WRONG)
def test_a_page_for_what_went_wrong(what, language):
    response = WENT_WRONG[what](language)
    page = response.content.decode()
    assert response.status_code == STATUS[what]
    assert "no-store" in response["Cache-Control"]
    assert f'<html lang="{language}"' in page
    assert page.count("2212520</a>") >= 2, "in the text and in the footer"
    way_on = "/admin/" if what == "not open" else f"/{language}/"
    assert f'<a class="button" href="{way_on}">' in page
    assert "Traceback" not in page and "Exception" not in page


def test_who_finds_nothing_may_search_and_sees_the_sections():
    factories.category()
    page = ask("/ru/nothing/").content.decode()
    assert 'action="/ru/search/"' in page
    assert '<a href="/ru/news/category/meetings/">Встречи</a>' in page


def test_a_form_of_an_appeal_without_its_token_leads_back_to_the_appeal():
    assert '<a class="button" href="/en/appeals/">' in ask("/en/appeals/write/", "post").content.decode()


@pytest.mark.parametrize(("error", "status"), [(DatabaseError, 500), (OperationalError, 503)])
def test_a_fault_needs_no_database_to_be_told(error, status):
    def broken(*_args: object) -> None:
        raise error("secret words")

    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(broken):
        response = client.get("/ru/news/")
    page = response.content.decode()
    assert (response.status_code, response.get("Retry-After")) == (status, "60" if status == 503 else None)
    assert response["Cache-Control"] == "no-store"
    assert "secret words" not in page
    assert all(f'href="/{language}/"' in page for language in ("tg", "ru", "en")) and "2212520" in page
