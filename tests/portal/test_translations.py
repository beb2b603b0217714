"""Every text of the pages stands in three languages, and the compiled catalogues are those of the sources."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django.contrib.admin
import polib
import pytest
from django.test import RequestFactory
from django.utils import translation
from django.views.i18n import JavaScriptCatalog

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("tg", "ru", "en")


def catalogue(language: str, root: Path = ROOT) -> polib.POFile:
    path = root / "locale" / language / "LC_MESSAGES" / "django.po"
    assert path.exists(), f"{path.relative_to(root)} is not there: make messages"
    return polib.pofile(str(path), encoding="utf-8")


def key(entry: polib.MOEntry | polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def texts(entries: list[polib.POEntry]) -> dict[tuple[str | None, str], object]:
    """Text to translation, with all plural forms."""
    return {key(entry): entry.msgstr_plural or entry.msgstr for entry in entries}


def untranslated(entries: list[polib.POEntry]) -> list[str]:
    return [entry.msgid for entry in entries if not entry.obsolete and not entry.translated()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_none_is_a_guess(language):
    assert untranslated(list(catalogue(language))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    assert [entry.msgid for entry in catalogue(language) if entry.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_there_that_nothing_uses(language):
    assert [entry.msgid for entry in catalogue(language).obsolete_entries()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_up_to_date(language):
    source = catalogue(language)
    compiled = polib.mofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.mo"))
    assert texts(list(compiled)) == texts(source.translated_entries())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_places_for_values(language):
    """``%(name)s`` and ``%s`` of the source stand in the translation, too."""
    place = re.compile(r"%\(\w+\)[sd]|%[sd]")
    wrong = []
    for entry in catalogue(language):
        wanted = set(place.findall(entry.msgid)) | set(place.findall(entry.msgid_plural))
        for text in [entry.msgstr] if not entry.msgid_plural else entry.msgstr_plural.values():
            if text and not set(place.findall(text)) <= wanted:
                wrong.append(entry.msgid)
            if text and not entry.msgid_plural and set(place.findall(text)) != wanted:
                wrong.append(entry.msgid)
    assert wrong == []


@pytest.mark.gettext
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_the_texts_of_the_sources(extracted, language):
    there = {key(entry) for entry in catalogue(language) if not entry.obsolete}
    wanted = {key(entry) for entry in catalogue(language, extracted) if not entry.obsolete}
    assert sorted(wanted - there, key=str) == [], "not in the catalogue: make messages"
    assert sorted(there - wanted, key=str) == [], "no longer in the sources: make messages"


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """A copy of the sources on which the collection of texts was run afresh."""
    scratch = tmp_path_factory.mktemp("sources")
    for name in ("portal", "news", "appeals", "templates", "locale"):
        shutil.copytree(ROOT / name, scratch / name)
    for name in ("manage.py", "Makefile"):
        shutil.copy(ROOT / name, scratch)
    (scratch / "static").mkdir()
    done = subprocess.run(
        [sys.executable, "manage.py", "makemessages", *[f"--locale={language}" for language in LANGUAGES]],
        cwd=scratch,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return scratch


def test_a_missing_translation_is_seen():
    guess = polib.POEntry(msgid="guess", msgstr="x", flags=["fuzzy"])
    good = polib.POEntry(msgid="good", msgstr="хуб")
    assert untranslated([good, guess, polib.POEntry(msgid="missing")]) == ["guess", "missing"]


def test_the_admins_own_scripts_speak_tajik():
    """What Django's Tajik locale lacks of its scripts' texts is ours; the page that carries them has both."""
    theirs = Path(django.contrib.admin.__file__).parent / "locale"
    wanted = polib.pofile(str(theirs / "en/LC_MESSAGES/djangojs.po"))
    known = [theirs / "tg/LC_MESSAGES/djangojs.po", ROOT / "locale/tg/LC_MESSAGES/djangojs.po"]
    translated = {key(entry) for path in known for entry in polib.pofile(str(path)).translated_entries()}
    assert {key(entry) for entry in wanted} <= translated
    with translation.override("tg"):
        script = JavaScriptCatalog.as_view(packages=["django.contrib.admin"])(RequestFactory().get("/")).content
    assert json.dumps("Интихоб шудааст").strip('"') in script.decode()
