"""The end of a session in an open page: it is announced, can be put off, and loses nothing that was typed."""

import sqlite3

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DIALOG = "#staff-ending"


def sign_in(page, password):
    page.fill("#id_username", "staff")
    page.fill("#id_password", password)
    page.click("#login-form [type=submit]")


def make_older(portal, minutes):
    with sqlite3.connect(portal.data_dir / "portal.sqlite3", timeout=20) as database:
        database.execute("UPDATE portal_staffsession SET seen_at = datetime(seen_at, ?)", [f"-{minutes} minutes"])


def test_what_was_typed_outlives_the_session(browser_page, running_portal):
    page = browser_page()
    page.clock.install()
    page.goto("/admin/login/?next=/admin/account/passkey/")
    sign_in(page, running_portal.password)
    page.fill("#id_name", "Blue key")
    make_older(running_portal, 28.5)
    page.clock.fast_forward("28:10")
    page.click(f"{DIALOG} [data-stay]")
    page.wait_for_selector(f"{DIALOG}:not([open])", state="attached")
    make_older(running_portal, 31)
    page.clock.fast_forward("28:10")
    page.wait_for_selector(f"{DIALOG} [data-over]:visible")
    before = page.input_value("#passkey-form [name=csrfmiddlewaretoken]")
    second_tab = page.context.new_page()
    second_tab.goto("/admin/")
    sign_in(second_tab, running_portal.password)
    second_tab.wait_for_url("**/admin/")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(f"{DIALOG}:not([open])", state="attached")
    assert page.input_value("#id_name") == "Blue key"
    assert page.input_value("#passkey-form [name=csrfmiddlewaretoken]") != before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_can_be_used_by_everybody(browser_page, running_portal, scheme):
    page = browser_page(color_scheme=scheme, viewport={"width": 360, "height": 800})
    page.goto("/admin/login/?next=/admin/account/")
    sign_in(page, running_portal.password)
    for address in ("", "app/", "passkey/", "confirm/", "begin/"):
        page.goto(f"/admin/account/{address}")
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
