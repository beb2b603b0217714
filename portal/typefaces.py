"""The faces of documents and drawn pictures: files of ours, so that every machine prints the same."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).resolve().parent / "fonts"
SERIF, SANS, SANS_BOLD, SANS_OBLIQUE = (
    "portal-serif-600",
    "portal-sans-400",
    "portal-sans-600",
    "portal-sans-400-oblique",
)
# Signs that the faces lack, by others that say the same.
_ALIKE = str.maketrans({"‐": "-", "‑": "-", "‒": "–", "―": "—", "′": "’", "″": "”", "‚": ",", "‛": "‘", "‟": "“"})
_UNKNOWN = "□"


def path(name: str) -> str:
    return str(FOLDER / f"{name}.ttf")


@lru_cache(maxsize=1)
def register() -> None:
    """Make the faces known to reportlab, with the sans as a family (bold, oblique)."""
    for name in (SERIF, SANS, SANS_BOLD, SANS_OBLIQUE):
        pdfmetrics.registerFont(TTFont(name, path(name)))
    pdfmetrics.registerFontFamily(SANS, SANS, SANS_BOLD, SANS_OBLIQUE, SANS_BOLD)
    pdfmetrics.registerFontFamily(SERIF, SERIF, SERIF, SERIF, SERIF)


@lru_cache(maxsize=4)
def letters(name: str) -> frozenset[int]:
    """The characters that a face has."""
    register()
    return frozenset(pdfmetrics.getFont(name).face.charToGlyph)


def printable(text: str, name: str = SANS, unknown: str = _UNKNOWN) -> str:
    """``text`` in the characters that the face has: alike ones, bare letters for accented ones, else ``unknown``."""
    known = letters(name)
    if all(ord(character) in known for character in text):
        return text
    return "".join(_character(character, known, unknown) for character in text.translate(_ALIKE))


def _character(character: str, known: frozenset[int], unknown: str) -> str:
    if ord(character) in known or character == "\n":
        return character
    if character.isspace():
        return " "
    if unicodedata.category(character) in {"Cc", "Cf", "Mn"}:
        return ""
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if ord(part) in known)
    return plain or unknown
