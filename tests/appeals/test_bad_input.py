"""Whatever is typed or attached gets a sentence beside its field, keeps the rest, and leaves no half-written row."""

import io
import struct
import zlib
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from appeals import drafts
from appeals.models import Appeal, AppealFile, DraftFile, Series
from tests.appeals.citizen import TEXT, Citizen, crime, entity, errors, field, picture, upload, values

pytestmark = pytest.mark.django_db

LINES = ("surname", "given_name", "patronymic", "address")
SHORT = {"surname": 100, "given_name": 100, "patronymic": 100, "address": 300, "email": 254, "phone": 30}
CHOICES = ("applicant", "region", "district", "kind", "crime")
CONTROL = {
    "NUL": "Али\0",
    "bell": "Али\a",
    "escape": "Али\x1b[31m",
    "right-to-left override": "Али\u202egnp.exe",
    "isolate": "Али\u2066",
    "lost letter": "Али\ufffd",
    "delete": "Али\x7f",
    "unit separator": "Али\x1f",
}


def refused(typed, *fields, citizen=None):
    """Send it; it must come back with a sentence beside exactly ``fields`` and all the rest kept."""
    citizen = citizen or Citizen()
    response = citizen.write(typed)
    assert response.status_code == 200
    assert set(errors(response)) == set(fields)
    assert all(len(sentence) > 15 for sentence in errors(response).values())
    for name in {"surname", "address", "text", "region", "kind"} & set(typed) - set(fields):
        assert field(response, name) == typed[name]
    assert not Appeal.objects.exists()
    return response


@pytest.mark.parametrize("text", CONTROL.values(), ids=CONTROL)
@pytest.mark.parametrize("name", [*LINES, "phone", "text"])
def test_characters_that_cannot_be_shown_are_refused(name, text):
    refused(values(**{name: text + " Раҳмонов кӯчаи Сомонӣ ки хоҳиш менамоям"}), name)


@pytest.mark.parametrize("name", ["entity_name", "representative"])
def test_they_are_refused_for_legal_entities_too(name):
    refused(entity(**{name: "Сомон\0"}), name)


@pytest.mark.parametrize("name", ["crime_what", "crime_when", "crime_where"])
def test_they_are_refused_in_crime_information_too(name):
    refused(crime(**{name: "Дуздии маводи сохтмонӣ аз анбори калон\u202e"}), name)


@pytest.mark.parametrize("encoded", ["%ED%A0%80", "%ED%BF%BF", "%FF%FE", "%C0%80", "%00"])
def test_bytes_that_are_no_text_are_refused(encoded):
    body = "&".join(f"{name}={quote(value)}" for name, value in values(surname="").items())
    body = body.replace("surname=", f"surname=Al{encoded}i", 1)
    response = Client().post("/en/appeals/write/", body, content_type="application/x-www-form-urlencoded")
    assert set(errors(response)) == {"surname"}


@pytest.mark.parametrize(("name", "limit"), SHORT.items())
def test_too_long_is_said_with_the_limit(name, limit):
    local = "a" * 60 + "@" + "b" * 60 + "." + "c" * 60 + ".tj"
    long = {"email": "x" * 100 + local, "phone": "9" * 31}.get(name, "Алӣ " * 100)
    assert str(limit) in errors(refused(values(**{name: long}), name))[name]


@pytest.mark.parametrize("name", [*LINES, "text"])
@pytest.mark.parametrize("nothing", ["", "   ", "\t\n", "...", "—", "!?!", "\u00a0\u2003", "\ufeff"])
def test_empty_spaces_and_punctuation_are_nothing(name, nothing):
    refused(values(**{name: nothing}), name)


def test_a_hundred_kilobytes_of_text_come_back_whole():
    long = "Хоҳиш менамоям. " * 6300
    response = refused(values(text=long), "text")
    assert field(response, "text") == long
    assert "5000" in errors(response)["text"]


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("choice", ["nonsense", "'; DROP TABLE appeals_appeal;--", "<script>", "TJ-XX", "\0"])
def test_an_unknown_choice_is_refused(name, choice):
    assert name in errors(Citizen().write(values(**{name: choice})))


@pytest.mark.parametrize("name", [*LINES, "applicant", "region", "district", "kind", "text", "crime"])
def test_a_missing_field_is_refused(name):
    refused(values(**{name: None}), name)


@pytest.mark.parametrize(
    "address",
    [
        "a)b@host",
        "a@host.",
        "a" * 70 + "@example.tj",
        "a@" + "b" * 64 + ".tj",
        "nobody",
        "a b@c.tj",
        "a@b@c.tj",
        "=1+1",
        "Алӣ@x",
    ],
)
def test_an_address_that_mail_cannot_reach_is_refused(address):
    refused(values(email=address), "email")


@pytest.mark.parametrize("number", ["call me", "12", "++992", "992-abc", "<b>992900000000</b>"])
def test_a_number_that_is_none_is_refused(number):
    refused(values(phone=number), "phone")


@pytest.mark.parametrize("number", ["+992 900 00 00 00", "(37) 221-25-20", "992900000000", "+7 900 123 45 67"])
def test_a_telephone_number_is_taken_as_people_write_it(number):
    assert Citizen().write(values(phone=number)).status_code == 302


