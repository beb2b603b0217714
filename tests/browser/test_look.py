"""Every page looks as it was approved: no change of the look goes unseen, whoever made it and wherever."""

import pytest
from PIL import Image

from tests.browser import look

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def untouched_portal(tmp_path_factory, worker_id):
    """Other tests write into the portal that they share: what they leave there would be seen."""
    own = tmp_path_factory.getbasetemp()
    with look.new_portal(own if worker_id == "master" else own.parent) as running:
        yield running


def by_style(selector, **changes):
    """A change of the look, made in the page."""
    apply = "(one, changes) => one.forEach(each => Object.assign(each.style, changes))"
    return lambda page: page.eval_on_selector_all(selector, apply, changes)


def without_faces(page):
    page.route("**/*.woff2", lambda route: route.abort())
    page.reload()


CHANGES = {
    "a headline two pixels lower": by_style("h1", position="relative", top="2px"),
    "a headline two pixels further": by_style("h1", position="relative", left="2px"),
    "a button of another green": by_style("main .button", background="#14693d"),
    "letters a twentieth larger": by_style("main p", fontSize="105%"),
    "the faces missing": without_faces,
    "no ring round a field": by_style("main input", borderColor="transparent"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_small_change_is_seen(change, browser, untouched_portal):
    view = look.View("track", "ru", 360)
    plain, changed = (view.take(browser, untouched_portal, each) for each in (None, change))
    assert look.difference(plain, plain)[0] == ""
    assert look.difference(plain, changed)[0]


@pytest.mark.parametrize("view", look.VIEWS, ids=lambda view: view.name)
def test_a_page_looks_as_it_was_approved(view, browser, untouched_portal):
    taken = view.take(browser, untouched_portal)
    with Image.open(view.approved) as approved:
        said, picture = look.difference(approved.convert("RGB"), taken)
    if said:
        look.SHOTS.mkdir(parents=True, exist_ok=True)
        path = look.SHOTS / f"differs-{view.name}.png"
        picture.save(path)
        pytest.fail(
            f"{view.name} does not look as it was approved: {said}. {path} shows the approved picture, the new one and "
            "what differs. If it is meant to look so from now on: make approve, look at the pictures, commit them.",
            pytrace=False,
        )


def test_there_is_no_approved_picture_of_nothing():
    assert {path.name for path in look.APPROVED.iterdir()} == {view.approved.name for view in look.VIEWS}
    assert sum(path.stat().st_size for path in look.APPROVED.iterdir()) <= 600_000
