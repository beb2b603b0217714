"""The version for the visually impaired: chosen on one page, seen on all, known to no shared cache."""

import itertools
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from portal.caching import PUBLIC
from portal.preferences import COOKIE, View, parse
from tests.news import factories
from tests.pageclient import PageClient

WISH = {"size": "2", "spacing": "1", "colours": "1", "pictures": "1", "face": "1"}
VALUE, ORDINARY = "s2p1c1i1f1", "s0p0c0i0f0"
ODD = ["", ORDINARY, "s4p0c0i0f0", "s1p1c1i1f2", "s2p1c1i1", VALUE + "0", VALUE + "\n", " " + VALUE, VALUE.upper(),
       "s٢p1c1i1f1", "p1s2c1i1f1", '"><script>', "s" * 4000]  # fmt: skip
PAGES = ["/tg/", "/en/news/", "/en/text/", "/en/text/news/", "/en/search/?q=water"]
db = pytest.mark.django_db


def reader(value=VALUE, client=Client):
    """Somebody whose browser sends ``value``."""
    browser = client()
    if value:
        browser.cookies[COOKIE] = value
    return browser


def post(data, client=None, **extra):
    return (client or Client()).post("/en/preferences/", data, **extra)


@pytest.fixture(scope="session")
def style():
    return (settings.BASE_DIR / "static/css/view.css").read_text(encoding="utf-8")


def vary(response):
    return {name.strip().lower() for name in response.get("Vary", "").split(",")}


@pytest.fixture
def report(db):
    event = factories.event()
    factories.photo(event, caption_en="The hall", alt_en="A hall full of people")
    factories.photo(event, caption_en="The guests", position=1)
    return factories.report(event)


# The value


def test_every_value_of_the_closed_set_is_read_as_it_was_written():
    views = [View(*digits) for digits in itertools.product("0123", "01", "0123", "01", "01")]
    assert len({view.value for view in views}) == 128
    for view in views:
        assert parse(view.value) == (None if view.value == ORDINARY else view)


@pytest.mark.parametrize("value", ODD)
def test_an_odd_value_is_no_wish(value):
    assert parse(value) is None


@given(st.text(max_size=12))
def test_whatever_is_sent_is_normalised_or_dropped(value):
    view = parse(value)
    assert view is None or view.value == value


# The choice


@db
@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_page_is_reached_in_words_from_every_page_and_is_well_made(language, client_page):
    for page in ("", "news/", "text/", "appeals/", "appeals/write/", "subscribe/"):
        assert f'href="/{language}/preferences/">' in client_page.get(f"/{language}/{page}").content.decode()
    response = client_page.get(f"/{language}/preferences/")
    assert "no-store" in response["Cache-Control"] and set(response.cookies) == {"csrftoken"}
    assert response.content.decode().count('type="radio"') == 4 + 2 + 4 + 2 + 2


@db
def test_the_choice_is_one_cookie_for_a_year():
    response = post(WISH)
    cookie = response.cookies[COOKIE]
    assert set(response.cookies) == {COOKIE} and cookie.value == VALUE
    assert cookie["max-age"] == 365 * 24 * 3600 and cookie["path"] == "/" and cookie["samesite"] == "Lax"
    assert cookie["httponly"] and not cookie["secure"]
    assert response["Clear-Site-Data"] == '"cache"', "what the browser has kept looks as before"


@db
def test_the_cookie_is_secure_where_the_connection_is(monkeypatch):
    monkeypatch.setattr(settings, "HTTPS", True)
    assert post(WISH).cookies[COOKIE]["secure"]


@db
def test_the_page_shows_what_is_chosen():
    chosen = re.findall(r'name="(\w+)" value="(\d)"[^>]* checked', reader().get("/en/preferences/").content.decode())
    assert dict(chosen) == WISH
    chosen = re.findall(r'value="(\d)"[^>]* checked', Client().get("/en/preferences/").content.decode())
    assert chosen == ["0"] * 5


@db
@pytest.mark.parametrize("data", [{"ordinary": ""}, dict.fromkeys(WISH, "0")], ids=["button", "all as usual"])
def test_the_way_back_forgets_the_cookie(data):
    browser = reader()
    response = post(data, browser)
    assert response.status_code == 302 and response.cookies[COOKIE]["max-age"] == 0
    assert "data-view" not in Client().get("/en/").content.decode()


@db
@pytest.mark.parametrize("data", [{}, WISH | {"size": "4"}, WISH | {"face": "x"}, {"size": "1"}])
def test_a_choice_that_does_not_exist_is_refused_beside_its_field(data):
    response = post(data | {"back": "/en/news/"}, PageClient())
    page = response.content.decode()
    assert response.status_code == 200 and COOKIE not in response.cookies
    assert "error-summary" in page and 'value="/en/news/"' in page


@db
def test_a_choice_without_its_token_is_refused():
    browser = Client(enforce_csrf_checks=True)
    assert post(WISH, browser).status_code == 403
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.get("/en/preferences/").content.decode())[1]
    assert post(WISH | {"csrfmiddlewaretoken": token}, browser).status_code == 302


@db
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_only_a_form_chooses(method):
    assert getattr(Client(), method)("/en/preferences/").status_code == 405


