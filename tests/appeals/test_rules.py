"""The page with the rules says what is set, quotes the law and is linked in itself."""

import html
import re

import pytest
from django.conf import settings as given

from appeals import article21
from tests.pageclient import PageClient

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LANGUAGES = ["tg", "ru", "en"]


def page(language="en"):
    return html.unescape(PageClient().get(f"/{language}/appeals/").content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_law_and_every_ground_are_there_in_their_words(language):
    text = page(language)
    assert article21.NOTICE[language] in text
    for ground in article21.Ground:
        assert article21.GROUND_TEXTS[ground][language] in text
        assert article21.LAW_WORDS[ground][language] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_contents_leads_somewhere(language):
    text = page(language)
    anchors = re.findall(r'<a href="#([^"]+)"', text)
    assert len(anchors) >= 8
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in text] == []


def test_the_terms_are_those_that_are_set(settings):
    numbers = {"REGISTER": 2, "TERM": 41, "EXTEND": 42, "CURE": 43, "REOPEN": 44, "FORWARD": 45}
    for name, days in numbers.items():
        setattr(settings, f"APPEAL_{name}_DAYS", days)
    text = page()
    assert all(re.search(rf"\b{days} days", text) for days in numbers.values())
    assert "ends on the next working day" not in text
    settings.TERM_ENDS_ON_WORKING_DAY = True
    assert "ends on the next working day" in page()


def test_the_way_to_the_form_is_near_the_top_and_at_the_end():
    text = page()
    places = [match.start() for match in re.finditer(r'<a class="button" href="/en/appeals/write/"', text)]
    assert len(places) == 2
    assert places[0] < text.index('id="contents"') < text.index('id="questions"') < places[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reception_is_told_as_far_as_it_is_known(language, settings):
    street = "хиёбони Рӯдакӣ, 80"
    assert "(+992 37) 2212520" in page(language)
    assert street not in page(language)
    settings.RECEPTION_ADDRESS = given.RECEPTION_ADDRESS | {language: street}
    assert street in page(language)


def test_there_are_questions_with_answers():
    assert 6 <= len(re.findall(r"<details", page().partition('id="questions"')[2])) <= 10
