"""Every public page in a small window, with the reader's own spacing, with letters four times as large, by finger."""

import pytest

from tests.browser.poses import WORDS
from tests.browser.visitor import first_report

pytestmark = pytest.mark.browser

LANGUAGES = ["tg", "ru", "en"]
PATHS = [
    "", "news/", "news/2026/10/", "news/verify/", "search/?q={word}", "subscribe/", "preferences/", "accessibility/",
    "appeals/", "appeals/write/", "appeals/track/", "appeals/verify/", "appeals/resume/", "nothing/here/", "{report}",
    "{kit}",
]  # fmt: skip
# What the reader's own style sheet may ask for without losing anything (WCAG 2.2, 1.4.12).
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# What stands wider than the page, what is cut off, and what runs over the edge of the box it is in.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".visually-hidden, .skip-link, svg *")
    && ![...parents(one)].some(scrolls)).map(name)"""
CUT = """() => [...document.querySelectorAll("body *")].filter(one => {
  const words = [...one.childNodes].filter(node => node.nodeType === 3 && node.data.trim());
  if (!words.length) return false;
  if (!one.checkVisibility() || one.closest(".visually-hidden, option, svg")) return false;
  for (let box = one; box && box !== document.body; box = box.parentElement) {
    const { overflowX, overflowY, clipPath } = getComputedStyle(box);
    if (clipPath !== "none") return false;
    if (overflowX === "hidden" && box.scrollWidth > box.clientWidth + 1) return true;
    if (overflowY === "hidden" && box.scrollHeight > box.clientHeight + 1) return true;
    if (overflowX === "clip" || overflowX === "hidden" || scrolls(box)) return false;
  }
  const text = document.createRange();
  return words.some(node => (text.selectNodeContents(node), [...text.getClientRects()])
    .some(rect => rect.right > innerWidth + 1 || rect.left < -1));
}).map(name)"""
# A button of less than 44 × 44 points, but for links in the lines of a text (WCAG 2.5.5). What is larger than it looks
# by its label or by a shape laid over the row it is in counts with that.
SMALL = """() => [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
  .filter(one => {
    if (!one.checkVisibility() || one.closest(".visually-hidden, .skip-link") || one.tabIndex < 0) return false;
    if (/^(inline)$/.test(getComputedStyle(one).display) && !one.querySelector("img")) {
      const around = one.closest("p, li, dd, td, figcaption, h1, h2, h3, h4, legend, label, div");
      if (around && around.textContent.trim() !== one.textContent.trim()) return false;
    }
    const boxes = [one, ...(one.labels ?? [])].map(each => each.getBoundingClientRect());
    const after = getComputedStyle(one, "::after");
    if (after.position === "absolute" && after.inset === "0px") {
      boxes.push(one.closest("li, article, .card, .row").getBoundingClientRect());
    }
    const wide = Math.max(...boxes.map(box => box.right)) - Math.min(...boxes.map(box => box.left));
    const high = Math.max(...boxes.map(box => box.bottom)) - Math.min(...boxes.map(box => box.top));
    return wide < 43.5 || high < 43.5;
  }).map(one => `${name(one)} ${Math.round(one.getBoundingClientRect().width)} × ${Math.round(one.getBoundingClientRect().height)}`)"""
HELPERS = """
  const parents = function* (one) { while (one = one.parentElement) yield one; };
  const scrolls = one => ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
  const name = one => `${one.tagName.toLowerCase()}${one.id ? "#" + one.id : ""}${[...one.classList].map(each => "." + each).join("")}`
    + ` in ${one.parentElement.tagName.toLowerCase()}${[...one.parentElement.classList].map(each => "." + each).join("")}: `
    + one.textContent.trim().slice(0, 40);
"""
# Small on purpose; the sentence says why that is no barrier.
MAY_BE_SMALL = {
    ".calendar a": "a day is as wide as a seventh of the calendar; 24 points at least, and the list leads there, too",
    ".breadcrumb a": "a line of its own above the headline; the main menu leads there, too",
}


def ask(page, script):
    """What a script of the above finds, each once."""
    return list(dict.fromkeys(page.evaluate(f"() => {{ {HELPERS} return ({script})(); }}")))


@pytest.fixture
def every_page(browser_page):
    """``every_page(language, **window)`` leads through the pages, one after the other."""

    def go(language, width, height=740, **options):
        page = browser_page(viewport={"width": width, "height": height}, locale=language, **options)
        page.goto(f"/{language}/")
        report = first_report(page).partition(f"/{language}/")[2]
        found = {"word": WORDS[language], "report": report, "kit": "/".join(report.split("/")[:2]) + "/press-kit/"}
        for path in PATHS:
            page.goto(f"/{language}/{path.format(**found)}")
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            yield path, page

    return go


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways_or_cuts_text_in_the_smallest_window(every_page, language):
    faults = []
    for path, page in every_page(language, 320):
        faults += [f"{path}: {fault}" for script in (TOO_WIDE, CUT) for fault in ask(page, script)]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_s_own_spacing_cuts_nothing(every_page, language, width):
    faults = []
    for path, page in every_page(language, width):
        page.evaluate(SPACED)
        faults += [f"{path}: {fault}" for script in (TOO_WIDE, CUT) for fault in ask(page, script)]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_four_times_as_large_cut_nothing(every_page, language):
    faults = []
    for path, page in every_page(language, 1280, 1024):
        page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 64, "fixed": 52}})
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 64
        faults += [f"{path}: {fault}" for script in (TOO_WIDE, CUT) for fault in ask(page, script)]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_pressed_is_as_large_as_a_finger(every_page, language):
    faults = []
    for path, page in every_page(language, 360, has_touch=True):
        page.evaluate(
            "all => document.querySelectorAll(all).forEach(one => { one.inert = true; one.tabIndex = -1 })",
            ", ".join(MAY_BE_SMALL),
        )
        faults += [f"{path}: {fault}" for fault in ask(page, SMALL)]
    assert faults == []
