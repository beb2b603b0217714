"""The line is gone: what was read can be read again, and what is being written is not lost."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from tests.appeals.citizen import TEXT
from tests.standstill import group, hanging

pytestmark = pytest.mark.browser

NO_LINE = "There is no connection"
KEPT = "This page was kept in this browser on"
WRITE = "/en/appeals/write/"
# What a browser's caches hold, by path and question.
IN_CACHES = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) found.push(url.slice(location.origin.length));
  return found;
}"""
# Nothing says when a worker has kept something: ask until it has.
UNTIL_KEPT = """async ({ kept, gone }) => {
  let found;
  for (let round = 0; round < 300; round += 1) {
    found = await (IN_CACHES)();
    if (kept.every((path) => found.includes(path)) && !gone.some((path) => found.includes(path))) return;
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`Kept: ${found.join(" ")}`);
}""".replace("IN_CACHES", IN_CACHES)


@pytest.fixture
def reader(browser_page):
    """A browser in which the worker stands, and has kept the page of all events and its own offline page."""
    page = browser_page(worker=True)
    page.goto("/en/news/")
    wait_until_kept(page, "/en/news/", "/en/offline/")
    return page


def wait_until_kept(page, *kept, gone=()):
    page.evaluate(UNTIL_KEPT, {"kept": kept, "gone": gone})


def forget_the_last_minute(page):
    """The browser itself keeps a page for a minute, and asks nobody."""
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")


def cut_the_line(page):
    forget_the_last_minute(page)
    page.context.set_offline(True)


def report_with_photo(page):
    """The address of the first report of a list that has a photo."""
    return page.locator("main a[href*='/news/']:has(img)").first.get_attribute("href")


def first_report(page):
    """The address of a report with a photo, which was read."""
    page.goto("/en/news/")
    address = report_with_photo(page)
    page.goto(address)
    wait_until_kept(page, address)
    return address


def test_what_was_read_can_be_read_again_with_its_photo(reader):
    address = first_report(reader)
    photo = reader.locator(".lead-photo img")
    expect(photo).to_have_js_property("complete", True)
    kept_photo = photo.evaluate("image => new URL(image.currentSrc).pathname")
    wait_until_kept(reader, kept_photo)
    cut_the_line(reader)
    reader.goto("/en/news/")
    expect(reader.locator("main .callout").first).to_contain_text(KEPT)
    reader.goto(address)
    expect(reader.locator("main .callout").first).to_contain_text(KEPT)
    assert reader.locator(".lead-photo img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert reader.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith(
        ('"Portal', "Portal")
    )
    expect(reader.locator("[data-photo] >> nth=0")).to_be_visible()


def test_a_page_that_was_not_read_gives_way_to_the_offline_page(reader):
    address = first_report(reader)
    title = reader.locator("h1").inner_text()
    cut_the_line(reader)
    reader.goto("/en/accessibility/")
    expect(reader.locator("h1")).to_have_text(NO_LINE)
    expect(reader.locator("main")).to_contain_text("2212520")
    link = reader.locator("main ul a").first
    expect(link).to_have_text(title)
    link.click()
    reader.wait_for_url(f"**{address}")
    expect(reader.locator("h1")).to_have_text(title)


def test_a_portal_that_says_nothing_is_not_waited_for_where_a_copy_is_kept(reader, running_portal):
    forget_the_last_minute(reader)
    with hanging(*group(running_portal.process.pid)):
        reader.goto("/en/news/")
        expect(reader.locator("main .callout").first).to_contain_text(KEPT)
    reader.goto("/en/news/")
    expect(reader.locator("main .callout")).to_have_count(0)


@pytest.mark.parametrize(("language", "words"), [("tg", "Пайваст нест"), ("ru", "Нет связи")])
def test_the_offline_page_speaks_the_language_of_the_address(reader, language, words):
    reader.goto(f"/{language}/news/")
    wait_until_kept(reader, f"/{language}/offline/")
    cut_the_line(reader)
    reader.goto(f"/{language}/accessibility/")
    expect(reader.locator("h1")).to_have_text(words)
    assert reader.evaluate("document.documentElement.lang") == language


def test_with_a_line_the_page_comes_from_the_portal(reader):
    reader.evaluate("""async () => {
      const name = (await caches.keys()).find((name) => name.startsWith("pages"));
      const headers = { "content-type": "text/html", "cache-control": "public" };
      await (await caches.open(name)).put("/en/news/", new Response("<h1>Old</h1>", { headers }));
    }""")
    reader.reload()
    expect(reader.locator("h1")).to_have_text("Events")


