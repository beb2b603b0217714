"""The writing desk in a browser: the editor, pasted text, work that survives a crash and a logout, addresses of names."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.text import slugify

pytestmark = pytest.mark.browser

ADD = "/admin/news/event/add/"
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{mso-style-parent:""}</style></head>
<body><!--StartFragment--><h1 style='text-align:center'>Сарлавҳа</h1>
<p class=MsoNormal align=center style='text-align:center'><b><span lang=TG style='font-size:14.0pt'>ФАРМОН<o:p></o:p></span></b></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>Якум<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span
style='mso-list:Ignore'>·<span>&nbsp; </span></span><!--[endif]-->Дуюм</p>
<p><a href="javascript:alert(1)">бад</a> ва <a href="https://example.org/a">нек</a><img src=x onerror=alert(1)></p>
<table class=MsoTableGrid border=1><tr><td width=100><p class=MsoNormal>Ном</p></td><td><p>Вазифа</p></td></tr></table>
<!--EndFragment--></body></html>"""
PASTED = [
    "<h2>Сарлавҳа</h2>", "<p><strong>ФАРМОН</strong></p>", "<ul><li><p>Якум</p></li><li><p>Дуюм</p></li></ul>",
    '<p>бад ва <a href="https://example.org/a">нек</a></p>', "<p>Ном Вазифа</p>",
]  # fmt: skip
NAMES = """
Ғафуров|Ӣсо|Қурғонтеппа|Ӯротеппа|Ҳисор|Ҷалолиддин|Хуҷанд|Бӯстон|Кӯҳистони Бадахшон|Шаҳринав|Ҷаббор Расулов|Нурек|Роғун|
Восеъ|Муъминобод|Данғара|Қубодиён|Дӯстӣ|Шамсиддини Шоҳин|Панҷакент|Айнӣ|Деваштич|Ғончӣ|Зафаробод|Мастчоҳ|Ашт|Спитамен|
Ишкошим|Рӯшон|Шуғнон|Ванҷ|Дарвоз|Мурғоб|Роштқалъа|Сангвор|Лахш|Тоҷикобод|Рашт|Нуробод|Файзобод|Варзоб|Рӯдакӣ|Турсунзода|
Щёлково|Объезд|Цхинвал|Чёрный — белый|São Paulo №2|  a  _ b  |Иҷлосияи навбатии Шӯрои сарони давлатҳои аъзои Иттиҳоди
Давлатҳои Мустақил дар шаҳри Душанбе, ки дар он масъалаҳо баррасӣ мешаванд|Ҷ‑8 «Сомон»|Ѳ ღ ß|-|СҲШ+
""".replace("\n", "").split("|")


@pytest.fixture
def desk(running_portal, browser_page):
    """A page of a press chief who is logged in; whatever the browser complains of fails the test."""
    page = browser_page(viewport={"width": 1280, "height": 900}, timezone_id="America/Lima")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, running_portal)
    yield page
    assert [text for text in complaints if "Failed to load resource" not in text] == []


def log_in(page: Page, portal) -> None:
    page.goto("/admin/login/?next=/admin/")
    page.fill("[name=username]", "staff")
    page.fill("[name=password]", portal.password)
    page.locator("[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/admin/$"))


def open_event(page: Page) -> str:
    """A demonstration event in three languages; returns its address."""
    page.goto("/admin/news/event/?q=Participation")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_url(re.compile(r"/event/\d+/change/"))
    return page.url.partition("?")[0]


def language(page: Page, code: str):
    """Show the report in this language; returns its part of the page, when its editor is there."""
    page.locator(f'[role=tab]:has([lang="{code}"])').click()
    part = page.locator(f'.report[data-language="{code}"]')
    expect(part.locator(".editor__text")).to_be_visible()
    return part


def paste(part, html: str) -> None:
    part.locator(".editor__text").evaluate(
        """(field, html) => {
          const clipboard = new DataTransfer();
          clipboard.setData("text/html", html);
          clipboard.setData("text/plain", "plain");
          field.focus();
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }));
        }""",
        html,
    )


