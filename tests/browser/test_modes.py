"""The pages for readers who want no motion, choose the colours themselves, or print."""

import pytest
from playwright.sync_api import expect

from tests.browser.poses import PAGES
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SHOWN = [
    "home",
    "list",
    "report",
    "search",
    "rules",
    "write",
    "write-errors",
    "check",
    "track",
    "preferences",
    "missing",
]
# What moves by itself or in answer to the mouse, for longer than an eye takes for at once.
MOVING = """() => [...document.querySelectorAll("*")].flatMap(one => ["", "::before", "::after"].map(part => [one, part]))
  .filter(([one, part]) => {
    const style = getComputedStyle(one, part || null);
    const seconds = list => Math.max(...list.split(",").map(parseFloat));
    return seconds(style.transitionDuration) > .01 || style.animationName !== "none" && seconds(style.animationDuration) > .01
      || style.scrollBehavior === "smooth";
  }).map(([one, part]) => one.tagName + "." + one.className + part)
  .concat(document.getAnimations().filter(each => each.playState === "running").map(String))"""
# Without a ground of its own a button is known by its border, a field too; an icon by a colour of the reader's.
UNMARKED = """() => [...document.querySelectorAll(".button, main input:not([type=hidden]), select, textarea, .callout, .icon")]
  .filter(one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter(one => {
    const style = getComputedStyle(one);
    if (one.matches(".icon")) {
      const ground = getComputedStyle(one.closest(".button, body")).backgroundColor;
      return [style.color, ground].every((colour, _, both) => both[0] === both[1]);
    }
    if (one.matches("[type=radio], [type=checkbox], [type=file]")) return false;
    return parseFloat(style.borderTopWidth) < 1 || style.borderTopStyle === "none"
      || style.borderTopColor === getComputedStyle(document.body).backgroundColor;
  }).map(one => one.tagName + "." + one.className.baseVal + one.className + " " + one.textContent.trim().slice(0, 30))"""


def visit(page, portal, name, language="en"):
    PAGES[name](Visitor(page, language, portal.data_dir))


@pytest.fixture
def reader(browser_page, running_portal):
    """``reader(name, language, **context)`` opens a page of the portal's."""

    def go(name, language="en", **options):
        page = browser_page(base_url=f"{running_portal.url}/{language}/", locale=language, **options)
        visit(page, running_portal, name, language)
        return page

    return go


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_moves_for_a_reader_who_wants_no_motion(reader, name):
    page = reader(name, reduced_motion="reduce")
    assert page.evaluate(MOVING) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SHOWN)
def test_controls_keep_their_edges_in_the_reader_s_own_colours(reader, name, scheme):
    page = reader(name, forced_colors="active", color_scheme=scheme)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(UNMARKED) == []


def test_the_focus_is_seen_in_the_reader_s_own_colours(reader):
    page = reader("track", forced_colors="active")
    for _ in range(14):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue
        width, style, colour = page.evaluate(
            "() => { const { outlineWidth, outlineStyle, outlineColor } = getComputedStyle(document.activeElement);"
            " return [parseFloat(outlineWidth), outlineStyle, outlineColor]; }"
        )
        assert width >= 2 and style != "none", page.evaluate("document.activeElement.outerHTML")
        assert colour != page.evaluate("getComputedStyle(document.body).backgroundColor")


# A sheet of A4 between its margins, in CSS pixels.
SHEET = 672
OFF_SHEET = """width => [...document.querySelectorAll("body *")]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > width + 1)
  .map(one => one.tagName + "." + one.className)"""
NOT_ON_PAPER = [".main-nav", ".languages", ".view-link", ".site-footer", ".write", ".button", "form"]


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("name", ["report-paper", "receipt-paper"])
def test_paper_shows_all_of_it_and_nothing_to_press(reader, name, language):
    page = reader(name, language, viewport={"width": SHEET, "height": 1000})
    assert page.evaluate(OFF_SHEET, SHEET) == []
    for selector in NOT_ON_PAPER:
        for one in page.locator(selector).all():
            expect(one).not_to_be_visible()
    shown = page.locator("main").inner_text()
    assert len(shown) > 200
    for one in page.locator("h1, .prose p, #number, #code").all():
        expect(one).to_be_visible()


def test_letters_on_dark_pages_are_printed_black_on_white(reader):
    page = reader("report", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    of = "selector => getComputedStyle(document.querySelector(selector))"
    assert page.evaluate(f"({of})('h1').color") == "rgb(0, 0, 0)"
    assert page.evaluate(f"({of})('body').backgroundColor") == "rgb(255, 255, 255)"