def test_nothing_of_an_appeal_or_of_a_search_is_kept(reader):
    for path in (WRITE, "/en/appeals/", "/en/appeals/track/", "/en/search/?q=visit", "/en/subscribe/", "/admin/login/"):
        reader.goto(path)
    reader.goto(WRITE)
    reader.fill("[name=text]", TEXT)
    reader.get_by_role("button", name="Only save the draft").click()
    reader.wait_for_load_state()
    wait_until_kept(reader, "/en/appeals/write/offline/")
    found = reader.evaluate(IN_CACHES)
    pages = {path for path in found if not re.match(r"/(static|media/photos)/", path)}
    assert pages == {"/en/news/", "/en/offline/", "/en/appeals/write/offline/"}


def test_a_page_made_for_one_reader_takes_the_kept_one_away(reader):
    reader.context.add_cookies([{"name": "view", "value": "s2p1c1i1f1", "url": reader.url}])
    forget_the_last_minute(reader)
    reader.goto("/en/news/")
    wait_until_kept(reader, gone=["/en/news/"])


def test_no_more_than_thirty_pages_are_kept(reader):
    addresses = [f"/en/news/2022/?number={number}" for number in range(31)]
    for address in addresses:
        reader.goto(address)
        wait_until_kept(reader, address)
    wait_until_kept(reader, *addresses[1:], gone=["/en/news/", addresses[0]])


# Writing without a line -----------------------------------------------------------------------------------------------


def stored(page):
    return json.loads(page.evaluate("localStorage.appeal ?? 'null'"))


def consent(page):
    return page.get_by_label("Keep what I type in this browser")


def open_form(browser_page, **options):
    page = browser_page(**options)
    page.goto(WRITE)
    return page


def test_nothing_stays_in_the_browser_unasked(running_portal, browser_page):
    page = open_form(browser_page)
    expect(consent(page)).not_to_be_checked()
    page.context.set_offline(True)
    page.fill("[name=text]", TEXT)
    expect(page.locator("[data-saved]")).to_contain_text("Not saved")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_what_is_typed_without_a_line_outlives_the_tab_and_goes_when_it_is_saved(running_portal, browser_page):
    page = open_form(browser_page)
    consent(page).check()
    page.context.set_offline(True)
    page.fill("[name=surname]", "Раҳимов")
    page.select_option("[name=region]", "TJ-KT")
    page.get_by_label("A group of people").check()
    page.fill("[name=text]", TEXT)
    assert stored(page)["typed"]["text"] == TEXT
    context = page.context
    page.close(run_before_unload=False)
    context.set_offline(False)
    page = context.new_page()
    page.goto(WRITE)
    expect(page.locator("[data-saved]")).to_contain_text("filled in again")
    expect(page.locator("[name=text]")).to_have_value(TEXT)
    expect(page.locator("[name=surname]")).to_have_value("Раҳимов")
    expect(page.locator("[name=region]")).to_have_value("TJ-KT")
    expect(page.get_by_label("A group of people")).to_be_checked()
    expect(page.locator("[data-saved]")).to_contain_text("filled in again. Saved at")
    assert stored(page)["typed"] == {}
    page.locator("[name=patronymic]").press("Space")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^Saved at"))
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator("[name=text]")).to_have_value(TEXT)


def test_the_consent_withdrawn_takes_everything_out_of_the_browser(running_portal, browser_page):
    page = open_form(browser_page)
    consent(page).check()
    page.context.set_offline(True)
    page.fill("[name=text]", TEXT)
    consent(page).uncheck()
    page.fill("[name=surname]", "Раҳимов")
    assert page.evaluate("localStorage.length") == 0
    expect(page.locator("[name=text]")).to_have_value(TEXT)


def test_what_is_older_than_a_day_is_erased_by_whatever_page_is_opened(running_portal, browser_page):
    page = open_form(browser_page)
    old = {"until": (time.time() - 1) * 1000, "begun": "", "typed": {"text": TEXT}}
    page.evaluate("(old) => { localStorage.appeal = JSON.stringify(old); }", old)
    page.goto("/ru/accessibility/")
    page.wait_for_function("localStorage.length === 0")
    page.evaluate("(old) => { localStorage.appeal = JSON.stringify(old); }", old)
    page.goto(WRITE)
    expect(consent(page)).not_to_be_checked()
    expect(page.locator("[name=text]")).to_have_value("")
    page.wait_for_function("localStorage.length === 0")


def test_what_was_sent_with_the_form_is_not_put_into_it_again(running_portal, browser_page):
    page = open_form(browser_page)
    consent(page).check()
    page.get_by_label("A group of people").check()
    page.fill("[name=with-0-surname]", "Саидова")
    page.get_by_role("button", name="Add another person").click()
    page.locator("[name=with-1-surname]").wait_for()
    page.fill("[name=with-1-surname]", "Қодиров")
    page.locator('button[name=remove_person][value="0"]').click()
    expect(page.locator("[name=with-1-surname]")).to_have_count(0)
    expect(page.locator("[name=with-0-surname]")).to_have_value("Қодиров")
    assert stored(page)["typed"] == {}


