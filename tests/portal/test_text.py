"""Tajik text: one encoding, readable addresses, no character that hides or turns others."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.template.defaultfilters import date
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from portal import text


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Иштирок дар ҷаласаи ғайринавбатии Шӯро", "ishtirok-dar-jalasai-ghayrinavbatii-shuro"),
        ("Суҳбати телефонӣ", "suhbati-telefoni"),
        ("Қарори нав", "qarori-nav"),
        ("Съезд учителей: ещё одна встреча", "sezd-uchiteley-eshchyo-odna-vstrecha"),
        ("35–солагии “Истиқлол”", "35-solagii-istiqlol"),
        ("Visit to Khujand", "visit-to-khujand"),
        ("«»", ""),
    ],
)
def test_a_headline_makes_a_readable_address(headline, slug):
    assert text.slugify(headline) == slug
    assert text.slugify(unicodedata.normalize("NFD", headline)) == slug


@given(st.text(alphabet="абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя -", min_size=1, max_size=300))
def test_an_address_is_short_latin_and_stable(headline):
    slug = text.slugify(headline)
    assert len(slug) <= 100
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert text.slugify(slug) == slug


@given(st.text())
def test_cleaning_twice_changes_nothing_more(typed):
    assert text.clean_line(text.clean_line(typed)) == text.clean_line(typed)
    assert text.clean_lines(text.clean_lines(typed)) == text.clean_lines(typed)


def test_words_breaks_become_lines():
    assert text.clean_lines("Якум\vдуюм\r\nсеюм\u2028чорум  \n\n\n\nпанҷум") == "Якум\nдуюм\nсеюм\nчорум\n\nпанҷум"


@pytest.mark.parametrize("character", ["\0", "\a", "\x1b", "\x7f", "\u202e", "\u2066", "\ud800", "\ufffd", "\x85"])
def test_characters_that_hide_are_refused(character):
    with pytest.raises(ValidationError):
        text.validate_characters(f"Алӣ{character}")


@pytest.mark.parametrize("typed", ["Ғ Ӣ Қ Ӯ Ҳ Ҷ", "سلام", "你好", "Али\nВалӣ", "naïve", "👍🏽", "می\u200cخواهم"])
def test_everything_that_people_write_is_taken(typed):
    text.validate_characters(typed)


@pytest.mark.parametrize(
    ("language", "written"),
    [("tg", "13 январи соли 2026"), ("ru", "13 января 2026 г."), ("en", "13 January 2026")],
)
def test_a_day_is_written_as_people_write_it(language, written):
    day = timezone.datetime(2026, 1, 13, tzinfo=timezone.get_default_timezone())
    with translation.override(language):
        assert date(day, "DATE_FORMAT").replace("\xa0", " ") == written
