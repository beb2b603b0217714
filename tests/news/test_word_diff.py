"""The difference of two texts: by words, as the reader sees them, safe, and in bounded time."""

import html
import random
import re
import sys
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st

from news.alignment import aligned
from news.body import clean_body, words
from news.word_diff import compare_bodies, compare_texts
from news.word_tokens import body_tokens

HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>')
ELEMENTS = re.compile(r"<[^>]*>")
# All that a difference may be made of.
ALLOWED = re.compile(
    r'</?(p|del|ins|span|strong|em|br)>|<p class="difference__(p|h2|h3|li|quote)">'
    r'|<span class="(visually-hidden|difference__link|difference__address)">'
)
TEXTS = st.text(st.sampled_from("аб ӯқ.,<>&\"'=/\n-«»\u00a0") | st.characters(codec="utf-8"), max_size=80)
BODIES = st.lists(
    st.tuples(st.sampled_from(["p", "h2", "h3", "blockquote", "ul", "plain", "a", "strong"]), TEXTS), max_size=6
).map(lambda parts: clean_body("".join(element(*part) for part in parts)))


@pytest.fixture(autouse=True, scope="module")
def _in_english():
    """No request says here in which language a difference is read out."""
    with override("en"):
        yield


def element(name, text):
    said = html.escape(text)
    match name:
        case "plain":
            return text
        case "ul":
            return f"<ul><li>{said}</li><li>ва {said}</li></ul>"
        case "blockquote":
            return f"<blockquote><p>{said}</p></blockquote>"
        case "a":
            return f'<p>ин <a href="https://example.tj/{said}">{said}</a></p>'
        case "strong":
            return f"<p><strong>{said}</strong> ва <em>{said}</em></p>"
    return f"<{name}>{said}</{name}>"


def shown(old, new):
    """The difference without the words for those who do not see the colours."""
    return HIDDEN.sub("", compare_bodies(old, new).html)


def side(difference, gone):
    """What one of the two texts said, by the difference: without the other's words."""
    text = re.sub(rf"<{gone}>.*?</{gone}>", " ", HIDDEN.sub("", difference), flags=re.DOTALL)
    text = re.sub(r'<span class="difference__address">.*?</span>', " ", text, flags=re.DOTALL)
    return "".join(html.unescape(ELEMENTS.sub(" ", text)).replace("¶", "").split())


def said(body):
    return "".join(words(body).replace("¶", "").split())


CHANGES = [
    ("<p>Hello big world.</p>", "<p>Hello small world.</p>", "Hello <del>big</del> <ins>small</ins> world."),
    ("<p>One two</p>", "<p>One new two</p>", "One <ins>new</ins> two"),
    ("<p>One old two</p>", "<p>One two</p>", "One <del>old</del> two"),
    ("<p>Word, word</p>", "<p>Word. Word</p>", "Word<del>, word</del><ins>. Word</ins>"),
    ("<p>Ғафс ва қавӣ</p>", "<p>Ғафс ва ҷӯр</p>", "Ғафс ва <del>қавӣ</del> <ins>ҷӯр</ins>"),
    ("<p>the 35-солагӣ</p>", "<p>the 36-солагӣ</p>", "the <del>35-солагӣ</del> <ins>36-солагӣ</ins>"),
    ("<p>One two</p>", "<p>One <strong>two</strong></p>", "One <del>two</del> <ins><strong>two</strong></ins>"),
    ("<p>One&nbsp;two</p>", "<p>One two</p>", '<p class="difference__p">One two</p>'),
    ("<p>One\ntwo</p>", "<p>One<br>\ntwo</p>", "One<ins><br></ins> two"),
]


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_words_that_changed_are_marked_and_no_others(old, new, expected):
    assert expected in shown(old, new)


def test_a_paragraph_that_came_or_went_is_one_of_its_own():
    old, new = "<p>First one.</p>\n<p>Last one.</p>", "<p>First one.</p>\n<p>In between.</p>\n<p>Last one.</p>"
    added = '<p class="difference__p"><ins>In between.</ins></p>'
    assert added in shown(old, new)
    assert added.replace("ins>", "del>") in shown(new, old)


def test_a_new_paragraph_after_a_changed_word_is_not_drawn_into_it():
    old = "<p>Met his friends.</p>\n<p>Last.</p>"
    new = "<p>Met his friend.</p>\n<p>Something new.</p>\n<p>Last.</p>"
    assert shown(old, new).split("\n") == [
        '<p class="difference__p">Met his <del>friends</del> <ins>friend</ins>.</p>',
        '<p class="difference__p"><ins>Something new.</ins></p>',
        '<p class="difference__p">Last.</p>',
    ]


def test_a_paragraph_that_was_divided_or_joined_keeps_its_words():
    one, two = "<p>It began. It ended.</p>", "<p>It began.</p>\n<p>It ended.</p>"
    assert "<ins>¶</ins>" in shown(one, two) and "<del>¶</del>" in shown(two, one)
    assert "<del>It" not in shown(one, two) and "<ins>It" not in shown(two, one)


def test_a_paragraph_that_became_a_heading_is_named():
    assert "¶ heading" in compare_bodies("<p>The visit</p>", "<h2>The visit</h2>").html


