"""The texts of the interface are set with the marks of their language: quotation marks, dashes, spaces without a break."""

import re

import pytest

from portal.typography import NBSP, typeset
from tests.portal.test_translations import LANGUAGES, catalogue

FORMS = {"tg": 2, "ru": 4, "en": 2}
NUMBER = r"(?:[0-9]|%\((?:days|hours|minutes|seconds|limit|size|number|count|register_days|forward_days)\)[sd])"
# What may not stand at the end of a line, or at its beginning.
TORN = {
    language: re.compile(rf"\S [–—](?=\s)|№ (?=[0-9%])|No\. (?=[0-9%]){more}")
    for language, more in {
        "tg": rf"|\b[шн]\. (?=[А-ЯҒӢҚӮҲҶ])|(?:соли|моддаи) (?=[0-9])|{NUMBER} (?=[а-яёғӣқӯҳҷ%]|[КМГ]Б)",
        "ru": rf"|\b[гд]\. (?=[А-Я])|стать[яеию] (?=[0-9])|{NUMBER} (?=[а-яё%]|[КМГ]Б)",
        "en": "",
    }.items()
}


def translations(language):
    """Every text of the catalogue, line by line."""
    for entry in catalogue(language):
        if language == "en" and {place for place, _line in entry.occurrences} == {"portal/borrowed_texts.py"}:
            continue  # Django's own English.
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            yield from text.splitlines()


def faults(text, language):
    """What the printer of this house would change, without the spaces after short words: an interface has many."""
    printed = typeset(text, language).replace(NBSP, " ")
    if printed != text.replace(NBSP, " "):
        return [f"{text!r}: rather {printed!r}"]
    foreign = "“”„" if language == "ru" else "„" if language == "tg" else "«»"
    found = [f"{text!r} has {mark}" for mark in foreign if mark in text and not ("«" in text and language == "ru")]
    return found + [f"{text!r} breaks at {torn[0]!r}" for torn in TORN[language].finditer(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_interface_is_set_as_its_language_has_it(language):
    assert [fault for text in translations(language) for fault in faults(text, language)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("tg", 'Файли "ном"'), ("tg", "Файл - хато"), ("tg", "аз 20 аломат"), ("tg", "Қонуни № 5"), ("tg", "Баъд..."),
        ("ru", "Файл “имя”"), ("ru", "Файл — ошибка"), ("ru", "статья 21"), ("en", "the office's key"), ("en", "Law No. 5"),
    ],
)  # fmt: skip
def test_a_text_that_is_set_badly_is_seen(language, text):
    assert faults(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_with_a_number_has_all_its_forms(language):
    """One for each way in which the language counts; Tajik nouns stay singular, whatever the number."""
    counted = [entry for entry in catalogue(language) if entry.msgid_plural and not entry.obsolete]
    assert counted
    wrong = [
        entry.msgid
        for entry in counted
        if sorted(entry.msgstr_plural) != list(range(FORMS[language])) or not all(entry.msgstr_plural.values())
    ]
    assert wrong == []
    assert [entry.msgid for entry in counted if language == "tg" and len(set(entry.msgstr_plural.values())) > 1] == []