@db
@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("http://testserver/ru/news/?category=meetings", "http://testserver/ru/news/?category=meetings"),
        ("/tg/", "/tg/"),
        ("", "/en/"),
        ("http://testserver/en/preferences/", "/en/"),
        ("https://evil.example/", "/en/"),
        ("http://testserver.evil.example/", "/en/"),
        ("http://testserver@evil.example/", "/en/"),
        ("//evil.example/", "/en/"),
        ("///evil.example/", "/en/"),
        ("/\\evil.example/", "/en/"),
        ("\\\\evil.example", "/en/"),
        ("javascript:alert(1)", "/en/"),
        ("http:///evil.example", "/en/"),
        ("http://[", "/en/"),
        ("\x00//evil.example", "/en/"),
        ("/" + "a" * 3000, "/en/"),
    ],
)
def test_the_reader_goes_back_to_a_page_of_this_site_alone(back, leads):
    assert post(WISH | {"back": back})["Location"] == leads
    page = Client().get("/en/preferences/", headers={"referer": back}).content.decode()
    assert f'name="back" value="{leads}"' in page


# What is seen


@db
@pytest.mark.parametrize("value", ["s1p0c0i0f0", "s0p1c0i0f0", "s0p0c1i0f0", "s0p0c0i1f0", "s0p0c0i0f1", VALUE])
def test_every_page_says_to_its_style_what_is_wished(value, report):
    browser = reader(value, PageClient)
    for url in (*PAGES, report.get_absolute_url(), "/en/appeals/write/", "/en/preferences/", "/en/nothing/"):
        page = browser.get(url).content.decode()
        assert re.search(rf'<html lang="\w\w" data-view="{value}">', page), url
        assert page.count("/static/css/view.css") == 1, url
    assert ("portal-sans." in page) == (value[-1] == "0"), "an unused face is not fetched"


def test_the_style_knows_every_choice_that_changes_something(style):
    for part, most in {"s": 3, "p": 1, "c": 3, "i": 1, "f": 1}.items():
        for number in range(1, most + 1):
            assert f'[data-view*="{part}{number}"] ' in style


def test_every_colour_scheme_has_the_contrast_of_triple_a(style):
    for number in "123":
        rule = re.search(rf'data-view\*="c{number}"\] {{ color-scheme.*', style)[0]
        paper, ink, hover = (luminance(re.search(rf"--{name}: #(\w+)", rule)[1]) for name in ("paper", "ink", "hover"))
        for colour in (ink, hover):
            assert (max(paper, colour) + 0.05) / (min(paper, colour) + 0.05) >= 7


def luminance(colour):
    colour = "".join(2 * digit for digit in colour) if len(colour) == 3 else colour
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_without_pictures_none_is_asked_for_and_their_words_stay(report):
    shown = Client().get(report.get_absolute_url()).content.decode()
    hidden = reader("s0p0c0i1f0", PageClient).get(report.get_absolute_url()).content.decode()
    assert shown.count("<picture>") == 2 and "<picture>" not in hidden
    assert "/media/" not in "".join(re.findall(r"<(?:img|source)[^>]*>", hidden))
    for words in ("A hall full of people", "The hall", "The guests", "data-photo"):
        assert words in hidden
    assert hidden.count("The guests") == shown.count("The guests") - 1, "a caption is not said twice"
    for page in ("/en/", "/en/news/"):
        assert "<picture>" not in reader("s0p0c0i1f0", PageClient).get(page).content.decode()


def test_a_wish_costs_no_query(report):
    for url in (*PAGES, report.get_absolute_url(), "/en/appeals/write/"):
        asked = []
        for browser in (Client(), reader()):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                browser.get(url)
            asked.append(len(captured))
        assert asked[0] == asked[1], url


# What caches may do


def test_without_a_wish_a_page_is_as_ever_whatever_odd_value_comes(report):
    for url in (*PAGES, report.get_absolute_url()):
        plain = Client().get(url)
        for value in filter(str.isascii, ODD):
            response = reader(value).get(url)
            assert response.content == plain.content and response.headers == plain.headers
        assert plain["Cache-Control"] == PUBLIC and "cookie" not in vary(plain)
        assert not plain.cookies and "data-view" not in plain.content.decode() and b"view.css" not in plain.content


def test_a_page_made_by_a_wish_is_for_its_reader_alone(report):
    for url in (*PAGES, report.get_absolute_url()):
        plain, wished, other = (reader(value).get(url) for value in ("", VALUE, "s1p0c0i0f0"))
        assert wished["Cache-Control"] == "private, no-cache" and "cookie" in vary(wished)
        assert len({response["ETag"] for response in (plain, wished, other)}) == 3
        assert not wished.cookies
        again = reader().get(url, headers={"if-none-match": wished["ETag"]})
        assert again.status_code == 304 and again["Cache-Control"] == "private, no-cache" and "cookie" in vary(again)
        assert reader().get(url, headers={"if-none-match": plain["ETag"]}).status_code == 200


def test_what_is_the_same_for_every_reader_stays_public(report):
    for url in ("/en/feeds/rss.xml", "/robots.txt", "/manifest.webmanifest", "/sitemap.xml", "/api/v1/reports/"):
        plain, wished = Client().get(url), reader().get(url)
        assert wished.content == plain.content and wished.headers == plain.headers


@db
def test_what_may_not_be_kept_still_may_not():
    for url in ("/en/appeals/write/", "/en/preferences/", "/en/subscribe/", "/en/nothing/"):
        assert "no-store" in reader().get(url)["Cache-Control"]
