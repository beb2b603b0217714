"""A whole case: a citizen sends it, mends the address, it is forwarded, answered by two, read with the code, rated."""

import os
import re
import subprocess
import sys

import pytest

from tests.appeals.citizen import picture
from tests.browser.portal import ROOT
from tests.browser.test_main_path import captcha_answer, press_send, write

pytestmark = pytest.mark.browser
PASSWORD = "Correct-Horse-9"
ANSWER = "Роҳ дар моҳи майи соли оянда таъмир карда мешавад."
MAKE_OFFICE = f"""
from django.contrib.auth.models import Group, User
for name, group in (("clerk", "Appeals officer"), ("head", "Appeals supervisor")):
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
"""


@pytest.fixture
def office(running_portal, browser_page):
    """``office("clerk", number)``: that person, signed in, with the appeal open."""
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(running_portal.data_dir)}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_OFFICE]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)

    def sign_in(name, number):
        page = browser_page(viewport={"width": 1280, "height": 900})
        page.goto("/admin/login/?next=/admin/appeals/appeal/?q=" + number)
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.locator("[type=submit]").last.click()
        page.locator("#result_list").get_by_role("link", name=number).click()
        return page

    return sign_in


def take(page, step, **typed):
    """Open the step, fill it in, press its button."""
    details = page.locator(f"#step-{step}")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    for name, value in typed.items():
        field = details.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "checkbox":
            details.get_by_label(value).check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    details.locator("input[type=submit]").click()
    page.wait_for_load_state()


def test_a_whole_case_from_the_first_word_to_the_rating(running_portal, browser_page, office):
    citizen = browser_page()
    citizen.goto("/en/appeals/write/")
    citizen.select_option("[name=region]", "TJ-SU")
    citizen.select_option("[name=district]", "TJ-SU:khujand")
    write(citizen, address="кӯчаи Рӯдакӣ")
    citizen.click("button[name=next]")
    citizen.set_input_files("[name=signature]", {"name": "s.png", "mimeType": "image/png", "buffer": picture().read()})
    citizen.fill("[name=captcha_1]", captcha_answer(running_portal, citizen))
    citizen.wait_for_timeout(5000)  # As a person would; an appeal sent within seconds is held for staff.
    press_send(citizen)
    citizen.wait_for_url("**/receipt/")
    number, code = citizen.locator("#number").inner_text(), citizen.locator("#code").inner_text()

    clerk = office("clerk", number)
    clerk.get_by_role("button", name="Register").click()
    take(clerk, "ask", field="address", text="Рақами хона?", days="7")

    track(citizen, number, code)
    citizen.get_by_role("link", name="Mend the address").click()
    citizen.fill("[name=address]", "кӯчаи Рӯдакӣ, 5, ҳуҷраи 12")
    citizen.locator("main button").last.click()
    citizen.wait_for_url(re.compile("/case/$"))

    clerk.reload()
    take(clerk, "forward", authorities="Ministry of Transport", text="Лутфан баррасӣ намоед.")
    assert clerk.get_by_role("button", name="Take it back").is_visible()
    citizen.reload()
    assert "Forwarded to Ministry of Transport" in citizen.locator("main").inner_text()

    take(clerk, "answer", text=ANSWER)
    citizen.reload()
    assert ANSWER not in citizen.locator("main").inner_text()
    head = office("head", number)
    assert ANSWER in head.locator("#prepared").inner_text()
    take(head, "approve")
    assert head.locator("#status").inner_text() == "answered"

    citizen.reload()
    assert ANSWER in citizen.locator("main").inner_text()
    citizen.check("[name=helped][value=yes]")
    citizen.locator("#rating button").click()
    head.reload()
    assert "The applicant said that the answer helped." in head.locator("#content-main").inner_text()


def track(citizen, number, code):
    citizen.mouse.click(5, 5)
    citizen.once("dialog", lambda dialog: dialog.accept())
    citizen.goto("/en/appeals/track/")
    citizen.fill("[name=number]", number)
    citizen.fill("[name=code]", code)
    citizen.locator("main form button").first.click()
    citizen.wait_for_url(re.compile("/case/$"))
