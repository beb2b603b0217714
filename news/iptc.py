"""What a press photo says of itself: caption, credit, city and moment, from IPTC, XMP and EXIF.

The file comes from anybody's camera or editor: all that is read is bounded, and whatever is damaged is as good as
absent. Nothing here is trusted: it only fills fields that a person then reads over.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator
from PIL import Image, IptcImagePlugin

from portal.text import clean_line, nfc, validate_characters

# The lengths of the fields that they fill.
LONGEST_CAPTION, LONGEST_CREDIT, LONGEST_CITY = 500, 150, 150
MAX_XMP = 2**18
FIRST_YEAR = 1980

_CHARACTER_SET, _CITY, _CREDIT, _CAPTION = (1, 90), (2, 90), (2, 110), (2, 120)
_BYLINE, _DATE, _TIME = (2, 80), (2, 55), (2, 60)
_UTF8 = b"\x1b%G"
_EXIF_PART, _EXIF_MOMENT, _EXIF_OFFSET = 0x8769, 0x9003, 0x9011
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TAJIK_WORDS = frozenset("ва дар бо аз ба барои".split())
_RUSSIAN_WORDS = frozenset("в во и с со на по о об к из для при".split())
_CLOCK = re.compile(r"(\d{8})T(\d{6})(?:([+-])(\d{2})(\d{2}))?", re.ASCII)
_EXIF_CLOCK = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True)
class Facts:
    """What a picture's metadata tell: each is empty if they do not."""

    captions: dict[str, str] = field(default_factory=dict)
    credit: str = ""
    city: str = ""
    taken_at: datetime | None = None


def read_facts(picture: Image.Image) -> Facts:
    """Read what an opened picture says of itself; never raises."""
    iptc, xmp, exif = _parts(picture)
    captions = xmp.captions
    if caption := _line(iptc.get(_CAPTION, ""), LONGEST_CAPTION):
        captions = {language_of(caption): caption} | captions
    moments = (_iptc_moment(iptc), xmp.taken_at, exif)
    return Facts(
        captions=captions,
        credit=_line(iptc.get(_CREDIT) or iptc.get(_BYLINE) or "", LONGEST_CREDIT) or xmp.credit,
        city=_line(iptc.get(_CITY, ""), LONGEST_CITY) or xmp.city,
        taken_at=next((moment for moment in moments if moment), None),
    )


def language_of(text: str) -> str:
    """The language of a caption by its letters and short words; Cyrillic without a sign of either counts as Tajik."""
    text = nfc(text).lower()
    letters, words = set(text), set(text.split())
    if letters & set("ғӣқӯҳҷ") or words & _TAJIK_WORDS:
        return "tg"
    if letters & set("ыщць") or words & _RUSSIAN_WORDS:  # The letters were left out of the Tajik alphabet.
        return "ru"
    return "tg" if any("а" <= letter <= "ё" for letter in letters) else "en"


def _parts(picture: Image.Image) -> tuple[dict[tuple[int, int], str], Facts, datetime | None]:
    read: list[Any] = []
    for reader, nothing in ((_read_iptc, {}), (_read_xmp, Facts()), (_exif_moment, None)):
        try:
            read.append(reader(picture))
        except Exception:
            read.append(nothing)  # Parsers of damaged or hostile bytes raise anything; the photo itself is good.
    return read[0], read[1], read[2]


def _read_iptc(picture: Image.Image) -> dict[tuple[int, int], str]:
    info = IptcImagePlugin.getiptcinfo(picture) or {}  # type: ignore[arg-type]
    one = {key: value[0] if isinstance(value, list) else value for key, value in info.items()}
    declared = _UTF8 in (one.get(_CHARACTER_SET) or b"")
    wanted = (_CITY, _CREDIT, _CAPTION, _BYLINE, _DATE, _TIME)
    return {key: decode((one.get(key) or b"")[: 8 * LONGEST_CAPTION], declared) for key in wanted}


