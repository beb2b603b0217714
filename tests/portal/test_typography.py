"""What the typographer changes in each language, and what it never changes. In the tables ``_`` is a space without a break."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.typography import MARKS, NBSP, SOFT_HYPHEN, hyphenated, typeset, typeset_html

TAJIK = [
    ("Вохӯрӣ бо кишоварзони ноҳия", "Вохӯрӣ бо_кишоварзони ноҳия"),
    ("Дар ш. Душанбе", "Дар_ш._Душанбе"),
    ("1 сентябри соли 2026", "1_сентябри соли_2026"),
    ("Қонуни № 5, моддаи 21", "Қонуни №_5, моддаи_21"),
    ("иқтидори 25 МВт ва 30 % зиёд", "иқтидори 25_МВт ва_30_% зиёд"),
    ("25 нафар, 5 млн сомонӣ", "25_нафар, 5_млн_сомонӣ"),
    ("С. Айнӣ ва Айнӣ С. С.", "С._Айнӣ ва_Айнӣ_С._С."),
    ("асри XXI", "асри_XXI"),
    ("мо низ, онҳо ҳам", "мо_низ, онҳо_ҳам"),
    ("Душанбе - пойтахт", "Душанбе_– пойтахт"),
    ("Душанбе — пойтахт", "Душанбе_— пойтахт"),
    ("солҳои 2016-2020", "солҳои_2016–2020"),
    ("35-солагии Истиқлол", "35-солагии Истиқлол"),
    ('Нерӯгоҳи "Роғун"', "Нерӯгоҳи «Роғун»"),
    ('Китоби "Қиссаи "Рустам" аст"', "Китоби «Қиссаи “Рустам” аст»"),
    ('Китоби «Қиссаи "Рустам"»', "Китоби «Қиссаи “Рустам”»"),
    ("Баъд...", "Баъд…"),
    ("1 500 000 сомонӣ", "1_500_000_сомонӣ"),
]
RUSSIAN = [
    ("Встреча с жителями и ветеранами", "Встреча с_жителями и_ветеранами"),
    ("И в доме", "И_в_доме"),
    ("из-за дождя", "из-за_дождя"),
    ("если бы он знал, то же самое", "если_бы он знал, то_же самое"),
    ("г. Душанбе, ул. Рудаки, стр. 5", "г._Душанбе, ул._Рудаки, стр._5"),
    ("10 января 2022 года", "10_января 2022_года"),
    ("А. С. Пушкин, А.С. Пушкин, Пушкин А. С.", "А._С._Пушкин, А.С._Пушкин, Пушкин_А._С."),
    ("№ 5 и т. д.", "№_5 и_т._д."),
    ("в XXI веке", "в_XXI_веке"),
    ("25 тыс. человек, 30 %", "25_тыс._человек, 30_%"),
    ("Душанбе - столица", "Душанбе_– столица"),
    ("из 5-7 стран", "из_5–7_стран"),
    ('Газета "Правда "Востока" сегодня"', "Газета «Правда „Востока“ сегодня»"),
    ('"Слово", - сказал он', "«Слово»,_– сказал он"),
    ("по-русски, юго-запад", "по-русски, юго-запад"),
    ('диаметр 5" и "слово', 'диаметр 5" и_"слово'),  # marks that do not pair stay
]
ENGLISH = [
    ("10 January 2022", "10_January_2022"),
    ("Mr. Rahmon and Dr. A. B. Smith", "Mr._Rahmon and Dr._A._B._Smith"),
    ("No. 5, Article 21", "No._5, Article_21"),
    ("It is a day that I remember", "It is a day that I_remember"),
    ('He said "the so-called "new" day"', "He said “the so-called ‘new’ day”"),
    ("the President's visit, the farmers' day", "the President’s visit, the farmers’ day"),
    ("a 'quiet' day in the '90s", "a ‘quiet’ day in the ’90s"),
    ("Dushanbe - the capital", "Dushanbe_– the capital"),
    ("5 million people", "5_million_people"),
    ("2010-2015", "2010–2015"),
]
KEPT = [
    "https://prezident.tj/a-b...c?q=1-2 - сайт",
    "press-office@president.tj",
    "www.un.org/a-b",
    "35-солагии",
    "221-25-20",
    "(+992 37) 221-2520",
    "2022-01-10",
    "10.01.2022",
    "3-1",
    "....",
]
CASES = [(code, *case) for code, table in (("tg", TAJIK), ("ru", RUSSIAN), ("en", ENGLISH)) for case in table]
# Signs that meet in real texts, in any order.
HARD = st.text(st.sampled_from(list('аИвсXI5 2029 .…,-–—\'’‘""«»„“”()№%\n\u00a0ёӣaIs&;@:/<>')), max_size=60)
ANY = st.one_of(HARD, st.text(max_size=80))
LANGUAGE = st.sampled_from(["tg", "ru", "en"])


@pytest.mark.parametrize(("language", "typed", "printed"), CASES)
def test_a_text_is_set_as_its_language_has_it(language, typed, printed):
    assert typeset(typed, language).replace(NBSP, "_") == printed


@pytest.mark.parametrize("text", KEPT)
@pytest.mark.parametrize("language", MARKS)
def test_addresses_numbers_and_hyphens_stay(language, text):
    words = typeset(text, language).replace(NBSP, " ").replace(" – ", " - ")
    assert words == text


@given(ANY, LANGUAGE)
@example('"a» "b""', "ru")
@example("'a b'c' ", "en")
def test_what_is_set_once_stays_as_it_is(text, language):
    once = typeset(text, language)
    assert typeset(once, language) == once
    assert typeset_html(typeset_html(text, language), language) == typeset_html(text, language)


@given(ANY, LANGUAGE)
def test_no_letter_and_no_digit_is_changed(text, language):
    assert _letters(typeset(text, language)) == _letters(text)
    assert _letters(hyphenated(text)) == _letters(text)
    assert hyphenated(text).replace(SOFT_HYPHEN, "") == text.replace(SOFT_HYPHEN, "")


@given(
    st.lists(st.tuples(HARD, st.sampled_from(["<b>", "</b>", "<p>", "</p>", '<a href="a - b">', "</a>", "<br>"]))),
    LANGUAGE,
)
def test_no_tag_and_no_attribute_is_changed(pieces, language):
    pieces = [(re.sub("[<>]", "", text), tag) for text, tag in pieces]
    printed = typeset_html("".join(text + tag for text, tag in pieces), language)
    assert re.findall("<[^>]*>", printed) == [tag for _text, tag in pieces]


def _letters(text):
    return re.sub(r"[\W_]", "", text)


def test_marks_pair_across_bold_words_and_not_across_paragraphs():
    assert typeset_html('<p>"Як <strong>ду"</strong> се</p>', "tg") == "<p>«Як <strong>ду»</strong> се</p>"
    assert typeset_html('<p>"Як</p><p>ду" се</p>', "tg") == '<p>"Як</p><p>ду" се</p>'


def test_code_attributes_and_entities_are_kept():
    markup = '<a href="https://a.tj/?a=1 - 2">дар "ин"</a> &quot;&amp; <code>дар "ин" - 5</code>'
    assert typeset_html(markup, "tg") == (
        f'<a href="https://a.tj/?a=1 - 2">дар{NBSP}«ин»</a> &quot;&amp; <code>дар "ин" - 5</code>'
    )


def test_a_space_without_a_break_is_one_character():
    assert typeset_html("<p>5&nbsp;нафар</p>", "tg") == f"<p>5{NBSP}нафар</p>"


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Тоҷикистон", "То·ҷи·кис·тон"),
        ("кишоварзони", "ки·шо·вар·зони"),
        ("фармондеҳии", "фар·мон·де·ҳии"),
        ("мутахассисон", "му·та·хас·си·сон"),
        ("санъаткорон", "санъ·ат·ко·рон"),
        ("исъёнгарон", "исъ·ён·га·рон"),
        ("пойтахтнишин", "пой·тахт·ни·шин"),
        ("Оинномаҳои", "Оин·но·ма·ҳои"),
        ("маъмурият", "маъмурият"),  # not long
        ("35-солагии", "35-солагии"),
        ("photograph", "photograph"),
    ],
)
def test_long_tajik_words_are_cut_between_syllables(word, parts):
    assert hyphenated(word).replace(SOFT_HYPHEN, "·") == parts


@given(st.text(st.sampled_from("абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюяь"), min_size=10, max_size=25))
def test_no_part_of_a_word_is_too_short_or_torn(word):
    cut = hyphenated(word)
    parts = cut.split(SOFT_HYPHEN)
    assert len(parts) == 1 or (len(parts[0]) >= 2 and len(parts[-1]) >= 3)
    assert all(set(part) & set("аеёиӣоуӯэюя") for part in parts[1:])
    assert not any(part[0] in "ъьй" for part in parts[1:])
    assert hyphenated(cut) == cut
