"""What counts as the same words, and that no quotation keeps the site busy."""

import time

import pytest

from news.blocks import blocks, plain_text
from news.body import clean_body
from news.quotes import MOST_CHARACTERS, find, nearest, quotation, said, telling_words

TEXT = said(
    "Вохӯрӣ «дар» Душанбе – пойтахт",
    "Лиди хабар.",
    "<p>Ҷашни 35–солагии <strong>Ис</strong>тиқлол.</p><ul><li>Мо розӣ нестем… бо ин кор.</li></ul>",
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("“Ҷашни 35-солагии Истиқлол”", "Ҷашни 35–солагии Истиқлол"),
        ("ҶАШНИ 35—СОЛАГИИ истиқлол.", "Ҷашни 35–солагии Истиқлол"),
        ("…мо   розӣ\nнестем... бо ин", "Мо розӣ нестем… бо ин"),
        ("дар\" Душанбе - пойтахт", "дар» Душанбе – пойтахт"),
        ("Вохӯрӣ 'дар' Душанбе", "Вохӯрӣ «дар» Душанбе"),
        ("Вохӯрӣ «дар» Душанбе", "Вохӯрӣ «дар» Душанбе"),
        ("розӣ нес\u00adтем… бо", "розӣ нестем… бо"),
        ("Душанбе – пойтахт Лиди хабар", "Душанбе – пойтахт\nЛиди хабар"),
    ],
)  # fmt: skip
def test_what_does_not_change_what_was_said_is_not_counted(typed, found):
    wanted = quotation(typed)
    assert find(wanted, TEXT).words == found


@pytest.mark.parametrize(
    "typed",
    [
        "Мо розӣ ҳастем бо ин кор",
        "Мо розӣ бо ин кор",
        "Ҷашни 36-солагии Истиқлол",
        "хабар. Ҷашни 35",  # a part of a hyphenated word
        "розӣ нестем… бо ин ко",  # a part of a word
        "шни 35-солагии Истиқлол",
        "Мо розӣ нестем, бо ин кор",
    ],
)
def test_a_word_or_a_sign_that_differs_counts(typed):
    assert quotation(typed) and find(quotation(typed), TEXT) is None


@pytest.mark.parametrize("typed", ["", "…", "«»", "ду калима", "— — —", "а" * 500])
def test_fewer_than_three_words_are_no_quotation(typed):
    assert quotation(typed) == ""


def test_what_stands_around_a_quotation_is_shown():
    passage = find(quotation("Ҷашни 35-солагии Истиқлол"), TEXT)
    assert passage.before.endswith("Лиди хабар.\n") and passage.after.startswith(".\nМо розӣ")
    long = find(quotation("як ду се"), "пеш " * 100 + "як ду се" + " баъд" * 100)
    assert long.before.startswith("… пеш") and long.after.endswith("баъд …") and len(long.before + long.after) < 220


def test_the_nearest_words_are_found_in_a_long_text():
    text = "сухан дигар " * 2000 + "Мо розӣ нестем бо ин кор дар ноҳия." + " боз чизе" * 2000
    assert nearest(quotation("Мо розӣ ҳастем бо ин кор дар ноҳия"), text) == "Мо розӣ нестем бо ин кор дар ноҳия"
    assert nearest(quotation("ҳеҷ яке аз ин калимаҳо"), text) == ""


def test_the_longest_words_are_looked_for_in_their_order():
    assert telling_words("ва дарозтарин ки калимаҳо дар аввал", 3) == "дарозтарин калимаҳо аввал"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("а " + "ба " * 6000, "ба " * 26_000),
        ("- " * 9000 + "а а а", "- " * 40_000),
        ("« “ а" * 4000, "« “ а" * 15_000),
        ("а б " * 5000 + "в", "а б " * 20_000),
        ("\u0301" * MOST_CHARACTERS, "и\u0304" * 40_000),
    ],
)
def test_hostile_quotations_cost_little(typed, text):
    start = time.process_time()
    wanted = quotation(typed)
    find(wanted or "а а а", text)
    nearest(wanted or "а а а", text)
    assert time.process_time() - start < 2


def test_the_blocks_of_a_text():
    body = clean_body(
        "<h2>Сар <em>ин</em></h2><p>Як<strong>ум</strong>  сатр <br> дигар</p>"
        '<ol><li>А<ul><li>Б</li></ul></li><li><p>В <a href="/tg/">ин ҷо</a></p></li></ol>'
        "<blockquote><p>Иқтибос</p></blockquote>"
    )
    found = [(block.kind, block.text, block.marker, block.depth, block.quoted) for block in blocks(body)]
    assert found == [
        ("h2", "Сар ин", "", 0, False),
        ("p", "Якум сатр\nдигар", "", 0, False),
        ("li", "А", "1.", 1, False),
        ("li", "Б", "•", 2, False),
        ("li", "В ин ҷо", "2.", 1, False),
        ("p", "Иқтибос", "", 0, True),
    ]
    assert [run.href for block in blocks(body) for run in block.runs if run.href] == ["/tg/"]
    assert "1. А\n\n  • Б\n\n2. В ин ҷо\n\n> Иқтибос" in plain_text(body)
    assert blocks("") == [] and blocks("<p><br></p>") == []
