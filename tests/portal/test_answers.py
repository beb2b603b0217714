"""What every answer says of itself, and that a refusal is written down with who was refused."""

import re

import pytest
from django.test import Client

from tests.portal.staff import person
from tests.portal.watched import logged, watched

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
# The address, and what the answer is; a text says its encoding.
ANSWERS = {
    "/tg/": "text/html",
    "/ru/news/": "text/html",
    "/en/text/": "text/html",
    "/en/appeals/": "text/html",
    "/en/nothing/": "text/html",
    "/admin/login/": "text/html",
    "/healthz": "text/plain",
    "/readyz": "application/json",
    "/robots.txt": "text/plain",
    "/.well-known/security.txt": "text/plain",
    "/sw.js": "text/javascript",
    "/manifest.webmanifest": "application/manifest+json",
    "/sitemap.xml": "application/xml",
    "/sitemap-news.xml": "application/xml",
    "/en/feeds/rss.xml": "application/rss+xml",
    "/en/feeds/atom.xml": "application/atom+xml",
    "/en/feeds/feed.json": "application/feed+json",
    "/api/v1/reports/": "application/json",
    "/api/v1/openapi.json": "application/json",
}


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_says_what_it_is_and_a_text_how_it_is_written(address):
    response = Client().get(address)
    kind, _semicolon, charset = response["Content-Type"].partition(";")
    assert kind == ANSWERS[address]
    if re.match(r"text/|.*[/+]xml$", kind):
        assert charset.strip() == "charset=utf-8"
    response.content.decode("utf-8")


@pytest.mark.parametrize(("role", "address"), [("Press editor", "appeals/appeal/"), ("Auditor", "news/event/")])
def test_a_refusal_is_a_line_with_who_was_refused(role, address):
    user = person("parvina", role)
    client = watched()
    client.force_login(user)
    with logged() as log:
        refused = client.get(f"/admin/{address}")
    assert refused.status_code == 403
    (line,) = log.of("portal.requests")
    assert (line["status"], line["staff"], line["request_id"]) == (403, user.pk, refused["X-Request-ID"])


def test_a_form_without_its_token_is_a_line_too():
    client = watched()
    client.handler.enforce_csrf_checks = True
    with logged() as log:
        client.post("/en/appeals/write/", {"text": "secret words"})
    (line,) = log.of("portal.requests")
    assert (line["route"], line["method"], line["status"]) == ("appeals:write", "POST", 403)
    assert "secret" not in log.text


@pytest.mark.parametrize("address", ["/en/", "/en/appeals/write/", "/admin/login/", "/api/v1/reports/"])
def test_nothing_sent_with_trace_comes_back(address):
    response = Client().trace(address, headers={"cookie": "sessionid=mine", "x-mine": "mine-too"})
    assert b"mine" not in response.content.replace(b"determine", b"")
