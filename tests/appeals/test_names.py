"""Names are judged by evident junk only: nobody real is refused, and junk identifies nobody."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from appeals.article21 import Name
from appeals.names import (
    classify_entity,
    classify_person,
    clean,
    has_forbidden_characters,
    is_initials,
    is_placeholder,
)

REAL = (
    """
Раҳмонов|Раҳимзода|Сафарзода|Шарифпур|Назардухт|Ғафуров|Қосимӣ|Ҳакимов|Ҷӯраев|Ӯлҷабоев|Эмомиён|Саидниё
Каримфар|Рахмонов|Кодиров|Чураев|Ўлмасов|Њакимов|Љўраев|Ќосимов|Ѓафуров|Шарифї
Иванов|Щербаков|Цой|Ким|Югай|Салтыков-Щедрин|Мамин‐Сибиряк|Петров–Водкин|Неизвестный|Тестов|Тестин|Пустой
О|Ы|И|Э|Ё|Ли|Ан|Нет|Ю Чжэнь|Абд ур-Раҳмон|Муҳаммад ибн Али|Саид Алии Ҳамадонӣ|Оғо-Мирзо|Мамадёр ўғли|Ага оглы
O'Brien|O’Neill|D‘Arcy|Oʻktam|Oʼtkir|O`Hara|Saint-Exupéry|de la Cruz|Nguyễn|Þór|Strauß|Øster|Li|U|Y|Aa|Wu
Null|Tester|Anon|Guest|User|Admin|Wert|Trew|Smith|Смит|Тимс|Кенг|Тимсон|Мить|Nasab|Насаб|Abcde|Testud|Noah
محمد|علی‌رضا|عبدالرحمن|م|李|王小明|欧阳娜娜|张·伟|さくら|김|ელენე|Ծովինար|שרה|राम|लीला लाल|ਸਿੰਘ|นิด
Лулу|Мимими|Анна-Анна|Аа|Jr.|John Jr.|Ибн Сино Абӯалӣ
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
NOT_A_LETTER = [
    "",
    " ",
    "\t\n",
    "-",
    "—",
    "...",
    ".",
    "'",
    "ʼʼ",
    "?",
    "!!!",
    "@#$%",
    "0",
    "1990",
    "_",
    "😀",
    "\u200b",
    "ा",
]
JUNK = [
    *NOT_A_LETTER,
    *"ааа ААА Ааааа xxx XXXX ххх ъъъ. яяя zzz А-А-А ۀۀۀ 一一一 ӣӣӣ".split(),
    *"аноним Аноним АНОНИМ анони́м анонимно анонимная anonymous Anonymous ANONYMUS anonim".split(),
    *"беном Беном benom номаълум Номаълум номалум НОМАЪЛУМ номаʼлум nomalum NoName no-name unknown".split(),
    *"test Test TEST ｔｅｓｔ тест Тест testtest тесттест test1 Тест-2".split(),
    *"qwerty QWERTY qwertyuiop ytrewq rtyu asdf Asdf fdsa asdfgh asdasd asdfasdf zxcv zxcvbnm".split(),
    *"йцукен ЙЦУКЕН йцук некуцй фыва Фыва фывапролд авыф ячсм фҷва йқукен".split(),
    *"مجهول ناشناس 匿名 никто инкогнито Фамилия Surname имярек".split(),
    *["а а а", "Аноним Аноним", "Аноним Анонимович", "тест тест", "бе ном", "БЕ НОМ", "no name"],
    *["без имени", "не указано", "بی‌نام"],
]
INITIALS = ["Р. Ш.", "Р . Ш .", "R. Sh.", "Yu. V."]
INITIALS += "Р. Р.Ш. Р.Ш R. r.sh. SH. Kh. Дж. ДЖ. Ҷ. Ӣ. Ж.-Ж. م. А.А.А. X.X.X.".split()
NOT_INITIALS = [
    "О",
    "Р Ш",
    "О Генри",
    "Ли.",
    "Ан",
    "М. Раҳмон",
    "Раҳмонов Р.Ш.",
    "Sh",
    "",
    ".",
    "- .",
    "John Jr.",
]
WHOLE = ("Раҳимзода", "Рустам", "Шарифович")

# Scripts whose capitals are one letter each, so that a change of case keeps the spelling.
letters = st.sampled_from("абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюяabcdefghijklmnopqrstuvwxyz")
words = st.text(letters, min_size=1, max_size=30)
lines = st.lists(words, min_size=1, max_size=3).map(" ".join)
anything = st.one_of(st.text(max_size=30), lines, st.sampled_from(REAL + JUNK + INITIALS))


def decompose(text: str) -> str:
    return unicodedata.normalize("NFD", text)


