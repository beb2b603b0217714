"""The office as it is seen: the door on the smallest telephone, by keys alone, by day and at night, and as axe sees it."""

import os
import re
import subprocess
import sys

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser.judge import ASK, ENHANCED, RULES
from tests.browser.portal import ROOT

pytestmark = pytest.mark.browser

RED = {"light": "rgb(157, 26, 40)", "dark": "rgb(255, 157, 152)"}
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 21, 19)"}
# The strictest contrast, too: seven to one.
STRICT = [*RULES, "wcag2aaa"]


def sign_in(page, running_portal):
    page.goto("/admin/")
    page.fill("[name=username]", "staff")
    page.fill("[name=password]", running_portal.password)
    page.press("[name=password]", "Enter")
    expect(page.locator("#user-tools")).to_be_visible()


def registered(portal):
    """An appeal that the office has registered."""
    lines = """
from django.contrib.auth.models import User
from tests.appeals.office import taken
print("appeal", taken(User.objects.get(username="staff")).pk)
"""
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(portal.data_dir)}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", lines]
    done = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
    return re.search(r"appeal (\d+)", done.stdout)[1]


def faults(page):
    page.evaluate(AXE_SCRIPT)
    page.evaluate("document.getAnimations().forEach(animation => animation.finish())")
    return page.evaluate(ASK, {"rules": STRICT, "enhanced": {"id": ENHANCED, "wanted": True}})


def language(page, code):
    page.locator(f".admin-languages button[value={code}]").click()
    expect(page.locator("html")).to_have_attribute("lang", code)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("code", ["tg", "ru", "en"])
def test_a_wrong_password_is_said_beside_its_field_on_the_smallest_telephone(browser_page, scheme, code):
    page = browser_page(viewport={"width": 320, "height": 568}, color_scheme=scheme, reduced_motion="reduce")
    page.goto("/admin/")
    language(page, code)
    assert faults(page) == []
    nobody = f"nobody-{code}-{scheme}"  # Only so many tries: those of "staff" are left to the other tests.
    page.fill("[name=username]", nobody)
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    said = page.locator(".form-row:has([name=password]) .errorlist")
    expect(said).to_be_visible()
    expect(said).to_have_css("color", RED[scheme])
    expect(page.locator("body")).to_have_css("background-color", PAPER[scheme])
    password = page.locator("[name=password]")
    expect(password).to_have_accessible_description(said.inner_text().strip())
    expect(password).to_be_focused()
    expect(page.locator("[name=username]")).to_have_value(nobody)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("#login-form [type=submit]").bounding_box()["height"] >= 44
    assert faults(page) == []


def test_the_door_opens_by_keys_alone_and_shows_where_one_is(browser_page, running_portal):
    page = browser_page()
    page.goto("/admin/")
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type("staff")
    page.keyboard.press("Tab")
    expect(page.locator("[name=password]")).to_be_focused()
    expect(page.locator("[name=password]")).to_have_css("outline-style", "solid")
    page.keyboard.type(running_portal.password)
    page.keyboard.press("Tab")
    send = page.locator("#login-form [type=submit]")
    expect(send).to_be_focused()
    expect(send).to_have_css("outline-width", "3px")
    page.keyboard.press("Enter")
    expect(page.locator("#user-tools")).to_be_visible()


def test_whoever_chose_the_dark_by_hand_has_it_by_day_too(browser_page):
    page = browser_page(color_scheme="light")
    page.goto("/admin/")
    expect(page.locator("body")).to_have_css("background-color", PAPER["light"])
    page.locator(".theme-toggle").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", PAPER["dark"])
    page.emulate_media(color_scheme="dark")
    page.locator(".theme-toggle").click()
    page.locator(".theme-toggle").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page.locator("body")).to_have_css("background-color", PAPER["light"])


def test_who_signed_out_is_told_so_and_where_to_come_in_again(browser_page, running_portal):
    page = browser_page(locale="en")
    sign_in(page, running_portal)
    page.click("#logout-form button")
    expect(page.locator("h1")).to_have_text(re.compile("signed out"))
    assert faults(page) == []
    page.locator("main .button").click()
    expect(page.locator("#login-form")).to_be_visible()


def test_axe_finds_nothing_on_the_office_s_pages_by_day_and_at_night(browser_page, running_portal):
    case = registered(running_portal)
    page = browser_page(reduced_motion="reduce")
    sign_in(page, running_portal)
    event = page.request.get("/admin/news/event/").text()
    event = re.search(r'href="(/admin/news/event/\d+/change/)', event)[1]
    found = []
    for address in ("/admin/", event, "/admin/appeals/appeal/?queue=all", f"/admin/appeals/appeal/{case}/change/"):
        page.goto(address, wait_until="load")
        for width, scheme in ((1280, "light"), (1280, "dark"), (360, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            expect(page.locator("body")).to_have_css("background-color", PAPER[scheme])
            found += [f"{address}, {width} px, {scheme}: {fault}" for fault in faults(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{address}: wider than {width} px")
    assert found == []
