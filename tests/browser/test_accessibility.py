"""Every page of an appeal's way, with and without mistakes, as axe sees it: no fault, in each language.

A page is loaded once; it is judged on a telephone in the light, in English also on a wide screen in the dark.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.appeals.citizen import TEXT, picture
from tests.browser.portal import ROOT
from tests.browser.test_main_path import captcha_answer

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """async rules => (await axe.run({ runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] })).violations
  .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(node => node.target.join(" ") + " " + node.failureSummary)}`)"""
PERSON = {"surname": "Раҳимов", "given_name": "Ҷамшед", "patronymic": "Қосимович"}
LANGUAGES = ["tg", "ru", "en"]


class Reader:
    """A browser in one language. ``look`` has the page judged; ``faults`` is what was found in all of them."""

    def __init__(self, page, language, portal):
        self.page, self.language, self.portal = page, language, portal
        self.faults = []

    def url(self, path):
        return f"/{self.language}/appeals/{path}"

    def open(self, path, name):
        self.page.goto(self.url(path))
        self.look(name)

    def press(self, selector, name=""):
        """Press a button whose page comes back or another one, and look at that."""
        with self.page.expect_navigation():
            self.page.locator(selector).last.click()
        if name:
            self.look(name)

    def look(self, name):
        self.page.evaluate(AXE_SCRIPT)  # By the debugger's own way: the page's policy lets no foreign script in.
        for width, scheme in ((360, "light"), (1280, "dark")) if self.language == "en" else ((360, "light"),):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            self.page.evaluate("document.getAnimations().forEach(animation => animation.finish())")
            if self.page.evaluate("document.documentElement.scrollWidth") > width:
                self.faults.append(f"{name}: wider than {width} px")
            found = self.page.evaluate(ASK, RULES)
            self.faults += [f"{name}, {width} px, {scheme}: {fault}" for fault in found]

    def fill(self, **typed):
        for name, text in typed.items():
            self.page.fill(f"[name={name}]", text)

    def write(self, **typed):
        self.page.goto(self.url("write/"))
        self.page.check("[name=applicant][value=individual]")
        self.page.check("[name=crime][value=no]")
        self.fill(**PERSON | {"text": TEXT, "address": "кӯчаи Рӯдакӣ, 5"} | typed)
        self.page.check("[name=kind][value=complaint]")
        self.page.select_option("[name=region]", "TJ-SU")
        self.page.select_option("[name=district]", "TJ-SU:khujand")
        self.press("button[name=next]")

    def send(self):
        """Sign and send; returns number and code."""
        sign(self.page)
        self.fill(captcha_1=captcha_answer(self.portal, self.page))
        self.press("main .button[name=send]")
        return self.page.locator("#number").inner_text(), self.page.locator("#code").inner_text()


def sign(page):
    signature = {"name": "s.png", "mimeType": "image/png", "buffer": picture().getvalue()}
    page.set_input_files("[name=signature]", signature)


@pytest.fixture
def reader(browser_page, running_portal):
    """``reader(language)``; a page that complains in the console, or in which axe finds anything, fails the test."""
    readers, problems = [], []

    def make(language):
        page = browser_page(reduced_motion="reduce")
        page.on("console", lambda message: message.type in {"error", "warning"} and problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        readers.append(Reader(page, language, running_portal))
        return readers[-1]

    yield make
    assert [fault for one in readers for fault in one.faults] == []
    assert problems == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_to_the_receipt(reader, language):
    reader = reader(language)
    reader.open("", "rules")
    reader.open("write/", "write")
    for writer in ("individual", "entity", "group", "behalf"):
        reader.page.check(f"[name=applicant][value={writer}]")
        reader.press("button[name=next]", f"write with mistakes: {writer}")
    reader.page.check("[name=crime][value=yes]")
    reader.press("button[name=next]", "write with mistakes in what is told of a crime")
    reader.open("write/?lost=1", "write without the draft")

    reader.write()
    reader.look("check")
    reader.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    reader.look("check with everything open")
    reader.fill(captcha_1=captcha_answer(reader.portal, reader.page))
    reader.press("main .button[name=send]", "check without a signature")
    sign(reader.page)
    reader.fill(captcha_1="0")
    reader.press("main .button[name=send]", "check with a wrong CAPTCHA")
    number, _code = reader.send()
    reader.look("receipt")
    receipt = reader.page.request.get(reader.url("receipt/receipt.pdf")).body()
    reader.press("main form .button", "rules after the receipt")

    reader.open("verify/", "verify")
    reader.fill(number=number, digest="0" * 64)
    reader.press("main form .button", "verify: not confirmed")
    reader.press("main form .button", "verify: once more")
    file = {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": receipt}
    reader.page.goto(reader.url("verify/"))
    reader.page.set_input_files("[name=receipt]", file)
    reader.press("main form .button", "verify: genuine")


def office(browser_page, portal):
    """The office's own browser, logged in."""
    page = browser_page()
    page.goto("/admin/")
    page.fill("[name=username]", "staff")
    page.fill("[name=password]", portal.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/admin/")
    return page


def step(page, portal, number, step, **typed):
    """The office takes a step in the case."""
    with closing(sqlite3.connect(portal.data_dir / "portal.sqlite3")) as database:
        pk = database.execute("SELECT id FROM appeals_appeal WHERE number = ?", [number]).fetchone()[0]
    page.goto(f"/admin/appeals/appeal/{pk}/change/")
    if step == "register":
        # It was written by a program, and is held: an officer looks at it first.
        for action in ("release", "register"):
            with page.expect_navigation():
                page.locator(f"form[action$='/{action}/'] [type=submit]").click()
        return
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    form = page.locator(f"form:has([name=step][value={step}])")
    for name, text in typed.items():
        if name == "field":
            form.locator(f"[name={name}]").select_option(text)
        else:
            form.locator(f"[name={name}]").fill(text)
    with page.expect_navigation():
        form.locator("[type=submit]").click()


def approve(portal, number):
    """A second person lets the answer go."""
    lines = f"""
from django.contrib.auth.models import Group, User
from appeals import casework
from appeals.models import Appeal
second, _made = User.objects.get_or_create(username="second", is_staff=True)
second.groups.add(Group.objects.get(name="Appeals supervisor"))
casework.approve_answer(Appeal.objects.get(number={number!r}), second)
"""
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(portal.data_dir)}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", lines]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_became_of_an_appeal(reader, browser_page, running_portal, language):
    reader = reader(language)
    reader.write()
    number, code = reader.send()
    reader.open("track/", "track")
    reader.fill(number="1")
    reader.press("main form .button", "track with mistakes")
    reader.fill(number=number, code="0000-0000-0000-0000-0")
    reader.press("main form .button", "track with a wrong code")
    reader.fill(number=number, code=code)
    reader.press("main form .button", "case, received")

    staff = office(browser_page, running_portal)
    step(staff, running_portal, number, "register")
    step(staff, running_portal, number, "ask", field="address", text="Суроғаи пурра лозим аст.")
    reader.open("case/", "case that waits for an address")
    reader.open("case/mend/", "the address to be mended")
    reader.fill(address="")
    reader.press("form[action$='/mend/'] button", "the address with a mistake")
    reader.fill(address="деҳаи Зираки, 7")
    reader.press("form[action$='/mend/'] button", "case after the address was mended")
    reader.press("form[action$='/message/'] .button", "case with an empty message")
    reader.page.goto(reader.url("case/"))
    reader.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    reader.press("form[action$='/withdraw/'] .button", "case with a withdrawal that is not confirmed")
    step(staff, running_portal, number, "answer", text="Роҳ то моҳи май таъмир мешавад.")
    approve(running_portal, number)
    reader.open("case/", "case that is answered")
    reader.press("form[action$='/rate/'] .button", "case with a judgement that is not given")