class TestTables:
    def test_the_tables_are_large_enough(self):
        assert len(set(REAL)) >= 100
        assert len(set(JUNK)) >= 100

    @pytest.mark.parametrize("name", REAL)
    def test_nobody_real_is_refused(self, name):
        assert not is_placeholder(name)
        assert not has_forbidden_characters(name)
        assert not is_initials(name)
        assert classify_person(name, "Рустам", "Шарифович") is Name.FULL
        assert classify_person("Раҳмонов", name, "", no_patronymic=True) is Name.FULL_WITHOUT_PATRONYMIC
        assert classify_person(name, "", "", single_name=True) is Name.FULL_WITHOUT_PATRONYMIC

    @pytest.mark.parametrize("text", JUNK)
    def test_junk_identifies_nobody(self, text):
        assert is_placeholder(text)
        assert classify_person(text, text, text) is Name.MISSING
        assert classify_person(text, "", "", single_name=True) is Name.MISSING
        assert classify_person(text, "Рустам", "Шарифович") is Name.PARTIAL
        assert classify_entity(text) is Name.MISSING

    @pytest.mark.parametrize("text", INITIALS)
    def test_initials_are_a_part(self, text):
        assert is_initials(text)
        assert not is_placeholder(text)
        assert classify_person(text, text, text) is Name.PARTIAL
        assert classify_person("Раҳмонов", text, "Шарифович") is Name.PARTIAL

    @pytest.mark.parametrize("text", NOT_INITIALS)
    def test_a_name_is_not_taken_for_initials(self, text):
        assert not is_initials(text)

    @pytest.mark.parametrize("text", "Каримов1 Иван_ов a@b Ким! <b> Али/Вали № ٣ Ⅲ Ҳ😀 a\0".split())
    def test_forbidden_characters(self, text):
        assert has_forbidden_characters(text)
        assert classify_person(text, text, text) in (Name.PARTIAL, Name.MISSING)

    def test_an_ordinary_name_with_a_digit_in_it_is_not_whole(self):
        assert classify_person("Каримов1", "Рустам", "Шарифович") is Name.PARTIAL


class TestPerson:
    @pytest.mark.parametrize(
        ("parts", "ticked", "expected"),
        [
            (WHOLE, {}, Name.FULL),
            (WHOLE, {"no_patronymic": True}, Name.FULL),
            (WHOLE, {"single_name": True}, Name.FULL),
            (("Раҳимзода", "Рустам", ""), {}, Name.PARTIAL),
            (("Раҳимзода", "Рустам", ""), {"no_patronymic": True}, Name.FULL_WITHOUT_PATRONYMIC),
            (("Раҳимзода", "Рустам", "Ш."), {}, Name.PARTIAL),
            (("Раҳимзода", "Рустам", "Ш."), {"no_patronymic": True}, Name.FULL_WITHOUT_PATRONYMIC),
            (("Раҳимзода", "Рустам", "нет"), {}, Name.PARTIAL),
            (("Раҳимзода", "Рустам", "Надорам"), {"no_patronymic": True}, Name.FULL_WITHOUT_PATRONYMIC),
            (("Нет", "Рустам", "Шарифович"), {}, Name.FULL),
            (("Раҳимзода", "", ""), {}, Name.PARTIAL),
            (("Раҳимзода", "", ""), {"no_patronymic": True}, Name.PARTIAL),
            (("Раҳимзода", "", ""), {"single_name": True}, Name.FULL_WITHOUT_PATRONYMIC),
            (("", "Рустам", ""), {"single_name": True}, Name.FULL_WITHOUT_PATRONYMIC),
            (("", "", "Шарифович"), {"single_name": True}, Name.PARTIAL),
            (("", "", ""), {"single_name": True, "no_patronymic": True}, Name.MISSING),
            (("", "", "нет"), {}, Name.MISSING),
            (("Р.", "", ""), {"single_name": True}, Name.PARTIAL),
            (("", "", ""), {}, Name.MISSING),
            (("тест", "test", "беном"), {"no_patronymic": True}, Name.MISSING),
            (("аноним", "Рустам", ""), {}, Name.PARTIAL),
            (("Раҳимзода Рустам Шарифович", "", ""), {}, Name.PARTIAL),
        ],
    )
    def test_parts_and_declarations(self, parts, ticked, expected):
        assert classify_person(*parts, **ticked) is expected


