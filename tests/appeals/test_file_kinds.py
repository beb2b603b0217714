"""What is attached is known by its content; what could harm or could not be read is refused, each with its reason."""

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from appeals import file_checks, file_kinds, uploads
from tests.appeals import office_documents as office
from tests.appeals.citizen import picture


def image(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, kind)
    return out.getvalue()


def media(brand: bytes, rest: bytes = b"") -> bytes:
    return struct.pack(">I", 20) + b"ftyp" + brand + b"\0\0\0\0mp41" + rest


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 100)
    return out.getvalue()


VIDEO_TRACK = b"\0\0\0\x21hdlr\0\0\0\0\0\0\0\0vide"
SOUND_TRACK = b"\0\0\0\x21hdlr\0\0\0\0\0\0\0\0soun"
WORD, BOOK = b"\xec\xa5\xc1\0\0\0\0\0\0\0\x00\x12", struct.pack("<HH4xHH", 0x809, 4, 0x42, 2)
TAKEN = {
    "pdf": (b"\n%PDF-1.7\n...", "application/pdf"),
    "jpeg": (image("JPEG"), "image/jpeg"),
    "png": (image("PNG"), "image/png"),
    "webp": (image("WEBP"), "image/webp"),
    "gif": (image("GIF"), "image/gif"),
    "tiff": (image("TIFF"), "image/tiff"),
    "heic": (media(b"heic"), "image/heic"),
    "heif": (media(b"mif1"), "image/heic"),
    "docx": (office.open_xml(), file_kinds.office_files.DOCX),
    "xlsx": (office.open_xml("xl"), file_kinds.office_files.XLSX),
    "pptx": (office.open_xml("ppt"), file_kinds.office_files.PPTX),
    "odt": (office.open_document(), file_kinds.office_files.ODT),
    "ods": (office.open_document("spreadsheet"), file_kinds.office_files.ODS),
    "odp": (office.open_document("presentation"), file_kinds.office_files.ODP),
    "doc": (office.ole("WordDocument", "1Table", head=WORD), "application/msword"),
    "large doc": (office.ole("WordDocument", far=True), "application/msword"),
    "xls": (office.ole("Workbook", head=BOOK), "application/vnd.ms-excel"),
    "older xls": (office.ole("Book", head=BOOK), "application/vnd.ms-excel"),
    "ppt": (office.ole("Current User", "PowerPoint Document"), "application/vnd.ms-powerpoint"),
    "rtf": (rb"{\rtf1\ansi \par}", "application/rtf"),
    "text": ("Ҳуҷҷат: Ғ Ӣ Қ Ӯ Ҳ Ҷ\r\n".encode(), "text/plain"),
    "text of Notepad": ("\ufeffСалом".encode(), "text/plain"),
    "older text": ("Прошу отремонтировать дорогу".encode("cp1251"), "text/plain"),
    "mp3 with a title": (b"ID3\x03\0\0\0\0\0\0", "audio/mpeg"),
    "mp3": (b"\xff\xfb\x90\x64" + b"\0" * 400, "audio/mpeg"),
    "m4a": (media(b"M4A "), "audio/mp4"),
    "sound of a telephone": (media(b"mp42", SOUND_TRACK), "audio/mp4"),
    "opus": (b"OggS\0\x02", "audio/ogg"),
    "wav": (sound(), "audio/wav"),
    "amr": (b"#!AMR\n\x3c", "audio/amr"),
    "mp4": (media(b"isom", VIDEO_TRACK), "video/mp4"),
    "3gp": (media(b"3gp5"), "video/3gpp"),
    "mov": (media(b"qt  "), "video/quicktime"),
    "webm": (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"),
}
REFUSED = {
    "empty": (b"", "empty"),
    "zip": (office.packed({"a.txt": "a"}), "archive"),
    "empty zip": (b"PK\x05\x06" + b"\0" * 18, "archive"),
    "jar": (office.packed({"META-INF/MANIFEST.MF": "a", "A.class": "a"}), "archive"),
    "epub": (office.packed({"mimetype": "application/epub+zip"}), "archive"),
    "rar": (b"Rar!\x1a\x07\x01\0", "archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\x04", "archive"),
    "gzip": (b"\x1f\x8b\x08\0", "archive"),
    "tar": (b"a.txt".ljust(257, b"\0") + b"ustar\0", "archive"),
    "Windows program": (b"MZ\x90\0\x03", "program"),
    "Linux program": (b"\x7fELF\x02", "program"),
    "Android program": (b"dex\n035\0", "program"),
    "shortcut": (b"L\0\0\0\x01\x14\x02\0\0\0\0\0", "program"),
    "script": (b"#!/bin/sh\nrm -r .\n", "program"),
    "page": (b"<!DOCTYPE html><title>a</title>", "web"),
    "page with a beginning": (b"a\n\n<script>alert(1)</script>", "web"),
    "svg": (b'\xef\xbb\xbf<?xml version="1.0"?><svg/>', "web"),
    "docx with macros": (office.open_xml(types=office.PLAIN + office.MACROS), "macros"),
    "docx with a macro file": (office.open_xml(vbaProject__bin=b"\0"), "macros"),
    "docm": (office.open_xml(types=office.ENABLED), "macros"),
    "odt with macros": (office.open_document(Basic__Standard__Module1="Sub Main"), "macros"),
    "doc with macros": (office.ole("WordDocument", "Macros", "VBA", head=WORD), "macros"),
    "docx with a password": (office.ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    "odt with a password": (office.open_document(manifest="<manifest:encryption-data/>"), "encrypted"),
    "doc with a password": (office.ole("WordDocument", head=WORD[:11] + b"\x13"), "encrypted"),
    "xls with a password": (office.ole("Workbook", head=BOOK[:8] + struct.pack("<HH", 0x2F, 54)), "encrypted"),
    "ppt with a password": (office.ole("PowerPoint Document", "EncryptedSummary"), "encrypted"),
    "installer": (office.ole("SummaryInformation", "Property"), "type"),
    "cut docx": (office.open_xml(document2__xml="<w/>" * 999)[:-40], "broken"),
    "cut doc": (office.ole("WordDocument")[:600], "broken"),
    "zip bomb": (office.open_xml(document2__xml=b"\0" * 201 * 2**20), "bomb"),
    "steep zip bomb": (office.open_xml(document2__xml=b"\0" * 30 * 2**20), "bomb"),
    "crowded zip": (office.packed({"[Content_Types].xml": "", **{f"word/{n}": "" for n in range(10_001)}}), "bomb"),
    "noise": (bytes(range(1, 256)), "type"),
    "film of another kind": (media(b"crx "), "type"),
    "mkv": (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", "type"),
    "cut picture": (image("JPEG")[:-900], "damaged"),
    "cut PNG": (image("PNG")[:-100], "damaged"),
}
KNOWN_VERDICTS = {*file_kinds.KINDS, *file_checks.REFUSALS}


@pytest.mark.parametrize(("content", "content_type"), TAKEN.values(), ids=TAKEN)
def test_a_kind_is_taken_and_known_by_its_content(content, content_type):
    taken = uploads.read_attachment(io.BytesIO(content), keep_hidden_data=True)
    assert (taken.content_type, taken.content) == (content_type, content)
    assert content_type in file_kinds.KINDS
    assert content_type in file_checks.KIND_WORDS


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_another_file_is_refused_with_its_reason(content, code):
    with pytest.raises(uploads.Refused, match=f"^{code}$"):
        uploads.read_attachment(io.BytesIO(content))


def test_every_kind_and_every_reason_has_its_words():
    assert set(file_kinds.KINDS) == set(file_checks.KIND_WORDS) == {kind for _content, kind in TAKEN.values()}
    assert {code for _content, code in REFUSED.values()} < set(file_checks.REFUSALS)


def verdict(content: bytes) -> str:
    try:
        return uploads.read_attachment(io.BytesIO(content)).content_type
    except uploads.Refused as refused:
        return refused.code


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it misses in a file.
@given(content=st.binary(max_size=600), beginning=st.sampled_from([b"", *(taken[0][:40] for taken in TAKEN.values())]))
def test_no_bytes_are_a_fault(content, beginning):
    assert verdict(beginning + content) in KNOWN_VERDICTS


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what it misses in a file.
@given(data=st.data())
def test_no_broken_document_is_a_fault(data):
    whole = data.draw(st.sampled_from([content for content, _kind in TAKEN.values() if len(content) < 9000]))
    place, byte = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    for broken in (whole[:place] + bytes([byte]) + whole[place + 1 :], whole[:cut]):
        assert verdict(broken) in KNOWN_VERDICTS


@pytest.mark.parametrize(
    ("name", "content_type", "given_out"),
    [
        ("Ҳуҷҷат.pdf", "application/pdf", "Ҳуҷҷат.pdf"),
        ("photo.exe", "image/jpeg", "photo.exe.jpg"),
        ("Акс.JPEG", "image/jpeg", "Акс.JPEG"),
        ("овоз.m4a", "video/mp4", "овоз.m4a"),
        ("рӯйхат", "text/plain", "рӯйхат.txt"),
        ("run.bat", "text/plain", "run.bat.txt"),
        ("ҳисоб.csv", "text/plain", "ҳисоб.csv"),
        ("../../etc/passwd.png", "image/png", "_.._etc_passwd.png"),
        ("a.exe. ", "application/pdf", "a.exe.pdf"),
        ("", "application/pdf", "file.pdf"),
    ],
)
def test_the_office_downloads_under_the_own_name_with_a_safe_end(name, content_type, given_out):
    assert file_kinds.safe_name(name, content_type) == given_out


def test_a_picture_with_too_many_pixels_is_refused():
    large = picture(size=(7000, 6000))
    with pytest.raises(uploads.Refused, match="pixels"):
        uploads.read_attachment(large)
