"""Every answer of the portal carries its security headers; the pages keep to them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.appeals.citizen import Citizen
from tests.appeals.office_routes import Office, reveal

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ADDRESSES = [
    "/tg/",
    "/ru/news/",
    "/en/appeals/",
    "/en/appeals/write/",
    "/admin/login/",
    "/healthz",
    "/en/nothing/",
    "/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_whole_set(client, address):
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("page", ["", "news/", "appeals/", "appeals/write/"])
def test_pages_are_well_made(client_page, language, page):
    client_page.get(f"/{language}/{page}")


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_check_page_and_the_receipt_are_well_made(client_page, language):
    citizen = Citizen(language, client_page)
    citizen.write()
    client_page.get(citizen.url("check/"))
    citizen.appeal()
    client_page.get(citizen.url("receipt/"))


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_form_with_errors_is_well_made(client_page, language):
    response = client_page.post(f"/{language}/appeals/write/", {})
    assert response.status_code == 200


def test_the_admin_has_no_inline_code(client):
    client.force_login(User.objects.create_superuser("root"))
    for address in ("", "news/event/", "news/event/add/", "appeals/appeal/"):
        page = client.get(f"/admin/{address}").content.decode()
        assert "<style" not in page
        assert " onclick=" not in page
        assert all(
            "src=" in tag or "json" in tag for tag in page.split("<script")[1:] for tag in [tag.partition(">")[0]]
        )


def test_the_pages_of_the_office_are_well_made(client_page):
    office = Office.furnished()
    client_page.force_login(User.objects.create_superuser("root"))
    reveal(client_page, office.appeal)
    for address in (
        "", "account/", "news/event/add/", "appeals/appeal/", "appeals/appeal/enter/",
        "appeals/appeal/find/", "appeals/appeal/statistics/", "appeals/erasureproposal/add/", "appeals/journalentry/",
        f"appeals/appeal/{office.appeal.pk}/change/",
    ):  # fmt: skip
        assert client_page.get(f"/admin/{address}").status_code == 200, address


def test_cookies_are_secure_where_the_connection_is(settings):
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = settings.HTTPS = True
    citizen = Citizen(client=Client(headers={"host": "testserver"}))
    citizen.client.get(citizen.url("write/"), secure=True)
    citizen.write()
    assert all(cookie["secure"] for cookie in citizen.client.cookies.values())


def test_pages_are_sent_compressed(client):
    page = client.get("/tg/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert page["ETag"].startswith("W/")
