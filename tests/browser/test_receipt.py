"""The receipt in a browser: it is not left unsaved, it is copied and printed, and its file is dropped to be checked."""

import base64
import io

import pypdfium2
import pytest

from tests.appeals.citizen import picture
from tests.browser.test_main_path import captcha_answer, press_send, write

pytestmark = pytest.mark.browser

DROP = """([base64, name]) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, { type: "application/pdf" }));
    const options = { dataTransfer: carried, bubbles: true, cancelable: true };
    for (const kind of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, options));
}"""


@pytest.fixture
def receipt(running_portal, browser_page):
    """A browser that has just sent an appeal."""

    def send(language="en", **options):
        page = browser_page(**options)
        page.asked = []
        page.on("dialog", lambda dialog: (page.asked.append(dialog.type), dialog.accept()))
        page.goto(f"/{language}/appeals/write/")
        page.select_option("[name=region]", "TJ-SU")
        page.select_option("[name=district]", "TJ-SU:khujand")
        write(page, address="кӯчаи Рӯдакӣ, 5")
        page.click("button[name=next]")
        page.set_input_files("[name=signature]", {"name": "s.png", "mimeType": "image/png", "buffer": picture().read()})
        page.fill("[name=captcha_1]", captcha_answer(running_portal, page))
        press_send(page)
        page.wait_for_url("**/receipt/")
        page.mouse.click(5, 5)  # A browser asks nothing on a page that was never touched.
        return page

    return send


def leave(page):
    """Go away by a link; the questions that the browser asked."""
    page.locator("main").get_by_role("link", name="What became of your appeal").click()
    page.wait_for_url("**/track/")
    return page.asked


def test_who_leaves_before_saving_is_asked(receipt):
    assert leave(receipt()) == ["beforeunload"]


def test_who_has_saved_the_document_is_not_asked(receipt):
    page = receipt()
    with page.expect_download():
        page.click("[data-keep=pdf]")
    assert leave(page) == []


def test_who_has_copied_the_code_is_not_asked(receipt):
    page = receipt(permissions=["clipboard-read", "clipboard-write"])
    page.click("[data-keep=copy]")
    page.locator("[data-kept]").filter(has_text="Copied").wait_for()
    number, code = page.locator("#number").inner_text(), page.locator("#code").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == f"{number}\n{code}"
    assert leave(page) == []


def test_where_the_clipboard_is_closed_the_code_is_selected(receipt):
    page = receipt()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.click("[data-keep=copy]")
    page.locator("[data-kept]").filter(has_text="cop").wait_for()
    assert page.locator("#code").inner_text() in page.evaluate("String(getSelection())")


def test_who_has_printed_or_written_it_down_is_not_asked(receipt):
    page = receipt()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert leave(page) == []
    page.go_back()
    page.mouse.click(5, 5)
    page.click("form[data-keep=done] button")
    page.wait_for_url("**/appeals/?done=1")
    assert page.asked == []


def test_without_javascript_nothing_is_offered_that_does_not_work(receipt):
    page = receipt(java_script_enabled=False)
    assert page.locator("[data-keep=copy]").is_hidden()
    assert page.locator("[data-keep=print]").is_hidden()
    assert "Save the number and the code before you leave" in page.locator("main").inner_text()
    assert leave(page) == []
    page.go_back()
    assert page.locator("#code").is_visible()


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_it_is_printed_on_one_page_with_what_matters(receipt, language):
    page = receipt(language)
    printed = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))
    text = " ".join(printed[0].get_textpage().get_text_range().split())
    assert len(printed) == 1
    assert page.locator("#code").inner_text() in text
    assert "/verify/?number=" in text


def test_the_document_is_dropped_on_the_page_that_checks_it(receipt, browser_page):
    page = receipt()
    document = page.request.get("/en/appeals/receipt/receipt.pdf").body()
    other = browser_page(viewport={"width": 360, "height": 740})
    problems = []
    other.on("console", lambda message: message.type == "error" and problems.append(message.text))
    other.goto("/en/appeals/verify/")
    other.evaluate(DROP, [base64.b64encode(document).decode(), "receipt.pdf"])
    other.locator(".callout--success").wait_for()
    assert "Genuine." in other.locator("main").inner_text()
    other.evaluate(DROP, [base64.b64encode(document[:-40] + b"0" * 40).decode(), "receipt.pdf"])
    other.locator("#id_receipt_error").wait_for()
    assert problems == []
