"""What Django does not know about Tajik text: one encoding, addresses, characters that must not be stored."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.text import slugify as slugify_latin
from django.utils.translation import gettext_lazy as _

# The published transliteration, for addresses: Tajik first, then the letters that Russian adds.
LATIN = dict(
    pair.split("=")
    for pair in (
        "а=a б=b в=v г=g ғ=gh д=d е=e ё=yo ж=zh з=z и=i ӣ=i й=y к=k қ=q л=l м=m н=n о=o п=p р=r с=s т=t у=u ӯ=u "
        "ф=f х=kh ҳ=h ч=ch ҷ=j ш=sh ъ= э=e ю=yu я=ya ц=ts щ=shch ы=y ь="
    ).split()
)

# Both alphabets in one order; the letters stand where the Cyrillic ones do, after everything Latin.
_ORDER = {letter: 0x430 + place for place, letter in enumerate("абвгғдеёжзиӣйкқлмнопрстуӯфхҳцчҷшщъыьэюя")}

# Letters that change the direction of the text around them: one of them can make a name read as another.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_DASH = re.compile("[\u2010-\u2015\u2212]")
_INVISIBLE = re.compile("[\u00ad\ufeff\u200b\u2060]")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def nfc(text: str) -> str:
    """``text`` in the one encoding that is stored: ӣ and ӯ can be typed as one character or as two."""
    return unicodedata.normalize("NFC", text)


def transliterate(text: str) -> str:
    """``text`` with Cyrillic letters written in Latin ones; everything else stays."""
    return "".join(LATIN.get(letter, letter) for letter in nfc(text).lower())


def slugify(text: str, max_length: int = 100) -> str:
    """The part of an address made from a headline: whole words, never longer than ``max_length``, maybe empty."""
    slug = slugify_latin(_DASH.sub("-", transliterate(text)))
    if len(slug) > max_length:
        slug = slug[: max_length + 1].rpartition("-")[0] or slug[:max_length]
    return slug


def alphabetical(text: str) -> list[int]:
    """A key that sorts Tajik and Russian names by their alphabets: ғ after г, ҷ after ч, ӯ after у."""
    return [_ORDER.get(letter, ord(letter)) for letter in nfc(text).casefold()]


def clean_line(text: str) -> str:
    """One line: NFC, runs of space made one, none at the ends."""
    return " ".join(_INVISIBLE.sub("", nfc(text)).split())


def clean_lines(text: str) -> str:
    """Several lines: NFC, line ends made ``\\n`` (Word's soft breaks too), no space at the ends of lines."""
    lines = re.split("\r\n|[\r\n\v\f\u2028\u2029\x85]", _INVISIBLE.sub("", nfc(text)))
    return re.sub("\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def xml_text(text: str) -> str:
    """``text`` without the characters that XML cannot hold, however they came into the archive."""
    return _NOT_XML.sub("", text)


def validate_characters(text: str) -> None:
    """Refuse control characters, lone surrogates, direction overrides and letters lost on the way."""
    for character in text:
        if character in "\n\t":
            continue
        if character in _BIDI or character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cs", "Cn"}:
            raise ValidationError(
                _("There are characters here that cannot be shown. Please delete them and type the text again."),
                code="characters",
            )
