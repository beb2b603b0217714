"""From the event to its readers: an editor writes, a chief sets the time, it appears, a correction shows."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import ROOT
from tests.browser.test_photo_desk import new_event, save, sent
from tests.browser.test_writing_desk import language
from tests.news.factories import PASSWORD

pytestmark = pytest.mark.browser

TITLES = {
    "tg": "Мулоқот бо соҳибкорони вилоят",
    "ru": "Встреча с предпринимателями области",
    "en": "Meeting with entrepreneurs of the region",
}
DUSHANBE = ZoneInfo("Asia/Dushanbe")
CORRECTION = "Шумораи иштирокчиён ислоҳ шуд."
# Long enough to come to the reader's page before it; the clock is the server's and ours alike.
UNTIL_IT_APPEARS = timedelta(seconds=40)
MAKE_STAFF = """
from django.contrib.auth.models import Group, User
for name, group in (("editor", "Press editor"), ("chief", "Press chief")):
    user = User.objects.create_user(name, password={password!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
"""


@pytest.fixture
def staff(running_portal, browser_page):
    """``staff("editor")``: that person, logged in, in a browser of their own."""
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(running_portal.data_dir)}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_STAFF.format(password=PASSWORD)]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)

    def log_in(name: str) -> Page:
        page = browser_page(viewport={"width": 1280, "height": 900})
        page.goto("/admin/login/?next=/admin/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.locator("[type=submit]").last.click()
        page.wait_for_url(re.compile(r"/admin/$"))
        return page

    return log_in


def take(page: Page, event: str, code: str, step: str) -> None:
    """Press the button of a step; its own page may have been filled in before."""
    page.goto(f"{event}step/{code}/{step}/")
    page.locator("#step_form [type=submit]").click()
    page.wait_for_url(re.compile(r"/change/"))


def write(editor: Page) -> str:
    """An event with three photos and a report in each language; returns its address at the desk."""
    new_event(editor, sent("1.jpg"), sent("2.jpg"), sent("3.jpg"))
    event = editor.url.partition("change/")[0]
    for code, title in TITLES.items():
        part = language(editor, code)
        part.locator("[name$=-title]").fill(title)
        part.locator(".editor__text").click()
        editor.keyboard.type(f"{title}. " * 5)
    save(editor)
    return event


def look_at_it_on_a_telephone(editor: Page, event: str) -> None:
    editor.goto(f"{event}preview/tg/")
    phone = editor.frame_locator("iframe[width='360']")
    expect(phone.locator("h1")).to_have_text(TITLES["tg"])
    expect(phone.locator("[data-photo]")).to_have_count(3)
    assert phone.locator("html").evaluate("root => root.scrollWidth") <= 360


def schedule(chief: Page, event: str) -> datetime:
    """Set the time of the Tajik report; returns it."""
    appears = datetime.now(DUSHANBE).replace(microsecond=0) + UNTIL_IT_APPEARS
    chief.goto(f"{event}step/tg/schedule/")
    chief.fill("[name=at_0]", f"{appears:%d.%m.%Y}")
    chief.fill("[name=at_1]", f"{appears:%H:%M:%S}")
    chief.locator("#step_form [type=submit]").click()
    chief.wait_for_url(re.compile(r"/change/"))
    expect(chief.locator(".workflow__state--scheduled")).to_be_visible()
    return appears


def test_an_event_from_the_editor_to_the_reader(staff, browser_page):
    editor = staff("editor")
    event = write(editor)
    look_at_it_on_a_telephone(editor, event)
    for code in TITLES:
        take(editor, event, code, "review")

    chief = staff("chief")
    expect(chief.get_by_role("link", name=TITLES["tg"]).first).to_be_visible()
    for code in ("ru", "en"):
        take(chief, event, code, "publish")
    appears = schedule(chief, event)

    number = re.search(r"/event/(\d+)/", event)[1]
    page = f"/tg/news/{number}/x/"
    reader = browser_page(viewport={"width": 360, "height": 740})
    reader.goto(page.replace("/tg/", "/ru/"))
    expect(reader.locator("h1")).to_have_text(TITLES["ru"])
    reader.goto(page)
    shown = TITLES["tg"] in reader.content()
    assert datetime.now(DUSHANBE) < appears, "the machine is too slow to look before the time"
    assert not shown
    while datetime.now(DUSHANBE) <= appears:
        reader.wait_for_timeout(200)
    reader.goto(page)
    expect(reader.locator("h1")).to_have_text(TITLES["tg"])
    assert reader.goto(reader.locator("[data-photo]").first.get_attribute("href")).status == 200

    chief.goto(f"{event}change/")
    language(chief, "tg").locator("[name$=-correction]").fill(CORRECTION)
    save(chief)
    later = browser_page()  # The other browser may keep the page for a minute.
    saved = datetime.now(DUSHANBE)
    later.goto(page)
    while CORRECTION not in later.content():  # Within a second in all processes; a look takes its time, too.
        assert datetime.now(DUSHANBE) < saved + timedelta(seconds=10)
        later.reload()
    expect(later.locator(".corrections")).to_contain_text(CORRECTION)
