"""The client that inspects pages sees each fault that it is there for, and leaves a good page alone."""

import pytest

from tests.pageclient import find_faults

GOOD = """<!DOCTYPE html><html lang="ru"><head><title>Новости</title><script src="/a.js"></script></head>
<body><h1>Новости</h1><svg><title></title></svg><img src="a.png" alt="" width="1" height="1">
<form><label for="q">Поиск</label><input id="q" name="q"><label>Да <input type="checkbox" name="yes"></label>
<input type="hidden" name="token"><input aria-label="Год" name="year"><button>Искать</button></form></body></html>"""


def test_a_good_page_has_no_faults():
    assert find_faults(GOOD, "/ru/news/") == []


def test_a_block_of_data_is_no_code():
    block = '<script type="application/ld+json">{"name": "Новости"}</script><h1>'
    assert find_faults(GOOD.replace("<h1>", block, 1), "/ru/news/") == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<h1>Новости</h1>", "", "0 h1"),
        ("<h1>Новости</h1>", "<h1>1</h1><h1>2</h1>", "2 h1"),
        ("<title>Новости</title>", "<title> </title>", "no title"),
        ("<button>", '<button id="q">', "'q' is used 2 times"),
        ('lang="ru"', 'lang="en"', "lang='en'"),
        (' lang="ru"', "", "lang=''"),
        (' src="/a.js"', "", "inline script"),
        (' src="/a.js"', ' type="application/json"', "inline script"),
        (' src="/a.js"', ' type="application/ld+json"', "no JSON"),
        ("<body>", "<body><style></style>", "inline style"),
        ("<body>", '<body style="color:red">', "style='color:red'"),
        ("<body>", '<body onload="x()">', "onload"),
        ("<button>", '<a href=" JavaScript:x()">x</a><button>', "JavaScript:"),
        ('<label for="q">', '<label for="other">', "'q' has no label"),
        ("<button>", '<select name="region"></select><button>', "'region' has no label"),
        ("<button>", '<textarea name="text"></textarea><button>', "'text' has no label"),
        (' alt=""', "", "no alt"),
        (' width="1"', "", "no width"),
        (' height="1"', "", "no height"),
        ("<button>", '<button aria-describedby="q hint">', "aria-describedby='hint' names nothing"),
        ("<button>", '<button form="">', "form='' names nothing"),
        ("<button>", '<a href="#hint">?</a><button>', "href='hint' names nothing"),
        ("<button>", '<label for="hint">?</label><p id="hint"></p><button>', "a label for 'hint', which is no field"),
        ("<button>", '<a href="/"><button>', "a button inside a a"),
        ("<button>", '<button><span tabindex="0"></span>', "a span inside a button"),
        ("<button>", "{{ form }}<button>", "unrendered {{"),
        ("<button>", "{% url %}<button>", "unrendered {%"),
    ],
)
def test_a_fault_is_seen(old, new, fault):
    assert old in GOOD
    assert fault in "; ".join(find_faults(GOOD.replace(old, new, 1), "/ru/news/"))


def test_a_page_without_a_language_in_its_address_still_names_one():
    assert find_faults(GOOD, "/admin/") == []
    assert find_faults(GOOD.replace(' lang="ru"', ""), "/admin/") == ["no lang"]


def test_a_response_without_the_policy_is_seen(client_page, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SecurityHeaders" not in name]
    with pytest.raises(AssertionError, match="no Content-Security-Policy"):
        client_page.get("/en/")