HTML = '<script>alert(1)</script><img src=x onerror=alert(2)> "quoted" & {{ 7 }} {% now %} хоҳиш менамоям'


def test_html_is_shown_as_it_was_typed_and_never_runs():
    citizen = Citizen()
    response = citizen.write(values(text=HTML, address=HTML, region=""))
    assert field(response, "text") == field(response, "address") == HTML
    citizen.write(values(text=HTML, address=HTML))
    page = citizen.client.get(citizen.url("check/")).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7 }}" in page


def png_bomb(side: int) -> bytes:
    """A PNG of ``side`` × ``side`` black pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    line = b"\0" * (side // 8 + 1)
    pixels = b"".join(packer.compress(line) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def truncated() -> bytes:
    whole = io.BytesIO()
    Image.effect_noise((600, 300), 60).save(whole, "JPEG")
    return whole.getvalue()[:-4000]


BAD_FILES = {
    "no image": (b"MZ\x90\0 this program cannot be run", "sign.png"),
    "text": ("Имзои ман".encode(), "имзо.jpg"),
    "html": (b"<html><script>alert(1)</script></html>", "a.png"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "a.svg"),
    "gif": (
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
        "a.gif",
    ),
    "empty": (b"", "a.png"),
    "header alone": (b"\x89PNG\r\n\x1a\n", "a.png"),
    "truncated": (truncated(), "a.jpg"),
    "bomb": (png_bomb(20_000), "a.png"),
    "30 MB": (b"\xff\xd8\xff" + b"\0" * 30_000_000, "a.jpg"),
}


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("bad", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_signature_file_is_refused_beside_its_field(bad, language):
    citizen = Citizen(language)
    citizen.write()
    response = citizen.send(SimpleUploadedFile(bad[1], bad[0]))
    assert set(errors(response)) == {"signature"}
    assert TEXT in response.content.decode()
    assert not Appeal.objects.exists()
    assert citizen.send(picture()).status_code == 302


def test_a_white_page_is_no_signature():
    citizen = Citizen()
    citizen.write()
    assert set(errors(citizen.send(picture(ink=False)))) == {"signature"}


BAD_ATTACHMENTS = {name: bad for name, bad in BAD_FILES.items() if name not in {"text", "gif"}}


@pytest.mark.parametrize("bad", BAD_ATTACHMENTS.values(), ids=BAD_ATTACHMENTS)
def test_a_bad_attachment_is_named_and_the_good_ones_are_kept(bad):
    typed = values(attachments=[SimpleUploadedFile(bad[1], bad[0]), picture()])
    response = refused(typed, "attachments")
    assert bad[1] in errors(response)["attachments"]
    assert DraftFile.objects.count() == 1


def test_ten_attachments_are_the_most():
    response = refused(values(attachments=[picture() for _ in range(12)]), "attachments")
    assert "signature.png" in response.content.decode()
    assert DraftFile.objects.count() == 10


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "a\u202egnp.exe", "Ҳуҷҷат\0.png", "x" * 400 + ".png", "=cmd.png"]
)
def test_a_file_name_cannot_hurt(name):
    citizen = Citizen()
    response = citizen.write(values(attachments=[upload(Image.new("RGB", (9, 9)), name="plain.png")], stay="1"))
    assert response.status_code == 200
    file = SimpleUploadedFile("x.png", upload(Image.new("RGB", (9, 9))).read())
    file._name = name
    response = citizen.write(values(attachments=[file], stay="1"))
    assert response.status_code == 200
    assert "\u202e" not in response.content.decode()


def test_a_body_above_the_limit_is_refused_unread():
    response = Client().post(
        "/ru/appeals/write/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(2**40)
    )
    assert response.status_code == 413
    assert '<html lang="ru"' in response.content.decode()


@pytest.mark.parametrize("body", [b"--x", b"--x\r\nContent-Disposition: form-data\r\n\r\n", b"\xff" * 100])
def test_a_broken_multipart_body_is_no_server_error(body):
    response = Client().post("/en/appeals/write/", body, content_type="multipart/form-data; boundary=x")
    assert response.status_code in {200, 400}


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "a" * 5000, "\xd2" * 43, "../../x", "'; --"])
def test_a_foreign_cookie_is_no_draft(cookie):
    client = Client()
    client.cookies[drafts.COOKIE] = cookie
    assert client.get("/en/appeals/write/").status_code == 200
    assert client.get("/en/appeals/check/").status_code == 302
    assert client.post("/en/appeals/check/", {"send": "1"}).status_code == 302


@pytest.mark.parametrize("key", ["", "0" * 40, "\0", "<script>", "x" * 5000])
def test_a_made_up_captcha_is_refused(key):
    citizen = Citizen()
    citizen.write()
    response = citizen.client.post(citizen.url("check/"), {"captcha_0": key, "captcha_1": "123456", "send": "1"})
    assert "captcha" in errors(response)


@pytest.mark.parametrize("answer", ["", " ", "\0", "abc", "9" * 5000])
def test_an_answer_that_is_none_is_refused(answer):
    citizen = Citizen()
    citizen.write()
    assert "captcha" in errors(citizen.send(picture(), captcha_1=answer))


def test_a_refused_appeal_takes_no_number():
    citizen = Citizen()
    citizen.write()
    citizen.send()
    assert not Series.objects.exists()
    assert not AppealFile.objects.exists()
