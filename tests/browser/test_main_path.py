"""The whole way in a browser, against the portal as `make run` starts it."""

import re

import pytest
from playwright.sync_api import expect

from tests.appeals.citizen import TEXT, picture
from tests.browser import visitor
from tests.browser.test_writing_desk import log_in
from tests.pageclient import as_written

pytestmark = pytest.mark.browser

SOURCE = "Participation in an extraordinary meeting of the Collective Security Council"


def captcha_answer(portal, page):
    """What eyes read from the picture, read from the store of the running portal."""
    return visitor.captcha_answer(portal.data_dir, page.locator("[name=captcha_0]").get_attribute("value"))


def write(page, **changes):
    """Type an appeal into the form, as an ordinary citizen would."""
    typed = {"surname": "Раҳимов", "given_name": "Ҷамшед", "patronymic": "Қосимович", "text": TEXT} | changes
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    page.check("[name=kind][value=complaint]")


def press_send(page):
    page.locator("button[name=send]").last.click()


def test_a_citizen_without_javascript_reads_writes_is_refused_mends_and_sends(running_portal, browser_page):
    page = browser_page(java_script_enabled=False)
    page.goto("/en/news/2022/1/")
    page.get_by_role("link", name=re.compile(SOURCE)).click()
    expect(page.locator("h1")).to_contain_text(SOURCE)
    assert "10.01.2022 13:45, Dushanbe city" in page.locator("main").inner_text()
    page.get_by_role("link", name="Тоҷикӣ").click()
    expect(page.locator("html")).to_have_attribute("lang", "tg")
    assert "Иштирок дар ҷаласаи ғайринавбатии Шӯрои амнияти дастҷамъии" in as_written(page.locator("h1").inner_text())

    page.locator("section.write a.button").click()
    page.locator("a.button[href$='/write/']").first.click()
    write(page)
    page.click("button[name=next]")
    expect(page.locator("#id_region_error")).to_be_visible()
    assert page.input_value("[name=text]") == TEXT
    page.select_option("[name=region]", "TJ-SU")
    page.select_option("[name=district]", "TJ-SU:khujand")
    page.fill("[name=address]", "кӯчаи Рӯдакӣ, 5")
    page.click("button[name=next]")

    page.set_input_files("[name=signature]", {"name": "имзо.png", "mimeType": "image/png", "buffer": picture().read()})
    page.fill("[name=captcha_1]", "0")
    press_send(page)
    expect(page.locator("#id_captcha_error")).to_be_visible()
    assert page.locator("img.signature-preview").is_visible()
    assert TEXT in page.locator("main").inner_text()
    page.fill("[name=captcha_1]", captcha_answer(running_portal, page))
    page.wait_for_timeout(5000)  # As a person would; an appeal sent within seconds is held for staff.
    press_send(page)
    number = page.locator("#number").inner_text()
    assert re.fullmatch(r"\d{4}-\d{6}", number)

    office = browser_page()
    log_in(office, running_portal)
    office.goto("/admin/appeals/appeal/")
    office.get_by_role("link", name=number).click()
    office.locator("#status").wait_for()
    assert TEXT in office.locator("#content-main").inner_text()
    office.get_by_role("button", name="Register").click()
    expect(office.locator("#status")).to_have_text("registered")


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_signature_is_drawn_and_sent_on_a_telephone(running_portal, browser_page, language):
    page = browser_page(viewport={"width": 360, "height": 740}, has_touch=True)
    problems = []
    page.on("console", lambda message: message.type in {"error", "warning"} and problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"/{language}/appeals/write/")
    page.select_option("[name=region]", "TJ-KT")
    assert page.locator("[name=district] optgroup").count() == 1
    page.select_option("[name=district]", "TJ-KT:kulob")
    write(page, address="деҳаи Зираки")
    page.click("button[name=next]")
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 80)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 20 + 18 * step, box["y"] + 80 + (-1) ** step * 30)
    page.mouse.up()
    page.locator("[data-signature-status]").filter(has_text=re.compile(r"\S")).wait_for()
    page.fill("[name=captcha_1]", captcha_answer(running_portal, page))
    press_send(page)
    page.wait_for_url(f"**/{language}/appeals/receipt/")
    assert page.locator("#code").inner_text().count("-") == 4
    assert problems == []


def test_the_enter_key_sends_and_removes_nothing(running_portal, browser_page):
    page = browser_page()
    page.goto("/en/appeals/write/")
    page.select_option("[name=region]", "abroad")
    write(page, country="Қазоқистон", address="Алмаато, Абай 1")
    page.click("button[name=next]")
    page.set_input_files("[name=signature]", {"name": "s.png", "mimeType": "image/png", "buffer": picture().read()})
    page.click("button[name=keep_signature]")
    page.fill("[name=captcha_1]", captcha_answer(running_portal, page))
    page.press("[name=captcha_1]", "Enter")
    page.wait_for_url("**/en/appeals/receipt/")


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_no_page_scrolls_sideways_and_none_breaks_its_own_policy(running_portal, browser_page, language, width):
    page = browser_page(viewport={"width": width, "height": 800})
    problems = []
    page.on("console", lambda message: message.type in {"error", "warning"} and problems.append(message.text))
    for address in ("", "news/", "news/category/meetings/", "appeals/", "appeals/write/"):
        page.goto(f"/{language}/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto(f"/{language}/news/")
    page.locator("main a[href*='/news/']").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems == []


def test_a_reader_carries_no_cookie(running_portal, browser_page):
    page = browser_page()
    for address in ("/", "/tg/", "/ru/news/", "/en/news/category/visits/"):
        page.goto(address)
    assert page.context.cookies() == []
