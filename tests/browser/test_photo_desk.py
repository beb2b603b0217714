"""The photo desk in a browser: many photos at once, their order and focal points by mouse and by keyboard."""

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_writing_desk import log_in
from tests.news.factories import picture
from tests.news.test_iptc import jpeg, texts

pytestmark = pytest.mark.browser

ADD = "/admin/news/event/add/"
ROW = "[data-row]"
NEVER_SENT = count()
PICTURES = ["BLUE.jpg", "RED.jpg", "GREEN.jpg"]


def sent(name: str, content: bytes | None = None) -> dict:
    """A file like no other: the desk warns of one that it knows."""
    if content is None:
        content = jpeg(texts(caption=f"Аксҳо {name}", credit=str(next(NEVER_SENT)), day="20220110", time="134500"))
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


@pytest.fixture
def desk(running_portal, browser_page):
    page = browser_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, running_portal)
    yield page
    assert [text for text in complaints if "Failed to load resource" not in text] == []


def new_event(page: Page, *files: dict) -> None:
    """A new event with these files, saved, and open again."""
    page.goto(ADD)
    page.locator("[name=categories]").first.check()
    if files:
        page.set_input_files("#id_new_photos", list(files))
    else:
        page.fill("[name=starts_at_0]", "10.01.2022")
        page.fill("[name=starts_at_1]", "13:45")
    page.locator("[data-queue] li").nth(max(0, len(files) - 1)).wait_for() if files else None
    expect(page.locator("[name=starts_at_0]")).to_have_value("10.01.2022")
    with page.expect_navigation():
        page.click("[name=_continue]")
    page.wait_for_url(re.compile(r"/event/\d+/change/"))


def captions(page: Page) -> list[str]:
    return [text.removeprefix("Аксҳо ") for text in page.locator(f"{ROW} [data-caption]").all_inner_texts()]


def save(page: Page) -> None:
    with page.expect_navigation():
        page.click("[name=_continue]")
    page.wait_for_load_state()
    expect(page.locator(".messagelist .success")).to_be_visible()


def upload(page: Page, *files: dict) -> None:
    before = page.locator(ROW).count()
    page.set_input_files("#id_new_photos", list(files))
    expect(page.locator(ROW)).to_have_count(before + len(files), timeout=30_000)


def test_files_of_a_new_event_tell_its_date_and_are_stored_with_it(desk):
    new_event(desk, *map(sent, PICTURES))
    assert captions(desk) == PICTURES
    expect(desk.locator(f"{ROW} .photo-row__mark--lead:visible")).to_have_count(1)


def test_many_photos_are_sent_at_once_and_what_was_typed_stays(desk):
    new_event(desk)
    desk.fill("#id_languages_note", "Half a sentence")
    blue = sent("BLUE.jpg")
    desk.set_input_files("#id_new_photos", [blue, sent("bad.jpg", b"no picture"), sent("GREEN.jpg")])
    expect(desk.locator(ROW)).to_have_count(2, timeout=30_000)
    refused = desk.locator("[data-queue] li")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("bad.jpg")
    expect(refused.locator(".refused")).to_contain_text("not a JPEG, PNG or WebP picture")
    expect(desk.locator("[data-state=ready]")).to_have_count(2, timeout=60_000)
    assert sorted(captions(desk)) == ["BLUE.jpg", "GREEN.jpg"]
    assert desk.input_value("#id_languages_note") == "Half a sentence"
    upload(desk, blue)
    expect(desk.locator("[data-queue] .warned")).to_contain_text("The same file")
    save(desk)
    assert desk.locator(ROW).count() == 3
    assert desk.input_value("#id_languages_note") == "Half a sentence"


