"""The page that shows every component: who sees it, and that nothing is missing on it."""

import re

import pytest
from django.conf import settings

from portal.style_guide import COLOURS, SIGNS

CSS = settings.BASE_DIR / "static" / "css"
CLASS = re.compile(r"\.([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")
# Parts of one page, which that page's own pictures show.
OF_ONE_PAGE = set(
    # On the search page, the writing page's files and persons, and a case's own page.
    "signature-pad signature-preview captcha upload-queue is-over dropping drop-zone digital-signature person "
    # What a rule page and a receipt alone are made of.
    "contents rules-terms rules-more grounds reception receipt-tools term-sum as-typed case-state article21 "
    # The finder and the archive's months stand above a list; "around" stands beneath the calendar.
    "digest finder filters jump calendar-block around months months-block columns page-narrow printed receipt-keep".split()
)


@pytest.fixture
def page(admin_client):
    return admin_client.get("/en/style/").content.decode()


@pytest.mark.django_db
def test_staff_see_it_and_nobody_else(client, admin_client, django_user_model):
    assert client.get("/en/style/").status_code == 404
    client.force_login(django_user_model.objects.create_user("reader"))
    assert client.get("/en/style/").status_code == 404
    response = admin_client.get("/style/", follow=True)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_developer_sees_it_without_an_account(client, db, settings):
    settings.DEBUG = True
    assert client.get("/ru/style/").status_code == 200


def test_every_colour_that_has_a_name_is_on_it():
    named = re.findall(r"--([a-z-]+): var\(--light", (CSS / "tokens.css").read_text())
    assert sorted(named) == sorted(COLOURS)


def test_every_sign_is_on_it():
    drawn = re.findall(r'<symbol id="([^"]+)"', (CSS.parent / "img" / "icons.svg").read_text())
    assert set(drawn) - {"ridge"} == set(SIGNS)  # The ridge is the foot of every page.


@pytest.mark.django_db
@pytest.mark.parametrize("sheet", ["components.css", "forms.css"])
def test_every_component_is_on_it(page, sheet):
    rules = re.sub(r"/\*.*?\*/", "", (CSS / sheet).read_text(), flags=re.DOTALL)
    components = {name.split("__")[0].split("--")[0] for name in CLASS.findall(rules)}
    shown = set(" ".join(re.findall(r'class="([^"]*)"', page)).split())
    assert components - shown - OF_ONE_PAGE == set()
