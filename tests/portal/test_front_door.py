"""The address without a language, health, and an address that is none."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


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


def test_health_is_told(client):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").content == b"ok\n"


def test_a_database_that_does_not_answer_is_told(client):
    def broken(*_args: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(broken):
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503


def test_an_address_shown_on_the_error_page_is_escaped():
    page = Client().get("/en/%22%3E%3Cscript%3Ealert(1)%3C/script%3E/").content.decode()
    assert "<script>alert" not in page
