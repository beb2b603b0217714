"""The whole way of an appeal without a mouse: keys alone, and the focus can always be seen."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.appeals.citizen import TEXT
from tests.browser.test_main_path import captcha_answer

pytestmark = pytest.mark.browser

ATTACHED = "The pen is lifted. The drawing is attached and will be sent."

# An outline or a shadow on the element that has the focus, and the element in the window.
VISIBLE = """() => {
  const seen = (element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
  };
  const box = document.activeElement.getBoundingClientRect();
  const shown = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
  return shown && seen(document.activeElement);
}"""


class Keys:
    """Somebody at a keyboard. ``to`` goes on with Tab until the focus is where it is wanted."""

    def __init__(self, page):
        self.page = page
        self.press = page.keyboard.press
        self.type = page.keyboard.type

    def to(self, selector):
        for _ in range(120):
            self.press("Tab")
            place = self.page.evaluate("document.activeElement.outerHTML.slice(0, 160)")
            if place.startswith("<body"):
                continue  # Round the browser's own bar.
            assert self.page.evaluate(VISIBLE), f"the focus cannot be seen on {place}"
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"Tab does not come to {selector}")

    def write(self, name, text):
        self.to(f"[name={name}]")
        self.type(text)

    def choose(self, name, value):
        """In a list: down until it stands there."""
        self.to(f"[name={name}]")
        for _ in range(60):
            if self.page.input_value(f"[name={name}]") == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} is not in {name}")

    def pick(self, name, value):
        """Among radio buttons: to the group with Tab, in the group with the arrows."""
        self.to(f"[name={name}]")
        self.press("Space")
        for _ in range(10):
            if self.page.locator(f"[name={name}][value={value}]").is_checked():
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} is not in {name}")

    def go(self, selector, address):
        self.to(selector)
        self.press("Enter")
        self.page.wait_for_url(address)


@pytest.fixture
def keys(browser_page):
    page = browser_page(viewport={"width": 1280, "height": 800})
    problems = []
    page.on("console", lambda message: message.type in {"error", "warning"} and problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield Keys(page)
    assert problems == []


def draw(keys):
    """Two strokes and one too many, by the arrow keys."""
    keys.to("canvas")
    for stroke in (["ArrowRight"] * 9 + ["ArrowUp"] * 7, ["Shift+ArrowRight"] * 3 + ["ArrowDown"] * 9, ["ArrowLeft"]):
        keys.press("Space")
        expect(status(keys)).to_have_text("The pen is down: it draws.")
        for key in stroke:
            keys.press(key)
        keys.press("Space")
        expect(status(keys)).to_have_text(ATTACHED, timeout=20_000)
    keys.press("Backspace")
    expect(status(keys)).to_have_text("The last stroke is removed. The drawing is attached and will be sent.")


def status(keys):
    return keys.page.locator("[data-signature-status]")


def test_an_appeal_is_written_signed_and_sent_by_keyboard_alone(running_portal, keys):
    page = keys.page
    page.goto("/en/appeals/")
    keys.go("main a.button", "**/en/appeals/write/")
    keys.write("surname", "Раҳимов")
    keys.to("button[name=next]")
    keys.press("Enter")
    page.locator(".error-summary").wait_for()
    assert page.evaluate("document.activeElement.matches('.error-summary')")
    keys.to(".error-summary a[href='#id_given_name']")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.name") == "given_name"
    keys.type("Ҷамшед")
    keys.write("patronymic", "Қосимович")
    keys.choose("region", "TJ-SU")
    keys.choose("district", "TJ-SU:khujand")
    keys.write("address", "кӯчаи Рӯдакӣ, 5")
    keys.pick("kind", "complaint")
    keys.write("text", TEXT)
    keys.go("button[name=next]", "**/en/appeals/check/")

    draw(keys)
    keys.write("captcha_1", "0")
    keys.press("Enter")
    page.locator(".error-summary").wait_for()
    assert page.evaluate("document.activeElement.matches('.error-summary')")
    expect(page.locator("img.signature-preview")).to_be_visible()
    keys.write("captcha_1", captcha_answer(running_portal, page))
    keys.go("main .button[name=send]", "**/en/appeals/receipt/")
    assert re.fullmatch(r"\d{4}-\d{6}", page.locator("#number").inner_text())
    keys.to("main form .button")


@pytest.mark.parametrize("scale", [1, 2])
def test_what_the_keys_draw_is_what_is_sent_and_tab_leads_on(browser_page, scale):
    page = browser_page(viewport={"width": 360, "height": 740}, device_scale_factor=scale)
    write_a_draft(page)
    keys = Keys(page)
    keys.to("canvas")
    before = drawn(page)
    assert CURSOR in colours(before)  # The pen is seen on the screen …
    for key in ("Space", *["Shift+ArrowRight"] * 6, "Shift+ArrowDown"):
        keys.press(key)
    assert page.evaluate("scrollY") == page.evaluate(
        "(document.activeElement.scrollIntoView({block: 'nearest'}), scrollY)"
    )
    keys.press("Tab")  # The pen is lifted and nobody is caught in the canvas.
    assert page.evaluate("document.activeElement.hasAttribute('data-signature-undo')")
    expect(status(keys)).to_have_text(ATTACHED, timeout=20_000)
    sent = Image.open(io.BytesIO(bytes(page.evaluate(SENT)))).convert("RGB")
    ink, paper = (16, 32, 74), (255, 255, 255)
    assert {ink, paper} <= colours(sent)
    assert CURSOR not in colours(sent)  # … and is no part of the signature.
    dark = sent.convert("L").point(lambda value: 255 * (value < 128)).getbbox()
    assert 90 * scale <= dark[2] - dark[0] <= 105 * scale and 12 * scale <= dark[3] - dark[1] <= 24 * scale
    keys.press("Enter")  # Undo.
    expect(status(keys)).to_have_text("Nothing is drawn.")
    assert page.evaluate("document.querySelector('[name=signature]').files.length") == 0


def test_the_pen_stays_on_the_paper(browser_page):
    page = browser_page(viewport={"width": 360, "height": 740})
    write_a_draft(page)
    keys = Keys(page)
    keys.to("canvas")
    keys.press("Space")
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
        for _ in range(40):
            keys.press(f"Shift+{key}")
    keys.press("Space")
    expect(status(keys)).to_have_text(ATTACHED, timeout=20_000)
    sent = Image.open(io.BytesIO(bytes(page.evaluate(SENT)))).convert("L")
    left, top, right, bottom = sent.point(lambda value: 255 * (value < 128)).getbbox()
    assert (left, top) <= (3, 3) and right >= sent.width - 3 and bottom >= sent.height - 3


CURSOR = (179, 0, 45)
SENT = """async () => [...new Uint8Array(await document.querySelector("[name=signature]").files[0].arrayBuffer())]"""


def drawn(page):
    return Image.open(io.BytesIO(page.locator("canvas").screenshot())).convert("RGB")


def colours(image):
    return {colour for _count, colour in image.getcolors(image.width * image.height)}


def write_a_draft(page):
    page.goto("/en/appeals/write/")
    for name, text in {"surname": "Раҳимов", "given_name": "Ҷамшед", "patronymic": "Қосимович", "text": TEXT}.items():
        page.fill(f"[name={name}]", text)
    page.check("[name=kind][value=complaint]")
    page.select_option("[name=region]", "TJ-SU")
    page.select_option("[name=district]", "TJ-SU:khujand")
    page.fill("[name=address]", "кӯчаи Рӯдакӣ, 5")
    page.click("button[name=next]")
    page.wait_for_url("**/appeals/check/")  # Until then there is nothing that could have the focus.
