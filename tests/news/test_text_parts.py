"""A long report in the text edition comes in parts that a slow connection carries; together they are the whole."""

import random
import re

import pytest
from django.test import Client

from news.body import clean_body
from news.models import Photo
from news.text_parts import CHARACTERS, PHOTOS, parts, split
from tests.news import factories
from tests.news.test_text_edition import BUDGET, text, weight
from tests.pageclient import as_written

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

WORDS = (
    "Президенти Ҷумҳурии Тоҷикистон муҳтарам ҷаноби олӣ дар ҷаласаи васеи Ҳукумат масъалаҳои рушди иҷтимоиву иқтисодии "
    "кишвар таъмини амнияти озуқаворӣ истиқлолияти энергетикӣ баромадан аз бунбасти коммуникатсионӣ саноатикунонии босуръат"
).split()


def long_text(characters):
    """Words of a speech in an order that repeats itself as little as a speech does."""
    dice, paragraphs, size = random.Random(7), [], 0
    while size < characters:
        word = dice.choice(WORDS)[: dice.randint(3, 12)] + dice.choice(["", "ҳо", "и", "ро"])
        sentence = " ".join([word, *(dice.choice(WORDS)[dice.randint(0, 2) :] for _ in range(dice.randint(6, 14)))])
        paragraphs.append(f"<p>{sentence} {dice.randint(1, 9999)}.</p>")
        size += len(paragraphs[-1])
    return "\n".join(paragraphs)


def test_a_speech_of_80000_characters_comes_in_light_parts_that_hold_all_of_it():
    body = clean_body(long_text(80_000))
    event = factories.event()
    Photo.objects.bulk_create(
        Photo(event=event, image="originals/x.jpg", width=1200, height=800, position=number, caption_tg=f"Акс {number} " + " ".join(WORDS[: 5 + number % 9]))
        for number in range(133)
    )  # fmt: skip
    report = factories.report(event, "tg", body=body)
    url, said, photos, pages = f"/tg/text/news/{event.pk}/{report.slug}/", "", 0, 0
    while url:
        page = text(url)
        assert weight(page) <= BUDGET, f"{weight(page)} bytes at {url}"
        article = as_written(page).partition("<article>")[2].partition("</article>")[0]
        said += "".join(re.findall(r"<p>.*?</p>", article, re.DOTALL))
        photos += page.count("data-picture ")
        found = re.search(r'rel="next" href="([^"]+\?part=\d+)"', page)
        url, pages = found and found[1], pages + 1
    assert photos == 133
    assert [part for part in re.findall(r"<p>.*?</p>", body) if part not in said] == []
    assert pages == -(-len(body) // CHARACTERS) + -(-133 // PHOTOS)


@pytest.mark.parametrize("part", ["0", "2", "-1", "x", "", "1.5", "９", "9" * 50, "01"])
def test_a_part_that_there_is_not_is_not_found(part):
    report = factories.report()
    assert Client().get(f"/en/text/news/{report.event_id}/{report.slug}/", {"part": part}).status_code == 404


def test_an_ordinary_report_is_one_part_with_its_photos():
    photos = [Photo(token=f"t{number}", width=900, height=600) for number in range(20)]
    found = parts("<p>Short.</p>", photos)
    assert len(found) == 1 and len(found[0].photos) == 20 and found[0].html == "<p>Short.</p>"


@pytest.mark.parametrize("body", ["", "<p>x</p>", "bare", "<p>a</p>\ntail", "<ul>" + "<li>word</li>" * 9000 + "</ul>"])
def test_a_text_is_never_cut_inside_a_block(body):
    found = split(clean_body(body))
    assert len(found) == 1 and found[0] == clean_body(body).strip()


def test_stretches_put_together_are_the_text():
    body = clean_body("<h2>A</h2><ul><li><p>b</p></li></ul><blockquote><p>c</p></blockquote>" + long_text(60_000))
    found = split(body)
    assert len(found) == 3
    assert re.sub(r"\s+", "", "".join(found)) == re.sub(r"\s+", "", body)
    for stretch in found:
        for tag in ("p", "ul", "li", "blockquote", "h2"):
            assert stretch.count(f"<{tag}>") == stretch.count(f"</{tag}>")