def test_a_photo_that_did_not_arrive_is_sent_again(desk):
    new_event(desk)
    desk.route("**/photos/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    desk.set_input_files("#id_new_photos", [sent("BLUE.jpg")])
    line = desk.locator("[data-queue] li")
    expect(line.locator(".refused")).to_contain_text("The connection was lost")
    desk.unroute("**/photos/")
    line.get_by_role("button", name="Try again").click()
    expect(desk.locator(ROW)).to_have_count(1, timeout=30_000)
    expect(line).to_have_count(0)


def test_who_was_logged_out_meanwhile_is_told_so(desk):
    new_event(desk)
    cookies = desk.context.cookies()
    desk.context.clear_cookies(name="sessionid")
    desk.set_input_files("#id_new_photos", [sent("BLUE.jpg")])
    line = desk.locator("[data-queue] li")
    expect(line.locator(".refused")).to_contain_text("logged out")
    desk.context.add_cookies(cookies)
    line.get_by_role("button", name="Try again").click()
    expect(desk.locator(ROW)).to_have_count(1, timeout=30_000)


def test_dropped_files_are_sent_and_those_dropped_beside_the_zone_do_no_harm(desk):
    new_event(desk)
    url = desk.url
    content = list(picture((60, 40)).read())
    script = """([element, content]) => {
        const files = new DataTransfer();
        files.items.add(new File([new Uint8Array(content)], "dropped.jpg", { type: "image/jpeg" }));
        for (const name of ["dragover", "drop"])
            element.dispatchEvent(new DragEvent(name, { dataTransfer: files, bubbles: true, cancelable: true }));
    }"""
    desk.evaluate(script, [desk.locator("h1").first.element_handle(), content])
    desk.wait_for_timeout(300)
    assert desk.locator(ROW).count() == 0 and desk.url == url
    desk.evaluate(script, [desk.locator("[data-drop]").element_handle(), content])
    expect(desk.locator(ROW)).to_have_count(1, timeout=30_000)


def test_the_order_is_changed_by_buttons_and_by_dragging_and_kept(desk):
    new_event(desk, *map(sent, PICTURES))
    last = desk.locator(ROW).nth(2)
    last.locator("[data-move='-1']").focus()
    desk.keyboard.press("Enter")
    assert captions(desk) == ["BLUE.jpg", "GREEN.jpg", "RED.jpg"]
    expect(desk.locator("[data-said]")).to_contain_text("2")
    expect(desk.locator(ROW).nth(1).locator("[data-move='-1']")).to_be_focused()
    desk.locator(ROW).first.scroll_into_view_if_needed()
    handle, target = desk.locator(f"{ROW} [data-handle]").nth(2).bounding_box(), desk.locator(ROW).first.bounding_box()
    desk.mouse.move(handle["x"] + 8, handle["y"] + 8)
    desk.mouse.down()
    desk.mouse.move(handle["x"] + 8, target["y"] + 40, steps=8)
    desk.mouse.move(handle["x"] + 8, target["y"] + 4, steps=4)
    desk.mouse.up()
    assert captions(desk) == ["RED.jpg", "BLUE.jpg", "GREEN.jpg"]
    save(desk)
    assert captions(desk) == ["RED.jpg", "BLUE.jpg", "GREEN.jpg"]
    assert desk.locator("[name$=-position]").evaluate_all("all => all.map(one => one.value)")[:3] == ["0", "1", "2"]


def test_the_focal_point_is_set_by_a_click_and_moved_by_arrow_keys(desk):
    new_event(desk, sent("BLUE.jpg"))
    expect(desk.locator("[data-state=ready]")).to_have_count(1, timeout=60_000)
    row = desk.locator(ROW).first
    row.locator("summary").click()
    frame = row.locator("[data-focal] img")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    desk.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.6)
    assert desk.input_value("[name=photos-0-focal_x]") in {"79", "80", "81"}
    expect(row.locator("[data-mark]")).to_be_focused()
    desk.fill("[name=photos-0-focal_x]", "80")
    desk.fill("[name=photos-0-focal_y]", "60")
    row.locator("[data-mark]").focus()
    desk.keyboard.press("ArrowLeft")
    desk.keyboard.press("Shift+ArrowDown")
    assert (desk.input_value("[name=photos-0-focal_x]"), desk.input_value("[name=photos-0-focal_y]")) == ("78", "70")
    cut = row.locator("[data-cut] img")
    assert cut.evaluate("image => getComputedStyle(image).objectPosition") == "80% 70%"
    save(desk)
    assert (desk.input_value("[name=photos-0-focal_x]"), desk.input_value("[name=photos-0-focal_y]")) == ("78", "70")


def test_a_decorative_photo_needs_no_description_and_missing_captions_are_said(desk):
    new_event(desk, sent("BLUE.jpg"))
    row = desk.locator(ROW).first
    expect(row.locator("[data-missing-codes]")).to_have_text("ru, en")
    row.locator("summary").click()
    row.locator("[name=photos-0-caption_en]").fill("A field")
    expect(row.locator("[data-missing-codes]")).to_have_text("ru")
    expect(row.locator("[data-caption]")).to_have_text("A field")
    expect(row.locator("[name=photos-0-alt_en]")).to_be_visible()
    row.locator("[name=photos-0-decorative]").check()
    expect(row.locator("[name=photos-0-alt_en]")).to_be_hidden()


def test_without_javascript_photos_are_sent_with_the_form_and_ordered_by_numbers(running_portal, browser_page):
    page = browser_page(java_script_enabled=False)
    log_in(page, running_portal)
    page.goto(ADD)
    page.locator("[name=categories]").first.check()
    page.set_input_files("#id_new_photos", list(map(sent, PICTURES)))
    with page.expect_navigation():
        page.click("[name=_continue]")
    assert captions(page) == PICTURES
    assert page.input_value("[name=starts_at_0]") == "10.01.2022"
    assert page.locator(f"{ROW} button:visible").count() == 0
    page.locator("summary").get_by_text("GREEN").click()
    page.fill("[name=photos-2-position]", "0")
    with page.expect_navigation():
        page.click("[name=_continue]")
    assert captions(page) == ["GREEN.jpg", "BLUE.jpg", "RED.jpg"]


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(desk, width):
    desk.set_viewport_size({"width": width, "height": 800})
    new_event(desk, sent("BLUE.jpg"))
    desk.locator(ROW).first.locator("summary").click()
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    group = desk.locator("[data-photos]").bounding_box()
    inner = desk.locator("[data-photos] :is(input, textarea, button, img):visible")
    assert all(
        box["x"] + box["width"] <= group["x"] + group["width"] + 1
        for box in (one.bounding_box() for one in inner.all())
    )