class TestEntity:
    @pytest.mark.parametrize(
        "name",
        [
            "ҶДММ «Сомон-2000»",
            'ООО "Ромашка"',
            "3M",
            "КВД «Оби зулол»",
            "Test LLC",
            "О",
            "ТОО ААА",
            "Amonatbonk (JSC)",
        ],
    )
    def test_full(self, name):
        assert classify_entity(name) is Name.FULL

    @pytest.mark.parametrize("name", ["", "«»", "2000", "ООО", "О.О.О.", "аноним", "Test", "qwerty"])
    def test_missing(self, name):
        assert classify_entity(name) is Name.MISSING


class TestClean:
    def test_spaces_and_pasted_invisibles(self):
        assert clean("  Раҳмон\u00a0 \t Рустам\u200b\ufeff \n") == "Раҳмон Рустам"
        assert clean(decompose("Ӯлҷабоев Йӣ")) == "Ӯлҷабоев Йӣ"
        assert clean("علی\u200cرضا") == "علی\u200cرضا"

    @given(st.text())
    @example("и\u200b\u0304")
    @example("\u1fef")
    def test_once_is_enough(self, text):
        assert clean(clean(text)) == clean(text)
        assert unicodedata.is_normalized("NFC", clean(text))


class TestProperties:
    @given(anything)
    def test_nothing_raises_and_spaces_do_not_matter(self, text):
        padded = f" \u00a0{clean(text)}\t"
        for answer in (is_placeholder, is_initials, has_forbidden_characters, classify_entity):
            assert answer(padded) == answer(text)

    @given(st.one_of(lines, st.sampled_from([text for text in REAL + JUNK + INITIALS if "ß" not in text])))
    def test_case_and_normal_form_do_not_matter(self, text):
        for variant in (text.upper(), text.lower(), text.title(), decompose(text)):
            assert is_placeholder(variant) == is_placeholder(text)
            assert is_initials(variant) == is_initials(text)
            assert has_forbidden_characters(variant) == has_forbidden_characters(text)

    @given(st.one_of(lines, st.sampled_from(REAL + JUNK)))
    def test_letter_variants_do_not_matter(self, text):
        for tajik, others in {"ғ": "гѓ", "ӣ": "иї", "қ": "кќ", "ӯ": "уў", "ҳ": "хњ", "ҷ": "чљ"}.items():
            for other in others:
                for variant in (text.replace(tajik, other), text.replace(tajik.upper(), other.upper())):
                    assert is_placeholder(variant) == is_placeholder(text)
                    assert classify_person(variant, variant, variant) is classify_person(text, text, text)

    @given(
        st.text(letters, min_size=1, max_size=90),
        st.sampled_from(["зода", "пур", "духт", " ибн Али", "-Sultan", "ниё"]),
    )
    def test_length_and_endings_do_not_matter(self, word, ending):
        assert classify_person(word + ending, "Рустам", "Шарифович") is Name.FULL

    @given(st.characters(categories=["Lu", "Ll", "Lo"]))
    def test_one_letter_of_any_script_is_a_name(self, letter):
        assume(clean(letter) and unicodedata.normalize("NFKC", letter).isalpha())
        assert not is_placeholder(letter)
        assert not has_forbidden_characters(letter)
        assert not is_initials(letter)

    @given(st.characters(categories=["Lu", "Ll", "Lo"]), st.integers(3, 40))
    def test_one_letter_three_times_is_none(self, letter, times):
        assume(len(unicodedata.normalize("NFKD", letter).casefold()) == 1)
        assume(letter.casefold() not in "ъь")
        assert is_placeholder(letter * times)

    @given(
        st.sampled_from(["qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзх", "фывапролджэ", "ячсмитьбю"]),
        st.data(),
    )
    def test_a_run_along_a_keyboard_row_is_none(self, row, data):
        start = data.draw(st.integers(0, len(row) - 4))
        run = row[start : data.draw(st.integers(start + 4, len(row)))]
        assume(run not in {"wert", "смит", "смить", "мить", "итьб", "тьбю", "кенг", "укен"})
        assert is_placeholder(run)
        if run[::-1] not in {"trew", "тимс", "ьтимс", "неку", "орпа"}:
            assert is_placeholder(run[::-1])

    @given(st.tuples(anything, anything, anything), st.booleans(), st.booleans())
    def test_declaring_or_typing_more_never_makes_a_name_worse(self, parts, no_patronymic, single_name):
        order = [Name.MISSING, Name.PARTIAL, Name.FULL_WITHOUT_PATRONYMIC, Name.FULL]
        ticked = {"no_patronymic": no_patronymic, "single_name": single_name}
        here = order.index(classify_person(*parts, **ticked))
        assert here >= order.index(classify_person(*parts))
        for place in range(3):
            typed = [WHOLE[place] if place == index else part for index, part in enumerate(parts)]
            assert order.index(classify_person(*typed, **ticked)) >= here
