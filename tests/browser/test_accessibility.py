"""Pages as axe sees them: no fault, nothing wider than the screen, no complaint of the browser.

The appeals' in Tajik and the news' in Russian on a telephone, the appeals' in English on a wide screen in the dark.
``make audit`` judges all of them, and the office's, in every language, width and scheme; the office's main pages are
judged by ``test_office_look``, too.
"""

import shutil
from pathlib import Path

import pytest

from tests.browser import content, judge, portal, ways_appeals, ways_news
from tests.browser.pages import pages_of
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TELEPHONE, WIDE = ((360, "light"),), ((1280, "dark"),)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory, worker_id):
    """A portal that has something on every page, and where it is."""
    own, folder = tmp_path_factory.getbasetemp(), tmp_path_factory.mktemp("furnished")
    shutil.copytree(portal.first_started(own if worker_id == "master" else own.parent), folder, dirs_exist_ok=True)
    running = portal.start(str(folder), APPEAL_STATISTICS_PUBLIC="1")
    try:
        yield running, content.make(Path(running.data_dir))
    finally:
        running.stop()


@pytest.fixture
def judged(browser, furnished):
    """``judged(ways, language, views)``: the faults on all pages of the ways."""
    running, made = furnished
    contexts = []

    def walk(ways, language, views):
        faults = []
        for way in ways:
            contexts.append(portal.visit(browser, running.url, language))
            visitor = Visitor(contexts[-1].new_page(), language, running.data_dir, made)
            visitor.page.set_viewport_size({"width": views[0][0], "height": judge.HEIGHT})
            with judge.complaints_of(visitor.page) as said:
                for name in pages_of(way, visitor):
                    faults += [f"{name}: {one}" for one in said]
                    for width, scheme in views:
                        faults += map(str, judge.look(visitor.page, name, language, [width], [scheme]))
                    said.clear()
        return faults

    yield walk
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("language", "views"), [("tg", TELEPHONE), ("en", WIDE)])
def test_the_pages_of_an_appeal(judged, language, views):
    assert judged(ways_appeals.WAYS, language, views) == []


def test_the_pages_of_the_news(judged):
    assert judged(ways_news.WAYS, "ru", TELEPHONE) == []
