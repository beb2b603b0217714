"""The acceptance test: press staff enter the event of the customer's page, a reader sees each part of it in order."""

import html
import io
import re

import pytest
from django.test import Client
from PIL import Image

from appeals import article21
from news.models import Event, Photo
from portal.roles import PRESS_CHIEF, PRESS_EDITOR
from portal.typography import typeset
from tests.news import factories
from tests.news.desk import ADD, Desk, errors, report_fields
from tests.pageclient import PageClient, as_written

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

HEADLINE = (
    "Participation in an extraordinary meeting of the Collective Security Council "
    "of the Collective Security Treaty Organization"
)
CAPTION = "Иштирок дар ҷаласаи ғайринавбатии Шӯрои амнияти дастҷамъии Созмони Аҳдномаи амнияти дастҷамъӣ 10.01.2022"
PARAGRAPHS = [
    "The Council met on 10 January in a virtual format.",
    "The meeting began with a minute of silence.",
    'The agenda had one item: "On the situation in the region".',
    "The participants agreed to meet again.",
]
NOTICE = (
    "In accordance with the provisions of Article 21 of the Law of the Republic of Tajikistan "
    '"On appeals of individuals and legal entities", written and electronic appeals, which do not specify surname, '
    "name and patronymic of the individual, information about his place of residence or the full name of the legal "
    "entity, the address of its locations is not mentioned or wrong, or information does not correspond to reality "
    "and is submitted without signature (digital signature), are considered to be anonymous and will not be examined, "
    "if they do not contain information about the planned or committed crime."
)
TYPES = {"avif": "AVIF", "webp": "WEBP", "jpeg": "JPEG"}


def jpeg_with_gps(size):
    """What a camera writes: its maker and the place where it stood."""
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 33.0, 36.0), 3: "E", 4: (68.0, 46.0, 26.0)})
    file = factories.picture(size, quality=85, exif=exif, comment=b"secret comment")
    assert b"CameraMaker" in file.read() and Image.open(file).getexif().get_ifd(0x8825)
    file.seek(0)
    return file


def neighbours(meetings):
    """The events before and after, and one more of the category."""
    for moment, title in (
        ("2022-01-08 10:00", "Meeting with the Minister of Health"),
        ("2022-01-09 11:00", "Meeting with young scientists"),
        ("2022-01-11 09:00", "Meeting with the Ambassador"),
    ):
        factories.report(factories.event(moment, meetings), title=title)


def enter_the_event(size):
    """What press staff do; returns the event that was made."""
    meetings, dushanbe = factories.category(), factories.place()
    neighbours(meetings)
    factories.partners()
    desk = Desk(factories.staff(PRESS_EDITOR, PRESS_CHIEF))
    form = desk.open()
    assert [form.fields[f"reports-{number}-language"] for number in range(3)] == ["tg", "ru", "en"]
    assert "_publish" in form.buttons
    typed = {
        "starts_at_0": "10.01.2022",
        "starts_at_1": "13:45",
        "place": str(dushanbe.pk),
        "categories": [str(meetings.pk)],
        **report_fields(0, "tg", CAPTION.removesuffix(" 10.01.2022"), "Ҷаласа дар шакли маҷозӣ доир гардид."),
        **report_fields(1, "ru", "Участие во внеочередном заседании Совета", "Заседание прошло в виртуальном формате."),
        **report_fields(2, "en", HEADLINE, "\n\n".join(PARAGRAPHS)),
        "new_photos": jpeg_with_gps(size),
    }
    assert errors(desk.send(ADD, typed, "_continue")) == []
    event = Event.objects.get(starts_at=factories.local("2022-01-10 13:45"))
    # The photo is there: now its caption, and out.
    typed = {"photos-0-caption_tg": CAPTION, "urgent_reason": "One person enters the event and publishes it."}
    assert errors(desk.send(f"/admin/news/event/{event.pk}/change/", typed, "_publish")) == []
    return event


@pytest.fixture
def published(db):
    return enter_the_event((600, 400))


@pytest.fixture
def published_with_large_photo(db):
    return enter_the_event((2400, 1600))


def address(event):
    return event.reports.get(language="en").get_absolute_url()


def read(url):
    response = PageClient().get(url)
    assert response.status_code == 200
    return as_written(response.content.decode())


