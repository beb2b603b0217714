"""Reading, searching and tracking without a mouse, also at 400 per cent: the focus is always seen, and never caught."""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.portal import Portal
from tests.browser.test_keyboard import Keys

pytestmark = pytest.mark.browser

# Whether the browser's window shows the element that has the focus, with a ring, and nothing of the page above it.
COVERED = """() => {
  const one = document.activeElement;
  const boxes = [...one.getClientRects()].filter(box => box.width > 1 && box.height > 1);
  if (!boxes.length) return "it has no box";
  const style = getComputedStyle(one);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  // Of a date the browser itself marks the part that has the focus: day, month, year, the button of its calendar.
  if (!ring && style.boxShadow === "none" && one.type !== "date") return "it has no ring";
  const inside = (x, y) => x > 0 && y > 0 && x < innerWidth && y < innerHeight;
  const points = boxes.flatMap(box => [.5, .1, .9].flatMap(part => [
    [box.left + part * box.width, box.top + 2], [box.left + part * box.width, box.bottom - 2],
    [box.left + part * box.width, box.top + box.height / 2],
  ])).filter(([x, y]) => inside(x, y));
  if (!points.length) return "it is outside the window";
  const own = points.map(([x, y]) => document.elementFromPoint(x, y))
    .filter(above => above && (one.contains(above) || above.contains(one) || above.closest("a, label") === one
      || one.labels?.length && [...one.labels].some(label => label.contains(above))));
  return own.length ? "" : "something covers it: " + document.elementFromPoint(...points[0])?.outerHTML.slice(0, 120);
}"""
# 1280 × 1024 points, and the same at 400 per cent: a window of 320 × 256, each of its points four by four.
WINDOWS = {"100 per cent": (1280, 1024, 1), "400 per cent": (320, 256, 4)}


class Walker(Keys):
    """Somebody at a keyboard, whose every stop must be seen."""

    def to(self, selector: str, key: str = "Tab") -> None:
        for _ in range(160):
            self.press(key)
            if self.page.evaluate("document.activeElement === document.body"):
                continue  # Round the browser's own bar.
            self.look()
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{key} does not come to {selector}")

    def look(self) -> None:
        place = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert (fault := self.page.evaluate(COVERED)) == "", f"{self.page.url}: {place}: {fault}"
        width = self.page.viewport_size["width"]
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, f"{self.page.url} is too wide"

    def round(self, key: str = "Tab") -> int:
        """Once through the page from where it begins: nothing holds the focus. Returns the number of stops."""
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        for stops in range(400):
            self.press(key)
            if self.page.evaluate("document.activeElement === document.body"):
                return stops
            self.look()
        raise AssertionError(f"{key} never leaves {self.page.url}")


@pytest.fixture(params=WINDOWS.values(), ids=WINDOWS)
def walker(request, browser_page):
    width, height, scale = request.param
    page = browser_page(viewport={"width": width, "height": height}, device_scale_factor=scale, reduced_motion="reduce")
    problems = []
    page.on("console", lambda message: message.type in {"error", "warning"} and problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield Walker(page)
    assert problems == []


def album(portal: Portal) -> str:
    """The address of the public English report with the most photos, without the site."""
    with sqlite3.connect(f"file:{portal.data_dir / 'portal.sqlite3'}?mode=ro", uri=True) as database:
        event, slug = database.execute(
            "SELECT r.event_id, r.slug FROM news_report r JOIN news_photo p ON p.event_id = r.event_id "
            "WHERE r.language = 'en' AND r.status = 'published' GROUP BY r.event_id, r.slug ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
    return f"/en/news/{event}/{slug}/"


def test_a_report_is_found_in_the_list_read_and_its_photos_seen_by_keys_alone(walker, running_portal):
    page, path = walker.page, album(running_portal)
    page.goto("/en/")
    walker.press("Tab")
    walker.look()
    assert page.evaluate("document.activeElement.matches('.skip-link')")
    walker.press("Enter")
    page.wait_for_url("**/en/#content")
    walker.to("main a.headline")  # The first stop after the skip link lies in the content.
    walker.to("[href='/en/news/']", "Shift+Tab")
    walker.press("Enter")
    page.wait_for_url("**/en/news/")

    page.goto(path)
    walker.to("[data-photo]")
    walker.press("Enter")
    viewer = page.locator("dialog.viewer")
    expect(viewer).to_be_visible()
    place = page.locator(".viewer__place")
    walker.look()
    walker.to(".viewer__next")
    walker.press("Enter")
    expect(place).to_have_text(re.compile(r"^2 / "))
    walker.press("ArrowLeft")
    expect(place).to_have_text(re.compile(r"^1 / "))
    assert page.evaluate("document.querySelector('dialog.viewer').contains(document.activeElement)")
    walker.to(".viewer__close", "Shift+Tab")
    walker.press("Enter")
    expect(viewer).not_to_be_visible()
    assert page.evaluate("document.activeElement.matches('[data-photo]')")
    walker.look()
    page.go_back()
    page.wait_for_url("**/en/news/")


def test_a_word_is_searched_and_what_is_found_opened_by_keys_alone(walker):
    page = walker.page
    page.goto("/en/")
    walker.to(".main-nav [href='/en/search/']")
    walker.press("Enter")
    page.wait_for_url("**/en/search/")
    walker.to("main summary")
    walker.press("Space")
    expect(page.locator("main details").first).to_have_attribute("open", "")
    walker.to("main [name=q]", "Shift+Tab")
    walker.type("Dushanbe")
    walker.press("Enter")
    page.wait_for_url("**/en/search/?q=Dushanbe**")
    walker.to("main a.headline")
    walker.press("Enter")
    page.wait_for_url(re.compile(r"/en/news/\d+/"))


def test_a_case_is_asked_for_by_keys_alone(walker):
    page = walker.page
    page.goto("/en/appeals/track/")
    walker.to("[name=number]")
    walker.type("2026-000001")
    walker.to("[name=code]")
    walker.type("0000-0000-0000-0000-0")
    walker.press("Enter")
    page.locator(".error-summary").wait_for()
    walker.look()
    walker.to("[name=code]")


@pytest.mark.parametrize(
    "path", ["", "news/", "appeals/", "appeals/write/", "preferences/", "subscribe/", "news/verify/"]
)
def test_tab_leads_through_a_page_and_out_of_it_in_both_directions(walker, path):
    walker.page.goto(f"/en/{path}")
    stops = walker.round()
    assert stops >= 8
    assert abs(walker.round("Shift+Tab") - stops) <= 2  # A group of radio buttons may be entered at either end.
