"""The card of a link preview: a small picture that no headline overflows, of public reports alone."""

import io
import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image, ImageChops

from news import share_card
from news.models import Photo, Report
from tests.news import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LONG = (
    "Фармони Президенти Ҷумҳурии Тоҷикистон «Дар бораи ба хизмати ҳатмии ҳарбӣ даъват намудани шаҳрвандони Ҷумҳурии "
    "Тоҷикистон ва аз хизмати ҳатмии ҳарбӣ ба захира рухсат додани хизматчиёни ҳарбие, ки муҳлати муқарраргардидаи "
    "хизматро адо намудаанд»"
)


@pytest.fixture(autouse=True)
def _nothing_drawn():
    caches["drawn"].clear()


def url_of(report):
    page = Client().get(report.get_absolute_url()).content.decode()
    return re.search(r'property="og:image" content="http://testserver([^"]+)"', page)[1]


def opened(url):
    response = Client().get(url)
    assert response.status_code == 200
    return Image.open(io.BytesIO(response.content)), response


def test_the_card_of_a_report_is_what_its_page_says():
    event = factories.event("2022-01-10 13:45")
    factories.photo(event, factories.picture((1500, 1000)))
    report = factories.report(event)
    url = url_of(report)
    assert re.fullmatch(rf"/media/cards/{report.pk}-[0-9a-f]{{32}}\.jpeg", url)
    card, response = opened(url)
    assert card.size == (1200, 630) and card.format == "JPEG" and len(response.content) <= 100_000
    assert response["Content-Type"] == "image/jpeg" and not response.cookies
    assert "immutable" in response["Cache-Control"] and "s-maxage=1" in response["Cache-Control"]
    assert card.getpixel((1100, 20))[2] > 150 and card.getpixel((1100, 600))[0] > 200, "the photo stands at the right"
    page = Client().get(report.get_absolute_url()).content.decode()
    assert 'property="og:image:width" content="1200"' in page and 'property="og:image:height" content="630"' in page
    assert f"10 January 2022: {report.title}" in page and 'name="twitter:card" content="summary_large_image"' in page


@pytest.mark.parametrize(
    "title",
    ["Сафари корӣ ба Туркманистон", LONG, "Ж" * 300, "Ж " * 150, "Як", "🏔", "Ҷ" * 30 + " " + "ш" * 200, "W" * 300],
)
@pytest.mark.parametrize("room", [1088, 568])
def test_no_headline_overflows(title, room):
    size, lines = share_card.fitted(title, room)
    font = share_card._font("portal-serif-600", size)
    assert all(font.getlength(line) <= room for line in lines)
    assert len(lines) * round(size * 1.2) <= share_card._BASE - share_card._TOP
    said = "".join("".join(lines).split())
    wanted = "".join(title.replace("🏔", "").split())
    assert said == wanted or (said.endswith("…") and wanted.startswith(said[:-1]))


@pytest.mark.parametrize("title", ["Сафари корӣ ба Туркманистон", LONG, "W" * 300])
@pytest.mark.parametrize("with_photo", [True, False])
def test_every_card_is_small_and_its_margins_are_free(title, with_photo):
    event = factories.event()
    if with_photo:
        noise = Image.effect_noise((1500, 1000), 90).convert("RGB")
        factories.photo(event, factories.upload(noise, "JPEG"))
    card, response = opened(url_of(factories.report(event, "tg", title=title)))
    assert len(response.content) <= 100_000
    margin = card.crop((0, 20, 50, 630)).convert("L")
    assert margin.getextrema()[0] > 200


def test_a_photo_is_cut_around_its_focal_point():
    event = factories.event()
    wide = Image.new("RGB", (1500, 700), "white")
    wide.paste((200, 0, 0), (0, 0, 300, 700))
    photo = factories.photo(event, factories.upload(wide, "JPEG"), focal_x=0)
    report = factories.report(event)
    left = opened(url_of(report))[0].getpixel((700, 300))
    photo.focal_x = 100
    photo.save()
    right = opened(url_of(report))[0].getpixel((700, 300))
    assert left[0] > 150 and left[1] < 80 and right[1] > 200


def test_another_headline_has_another_address_and_the_old_one_is_gone():
    report = factories.report()
    old = url_of(report)
    assert Client().get(old).status_code == 200
    report.title = "Another headline"
    report.save()
    new = url_of(report)
    assert new != old and Client().get(old).status_code == 404 and Client().get(new).status_code == 200


def test_a_withdrawn_report_loses_its_card_at_once():
    report = factories.report()
    url = url_of(report)
    opened(url)
    report.status = Report.Status.WITHDRAWN
    report.save()
    assert Client().get(url).status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"status": Report.Status.DRAFT, "published_at": None},
        {"status": Report.Status.REVIEW, "published_at": None},
        {"published_at": timezone.now() + timedelta(hours=1)},
        {"embargo": True},
    ],
)
def test_a_report_that_is_not_public_has_no_card_even_at_the_right_address(values):
    embargo = timezone.now() + timedelta(hours=1) if values.pop("embargo", False) else None
    report = factories.report(factories.event(embargo_until=embargo), **values)
    assert Client().get(share_card.card_of(report, None).url).status_code == 404


@pytest.mark.parametrize("digest", ["0" * 32, "x", "0" * 31])
def test_a_guessed_address_has_no_card(digest):
    report = factories.report()
    assert Client().get(f"/media/cards/{report.pk}-{digest}.jpeg").status_code == 404


def test_a_card_is_drawn_once(monkeypatch):
    report = factories.report()
    url = url_of(report)
    first = opened(url)[1].content
    monkeypatch.setattr(share_card, "_draw", lambda *args: pytest.fail("drawn again"))
    assert opened(url)[1].content == first


def test_a_card_costs_two_queries():
    url = url_of(factories.report())
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(url).status_code == 200
    assert len(captured) == 2


def test_a_photo_whose_file_is_lost_leaves_a_card_without_it():
    event = factories.event()
    Photo.objects.bulk_create([Photo(event=event, token="lost", image="originals/x.jpg", width=900, height=600)])
    report = factories.report(event)
    plain, _response = opened(url_of(report))
    assert plain.getpixel((1195, 300)) == (255, 255, 255)
    picture = io.BytesIO()
    Image.new("RGB", (900, 600), "red").save(picture, "JPEG")
    default_storage.save("photos/lost/900.jpeg", io.BytesIO(picture.getvalue()))
    drawn, _response = opened(url_of(report))
    assert ImageChops.difference(plain, drawn).getbbox(), "it is not kept: the file may come"


def test_a_page_without_report_has_the_card_of_the_site():
    page = Client().get("/en/news/").content.decode()
    assert "img/card.png" in page
