"""Nothing typed is lost: a closed tab, a change of language, a line that goes, another browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.appeals.citizen import TEXT

pytestmark = pytest.mark.browser

SAVED = re.compile(r"Saved at \d\d:\d\d")


def saved(page, pattern=SAVED):
    page.locator("[data-saved]").filter(has_text=pattern).wait_for()


def open_form(browser_page, **options):
    page = browser_page(**options)
    page.goto("/en/appeals/write/")
    return page


def test_a_closed_tab_loses_nothing(running_portal, browser_page):
    page = open_form(browser_page)
    page.fill("[name=text]", TEXT)
    saved(page)
    context = page.context
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto("/en/appeals/write/")
    assert page.input_value("[name=text]") == TEXT


def test_a_change_of_language_takes_the_last_word_along(running_portal, browser_page):
    page = open_form(browser_page)
    page.fill("[name=surname]", "Раҳимов")
    page.get_by_role("link", name="Русский").click()  # Before any pause in which it could be saved.
    page.wait_for_url("**/ru/**")
    page.goto("/ru/appeals/write/")
    page.reload()
    assert page.input_value("[name=surname]") == "Раҳимов"


def test_a_lost_line_is_told_and_made_up_for(running_portal, browser_page):
    page = open_form(browser_page)
    page.context.set_offline(True)
    page.fill("[name=text]", TEXT)
    saved(page, re.compile("Not saved: there is no connection"))
    assert page.input_value("[name=text]") == TEXT
    page.context.set_offline(False)
    saved(page)
    page.reload()
    assert page.input_value("[name=text]") == TEXT


def test_a_code_continues_in_another_browser_without_javascript(running_portal, browser_page):
    page = open_form(browser_page, java_script_enabled=False)
    page.fill("[name=text]", TEXT)
    page.click("button[name=later]")
    code = page.locator("#code").inner_text()
    other = browser_page(java_script_enabled=False)
    other.goto("/en/appeals/resume/")
    other.fill("[name=code]", code)
    other.get_by_role("button", name="Open the draft").click()
    expect(other.locator("[name=text]")).to_have_value(TEXT)


def test_a_group_and_its_districts_on_a_telephone(running_portal, browser_page):
    page = open_form(browser_page, viewport={"width": 360, "height": 740})
    assert not page.locator("[name=with-0-surname]").is_visible()
    page.get_by_label("A group of people").check()
    page.fill("[name=with-0-surname]", "Саидова")
    page.select_option("[name=with-0-region]", "TJ-KT")
    assert page.locator("[name=with-0-district] optgroup").count() == 1
    assert page.locator("[name=district] optgroup").count() == 5
    page.get_by_role("button", name="Add another person").click()
    page.locator("[name=with-1-surname]").wait_for()
    assert page.input_value("[name=with-0-surname]") == "Саидова"
    page.locator("[name=with-1-same_address]").check()
    assert not page.locator("[name=with-1-region]").is_visible()
    page.fill("[name=with-1-surname]", "Қодиров")
    page.locator('button[name=remove_person][value="0"]').click()
    page.wait_for_load_state()
    assert page.input_value("[name=with-0-surname]") == "Қодиров"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