def check_lead_photo(page):
    """It is served in each format and width that the page names, and none of them carries metadata."""
    picture = re.search(r"<picture>.*?</picture>", page, re.DOTALL)[0]
    assert 'width="2400" height="1600"' in picture and 'fetchpriority="high"' in picture
    assert f'alt="{CAPTION}"' in picture
    assert re.findall(r'<source type="([^"]+)"', picture) == ["image/avif", "image/webp"]
    addresses = re.findall(r"(/media/photos/[^ ]+?/(\d+)\.(\w+)) (\d+)w", picture)
    assert len(addresses) == 12
    for url, width, kind, announced in addresses:
        response = Client().get(url)
        assert response.status_code == 200 and response["Content-Type"] == f"image/{kind}"
        content = response.getvalue()
        image = Image.open(io.BytesIO(content))
        assert (image.format, str(image.width), announced) == (TYPES[kind], width, width)
        assert image.height == round(image.width * 2 / 3)
        assert not image.getexif() and not {"exif", "xmp", "comment"} & image.info.keys()
        assert b"CameraMaker" not in content and b"secret comment" not in content


def test_every_part_of_the_source_page_is_there_in_its_order(published_with_large_photo):
    page = read(address(published_with_large_photo))
    check_lead_photo(page)
    body = page[page.index("<body>") :]
    parts = [
        "President of the Republic of Tajikistan",
        f">{HEADLINE}</h1>",
        ">10.01.2022 13:45</time>, Dushanbe city</p>",
        "<picture>",
        f'<span lang="tg">{CAPTION}</span>',
        *(f"<p>{as_written(typeset(html.escape(text, quote=False), 'en'))}</p>" for text in PARAGRAPHS),
        "https://www.facebook.com/sharer/sharer.php?u=",
        "https://x.com/intent/post?url=",
        "https://t.me/share/url?url=",
        "https://wa.me/?text=",
        "Copy the link",
        ">Continue</h2>",
        'rel="prev"',
        "Meeting with young scientists",
        'rel="next"',
        "Meeting with the Ambassador",
        "Meeting with the Minister of Health",
        'href="https://www.un.org/"',
        ">UN<",
        "Continue",
        'href="https://eng.sectsco.org/"',
        ">SCO<",
        "Continue",
        ">Write to the President</h2>",
        html.escape(NOTICE),
        'href="/en/appeals/"',
        "Press Service of the President of the Republic of Tajikistan",
        'href="tel:+992372212520"',
        "tel/fax:&nbsp;(+992&nbsp;37)&nbsp;2212520",
    ]
    position = 0
    for part in parts:
        found = body.find(part, position)
        assert found >= 0, f"{part!r} is {'out of order' if part in body else 'missing'}"
        position = found + len(part)
    assert page.count("<h1") == 1


def test_the_notice_of_article_21_is_the_customers_sentence_word_for_word():
    assert article21.NOTICE["en"] == NOTICE


def test_the_share_links_carry_the_full_address_and_the_headline(published):
    page = html.unescape(read(address(published)))
    escaped = "http%3A%2F%2Ftestserver" + address(published).replace("/", "%2F")
    title = HEADLINE.replace(" ", "+")
    for link in (
        f"https://www.facebook.com/sharer/sharer.php?u={escaped}",
        f"https://x.com/intent/post?url={escaped}&text={title}",
        f"https://t.me/share/url?url={escaped}&text={title}",
        f"https://wa.me/?text={title}+{escaped}",
    ):
        assert f'href="{link}"' in page
    assert f'data-copy-link="http://testserver{address(published)}"' in page


def test_the_original_is_kept_without_the_cameras_place(published):
    photo = Photo.objects.get()
    with photo.image.open() as file:
        content = file.read()
    assert b"CameraMaker" not in content and b"secret comment" not in content
    assert not Image.open(io.BytesIO(content)).getexif()


def test_the_three_reports_are_public_and_lead_to_each_other(published):
    urls = {report.language: report.get_absolute_url() for report in published.reports.all()}
    assert sorted(urls) == ["en", "ru", "tg"]
    for language, url in urls.items():
        page = read(url)
        assert f'<html lang="{language}"' in page
        for other, other_url in urls.items():
            assert f'<link rel="alternate" hreflang="{other}" href="http://testserver{other_url}">' in page


def test_the_caption_is_marked_as_tajik_only_where_the_page_is_in_another_language(published):
    urls = {report.language: report.get_absolute_url() for report in published.reports.all()}
    assert f"<figcaption><span>{CAPTION}</span>" in read(urls["tg"])
    assert f'<figcaption><span lang="tg">{CAPTION}</span>' in read(urls["ru"])


def test_the_event_stands_in_the_lists_and_on_the_front_page(published):
    for url in ("/en/", "/en/news/", "/en/news/category/meetings/", "/en/news/2022/", "/en/news/2022/1/"):
        assert HEADLINE in read(url), url


def test_the_form_opens_again_with_the_text_as_it_was_typed(published):
    desk = Desk(factories.staff(PRESS_CHIEF, username="rustam"))
    form = desk.open(f"/admin/news/event/{published.pk}/change/")
    assert "\n\n".join(PARAGRAPHS) in [form.fields[f"reports-{number}-body"] for number in range(3)]
    assert (form.fields["starts_at_0"], form.fields["starts_at_1"]) == ("10.01.2022", "13:45")
