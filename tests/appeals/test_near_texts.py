"""A text that was sent before is known again with some words changed; another one on the same matter is not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals import comparison
from appeals.blind_index import NEAR, BlindIndex, similarity, words_in_common
from tests.appeals.topic_texts import TEXTS

INDEX = BlindIndex("a1" * 32)


def with_changed_words(text: str, percent: int, chance: random.Random) -> str:
    words, others = text.split(), " ".join(TEXTS).split()
    for place in chance.sample(range(len(words)), round(len(words) * percent / 100)):
        words[place] = chance.choice(others)
    return " ".join(words)


@pytest.mark.parametrize(("percent", "at_least"), [(0, 1.0), (5, 1.0), (10, 0.99), (20, 0.85)])
def test_a_copy_with_some_words_changed_is_near(percent, at_least):
    chance, sketches = random.Random(7), [INDEX.sketch(text) for text in TEXTS]
    copies = [INDEX.sketch(with_changed_words(text, percent, chance)) for text in TEXTS for _ in range(3)]
    near = [similarity(copy, sketches[place // 3]) >= NEAR for place, copy in enumerate(copies)]
    assert sum(near) / len(near) >= at_least


@pytest.mark.parametrize("percent", [5, 10, 20])
def test_the_officer_is_told_about_how_many_words_are_the_same(percent):
    text, chance = " ".join(TEXTS[:10]), random.Random(5)
    alike = similarity(INDEX.sketch(text), INDEX.sketch(with_changed_words(text, percent, chance)))
    assert words_in_common(alike) * 100 == pytest.approx(100 - percent, abs=8)


def test_another_text_on_the_same_topic_is_not_near():
    sketches = [INDEX.sketch(text) for text in TEXTS]
    alike = [similarity(one, other) for place, one in enumerate(sketches) for other in sketches[:place]]
    assert max(alike) < NEAR / 2


def test_courtesy_alone_makes_no_two_texts_near():
    frame = "Муҳтарам Президенти Ҷумҳурии Тоҷикистон! Аз Шумо хоҳиш менамоям, {} Пешакӣ миннатдорам. Бо эҳтиром."
    own = [" ".join(text.split()[8:30]) for text in TEXTS]
    sketches = [INDEX.sketch(frame.format(text)) for text in own]
    assert all(sketches)
    assert max(similarity(one, other) for place, one in enumerate(sketches) for other in sketches[:place]) < NEAR


def test_a_short_text_is_like_no_other():
    assert INDEX.sketch("Илтимос, кӯмак кунед. Роҳи деҳаро таъмир кунед.") == ()


def test_passages_that_two_texts_share_are_marked_as_they_were_typed():
    one, other = comparison.compare("Салом! Роҳи ДЕҲАИ мо, вайрон шуд.", "роҳи дехаи мо вайрон аст. Хайр, салом")
    assert one == [("Салом! ", False), ("Роҳи ДЕҲАИ мо, вайрон", True), (" шуд.", False)]
    assert other == [("роҳи дехаи мо вайрон", True), (" аст. Хайр, салом", False)]
    assert comparison.compare("як ду", "се чор") == ([("як ду", False)], [("се чор", False)])
    assert comparison.compare("", "") == ([], [])


@given(st.text("аб вҳх.", max_size=60), st.text("аб вҳх.", max_size=60))
def test_no_letter_of_a_compared_text_is_lost(one, other):
    assert tuple("".join(part.text for part in parts) for parts in comparison.compare(one, other)) == (one, other)
