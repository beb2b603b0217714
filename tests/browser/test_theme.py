"""Light and dark: as the device says, else as the reader chose, before the page is painted and without a script too."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAPER = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(22, 21, 19)"


@pytest.mark.parametrize(("device", "paper", "other"), [("light", LIGHT, DARK), ("dark", DARK, LIGHT)])
def test_the_reader_chooses_and_the_choice_stays(browser_page, device, paper, other):
    page = browser_page(color_scheme=device)
    page.goto("/en/")
    button = page.get_by_role("button", name="Dark colours")
    expect(button).to_have_attribute("aria-pressed", str(device == "dark").lower())
    assert page.evaluate(PAPER) == paper
    button.click()
    assert page.evaluate(PAPER) == other
    expect(button).to_have_attribute("aria-pressed", str(device != "dark").lower())
    page.goto("/ru/news/")
    assert page.evaluate(PAPER) == other
    page.locator("[data-theme-button]").click()
    assert page.evaluate(PAPER) == paper
    # Back to what the device says: nothing is kept, and the page follows the device again.
    assert page.evaluate("localStorage.length") == 0
    page.emulate_media(color_scheme="dark" if device == "light" else "light")
    assert page.evaluate(PAPER) == other


def test_the_choice_is_there_before_the_page_is_painted(browser_page):
    page = browser_page(color_scheme="light")
    page.goto("/en/")
    page.get_by_role("button", name="Dark colours").click()
    # What each frame that the browser shows looks like, from the first one on.
    page.add_init_script(
        f"window.seen = []; (function look() {{ if (document.body) seen.push({PAPER}); requestAnimationFrame(look); }})()"
    )
    page.goto("/en/accessibility/")
    expect(page.get_by_role("button", name="Dark colours")).to_be_visible()
    assert set(page.evaluate("seen")) == {DARK}


def test_without_a_script_there_is_no_button_and_the_device_decides(browser_page):
    page = browser_page(java_script_enabled=False, color_scheme="dark")
    page.goto("/tg/")
    expect(page.locator("[data-theme-button]")).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", DARK)


def test_a_browser_that_keeps_nothing_still_changes_the_page(browser_page):
    page = browser_page(color_scheme="light")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    page.goto("/en/")
    page.get_by_role("button", name="Dark colours").click()
    assert page.evaluate(PAPER) == DARK
