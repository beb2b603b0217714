"""The version for the visually impaired in a browser without scripts: chosen once, seen at once, wide enough for all."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

pytestmark = pytest.mark.browser

PAGES = ["", "news/", "appeals/write/", "preferences/", "text/"]
CONTRAST = """async () => (await axe.run({ runOnly: ["color-contrast", "color-contrast-enhanced"] }))
  .violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target} ${node.failureSummary}`))"""


def view(page):
    return page.locator("html").get_attribute("data-view")


def first_report(page):
    return page.locator("main a.headline").first.get_attribute("href").removeprefix("/tg/")


def test_a_choice_shows_at_once_also_on_pages_that_the_browser_has_kept(browser_page):
    page = browser_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto("/en/")
    page.goto("/en/news/")
    page.locator(".reading-tool[href]").click()
    page.check("[name=size][value='3']")
    page.check("[name=pictures][value='1']")
    page.click("main button:not([name])")
    page.wait_for_url("**/en/news/")
    assert view(page) == "s3p0c0i1f0"
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/en/")
    assert view(page) == "s3p0c0i1f0" and not [url for url in asked if "/media/" in url]
    page.locator(".reading-tool[href]").click()
    page.click("button[name=ordinary]")
    page.wait_for_url("**/en/")
    assert view(page) is None
    page.goto("/en/news/")
    assert view(page) is None


@pytest.mark.parametrize("value", ["s0p0c1i0f0", "s0p1c2i1f1", "s0p0c3i0f0", "s3p1c2i0f1"])
def test_every_scheme_is_legible_and_no_page_is_wider_than_the_smallest_screen(value, browser_page, running_portal):
    page = browser_page(viewport={"width": 320, "height": 740})
    page.context.add_cookies([{"name": "view", "value": value, "url": running_portal.url}])
    page.goto("/tg/")
    faults = []
    for path in [*PAGES, first_report(page)]:
        page.goto(f"/tg/{path}")
        assert view(page) == value
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            faults.append(f"{path} is too wide")
        page.evaluate(AXE_SCRIPT)
        faults += [f"{path}: {fault}" for fault in page.evaluate(CONTRAST)]
    assert faults == []
