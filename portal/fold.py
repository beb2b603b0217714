"""How text is compared in search: without case, and the same from every keyboard.

Neither SQLite's ``remove_diacritics`` nor PostgreSQL's ``unaccent`` folds ғ, қ, ҳ and ҷ: the table is ours.
"""

import re
import unicodedata

# The Tajik letters as they are typed on a Russian keyboard, ё without its dots, and the look-alikes of old
# fonts. й stays: it is a letter of its own everywhere.
_TABLE = str.maketrans("ғӣқӯҳҷёўњљќїѓ", "гикухчеухчкиг")
WORD = re.compile(r"[^\W_]+")

# Longer spellings first. What is not here (digits, Cyrillic) stays.
_LATIN = dict(
    pair.split("=")
    for pair in (
        "shch=щ gh=г kh=х sh=ш ch=ч zh=ж yo=е yu=ю ya=я ye=е ts=ц j=ч a=а b=б c=к d=д e=е f=ф g=г h=х i=и k=к l=л m=м "
        "n=н o=о p=п q=к r=р s=с t=т u=у v=в w=в x=х y=й z=з '= ’= ʼ= ‘= `= ʻ="
    ).split()
)
_LATIN_LETTERS = re.compile("|".join(sorted(map(re.escape, _LATIN), key=len, reverse=True)))
# Where Russian writes a sound in another way than Tajik: Худжанд for Хуҷанд.
_RUSSIAN = {"j": "дж", "zh": "ж"}
_FIRST_E = re.compile(r"\be")


def fold(text: str) -> str:
    """``text`` as it is compared. One character for one: a position in the answer is a position in ``text``."""
    lower = text.lower()
    if len(lower) != len(text):  # İ alone becomes two.
        lower = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return lower.translate(_TABLE)


def fold_words(text: str) -> list[str]:
    """The words of ``text``, folded: letters and digits only, so that no database reads more into them."""
    return WORD.findall(fold(unicodedata.normalize("NFC", text)))


def latin_to_cyrillic(query: str, language: str = "tg") -> str:
    """``query`` with Latin letters written in folded Cyrillic ones: ``Tojikiston`` finds «Тоҷикистон»."""
    letters = unicodedata.normalize("NFD", query.lower())
    plain = "".join(letter for letter in letters if not ("\u0300" <= letter <= "\u036f" and letter != "\u0306"))
    plain = _FIRST_E.sub("э", unicodedata.normalize("NFC", plain))
    special = _RUSSIAN if language == "ru" else {}
    return fold(_LATIN_LETTERS.sub(lambda found: special.get(found[0], _LATIN[found[0]]), plain))