def test_the_draft_erased_is_erased_in_the_browser_too(running_portal, browser_page):
    page = open_form(browser_page)
    page.fill("[name=text]", TEXT)
    page.get_by_role("button", name="Only save the draft").click()
    consent(page).check()
    page.fill("[name=surname]", "Раҳимов")
    page.evaluate("document.querySelector('[name=surname]').form.removeAttribute('data-draft')")
    page.get_by_role("link", name="Erase the draft").click()
    page.get_by_role("button", name="Yes, erase the draft").click()
    expect(page.locator("main")).to_contain_text("The draft is erased")
    page.wait_for_function("localStorage.length === 0")


def test_the_form_opens_without_a_line_and_is_saved_when_it_is_back(reader):
    reader.goto("/en/appeals/")
    wait_until_kept(reader, "/en/appeals/write/offline/")
    cut_the_line(reader)
    reader.goto(WRITE)
    expect(reader.locator("[data-no-line]")).to_contain_text(NO_LINE)
    consent(reader).check()
    reader.fill("[name=text]", TEXT)
    reader.get_by_role("button", name="Go on: check and sign").click()
    expect(reader.locator("[data-saved]")).to_contain_text("Not saved")
    reader.reload()
    expect(reader.locator("[name=text]")).to_have_value(TEXT)
    assert reader.input_value("[name=csrfmiddlewaretoken]") == ""
    reader.context.set_offline(False)
    expect(reader.locator("[data-saved]")).to_contain_text("Saved at", timeout=30000)
    expect(reader.locator("[data-no-line]")).to_be_hidden()
    assert stored(reader)["typed"] == {}
    reader.fill("[name=surname]", "Раҳимов")
    reader.get_by_role("button", name="Only save the draft").click()
    reader.wait_for_load_state()
    expect(reader.locator("[name=text]")).to_have_value(TEXT)
    expect(reader.locator("[name=surname]")).to_have_value("Раҳимов")


def test_a_draft_that_the_server_had_is_joined_not_overwritten(reader):
    reader.goto(WRITE)
    reader.fill("[name=surname]", "Раҳимов")
    reader.fill("[name=text]", "Before the line went.")
    reader.get_by_role("button", name="Only save the draft").click()
    wait_until_kept(reader, "/en/appeals/write/offline/")
    cut_the_line(reader)
    reader.goto(WRITE)
    reader.fill("[name=text]", TEXT)
    reader.context.set_offline(False)
    expect(reader.locator("[data-saved]")).to_contain_text("Saved at", timeout=30000)
    expect(reader.locator("[name=surname]")).to_have_value("Раҳимов")
    reader.reload()
    expect(reader.locator("[name=surname]")).to_have_value("Раҳимов")
    expect(reader.locator("[name=text]")).to_have_value(TEXT)


# Without a script, and sharing ----------------------------------------------------------------------------------------


def without(browser_page, script, **options):
    """A browser that never gets this script."""
    page = browser_page(**options)
    page.route(re.compile(rf"/static/js/{script}\."), lambda route: route.abort())
    return page


@pytest.mark.parametrize("script", ["districts", "counter", "attachments", "draft", "offline"])
def test_an_appeal_goes_on_without(running_portal, browser_page, script):
    page = without(browser_page, script)
    page.goto(WRITE)
    page.fill("[name=text]", TEXT)
    page.get_by_role("button", name="Go on: check and sign").click()
    page.wait_for_load_state()
    expect(page.locator("main [role=alert]").first).to_be_visible()  # Name and address are missing.
    expect(page.locator("[name=text]")).to_have_value(TEXT)


@pytest.mark.parametrize("script", ["reader", "video", "offline"])
def test_a_report_is_read_without(running_portal, browser_page, script):
    page = without(browser_page, script)
    page.goto("/en/news/")
    page.goto(report_with_photo(page))
    expect(page.locator(".report__title")).to_be_visible()
    link = page.locator("[data-photo]").first
    page.goto(link.get_attribute("href"))
    assert page.evaluate("document.images[0].naturalWidth") > 0


def test_a_report_is_shared_by_the_device_where_it_can(running_portal, browser_page):
    page = browser_page()
    page.goto("/en/news/")
    address = report_with_photo(page)
    page.goto(address)
    assert page.evaluate("navigator.share") or page.get_by_role("button", name="Share…").count() == 0
    page.add_init_script("navigator.share = async (what) => { window.shared = what; };")
    page.goto(address)
    page.get_by_role("button", name="Share…").click()
    assert page.evaluate("window.shared") == {
        "title": page.locator(".report__title").inner_text(),
        "url": page.url,
    }
