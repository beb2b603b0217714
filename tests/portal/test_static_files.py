"""Static files as they are collected: joined style sheets, and what they weigh."""

import re

import brotli
import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

from portal.static_files import JoinedStaticFilesStorage

# All that a page can ask for at once: the figures about appeals, in the version for the visually impaired.
PUBLIC_SHEETS = ("css/site.css", "css/forms.css", "css/view.css", "css/charts.css")
CSS_BUDGET = 12_000  # bytes, of all together


@pytest.fixture
def collect(settings, tmp_path):
    """``collect(files)``: the sources as they are collected, by their names."""

    def run(files):
        source = InMemoryStorage()
        for name, text in files.items():
            source.save(name, ContentFile(text.encode()))
        settings.DEBUG = False
        storage = JoinedStaticFilesStorage(location=tmp_path, base_url="/static/")
        for name in files:
            storage.delete(name)
            storage.save(name, source.open(name))
        for name, _hashed, processed in storage.post_process({name: (source, name) for name in files}):
            assert not isinstance(processed, Exception), f"{name}: {processed}"
        return {
            name: (storage.stored_name(name), storage.open(storage.stored_name(name)).read().decode()) for name in files
        }

    return run


PARTS = {
    "css/site.css": '/* All. */\n@layer a, b;\n@import url("one.css");\n@import url("two.css");\n',
    "css/one.css": "@layer a { /* One. */ p { color: red } }\n",
    "css/two.css": '@layer b { p { background: url("../img/dot.svg") } }\n',
    "img/dot.svg": "<svg/>",
}


def test_what_a_sheet_imports_stands_in_it_in_its_order(collect):
    _name, text = collect(PARTS)["css/site.css"]
    assert "@import" not in text and "/*" not in text
    assert text.index("@layer a, b;") < text.index("color: red") < text.index("background")
    assert re.search(r'url\("\.\./img/dot\.[0-9a-f]{12}\.svg"\)', text)


def test_a_change_in_a_part_changes_the_name_of_the_whole(collect):
    before, _text = collect(PARTS)["css/site.css"]
    after, text = collect(PARTS | {"css/one.css": "@layer a { p { color: blue } }"})["css/site.css"]
    assert before != after and "blue" in text


def test_a_part_that_is_not_there_stops_the_collecting(collect):
    with pytest.raises(FileNotFoundError):
        collect({"css/site.css": '@import url("gone.css");'})


def test_the_style_of_the_heaviest_page_keeps_its_budget(collect, settings):
    source = StaticFilesStorage(location=settings.BASE_DIR / "static")
    sheets = {f"css/{name}": source.open(f"css/{name}").read().decode() for name in source.listdir("css")[1]}
    rest = {f"fonts/{name}": "" for name in source.listdir("fonts")[1]}
    collected = collect(sheets | rest)
    weights = {name: len(brotli.compress(collected[name][1].encode())) for name in PUBLIC_SHEETS}
    assert sum(weights.values()) <= CSS_BUDGET, weights
