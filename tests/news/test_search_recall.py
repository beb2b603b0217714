"""Sixty questions that readers ask of the demonstration content, with the events they should find."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from news import search_words
from news.search import search

JUDGEMENTS = json.loads((Path(__file__).parent / "search_judgements.json").read_text(encoding="utf-8"))
FLOOR, FLOOR_OF_EACH_LANGUAGE = 0.93, 0.9

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(db):
    call_command("load_demo", without_pictures=True, verbosity=0)


def found(judgement):
    """The first ten events; a reader who finds nothing follows the suggestion."""
    results = search(judgement["language"], judgement["query"])
    if results.suggestion:
        results = search(judgement["language"], results.suggestion)
    return [hit.report.event.demo_key for hit in results.hits[:10]]


def recalls():
    """The recall of each question by its language."""
    values = {"tg": [], "ru": [], "en": []}
    for judgement in JUDGEMENTS:
        wanted, got = set(judgement["events"]), found(judgement)
        values[judgement["language"]].append(len(wanted & set(got)) / len(wanted))
        if wanted - set(got):
            print(judgement["language"], judgement["query"], "misses", wanted - set(got))
    return values


def mean(values):
    return sum(values) / len(values)


def test_there_are_twenty_questions_in_each_language():
    assert [sum(row["language"] == code for row in JUDGEMENTS) for code in ("tg", "ru", "en")] == [20, 20, 20]


def test_readers_find_what_they_look_for(demonstration):
    values = recalls()
    shares = {language: round(mean(each), 3) for language, each in values.items()}
    print("recall@10:", shares, "all:", round(mean(sum(values.values(), [])), 3))
    assert min(shares.values()) >= FLOOR_OF_EACH_LANGUAGE, shares
    assert mean(sum(values.values(), [])) >= FLOOR


def test_tajik_endings_help(demonstration, monkeypatch):
    with_endings = mean(recalls()["tg"])
    monkeypatch.setattr(search_words, "TAJIK_ENDINGS", ("",))
    without = mean(recalls()["tg"])
    print("recall@10 in Tajik:", round(without, 3), "→", round(with_endings, 3))
    assert with_endings > without
