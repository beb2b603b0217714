"""The database does not answer: pages in the reader's language, and whoever sent a form gets every word of it back."""

import html
import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client

from appeals.models import Draft
from portal import faults
from tests.appeals.citizen import Citizen, field, picture, values
from tests.pageclient import PageClient, find_faults

ROOT = Path(__file__).resolve().parents[2]
# The real application over HTTP; its static files are those of the sources.
SERVER = """
import sys, wsgiref.simple_server
from django.conf import settings
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
from portal.wsgi import application
with wsgiref.simple_server.make_server("127.0.0.1", int(sys.argv[1]), application) as server:
    print("ready", flush=True)
    server.serve_forever()
"""
TYPED = values(text="Роҳи деҳа.\r\nСатри дуюм бо «нохунак» ва <b>аломат</b> & дигар.")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory):
    """Address and log of a portal whose database is at a port where nobody listens."""
    folder, port = tmp_path_factory.mktemp("cut-off"), free_port()
    log = folder / "log"
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"postgres://reader:secret@127.0.0.1:{free_port()}/portal",
        "PORTAL_DATA_DIR": str(folder / "data"),
    }
    (folder / "data" / "static").mkdir(parents=True)
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(port)], cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=out
        )
        try:
            assert server.stdout.readline() == b"ready\n", log.read_text()
            yield f"http://127.0.0.1:{port}", log
        finally:
            server.terminate()
            server.wait()


class Browser:
    """Keeps cookies and takes an error page for a page."""

    def __init__(self, root):
        self.root = root
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, path, fields=None):
        data = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            response = self.opener.open(self.root + path, data, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return response.status, response.headers, response.read().decode()


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_public_page_says_so_in_the_language_of_its_address(cut_off, language):
    status, headers, page = Browser(cut_off[0]).ask(f"/{language}/news/")
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "60", "no-store")
    assert find_faults(page, f"/{language}/") == []
    assert (
        re.search(r"<h1[^>]*>([^<]+)", page)[1]
        == {
            "tg": "Сомона муваққатан ҷавоб намедиҳад",
            "ru": "Сайт временно не отвечает",
            "en": "The site does not answer for a moment",
        }[language]
    )
    assert re.findall(r'<section lang="(\w+)"', page)[0] == language
    assert sorted(re.findall(r'<section lang="(\w+)"', page)) == ["en", "ru", "tg"]
    assert page.count("tel:+992372212520") == 4


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_who_sends_the_form_gets_every_field_back_and_nothing_of_it_is_logged(cut_off, language):
    browser, (_root, log) = Browser(cut_off[0]), cut_off
    form = browser.ask(f"/{language}/appeals/write/")[2]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    status, headers, page = browser.ask(f"/{language}/appeals/write/", TYPED | {"csrfmiddlewaretoken": token})
    assert (status, headers["Retry-After"]) == (503, "60")
    assert "no-store" in headers["Cache-Control"]
    assert find_faults(page, f"/{language}/") == []
    assert sent_again(page) == TYPED
    assert re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page), "the button works"
    assert f'action="/{language}/appeals/write/"' in page and page.count("tel:+992372212520") >= 2
    said = log.read_text(encoding="utf-8")
    assert "OperationalError" in said
    assert not any(word in said for word in ("Раҳимов", "Ҷамшед", "Рӯдакӣ", "нохунак", urllib.parse.quote("Раҳимов")))


def sent_again(page):
    """What the button of the page would send, but for the token."""
    form = re.search(r'<form method="post".*?</form>', page, re.DOTALL)[0]
    found = re.findall(r'<input type="(?:hidden|text)" name="([^"]+)"(?: id="[^"]+")? value="([^"]*)"', form)
    found += re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


@pytest.fixture
def down(db):
    """While it is entered, every question to the database fails."""

    def broken(*_args: object) -> None:
        raise OperationalError

    return lambda: connection.execute_wrapper(broken)


def client():
    return PageClient(raise_request_exception=False)


def test_what_is_sent_again_arrives_when_the_database_is_back(down):
    citizen = Citizen(client=client())
    with down():
        page = citizen.write(TYPED).content.decode()
    assert not Draft.objects.exists()
    assert citizen.write(sent_again(page))["Location"] == citizen.url("check/")
    kept = citizen.client.get(citizen.url("write/"))
    assert [field(kept, name) for name in ("surname", "district", "text")] == [
        TYPED["surname"],
        TYPED["district"],
        TYPED["text"],
    ]


def test_the_button_of_the_check_page_can_be_pressed_again(down):
    citizen = Citizen(client=client())
    citizen.write(values())
    answer = citizen.captcha()
    with down():
        response = citizen.send(picture(), answer)
    page = response.content.decode()
    assert response.status_code == 503
    assert "signature.png" in page and 'type="file" name="signature"' in page, "it asks for the file again"
    again = citizen.client.post(citizen.url("check/"), sent_again(page) | {"signature": picture()})
    assert again["Location"] == citizen.url("receipt/")


def test_no_page_repeats_a_password(down):
    with down():
        response = client().post("/admin/login/", {"username": "staff", "password": "only-mine"}, inspect=False)
    assert response.status_code == 503
    assert "only-mine" not in response.content.decode()


def test_what_no_form_has_sent_is_no_fault_of_its_own(down):
    with down():
        response = client().post(
            "/en/appeals/write/", b"--x\r\nbroken", content_type="multipart/form-data", inspect=False
        )
    assert response.status_code in {400, 503}


# The pages as files ---------------------------------------------------------------------------------------------------


def test_the_pages_are_written_for_the_web_server_in_each_language(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    call_command("error_pages", verbosity=0)
    pages = {path.relative_to(tmp_path).as_posix(): path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.*")}
    assert set(pages) == {
        f"errors/{language}/{status}.html"
        for language in ("tg", "ru", "en")
        for status in (413, 429, 500, 502, 503, 504)
    }
    for name, page in pages.items():
        assert find_faults(page, f"/{name.split('/')[1]}/") == [], name
        assert page.count("tel:+992372212520") == 4, name


def test_every_sentence_of_them_is_translated():
    for status in faults.SAID:
        headings = {re.search(r"<h1[^>]*>([^<]+)", faults.page(status, language))[1] for language in ("tg", "ru", "en")}
        assert len(headings) == 3


# Too often ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_subscribes_too_often_is_told_how_long_to_wait_and_keeps_the_form():
    fields = {"email": "aziza@example.tj", "language": "en", "frequency": "daily"}
    for _ in range(20):
        Client().post("/en/subscribe/", fields)
    response = PageClient().post("/en/subscribe/", fields)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 180
    assert "Please try again in:" in response.content.decode()
    assert 'value="aziza@example.tj"' in response.content.decode()
