"""Files are attached in a browser: one by one with JavaScript, on a bad line too, and with the form without it."""

import re
import zlib

import pytest
from playwright.sync_api import expect

from tests.browser.test_main_path import write

pytestmark = pytest.mark.browser

# Large enough that its sending can be seen.
LARGE = {"name": "Гузориш.txt", "mimeType": "text/plain", "buffer": "Ҳисоби мо. ".encode() * 300_000}


def pdf(name):
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}


def names(page):
    return page.locator(".attached-file a").all_inner_texts()


def button(page, does, name):
    return page.get_by_role("button", name=re.compile(f"^{does}.*{name}$"))


def attach(page, *files):
    page.set_input_files("[name=attachments]", list(files))


def status(page, text):
    page.locator("[data-status]").filter(has_text=text).wait_for()


def open_form(browser_page, **options):
    page = browser_page(**options)
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto("/en/appeals/write/")
    return page


def test_files_are_sent_one_by_one_and_a_cut_line_is_tried_again(browser_page):
    page = open_form(browser_page, viewport={"width": 360, "height": 740})
    sent, under_way = [], []

    def cut_the_second(route):
        sent.append(route.request.post_data_buffer or b"")
        under_way.append(page.locator("[data-queue] progress").count())
        if len(sent) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/write/files/", cut_the_second)
    attach(page, pdf("а.pdf"), LARGE, pdf("Ҷ.pdf"))
    status(page, "The connection was lost. It is tried again in a moment.")
    page.locator(".attached-file").nth(2).wait_for()
    assert names(page) == ["а.pdf", "Гузориш.txt", "Ҷ.pdf"]
    assert len(sent) == 4
    assert set(under_way) == {1}, "one at a time"
    ids = [re.search(rb'name="upload_id"\r\n\r\n(\w+)', body)[1] for body in (sent[1], sent[2])]
    assert ids[0] == ids[1], "the repeated attempt says that it is one"
    assert page.locator("[data-queue] li").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.reload()
    assert names(page) == ["а.pdf", "Гузориш.txt", "Ҷ.pdf"]
    assert page.problems == []


def test_an_answer_that_was_lost_makes_no_second_copy(browser_page):
    page = open_form(browser_page)
    attempts = []

    def lose_the_first_answer(route):
        attempts.append(1)
        if len(attempts) == 2:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/write/files/", lose_the_first_answer)
    attach(page, pdf("first.pdf"))
    page.locator(".attached-file").wait_for()
    attach(page, pdf("second.pdf"))
    page.locator(".attached-file").nth(1).wait_for()
    assert len(attempts) == 3
    page.reload()
    assert names(page) == ["first.pdf", "second.pdf"]


def test_a_line_that_stays_cut_ends_with_a_button_to_try_again(browser_page):
    page = open_form(browser_page)
    page.clock.install()
    page.route("**/write/files/", lambda route: route.abort())
    attach(page, pdf("a.pdf"))
    for seconds in (1, 3, 10):
        status(page, "The connection was lost.")
        page.locator("[data-queue] progress").wait_for(state="detached")
        page.clock.run_for(1000 * seconds + 100)
    page.locator("[data-queue] .field-error").filter(has_text="The file is not added yet.").wait_for()
    page.unroute("**/write/files/")
    button(page, "Try again", "a.pdf").press("Enter")
    page.locator(".attached-file").wait_for()
    assert names(page) == ["a.pdf"]


def test_a_refused_file_is_told_of_and_the_others_are_kept(browser_page):
    page = open_form(browser_page)
    attach(page, {"name": "a.zip", "mimeType": "application/zip", "buffer": b"PK\x05\x06" + b"\0" * 18}, pdf("b.pdf"))
    page.locator(".attached-file").wait_for()
    assert "Archives cannot be taken." in page.locator("[data-queue] .field-error").inner_text()
    button(page, "Remove", "a.zip").press("Enter")
    expect(page.locator("[data-queue] li")).to_have_count(0)
    assert names(page) == ["b.pdf"]


def test_files_are_removed_by_keyboard_and_the_focus_stays_near(browser_page):
    page = open_form(browser_page)
    attach(page, pdf("a.pdf"), pdf("b.pdf"), pdf("c.pdf"))
    page.locator(".attached-file").nth(2).wait_for()
    button(page, "Remove", "b.pdf").press("Enter")
    status(page, "b.pdf: The file is removed.")
    assert page.locator(":focus").inner_text().startswith("Remove")
    assert "c.pdf" in page.locator(":focus").text_content()
    page.keyboard.press("Space")
    status(page, "c.pdf: The file is removed.")
    page.keyboard.press("Enter")
    status(page, "a.pdf: The file is removed.")
    assert page.locator(":focus").get_attribute("name") == "attachments"
    page.reload()
    assert names(page) == []


def test_the_form_waits_for_its_files_and_goes_on_by_itself(browser_page):
    page = open_form(browser_page)
    write(page)
    page.select_option("[name=region]", "TJ-SU")
    page.select_option("[name=district]", "TJ-SU:khujand")
    page.fill("[name=address]", "кӯчаи Рӯдакӣ, 5")
    held = []
    page.route("**/write/files/", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks the function)
    attach(page, pdf("a.pdf"))
    page.locator("[data-queue] progress").wait_for()
    page.click("button[name=next]")
    status(page, "Files are still being sent.")
    assert page.url.endswith("/write/")
    held[0].continue_()
    page.wait_for_url("**/en/appeals/check/")
    assert "a.pdf" in page.locator("main").inner_text()


def test_a_large_file_is_sent_whole(browser_page):
    page = open_form(browser_page)
    noise = zlib.compress(b"a", 0) * 1_000_000
    attach(page, {"name": "l.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + noise[:10_000_000]})
    page.locator(".attached-file").wait_for()
    assert "9.5 MB" in page.locator(".attached-file").inner_text().replace("\xa0", " ")


def test_targets_are_large_enough_and_a_dropped_file_is_taken(browser_page):
    page = open_form(browser_page, viewport={"width": 360, "height": 740})
    drop = "() => {const all = new DataTransfer(); all.items.add(new File(['%PDF-1.7'], 'dropped.pdf')); return all}"
    page.dispatch_event("[data-attachments]", "drop", {"dataTransfer": page.evaluate_handle(drop)})
    page.locator(".attached-file").wait_for()
    assert names(page) == ["dropped.pdf"]
    for target in page.locator(".attached-file :is(a, button), [name=attachments]").all():
        assert target.bounding_box()["height"] >= 44


def test_without_javascript_files_go_with_the_form_and_are_removed_by_a_button(browser_page):
    page = open_form(browser_page, java_script_enabled=False)
    page.fill("[name=surname]", "Ғафурова")
    attach(page, pdf("a.pdf"), pdf("b.pdf"))
    with page.expect_navigation():
        page.click("button[name=stay]")
    assert names(page) == ["a.pdf", "b.pdf"]
    page.fill("[name=given_name]", "Ҷамила")
    button(page, "Remove", "a.pdf").click()
    page.wait_for_url("**/write/#attachments")
    assert names(page) == ["b.pdf"]
    assert page.locator(".error-summary").count() == 0
    assert page.input_value("[name=given_name]") == "Ҷамила"


def test_the_enter_key_removes_no_file(browser_page):
    page = open_form(browser_page, java_script_enabled=False)
    attach(page, pdf("a.pdf"))
    page.click("button[name=stay]")
    page.press("[name=surname]", "Enter")
    page.locator(".error-summary").wait_for()
    assert names(page) == ["a.pdf"]