def test_another_address_of_a_link_is_shown():
    old, new = '<p>See <a href="/a">here</a>.</p>', '<p>See <a href="/b?x=1&amp;y=2">here</a>.</p>'
    found = shown(old, new)
    assert '<del><span class="difference__address">(/a)</span></del>' in found
    assert "(/b?x=1&amp;y=2)" in found
    assert "href" not in found
    assert "/a" not in shown(old, old), "an address that stayed is not in the way"


def test_a_change_is_said_in_words_too():
    found = compare_bodies("<p>old</p>", "<p>new</p>").html
    assert (
        '<del><span class="visually-hidden">[deleted: </span>old<span class="visually-hidden">]</span></del>' in found
    )
    assert '<ins><span class="visually-hidden">[inserted: </span>new' in found


@pytest.mark.parametrize("old", ["", "<p>Said.</p>"])
@pytest.mark.parametrize("new", ["", "<p>Said.</p>"])
def test_nothing_can_be_compared(old, new):
    difference = compare_bodies(old, new)
    assert difference.is_empty == (old == new)
    assert ("ins>" in difference.html, "del>" in difference.html) == (new > old, old > new)


def test_titles_and_leads_are_compared_as_plain_text():
    found = compare_texts("Meeting <b>& more", "Meeting <i>& more\nand a line").html
    assert "&lt;" in found and "<b>" not in found and "<i>" not in found
    assert "<br>" in found
    assert compare_texts("", "").html == ""


@settings(deadline=None, max_examples=150)
@given(BODIES, BODIES)
@example("<p>a</p>", "<h2>a</h2>")
@example("<ul><li>a</li></ul>", "<blockquote><p>a</p></blockquote>")
def test_each_text_can_be_read_out_of_the_difference(old, new):
    difference = compare_bodies(old, new).html
    headings = r"(?<=¶) (heading|subheading|list item|quotation)(?=<)"
    difference = re.sub(headings, "", difference)
    assert side(difference, "ins") == said(old)
    assert side(difference, "del") == said(new)


@settings(deadline=None, max_examples=150)
@given(BODIES, BODIES)
def test_a_difference_holds_its_own_elements_alone(old, new):
    difference = compare_bodies(old, new).html
    assert ALLOWED.sub("", difference).count("<") == 0
    for tag in ("p", "ins", "del", "span", "strong", "em"):
        assert len(re.findall(rf"<{tag}[ >]", difference)) == difference.count(f"</{tag}>"), tag


@given(BODIES)
def test_a_text_does_not_differ_from_itself(body):
    difference = compare_bodies(body, body)
    assert difference.is_empty and "<ins>" not in difference.html and "<del>" not in difference.html


@given(st.lists(st.integers(0, 6), max_size=40), st.lists(st.integers(0, 6), max_size=40))
def test_what_stayed_stands_in_both_in_one_order(old, new):
    pairs = aligned(old, new)
    assert all(old[here] == new[there] for here, there in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


def test_hostile_markup_in_a_text_is_only_text():
    body = '<p>&lt;script&gt;alert(1)&lt;/script&gt; "onload=" &lt;/del&gt;</p>'
    assert "<script" not in compare_bodies("", body).html
    assert "&lt;/del&gt;" in compare_bodies("", body).html


def paragraphs(size, vocabulary, seed):
    chosen, made, length = random.Random(seed), [], 0
    while length < size:
        made.append(" ".join(chosen.choice(vocabulary) for _word in range(60)) + ".")
        length += len(made[-1])
    return made


NAMES = [f"калима{number}" for number in range(3000)] + ["ва", "дар", "бо"] * 300
LONG = paragraphs(80_000, NAMES, 1)
REVISED = [text.replace("ва ", "ё ") if number % 3 == 0 else text for number, text in enumerate(LONG)]
LARGE = {
    "revised": (LONG, REVISED),
    "another text": (LONG, paragraphs(80_000, NAMES, 2)),
    "one paragraph": ([" ".join(LONG)], [" ".join(REVISED)]),
    "two letters": (paragraphs(80_000, "аб", 3), paragraphs(80_000, "аб", 4)),
    "anchors in a sea of four letters": tuple(
        [[" ".join(" ".join(random.Random(f"{seed}{n}").choices("абвг", k=38)) + f" ном{n}" for n in range(930))]
         for seed in "ab"]
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), LARGE.values(), ids=LARGE)
def test_a_text_of_80_000_characters_is_compared_in_seven_million_steps(old, new):
    """Less than a second on an ordinary machine; counted in calls and returns, the same on a busy one."""
    old, new = ("\n".join(f"<p>{text}</p>" for text in texts) for texts in (old, new))
    assert len(old) > 75_000
    steps = 0

    def count(*_event):
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        compare_bodies(old, new)
    finally:
        sys.setprofile(None)
    assert steps < 7_000_000


def test_a_small_change_in_a_long_text_stays_small():
    old = "\n".join(f"<p>{text}</p>" for text in LONG)
    difference = compare_bodies(old, old.replace("калима17 ", "калимаи нав ", 1))
    assert (difference.deleted, difference.inserted) == (1, 2)


def test_nested_and_unfinished_markup_is_read_to_its_end():
    tokens = body_tokens("<blockquote><p>a</p><ul><li>b<ul><li>c</li></ul></li></ul></blockquote></p></a></strong>d")
    assert [token.text for token in tokens if token.kind == "word"] == ["a", "b", "c", "d"]