def decode(raw: bytes, declared_utf8: bool = False) -> str:
    """The text in ``raw``: UTF-8 if it is that, else the code page of Cyrillic or of Western Europe, by its words."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # A text that was cut off in the middle of a letter, by the camera or by us.
        if declared_utf8 or error.start >= len(raw) - 3:
            return raw.decode("utf-8", "ignore")
    cyrillic = raw.decode("cp1251", "ignore")
    words = [word for word in re.findall(r"[^\W\d_]+", cyrillic) if not word.isascii()]
    whole = sum(all("а" <= letter <= "ё" for letter in word.lower()) for word in words)
    return cyrillic if 2 * whole >= len(words) else raw.decode("cp1252", "ignore")


def _read_xmp(picture: Image.Image) -> Facts:
    raw = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    raw = raw.encode() if isinstance(raw, str) else raw
    if not raw or len(raw) > MAX_XMP:
        return Facts()
    root = fromstring(raw.strip(b"\x00 \r\n\t"), forbid_dtd=True)
    when = _simple(root, _PHOTOSHOP + "DateCreated") or _simple(root, _XMP + "CreateDate")
    return Facts(
        captions=_xmp_captions(root),
        credit=_line(_simple(root, _PHOTOSHOP + "Credit"), LONGEST_CREDIT),
        city=_line(_simple(root, _PHOTOSHOP + "City"), LONGEST_CITY),
        taken_at=_plausible(parse_datetime(when.strip()[:40])) if when else None,
    )


def _xmp_captions(root: Element) -> dict[str, str]:
    """The captions by language: what says its language goes before what is guessed."""
    said: dict[str, str] = {}
    guessed: dict[str, str] = {}
    for item in _items(root.iter(_DC + "description")):
        text = _line(item.text or "", LONGEST_CAPTION)
        language = item.get(_LANGUAGE, "").lower().partition("-")[0]
        if text and language in {"tg", "ru", "en"}:
            said.setdefault(language, text)
        elif text:
            guessed.setdefault(language_of(text), text)
    # The default repeats one of the languages: it may not fill another with the same words.
    return {code: text for code, text in guessed.items() if text not in said.values()} | said


def _items(descriptions: Iterable[Element]) -> Iterator[Element]:
    for description in descriptions:
        for number, item in enumerate(description.iter(_RDF + "li")):
            if number < 20:
                yield item


def _simple(root: Element, name: str) -> str:
    """A property that stands as an element or as an attribute of the description."""
    for element in root.iter(name):
        if element.text:
            return element.text
    return next((found for part in root.iter(_RDF + "Description") if (found := part.get(name))), "")


def _iptc_moment(iptc: dict[tuple[int, int], str]) -> datetime | None:
    found = _CLOCK.fullmatch(f"{iptc.get(_DATE, '').strip()}T{iptc.get(_TIME, '').strip()}")
    if not found:
        return None
    day, clock, sign, hours, minutes = found.groups()
    zone: tzinfo | None = None
    if sign:
        ahead = 60 * int(hours) + int(minutes)
        zone = timezone.get_fixed_timezone(ahead if sign == "+" else -ahead) if ahead < 24 * 60 else None
    try:
        moment = datetime.strptime(day + clock, "%Y%m%d%H%M%S")  # noqa: DTZ007 (made aware below)
    except ValueError:
        return None
    return _plausible(moment.replace(tzinfo=zone))


def _exif_moment(picture: Image.Image) -> datetime | None:
    part = picture.getexif().get_ifd(_EXIF_PART)
    found = _EXIF_CLOCK.match(str(part.get(_EXIF_MOMENT, ""))[:40])
    if not found:
        return None
    offset = re.fullmatch(r"[+-]\d\d:\d\d", str(part.get(_EXIF_OFFSET, "")).strip("\x00 ")[:10])
    year, month, day, clock = found.groups()
    return _plausible(parse_datetime(f"{year}-{month}-{day}T{clock}{offset[0] if offset else ''}"))


def _plausible(moment: datetime | None) -> datetime | None:
    """To the minute, by the Dushanbe clock unless it says otherwise; not that of a camera whose clock was never set."""
    if moment is None:
        return None
    moment = moment.replace(second=0, microsecond=0)
    try:
        moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        late = moment > timezone.now() + timedelta(days=2)
    except (ValueError, OverflowError):
        return None
    return None if late or moment.year < FIRST_YEAR else moment


def _line(text: str, most: int) -> str:
    """``text`` as one line that can be stored: without characters that the desk refuses, cut at ``most``."""
    text = " ".join(text[: 8 * most].split())
    shown = "".join(character for character in text if _is_shown(character))
    return Truncator(clean_line(shown)).chars(most)


def _is_shown(character: str) -> bool:
    try:
        validate_characters(character)
    except ValidationError:
        return False
    return unicodedata.category(character) != "Co"
