"""The fold: the same from every keyboard, and one character for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.fold import fold, fold_words, latin_to_cyrillic


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ТОҶИКИСТОН", "точикистон"),
        ("Ғафуров", "гафуров"),
        ("Ҳисор", "хисор"),
        ("Қурғонтеппа", "кургонтеппа"),
        ("Наврӯзӣ", "наврузи"),
        ("Ёдгорӣ", "едгори"),
        ("Љумњурии Тољикистон", "чумхурии точикистон"),
        ("Рўшон", "рушон"),
        ("ќонун, Ѓафуров, забонї", "конун, гафуров, забони"),
        ("Николай", "николай"),
        ("Khujand 2026", "khujand 2026"),
        ("", ""),
    ],
)
def test_letters_that_are_typed_for_one_another_are_one(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize("tajik", ["Тоҷикистон", "Хуҷанд", "Ғарм", "Қаротегин", "Наврӯз"])
def test_what_a_russian_keyboard_types_is_the_same(tajik):
    typed = tajik.translate(str.maketrans("ғӣқӯҳҷҒӢҚӮҲҶ", "гикухчГИКУХЧ"))
    assert typed != tajik
    assert fold(typed) == fold(tajik)


def test_a_capital_that_has_two_small_letters_keeps_its_place():
    assert len(fold("İstanbul Ҷ")) == len("İstanbul Ҷ")
    assert fold("İстанбул Ҷ")[-1] == "ч"


@given(st.text())
def test_every_position_stays(text):
    assert len(fold(text)) == len(text)


@given(st.text())
def test_a_folded_text_stays_as_it_is(text):
    words = fold_words(text)
    assert fold_words(" ".join(words)) == words
    assert all(word and not set(word) & set("\0 \"'*:()&|!<>-_\\") for word in words)


def test_a_letter_in_two_parts_is_one_letter():
    assert fold_words("Наврӯзӣ") == ["наврузи"]


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Tojikiston", "Тоҷикистон"),
        ("Rahmon", "Раҳмон"),
        ("Emomali", "Эмомалӣ"),
        ("Dushanbe", "Душанбе"),
        ("Khujand", "Хуҷанд"),
        ("Xujand", "Хуҷанд"),
        ("Navrūz", "Наврӯз"),
        ("Roghun", "Роғун"),
        ("Qurghonteppa", "Қурғонтеппа"),
        ("Mehrgon", "Меҳргон"),
        ("Hisor", "Ҳисор"),
        ("Sharq", "Шарқ"),
        ("yoddosht", "ёддошт"),
        ("yakum", "якум"),
        ("Yunon", "Юнон"),
        ("ma'naviyat", "манавият"),
        ("donishjū", "донишҷӯ"),
        ("2026", "2026"),
        ("Душанбе", "Душанбе"),
    ],
)
def test_tajik_in_latin_letters_finds_cyrillic(latin, cyrillic):
    assert latin_to_cyrillic(latin) == fold(cyrillic)


@pytest.mark.parametrize(
    ("latin", "cyrillic"), [("Khujand", "Худжанд"), ("Navruz", "Навруз"), ("Rahmon", "Рахмон"), ("zhizn", "жизн")]
)
def test_russian_in_latin_letters_finds_cyrillic(latin, cyrillic):
    assert latin_to_cyrillic(latin, "ru") == fold(cyrillic)


@given(st.text())
def test_any_text_can_be_written_in_cyrillic(text):
    assert not set(latin_to_cyrillic(text)) & set("abcdefghijklmnopqrstuvwxyz")
