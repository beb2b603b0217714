"""What a photo says of itself: read in whatever encoding, and never believed to be harmless."""

import io
import struct
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from news.iptc import Facts, decode, language_of, read_facts
from news.models import Photo
from tests.news import factories

TAJIK, RUSSIAN, ENGLISH = "Ҷаласа дар шаҳри Хуҷанд", "Встреча в городе Худжанде", "Meeting in Khujand"


def datasets(values: dict[tuple[int, int], bytes]) -> bytes:
    return b"".join(b"\x1c" + bytes(key) + struct.pack(">H", len(value)) + value for key, value in values.items())


def iptc_part(content: bytes) -> bytes:
    """The part of a JPEG (APP13) that holds ``content`` as IPTC."""
    resource = b"8BIM" + struct.pack(">H", 0x0404) + b"\x00\x00" + struct.pack(">I", len(content)) + content
    resource += b"\x00" * (len(content) % 2)
    part = b"Photoshop 3.0\x00" + resource
    return b"\xff\xed" + struct.pack(">H", len(part) + 2) + part


def jpeg(content: bytes | None = None, **options) -> bytes:
    """A JPEG with IPTC ``content``."""
    plain = factories.picture((60, 40), **options).read()
    return plain if content is None else plain[:2] + iptc_part(content) + plain[2:]


def facts(file: bytes) -> Facts:
    return read_facts(Image.open(io.BytesIO(file)))


def texts(encoding: str = "utf-8", **values: str) -> bytes:
    names = {
        "city": (2, 90),
        "credit": (2, 110),
        "author": (2, 80),
        "caption": (2, 120),
        "day": (2, 55),
        "time": (2, 60),
    }
    return datasets({names[name]: value.encode(encoding) for name, value in values.items()})


def test_caption_credit_city_and_moment_are_read_from_iptc():
    declared = datasets({(1, 90): b"\x1b%G"})
    found = facts(
        jpeg(
            declared
            + texts(caption=TAJIK, credit="Хадамоти матбуот", city="Хуҷанд", day="20220110", time="134500+0500")
        )
    )
    assert found.captions == {"tg": TAJIK}
    assert (found.credit, found.city) == ("Хадамоти матбуот", "Хуҷанд")
    assert found.taken_at == factories.local("2022-01-10 13:45")


def test_a_moment_without_an_offset_is_by_the_dushanbe_clock_and_one_with_it_is_not():
    assert facts(jpeg(texts(day="20220110", time="134500"))).taken_at == factories.local("2022-01-10 13:45")
    assert facts(jpeg(texts(day="20220110", time="084500+0000"))).taken_at == factories.local("2022-01-10 13:45")


