"""A report in a browser: its photos by keys, finger and plain links, its films, the text edition, paper."""

import re
import secrets
import sqlite3
import time
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.browser

# The smallest of WebM: a header and an empty segment. Enough to be asked for; nothing of it plays.
WEBM = bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d4287810442858102185380678100")


# What SQL writes past the models, no page cache sees: this tells it.
CHANGED = "UPDATE portal_publicstate SET number = number + 1"


def wait_until_shown(url, text, seconds=10):
    """Until the processes show it: each connection of several is given to one of them."""
    end = time.monotonic() + seconds
    while not all(text in urlopen(url, timeout=20).read().decode() for _connection in range(40)):
        assert time.monotonic() < end, f"{url} does not show {text}"


@pytest.fixture(scope="module")
def album(running_portal):
    """Number and address of the public English report with the most photos, and how many it has."""
    with sqlite3.connect(f"file:{running_portal.data_dir / 'portal.sqlite3'}?mode=ro", uri=True) as database:
        event, slug, number = database.execute(
            "SELECT r.event_id, r.slug, count(*) FROM news_report r JOIN news_photo p ON p.event_id = r.event_id "
            "WHERE r.language = 'en' AND r.status = 'published' GROUP BY r.event_id, r.slug ORDER BY 3 DESC LIMIT 1"
        ).fetchone()
    assert number >= 4, "the demonstration has an album"
    return event, f"news/{event}/{slug}/", number


