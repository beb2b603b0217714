"""How the pages are photographed: which of the catalogue's, and what is done so that they stand still."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.pages import reach
from tests.browser.visitor import Visitor

HEIGHTS = {320: 640, 360: 740, 700: 990, 1280: 900}
# A search that finds something in each language, and a choice of the version for the visually impaired.
WORDS = {"tg": "Душанбе", "ru": "Душанбе", "en": "Dushanbe"}
LOW_VISION = "s2p1c1i0f0"


def home_for_low_vision(visitor: Visitor) -> None:
    visitor.cookie("view", LOW_VISION)
    visitor.go("")


def search(visitor: Visitor) -> None:
    visitor.go(f"search/?q={WORDS[visitor.language]}")


def on_paper(name: str, visitor: Visitor) -> None:
    reach(name, visitor)
    visitor.page.emulate_media(media="print")


def opened_at(path: str, visitor: Visitor) -> None:
    visitor.go(path)


# They need no content but the demonstration's.
PAGES: dict[str, Callable[[Visitor], None]] = {
    "home": partial(reach, "home"),
    "home-low-vision": home_for_low_vision,
    "list": partial(reach, "list"),
    "report": partial(reach, "report"),
    "report-paper": partial(on_paper, "report"),
    "search": search,
    "rules": partial(reach, "rules"),
    "write": partial(reach, "write"),
    "write-errors": partial(reach, "write-mistakes"),
    "check": partial(reach, "check"),
    "receipt": partial(reach, "receipt"),
    "receipt-paper": partial(on_paper, "receipt"),
    "track": partial(opened_at, "appeals/track/"),
    "preferences": partial(opened_at, "preferences/"),
    "missing": partial(opened_at, "nothing/is/here/"),
    "offline": partial(opened_at, "offline/"),
    "login": partial(opened_at, "/admin/login/"),
}

# The home page shows this month. Another one stands in its place, with a day of it as today: the pictures of one
# day are those of every other.
ANOTHER_MONTH = """async address => {
  const text = await (await fetch(address)).text();
  const month = new DOMParser().parseFromString(text, "text/html").querySelector(".calendar-block");
  month.querySelectorAll("td")[17].setAttribute("aria-current", "date");
  document.querySelector(".calendar-block").replaceWith(month);
}"""
# What is another one for each appeal, each day and each start of the portal: words that stay the same. And what is
# set in a face of the machine's: in ours, which is the same on every machine.
SAME_WORDS = """async face => {
  const say = (selector, text) => document.querySelectorAll(selector).forEach(one => { one.textContent = text; });
  say("#number", "2026-000123");
  say("#code", "ABCD-EFGH-JKMN-PQRS-T");
  say(".receipt dd:not([class]):not(:has(strong))", "27.11.2026 10:45");
  say(".receipt__day", "27.12.2026");
  say(".term-sum", "27.11.2026 + 30 = 27.12.2026");
  say(".digest", "0123456789abcdef ".repeat(4));
  document.querySelectorAll(".printed p").forEach(one => {
    one.innerHTML = one.innerHTML.replaceAll(location.origin, "https://portal.example")
      .replace(/[0-9a-f]{64}/, "0123456789abcdef".repeat(4));
  });
  const root = document.documentElement.style;
  root.setProperty("--figures", "var(--sans)");
  if (document.querySelector("#site-name")) {
    document.fonts.add(await new FontFace("Portal Sans", `url(${face})`).load());
    root.setProperty("--font-family-primary", "Portal Sans");
  }
}"""
PHOTOGRAPHED = 1300  # pixels from the top; the foot of every page is seen on the short ones.
# Drawn by lot; and photos, which are content: that they come is asked, how they look is not.
COVERED = "main picture img, .captcha img, .captcha audio, .printed img"


@contextmanager
def opened(
    browser: Browser, name: str, language: str, width: int, scheme: Any, *, at: str, data_dir: Path
) -> Iterator[Page]:
    """The page in a browser context of its own, at rest: pictures and faces have come."""
    context = browser.new_context(
        service_workers="block",
        bypass_csp=True,  # What changes from day to day is written over by scripts of ours.
        base_url=f"{at}/{language}/",
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme=scheme,
        locale=language,
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        PAGES[name](Visitor(page, language, data_dir))
        yield page
    finally:
        context.close()


def settle(page: Page) -> None:
    """Fetch what is further down, too, and wait for it."""
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(img => { img.loading = 'eager' })")
    page.evaluate("Promise.all([...document.images].map(img => img.decode().catch(() => {}))).then(() => true)")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    lost = "[...document.images].filter(img => img.naturalWidth === 0 && img.checkVisibility()).map(img => img.src)"
    if missing_pictures := page.evaluate(lost):
        raise RuntimeError(f"Pictures did not come: {missing_pictures}")


def photograph_whole(page: Page) -> bytes:
    """The whole page as it is."""
    settle(page)
    return page.screenshot(full_page=True)


def photograph_same(page: Page) -> bytes:
    """The upper part of the page, without what differs from day to day or from one portal to another."""
    if page.locator("main .calendar-block").count():
        page.evaluate(ANOTHER_MONTH, f"/{page.evaluate('document.documentElement.lang')}/news/2026/10/")
    page.evaluate(SAME_WORDS, "/static/fonts/portal-sans.woff2")
    settle(page)
    width, height = page.evaluate("[innerWidth, Math.ceil(document.documentElement.getBoundingClientRect().height)]")
    return page.screenshot(
        full_page=True,
        clip={"x": 0, "y": 0, "width": width, "height": min(height, PHOTOGRAPHED)},
        animations="disabled",
        caret="hide",
        mask=[page.locator(COVERED)],
        mask_color="#8a8a8a",
    )