def test_without_a_credit_the_author_is_credited():
    assert facts(jpeg(texts(author="Ф. Раҳимов"))).credit == "Ф. Раҳимов"
    assert facts(jpeg(texts(author="Ф. Раҳимов", credit="Ховар"))).credit == "Ховар"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TAJIK, "utf-8"), (RUSSIAN, "utf-8"), (RUSSIAN, "cp1251"), ("Президент Республики Таджикистан", "cp1251"),
        ("Café de la République à Genève", "cp1252"), ("Zürich, Schloß", "latin-1"), (ENGLISH, "ascii"), ("", "ascii"),
    ],
)  # fmt: skip
def test_a_text_is_read_in_the_encoding_that_it_was_written_in(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_a_text_that_was_cut_in_the_middle_of_a_letter_loses_that_letter_alone():
    assert decode("Ҷаласа".encode()[:-1]) == "Ҷалас"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (TAJIK, "tg"),
        (RUSSIAN, "ru"),
        (ENGLISH, "en"),
        ("Душанбе", "tg"),
        ("2022", "en"),
        ("Встречи, выборы", "ru"),
        ("Суханронӣ", "tg"),
        ("Мулоқот бо ронандагон", "tg"),
        ("Сафар ба Кулоб", "tg"),
    ],
)
def test_the_language_of_a_caption_is_told_by_its_letters(text, language):
    assert language_of(text) == language


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:City="Хуҷанд" photoshop:DateCreated="2022-01-10T13:45:30+05:00"><photoshop:Credit>Ховар</photoshop:Credit>
<dc:description><rdf:Alt>{items}</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"""


def xmp(*items: tuple[str, str]) -> bytes:
    return XMP.format(items="".join(f'<rdf:li xml:lang="{code}">{text}</rdf:li>' for code, text in items)).encode()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_captions_by_language_are_read_from_xmp(kind):
    packet = xmp(("x-default", TAJIK), ("tg-TJ", TAJIK), ("ru", RUSSIAN), ("en-GB", ENGLISH), ("fr", "Réunion"))
    options = {"xmp": packet}
    if kind == "PNG":
        options = {"pnginfo": PngImagePlugin.PngInfo()}
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", packet.decode())
    found = facts(factories.picture((60, 40), kind, **options).read())
    assert found.captions == {"tg": TAJIK, "ru": RUSSIAN, "en": ENGLISH}
    assert (found.credit, found.city) == ("Ховар", "Хуҷанд")
    assert found.taken_at == factories.local("2022-01-10 13:45")


def test_the_caption_for_all_languages_does_not_fill_a_second_one_with_the_same_words():
    assert facts(jpeg(xmp=xmp(("x-default", ENGLISH), ("ru", ENGLISH)))).captions == {"ru": ENGLISH}


def test_the_moment_is_read_from_exif_when_nothing_else_says_it():
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2022:01:10 08:45:00"
    exif.get_ifd(0x8769)[0x9011] = "+00:00"
    assert facts(jpeg(exif=exif)).taken_at == factories.local("2022-01-10 13:45")


IMPLAUSIBLE = ["00000000", "20221345", "19700101", "99991231", "2022010", "２０２２0110", "-0220110"]


@pytest.mark.parametrize("day", IMPLAUSIBLE)
def test_a_moment_that_cannot_be_is_no_moment(day):
    assert facts(jpeg(texts(day=day, time="000000"))).taken_at is None
    assert facts(jpeg(texts(day="20220110", time="000000+9999"))).taken_at in {
        None,
        factories.local("2022-01-10 00:00"),
    }


def test_a_photo_from_the_future_has_a_wrong_clock():
    ahead = timezone.now() + timedelta(days=5)
    assert facts(jpeg(texts(day=f"{ahead:%Y%m%d}", time="120000"))).taken_at is None
    assert facts(jpeg(texts(day=f"{datetime.now(UTC):%Y%m%d}", time="000000"))).taken_at is not None


BILLION = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&b;</x:xmpmeta>'
FOREIGN = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
HOSTILE = {
    "garbage": jpeg(b"\xff" * 500),
    "a length beyond the end": jpeg(b"\x1c\x02\x78\x84\xff\xff\xff\xff" + b"a" * 20),
    "an illegal length": jpeg(b"\x1c\x02\x78\xff\x00"),
    "many repeated captions": jpeg(datasets({(2, 120): b"a"}) * 9000),
    "a layer that is none": jpeg(datasets({(3, 60): b""})),
    "nothing": jpeg(b""),
    "entities in entities": jpeg(xmp=BILLION),
    "a foreign entity": jpeg(xmp=FOREIGN),
    "no XML": jpeg(xmp=b"<x" * 1000),
    "deep XML": jpeg(xmp=b"<x>" * 9000 + b"</x>" * 9000),
    "a date that is none": jpeg(xmp=xmp(("tg", TAJIK)).replace(b"2022-01-10T13", b"2022-99-99T13")),
    "a damaged EXIF part": jpeg(exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff"),
}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("file", HOSTILE.values(), ids=HOSTILE)
def test_hostile_metadata_are_as_good_as_absent(file):
    found = facts(file)
    assert found.taken_at is None and found.city in {"", "Хуҷанд"}
    assert "root" not in str(found) and len(str(found)) < 1000


@given(st.binary(max_size=400))
def test_no_bytes_stop_the_reading(content):
    assert isinstance(facts(jpeg(content)), Facts)


def test_what_is_read_fits_into_its_field_and_can_be_stored():
    found = facts(jpeg(texts(caption="а\x00б\u202eв \r\n" + "г" * 2000, credit="x" * 999, city="y" * 999)))
    assert found.captions["tg"].startswith("абв гггг") and len(found.captions["tg"]) == 500
    assert (len(found.credit), len(found.city)) == (150, 150)


@pytest.mark.django_db
def test_a_photo_takes_over_what_is_empty_and_only_that():
    file = factories.upload(Image.new("RGB", (60, 40)), xmp=xmp(("tg", TAJIK), ("ru", RUSSIAN)))
    one = factories.photo(factories.event(), file, caption_ru="Typed by hand")
    one.refresh_from_db()
    assert (one.caption_tg, one.caption_ru, one.caption_en, one.credit) == (TAJIK, "Typed by hand", "", "Ховар")
    one.full_clean()
    with one.image.open() as kept:
        assert "Ховар".encode() not in kept.read()


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_hostile_photo_is_stored_all_the_same():
    for file in HOSTILE.values():
        factories.photo(factories.event(), factories.ContentFile(file, name="a.jpg")).full_clean()
    assert Photo.objects.ready().count() == len(HOSTILE)
