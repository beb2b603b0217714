"""The photos of a report: plain links without JavaScript, captions in the right language, few bytes however many."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from news.models import Photo
from tests.news import factories
from tests.pageclient import PageClient

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ITEM = re.compile(r'<a [^>]*href="(/media/photos/[^"]+)" data-photo[^>]*>.*?</figure>', re.DOTALL)


def page_of(report):
    response = PageClient().get(report.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def items(page):
    """The link of each photo and what stands in its figure, in the order of the page."""
    return [(found[1], found[0]) for found in ITEM.finditer(page)]


@pytest.fixture
def event(db):
    return factories.event()


def many(event, number):
    Photo.objects.bulk_create(
        Photo(
            event=event, image="originals/x.jpg", width=1920, height=1280, position=position,
            caption_tg=f"Акси рақами {position} аз маросим", credit="Хадамоти матбуот",
        )
        for position in range(number)
    )  # fmt: skip


def test_each_photo_with_the_lead_photo_first_is_a_link_to_its_largest_jpeg(event):
    photos = [factories.photo(event, factories.picture((600, 400)), position=position) for position in range(3)]
    found = items(page_of(factories.report(event)))
    assert [url for url, _figure in found] == [photo.largest_url for photo in photos]
    for url, figure in found:
        response = PageClient().get(url)
        assert response.status_code == 200 and response["Content-Type"] == "image/jpeg" and "/600.jpeg" in url
        assert 'type="image/avif"' in figure and 'type="image/webp"' in figure
    assert 'loading="lazy"' not in found[0][1] and 'fetchpriority="high"' in found[0][1]
    assert all('loading="lazy"' in figure for _url, figure in found[1:])


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_caption_is_in_the_pages_language_or_in_tajik_and_says_so(event, language):
    own = {f"caption_{language}": "In the language of the page"}
    factories.photo(event, position=0, credit="Press Service", **own)
    factories.photo(event, position=1, caption_tg="Танҳо ба тоҷикӣ", credit="Аксбардор")
    first, second = (figure for _url, figure in items(page_of(factories.report(event, language))))
    assert "<span>In the language of the page</span>" in first and "© Press Service" in first
    assert ("<span>Танҳо" if language == "tg" else '<span lang="tg">Танҳо') in second and "© Аксбардор" in second


def test_a_photo_that_tells_nothing_is_passed_over_but_its_link_has_a_name(event):
    factories.photo(event, position=0, decorative=True)
    factories.photo(event, position=1, decorative=True, caption_tg="Гул")
    for _url, figure in items(page_of(factories.report(event))):
        assert 'alt=""' in figure and re.search(r'aria-label="Open the photo', figure)


def test_the_heading_counts_every_photo(event):
    many(event, 7)
    assert ">Photos: 7</h2>" in page_of(factories.report(event))


def test_one_photo_makes_no_gallery_but_opens_in_the_viewer(event):
    many(event, 1)
    page = page_of(factories.report(event))
    assert 'class="gallery"' not in page and page.count("data-photo") == 1 and page.count('<dialog class="viewer"') == 1


def test_without_photos_there_is_no_viewer_and_no_script_for_it(event):
    page = page_of(factories.report(event))
    assert "<dialog" not in page and "data-photo" not in page


@pytest.mark.parametrize(("number", "more"), [(13, None), (14, 1), (133, 120)])
def test_a_large_gallery_is_folded_after_its_first_photos(event, number, more):
    many(event, number)
    page = page_of(factories.report(event))
    assert page.count("data-photo") == number
    folded = page.partition('<details class="gallery-more">')[2].partition("</details>")[0]
    assert folded.count("data-photo") == (more or 0)
    assert more is None or f"More photos: {more}" in folded


def test_a_report_with_133_photos_is_no_heavy_page(event):
    many(event, 133)
    assert len(gzip.compress(page_of(factories.report(event, "tg")).encode())) < 24_000


def test_an_ordinary_report_keeps_to_the_budget(event):
    many(event, 9)
    body = "\n\n".join(f"Банди {number} дар бораи рушди кишоварзӣ ва таъмини об." for number in range(40))
    assert len(gzip.compress(page_of(factories.report(event, "tg", body=body)).encode())) < 14_000


@pytest.mark.parametrize(("script", "most"), [("reader", 2500), ("video", 1024), ("show-picture", 1024)])
def test_a_script_is_small(script, most):
    with open(finders.find(f"js/{script}.js"), "rb") as file:
        assert len(gzip.compress(file.read())) <= most


def test_the_style_of_public_pages_keeps_to_the_budget():
    size = 0
    for name in ("site", "forms"):
        with open(finders.find(f"css/{name}.css"), "rb") as file:
            size += len(gzip.compress(file.read()))
    assert size <= 12_000
    with open(finders.find("css/text.css"), "rb") as file:
        assert len(gzip.compress(file.read())) <= 1024