def test_pasted_word_becomes_the_sites_style_and_the_buttons_write_it_too(desk):
    desk.goto(ADD)
    part = language(desk, "tg")
    paste(part, WORD)
    field = part.locator("textarea.report-body")
    assert field.input_value().split("\n") == PASTED
    part.locator(".editor__text").click()
    desk.keyboard.press("Control+End")
    desk.wait_for_timeout(300)  # The editor hears of the new place a moment later; no hand is quicker.
    desk.keyboard.press("Enter")
    desk.keyboard.type("Суханони нав")
    desk.keyboard.press("Shift+Home")
    part.get_by_role("button", name="Bold").click()
    expect(part.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")
    desk.keyboard.press("Control+k")
    dialog = part.locator("dialog")
    dialog.locator("input").fill("javascript:alert(1)")
    desk.keyboard.press("Enter")
    expect(dialog.locator("[role=alert]")).to_be_visible()
    dialog.locator("input").fill("president.tj/x")
    desk.keyboard.press("Enter")
    last = '<p><strong><a href="https://president.tj/x">Суханони нав</a></strong></p>'
    assert field.input_value().split("\n") == [*PASTED, last]
    desk.wait_for_timeout(300)
    desk.keyboard.press("ArrowRight")
    desk.wait_for_timeout(300)
    desk.keyboard.press("Enter")
    desk.keyboard.type("Боз")
    part.get_by_role("button", name="Subheading").click()
    assert field.input_value().endswith("\n<h3><strong>Боз</strong></h3>")
    part.get_by_role("button", name="Undo").click()
    assert "<h3>" not in field.input_value()
    part.get_by_role("button", name="Redo").click()
    assert field.input_value().endswith("\n<h3><strong>Боз</strong></h3>")


def test_the_tajik_text_stands_beside_on_a_wide_screen_and_above_on_a_telephone(desk):
    open_event(desk)
    part = language(desk, "ru")
    source, own = part.locator("[data-source=body]"), part.locator(".editor")
    assert source.bounding_box()["x"] > own.bounding_box()["x"] + own.bounding_box()["width"] - 1
    desk.set_viewport_size({"width": 360, "height": 740})
    expect(source).to_be_hidden()
    part.locator(".field-body summary").click()
    expect(source).to_be_visible()
    assert source.bounding_box()["y"] < own.bounding_box()["y"]
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360


def test_unsaved_work_survives_a_crash_and_the_end_of_the_login(desk, running_portal):
    url = open_event(desk)
    lead = language(desk, "en").locator("[name$=-lead]")
    stored = lead.input_value()
    before, after = f"{stored[:200]} Typed before the crash.", f"{stored[:200]} Typed after the login was over."
    lead.fill(before)
    state = desk.locator(".desk__state")
    expect(state).to_contain_text("Unsaved text is kept", timeout=15000)

    desk.goto("about:blank")  # The page is gone with what stood in it.
    desk.goto(url)
    language(desk, "en")
    expect(lead).to_have_value(stored)
    desk.get_by_role("link", name="Restore").click()
    expect(lead).to_have_value(before)
    assert desk.url.partition("?")[0] == url

    desk.context.clear_cookies(name="sessionid")
    lead.fill(after)
    expect(state).to_contain_text("You are logged out", timeout=15000)
    desk.click("[name=_continue]")
    expect(lead).to_have_value(after)
    other = desk.context.new_page()
    log_in(other, running_portal)
    other.close()
    expect(state).to_contain_text("Unsaved text is kept", timeout=30000)

    desk.click("[name=_continue]")
    desk.wait_for_load_state("networkidle")
    expect(language(desk, "en").locator("[name$=-lead]")).to_have_value(after)
    expect(desk.locator("[data-found-bar]")).to_be_hidden()
    assert desk.evaluate("Object.keys(localStorage).filter(name => name.startsWith('desk:'))") == []


def test_text_that_was_taken_back_is_not_offered_again(desk):
    url = open_event(desk)
    lead = language(desk, "en").locator("[name$=-lead]")
    stored = lead.input_value()
    for text in ("Something else.", stored):
        lead.fill(text)
        with desk.expect_response("**/autosave/") as answer:
            pass
        assert answer.value.ok
    desk.goto(url)
    desk.wait_for_load_state("networkidle")
    expect(desk.locator("[data-found-bar]")).to_be_hidden()


def test_work_that_never_reached_the_server_is_found_in_the_browser(desk):
    url = open_event(desk)
    desk.route("**/autosave/", lambda route: route.abort())
    part = language(desk, "ru")
    part.locator(".editor__text").click()
    desk.keyboard.type("Слова без связи. ")
    expect(desk.locator(".desk__state")).to_contain_text("kept in this browser", timeout=15000)
    desk.goto("about:blank")
    desk.unroute("**/autosave/")
    desk.goto(url)
    desk.get_by_role("link", name="Restore").click()
    expect(language(desk, "ru").locator(".editor__text")).to_contain_text("Слова без связи.")
    desk.goto(url)
    desk.get_by_role("button", name="Discard").click()
    expect(desk.locator("[data-found-bar]")).to_be_hidden()
    desk.wait_for_load_state("networkidle")
    desk.reload()
    desk.wait_for_load_state("networkidle")
    expect(desk.locator("[data-found-bar]")).to_be_hidden()


def test_logging_out_leaves_nothing_in_the_browser(desk):
    open_event(desk)
    language(desk, "en").locator("[name$=-lead]").fill("Secret until tomorrow.")
    desk.evaluate("localStorage.setItem('desk:1:999', '{}')")
    desk.locator("#logout-form button").click()
    desk.wait_for_url("**/admin/logout/")
    desk.wait_for_load_state("networkidle")
    assert "desk:" not in desk.evaluate("Object.keys(localStorage).join()")


def test_a_translation_is_filled_from_the_tajik_text_without_leaving_the_page(desk):
    desk.goto(ADD)
    desk.fill("[name=starts_at_0]", "10.01.2022")
    desk.fill("[name=starts_at_1]", "13:45")
    desk.locator("[name=categories]").first.check()
    part = language(desk, "tg")
    part.locator("[name$=-title]").fill("Вохӯрӣ бо омӯзгорон")
    part.locator(".editor__text").click()
    desk.keyboard.type("Матни тоҷикӣ.")
    desk.click("[name=_continue]")
    desk.wait_for_url(re.compile(r"/event/\d+/change/"))
    part = language(desk, "ru")
    part.get_by_role("button", name="Start from the Tajik text").click()
    expect(part.locator("[name$=-title]")).to_have_value("Вохӯрӣ бо омӯзгорон")
    expect(part.locator(".editor__text")).to_have_text("Матни тоҷикӣ.")


def test_addresses_that_the_admin_suggests_are_those_of_the_portal(desk):
    desk.goto("/admin/news/place/add/")
    suggested = desk.evaluate("names => names.map(name => URLify(name, 100, false))", NAMES)
    assert len(NAMES) >= 50
    assert dict(zip(NAMES, suggested, strict=True)) == {name: slugify(name) for name in NAMES}
    desk.fill("[name=name_en]", "Ҷалолиддини Балхӣ")
    desk.locator("[name=name_en]").press("Tab")
    assert desk.input_value("[name=slug]") == "jaloliddini-balkhi"


def test_without_javascript_the_plain_field_works(running_portal, browser_page):
    page = browser_page(java_script_enabled=False)
    log_in(page, running_portal)
    page.goto(ADD)
    page.fill("[name=starts_at_0]", "11.01.2022")
    page.fill("[name=starts_at_1]", "09:00")
    page.locator("[name=categories]").first.check()
    page.fill("[name=reports-0-title]", "Сафари корӣ")
    page.fill("[name=reports-0-body]", "Сархати якум.\n\nСархати дуюм.")
    page.click("[name=_continue]")
    page.wait_for_url(re.compile(r"/event/\d+/change/"))
    assert page.input_value("[name=reports-0-body]") == "Сархати якум.\n\nСархати дуюм."
    page.get_by_role("button", name="Start from the Tajik text").first.click()
    assert page.input_value("[name=reports-1-title]") == "Сафари корӣ"
