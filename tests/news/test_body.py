"""The text of a report: typed or pasted, cleaned once, edited again without loss."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.body import TAGS, clean_body, editable
from portal.text import clean_lines

WORD = (
    '<p class="MsoNormal" align="center" style="margin:0cm"><span style="font-size:14pt"><font face="Times">'
    "Дар Душанбе</font></span><o:p></o:p></p>\n"
    '<p class="MsoNormal"><b style="x">10&nbsp;январ</b> <i>ҷаласа</i> <u>доир гардид</u>.</p>\n<p>&nbsp;</p>'
)

TABLE = {
    "nothing": ("", ""),
    "spaces": (" \n\t ", ""),
    "a line": ("One line.", "<p>One line.</p>"),
    "two paragraphs": ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
    "paragraphs of a Windows machine": ("One.\r\n\r\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
    "a line break": ("One\ntwo", "<p>One<br>\ntwo</p>"),
    "a soft break of Word": ("One\x0btwo", "<p>One<br>\ntwo</p>"),
    "an empty line with spaces": ("One.\n   \nTwo.", "<p>One.</p>\n<p>Two.</p>"),
    "signs of mathematics": ("2 < 3 & 4 > 1", "<p>2 &lt; 3 &amp; 4 &gt; 1</p>"),
    "quotation marks": ("«So» \"so\" 'so'", "<p>«So» \"so\" 'so'</p>"),
    "letters typed as two": ("и\u0304", "<p>ӣ</p>"),
    "pasted from Word": (
        WORD,
        "<p>Дар Душанбе</p>\n<p><strong>10&nbsp;январ</strong> <em>ҷаласа</em> доир гардид.</p>",
    ),
    "old tags": ("<P>a <B>b</B> <I>c</I></P>", "<p>a <strong>b</strong> <em>c</em></p>"),
    "headings": (
        "<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h6>e</h6>",
        "<h2>a</h2><h2>b</h2><h3>c</h3><h3>d</h3><h3>e</h3>",
    ),
    "a list": ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
    "a script": ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
    "a style sheet": ("<style>p{color:red}</style><p>a</p>", "<p>a</p>"),
    "a handler": ('<p onclick="x()">a</p>', "<p>a</p>"),
    "a picture": ('<p>a<img src="x" onerror="alert(1)"></p>', "<p>a</p>"),
    "a frame": ('<p>a</p><iframe src="https://example.org"></iframe>', "<p>a</p>"),
}


@pytest.mark.parametrize(("typed", "kept"), TABLE.values(), ids=TABLE)
def test_what_was_typed_or_pasted_becomes_the_sites_style(typed, kept):
    assert clean_body(typed) == kept


def test_the_words_of_a_table_stay_apart():
    cleaned = clean_body("<table><tr><td>Name</td><td>Post</td></tr><tr><td>Aziz</td><td>Judge</td></tr></table>")
    assert re.sub("<[^>]+>", " ", cleaned).split() == ["Name", "Post", "Aziz", "Judge"]


def test_a_link_keeps_its_address_alone():
    cleaned = clean_body('<p><a href="https://example.org/a?b=1&amp;c=2" target="_top" style="x" class="y">a</a></p>')
    assert cleaned == '<p><a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer">a</a></p>'


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "&#106;avascript:alert(1)",
        " javascript:alert(1)", "data:text/html,<script>1</script>", "vbscript:x", "file:///etc/passwd",
        "ftp://example.org/",
    ],
)  # fmt: skip
def test_a_link_to_anything_but_pages_mail_and_telephone_loses_its_address(url):
    assert "href" not in clean_body(f'<p><a href="{url}">a</a></p>')


def test_a_link_without_paragraphs_is_kept_in_plain_text():
    cleaned = clean_body('See <a href="https://example.org/">the page</a>.\n\nThe end.')
    assert cleaned.startswith('<p>See <a href="https://example.org/"')
    assert cleaned.endswith("the page</a>.</p>\n<p>The end.</p>")


def test_a_long_pasted_report_is_cleaned():
    text = "\n".join(f'<p class="MsoNormal"><span lang="RU">Сархати {number}.</span></p>' for number in range(1500))
    cleaned = clean_body(text)
    assert cleaned.count("<p>") == 1500 and "span" not in cleaned


FRAGMENTS = [
    "<script>alert(1)</script>", "<script", "</script>", "<SCRIPT SRC=//x>", "<img src=x onerror=alert(1)>",
    "<svg/onload=x>", '<a href="javascript:x">', "<a href=' javascript:x'>", '<a href="https://example.org/">', "</a>",
    "<p onclick='x'>", "<p>", "</p>", "<p", "<div style='x'>", "</div>", "<b>", "</b>", "<i class=x>", "</i>", "<h1>",
    "</h1>", "<h4 id=a>", "</h4>", "<br>", "<br/>", "<ul>", "<li>", "</ul>", "<blockquote>", "</blockquote>",
    "<table><tr><td>", "</table>", "<style>", "</style>", "<!--", "-->", "<![CDATA[", "<math><mtext>", "<noscript>",
    "<template>", "<textarea>", "</textarea>", "<title>", "&lt;script&gt;", "&amp;", "&nbsp;", "&#106;", "&", "<", ">",
    '"', "'", "/", "=", "\x00", "\x0b", "\r\n", "\n\n", "\n", " ", "\u00a0", "\u2028", "ҷаласа", "javascript:", "on",
    "и\u0304", "\ufeff", "--", "]]>",
]  # fmt: skip
nasty = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), max_size=12).map("".join)
ELEMENT = re.compile(r"<(/?)([^\s>/]+)([^>]*)>")
LINK = re.compile(r'( href="(?!(java|vb)script:|data:)[^"<>]*")? rel="noopener noreferrer"')


@settings(deadline=None)
@given(nasty)
def test_nothing_but_the_sites_elements_survives(text):
    cleaned = clean_body(text)
    for closing, name, attributes in ELEMENT.findall(cleaned):
        assert name in TAGS, cleaned
        assert not attributes or (name == "a" and not closing and LINK.fullmatch(attributes)), cleaned
    # Every sign that could open an element belongs to one that was judged above.
    assert "<" not in ELEMENT.sub("", cleaned), cleaned


@settings(deadline=None)
@given(nasty)
def test_a_cleaned_text_is_cleaned_to_itself(text):
    cleaned = clean_body(text)
    assert clean_body(cleaned) == cleaned


@settings(deadline=None)
@given(nasty)
def test_a_text_that_is_edited_without_a_change_stays_the_same(text):
    cleaned = clean_body(text)
    assert clean_body(editable(cleaned)) == cleaned


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N", "Zs"]) | st.sampled_from("\n.,;:!?()«»"), max_size=200))
def test_plain_text_keeps_every_word(text):
    shown = html.unescape(re.sub("<[^>]+>", " ", clean_body(text)))
    assert shown.split() == clean_lines(text).split()