def watched(page):
    """What the page complains of, and every address that it asks for."""
    problems, asked = [], []
    page.on("console", lambda message: message.type in {"error", "warning"} and problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    return problems, asked


def wait_until(page, expression, seconds=20):
    """Asked again and again from here: in the page, Playwright's own waiting may be code from text, which it forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def place(page):
    return page.locator(".viewer__place").inner_text()


def test_the_viewer_is_led_by_keys_and_gives_the_focus_back(browser_page, album):
    _event, path, number = album
    page = browser_page(viewport={"width": 1280, "height": 800})
    problems, _asked = watched(page)
    page.goto(f"/en/{path}")
    address, second = page.url, page.locator("[data-photo]").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    viewer = page.locator("dialog.viewer")
    assert viewer.is_visible() and place(page) == f"2 / {number}"
    for key, shown in (
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("End", number),
        ("ArrowRight", number),
        ("Home", 1),
        ("ArrowLeft", 1),
    ):
        page.keyboard.press(key)
        assert place(page) == f"{shown} / {number}", key
    assert page.locator(".viewer__previous").is_disabled() and page.locator(".viewer__next").is_enabled()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert not viewer.is_visible()
    assert second.evaluate("link => link === document.activeElement")
    assert page.url == address and problems == []


def test_the_viewer_keeps_caption_description_language_and_formats(browser_page, album):
    _event, path, _number = album
    page = browser_page()
    page.goto(f"/en/{path}")
    figure = page.locator("figure:has([data-photo])").nth(2)
    alt, caption = figure.locator("img").get_attribute("alt"), figure.locator("figcaption")
    words, marks = caption.inner_text(), caption.inner_html()
    figure.locator("[data-photo]").click()
    image = page.locator(".viewer__photo img")
    assert image.get_attribute("alt") == alt and len(alt) > 3
    assert page.locator(".viewer__caption").inner_text() == words
    assert page.locator(".viewer__caption").inner_html() == marks
    assert page.locator(".viewer__photo source").evaluate_all("all => all.map(one => one.type)") == [
        "image/avif",
        "image/webp",
    ]
    wait_until(page, "document.querySelector('.viewer__photo img').complete")
    assert image.evaluate("image => image.currentSrc").endswith(".avif")
    assert image.evaluate("image => image.naturalWidth") >= 800, "larger than in the page"
    assert page.locator("dialog.viewer").evaluate("dialog => !!dialog.getAttribute('aria-label')")


def test_the_next_photo_is_fetched_ahead_and_nothing_jumps(browser_page, album):
    _event, path, _number = album
    page = browser_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(
        "window.jumps = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => { jumps += entry.value; }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    _problems, asked = watched(page)
    page.goto(f"/en/{path}")
    tokens = page.locator("[data-photo]").evaluate_all("all => all.map(link => link.href.split('/').at(-2))")
    page.locator("[data-photo]").first.click()
    wait_until(page, "document.querySelector('.viewer__photo img').complete")
    box = page.locator(".viewer__photo img").bounding_box()
    with page.expect_event("requestfinished", lambda request: tokens[2] in request.url):
        page.keyboard.press("ArrowRight")
    assert page.locator(".viewer__photo img").bounding_box() == box
    assert len([url for url in asked if tokens[2] in url and ".avif" in url]) >= 1
    assert page.evaluate("jumps") < 0.02


def swipe(page, start, end):
    """A finger from ``start`` to ``end``, in pixels of the window."""
    session = page.context.new_cdp_session(page)
    for kind, point in (("touchStart", start), ("touchMove", end), ("touchEnd", None)):
        points = [{"x": point[0], "y": point[1]}] if point else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_finger_turns_the_photos_over(browser_page, album):
    _event, path, number = album
    page = browser_page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.goto(f"/en/{path}")
    page.locator("[data-photo]").first.tap()
    swipe(page, (300, 300), (60, 310))
    assert place(page) == f"2 / {number}"
    swipe(page, (60, 300), (300, 290))
    assert place(page) == f"1 / {number}"
    swipe(page, (180, 500), (190, 200))
    assert place(page) == f"1 / {number}", "a finger that goes up turns nothing over"
    for name in ("close", "next"):
        box = page.locator(f".viewer__{name}").bounding_box()
        assert min(box["width"], box["height"]) >= 44
    page.locator(".viewer__close").tap()
    assert not page.locator("dialog.viewer").is_visible()


def test_a_click_for_another_window_opens_no_viewer(browser_page, album):
    page = browser_page()
    page.goto(f"/en/{album[1]}")
    with page.context.expect_page() as opened:
        page.locator("[data-photo]").first.click(modifiers=["Control"])
    opened.value.wait_for_url(re.compile(r"\.jpeg$"))  # At first it is an empty window.
    assert not page.locator("dialog.viewer").is_visible()


def test_without_javascript_a_photo_is_a_link_to_its_largest_file(browser_page, album):
    page = browser_page(java_script_enabled=False)
    page.goto(f"/en/{album[1]}")
    with page.expect_response(re.compile(r"/media/photos/.+\.jpeg$")) as found:
        page.locator("[data-photo]").nth(1).click()
    assert found.value.status == 200 and found.value.headers["content-type"] == "image/jpeg"


@pytest.fixture
def films(running_portal, album):
    """A film of ours and one that lies elsewhere, at the album; gone after the test."""
    token, (event, path, _number) = secrets.token_urlsafe(12), album
    file = running_portal.data_dir / "media" / "videos" / f"{token}.webm"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(WEBM)
    columns = "token, event_id, file, url, megabytes, title_tg, title_ru, title_en, position"
    with sqlite3.connect(running_portal.data_dir / "portal.sqlite3", timeout=20) as database:
        for row in (
            (token, event, f"videos/{token}.webm", "", 1, "Суханронӣ", "", "The speech", 0),
            (token[::-1], event, "", "https://films.example/watch?v=1", 40, "Маросим", "", "", 1),
        ):
            database.execute(f"INSERT INTO news_video ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        database.execute(CHANGED)
    wait_until_shown(f"{running_portal.url}/en/{path}", token)
    yield token
    with sqlite3.connect(running_portal.data_dir / "portal.sqlite3", timeout=20) as database:
        database.execute("DELETE FROM news_video WHERE event_id = ?", [event])
        database.execute(CHANGED)
    file.unlink()


def test_nothing_of_a_film_is_fetched_before_the_click(browser_page, album, films, running_portal):
    page = browser_page()
    _problems, asked = watched(page)
    page.goto(f"/en/{album[1]}")
    page.locator(".films").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/videos/" in url or not url.startswith(running_portal.url)] == []
    with page.expect_request(re.compile(rf"/media/videos/{films}\.webm$")) as found:
        page.locator("[data-film]").click()
    assert found.value.headers.get("range", "").startswith("bytes=0-")
    video = page.locator("video")
    assert video.get_attribute("aria-label").startswith("The speech") and video.evaluate("video => video.controls")
    assert "1 MB" in page.locator(".films figcaption").inner_text()
    elsewhere = page.locator("a.film")
    assert elsewhere.get_attribute("rel") == "noopener noreferrer external"
    assert (
        "opens on films.example" in elsewhere.inner_text() and elsewhere.locator("[lang=tg]").inner_text() == "Маросим"
    )
    assert [url for url in asked if not url.startswith(running_portal.url)] == []


def test_without_javascript_a_film_is_a_link_to_its_file(browser_page, album, films):
    page = browser_page(java_script_enabled=False)
    page.goto(f"/en/{album[1]}")
    href = page.locator("[data-film]").get_attribute("href")
    answer = page.request.get(href, headers={"range": "bytes=4-9"})
    assert href == f"/media/videos/{films}.webm" and answer.status == 206 and answer.body() == WEBM[4:10]
    assert answer.headers["content-type"] == "video/webm"


def test_a_reader_who_saves_data_is_offered_the_text_edition(browser_page, album):
    page = browser_page()
    page.goto(f"/en/{album[1]}")
    assert page.locator(".save-data").count() == 0
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    page.reload()
    offer = page.locator(".save-data")
    assert offer.is_visible()
    offer.locator("a").click()
    page.wait_for_url(f"**/en/text/{album[1]}")


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_text_edition_asks_for_no_picture_and_fits(browser_page, language, width):
    page = browser_page(viewport={"width": width, "height": 700})
    problems, asked = watched(page)
    for path in ("", "news/", "news/2026/", "search/?q=2026"):
        page.goto(f"/{language}/text/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(f"/{language}/text/news/")
    page.locator("main a[href*='/text/news/']").filter(has_text=re.compile(r".{25,}")).first.click()
    page.wait_for_url(re.compile(r"/text/news/\d+/"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    kinds = {re.sub(r".*/|\.[0-9a-f]{12}", "", url.partition("?")[0]) for url in asked if "/text/" not in url}
    assert kinds <= {"text.css", "favicon.svg", "show-picture.js"}
    assert problems == []


def test_a_picture_of_the_text_edition_is_shown_in_its_place_when_it_is_asked_for(browser_page, album):
    page = browser_page()
    _problems, asked = watched(page)
    page.goto(f"/en/text/{album[1]}")
    link = page.locator("[data-picture]").nth(1)
    said = int(re.search(r"\((\d+) kB\)", link.inner_text())[1])
    with page.expect_response(re.compile(r"/media/photos/")) as found:
        link.click()
    assert (said - 1) * 1000 < len(found.value.body()) <= said * 1000
    image = page.locator("main img")
    assert image.count() == 1 and image.get_attribute("alt") and image.is_visible()
    assert image.evaluate("image => image === document.activeElement")
    assert len([url for url in asked if "/media/" in url]) == 1
    assert page.url.endswith(album[1])


def test_a_reader_finds_and_reads_a_report_in_the_text_edition_without_javascript(browser_page, album):
    page = browser_page(java_script_enabled=False, viewport={"width": 320, "height": 600})
    page.goto(f"/en/{album[1]}")
    title = page.locator("h1").inner_text()
    page.get_by_role("link", name="Text-only edition").click()
    page.wait_for_url("**/en/text/**")
    assert page.locator("h1").inner_text() == title
    page.get_by_role("link", name="Search", exact=True).click()
    page.fill("[name=q]", " ".join(title.split()[:4]))
    page.keyboard.press("Enter")
    page.locator("main ol a", has_text=title.split()[-1]).first.click()
    page.get_by_role("link", name="Тоҷикӣ").click()
    page.wait_for_url("**/tg/text/**")
    assert page.locator("html").get_attribute("lang") == "tg"
    with page.expect_response(re.compile(r"/media/photos/.+/\d+\.jpeg$")) as found:
        page.locator("[data-picture]").first.click()
    assert found.value.status == 200
    page.goto(f"/en/text/{album[1]}")
    page.get_by_role("link", name="This page with pictures").click()
    page.wait_for_url(f"**/en/{album[1]}")


def test_on_paper_stand_the_emblem_the_address_and_a_code(browser_page, album):
    page = browser_page(viewport={"width": 700, "height": 1000})
    page.goto(f"/en/{album[1]}")
    assert not page.locator(".printed").is_visible()
    page.emulate_media(media="print")
    printed = page.locator(".printed")
    assert printed.is_visible() and page.url in printed.inner_text()
    assert re.search(r"SHA-256: [0-9a-f]{64}", printed.inner_text())
    printed.scroll_into_view_if_needed()
    wait_until(page, "document.querySelector('.printed img').naturalWidth > 0")
    assert page.locator(".site-header .emblem").is_visible() and page.locator(".brand__title").is_visible()
    for hidden in (".main-nav", ".languages", ".share", ".continue", ".site-footer", ".write"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.pdf(format="A4").startswith(b"%PDF")
