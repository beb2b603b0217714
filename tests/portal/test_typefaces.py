"""The two faces of the pages hold every character in use, have the weights in use, and are small."""

import json
import re
from pathlib import Path

import polib
import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
FACES = ("portal-serif", "portal-sans")
ALPHABETS = "АБВГҒДЕЁЖЗИӢЙКҚЛМНОПРСТУӮФХҲЧҶШЩЪЫЬЭЮЯЎ"
SIGNS = "«»“”‘’„‚‹›–—−…·•×№§°©ʼ€\u00a0\u00ad\u2009\u2011\u202f"
# Signs of the desk and of the text edition, which are set in the reader's own face.
NOT_OF_THE_PAGES = set("→←⠿")
WITHOUT_FACES = ("text/", "admin/", "registration/", "email/")


def face(name: str) -> TTFont:
    return TTFont(ROOT / "static" / "fonts" / f"{name}.woff2")


def characters_of_templates() -> set[str]:
    folder = ROOT / "templates"
    pages = [path for path in folder.rglob("*.html") if not str(path.relative_to(folder)).startswith(WITHOUT_FACES)]
    assert len(pages) > 50
    return set("".join(path.read_text(encoding="utf-8") for path in pages))


def characters_of_catalogues() -> set[str]:
    entries = [
        entry
        for language in ("tg", "ru", "en")
        for entry in polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
    ]
    return set("".join(text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())))


def characters_of_demonstration() -> set[str]:
    folder = ROOT / "news" / "demo"
    return set("".join(json.dumps(json.loads(path.read_text()), ensure_ascii=False) for path in folder.glob("*.json")))


@pytest.mark.parametrize("name", FACES)
def test_a_face_holds_every_character_in_use(name):
    wanted = characters_of_templates() | characters_of_catalogues() | characters_of_demonstration()
    wanted |= set(ALPHABETS + ALPHABETS.lower() + SIGNS)
    assert len(wanted) > 190, "the texts have been read"
    known = face(name).getBestCmap()
    lacking = {sign for sign in wanted if sign.isprintable() or sign.isspace()} - set("\n\r\t")
    assert sorted(sign for sign in lacking - NOT_OF_THE_PAGES if ord(sign) not in known) == []


def test_the_face_of_text_varies_from_regular_to_bold():
    font = face("portal-sans")
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 700)]
    for letter in "Жҳn":
        glyph = font.getBestCmap()[ord(letter)]
        assert any(font["gvar"].variations[glyph]), letter


def test_the_face_of_headlines_has_the_one_weight_that_they_have():
    assert "fvar" not in face("portal-serif") and face("portal-serif")["OS/2"].usWeightClass == 600
    sheets = "".join(path.read_text() for path in (ROOT / "static" / "css").glob("*.css"))
    assert set(re.findall(r"font: (\d+) [^;]*var\(--serif\)", sheets)) == {"600"}


@pytest.mark.parametrize("name", FACES)
def test_figures_can_stand_in_columns(name):
    font = face(name)
    glyphs = [font.getBestCmap()[ord(figure)] for figure in "0123456789"]
    tabular = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            tabular |= getattr(table, "mapping", {})
    glyphs = [tabular.get(glyph, glyph) for glyph in glyphs]
    for weight in (400, 600, 700) if "fvar" in font else (600,):
        drawn = font.getGlyphSet(location={"wght": weight})
        assert len({round(drawn[glyph].width) for glyph in glyphs}) == 1, weight


def test_the_faces_cost_a_reader_little():
    files = sorted((ROOT / "static" / "fonts").glob("*.woff2"))
    assert [path.stem for path in files] == sorted(FACES)
    assert sum(path.stat().st_size for path in files) <= 40_000


def test_the_faces_do_not_carry_reserved_names():
    for name in FACES:
        names = " ".join(str(record) for record in face(name)["name"].names)
        assert "Portal" in names and not re.search("Source|Golos", names)
