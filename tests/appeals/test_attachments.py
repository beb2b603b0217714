"""Attachments: sent with the form or one by one, within the limits, removable, and given out safely."""

import json
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import ANY
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from appeals import casework, drafts, receipt
from appeals.models import Appeal, AppealFile, Draft, DraftFile
from portal import policies
from tests.appeals.citizen import TEXT, Citizen, errors, field, picture, values
from tests.appeals.test_hidden_data import CAMERA, photo

pytestmark = pytest.mark.django_db
LIST = "/admin/appeals/appeal/"


def pdf(name: str = "Ҳуҷҷат.pdf", size: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n" + b"a" * size)


def send_file(citizen: Citizen, file=None, upload_id: str = "", **more):
    data = {"upload_id": upload_id or secrets.token_hex(16)} | ({"file": file} if file else {}) | more
    return citizen.client.post(citizen.url("write/files/"), data)


def rows(citizen: Citizen) -> list[str]:
    """The names of the files that the write page lists."""
    page = citizen.client.get(citizen.url("write/")).content.decode()
    return [row.partition("</a>")[0].rpartition(">")[2] for row in page.split('class="attached-file"')[1:]]


def test_the_first_file_begins_a_draft_that_the_others_and_the_form_join(officer):
    citizen = Citizen()
    first = send_file(citizen, pdf()).json()
    assert first == {"id": DraftFile.objects.get().pk, "row": ANY}
    assert "PDF document" in first["row"]
    send_file(citizen, picture())
    assert Draft.objects.count() == 1
    assert rows(citizen) == ["Ҳуҷҷат.pdf", "signature.png"]
    citizen.appeal()
    files = casework.read(Appeal.objects.get(), officer, revealed=True).files
    assert [(file["name"], file["role"]) for file in files[:2]] == [
        ("Ҳуҷҷат.pdf", "attachment"),
        ("signature.png", "attachment"),
    ]


def test_a_repeated_attempt_after_a_lost_answer_makes_no_second_copy():
    citizen, upload_id = Citizen(), secrets.token_hex(16)
    first = send_file(citizen, pdf(), upload_id).json()
    assert send_file(citizen, pdf(), upload_id).json() == first
    assert send_file(citizen, pdf(), secrets.token_hex(16)).json() != first
    assert DraftFile.objects.count() == 2


@pytest.mark.parametrize("odd", ["", "x", "A" * 32, "0" * 33, "\0" * 32])
def test_an_odd_id_is_as_good_as_none(odd):
    citizen = Citizen()
    for _attempt in range(2):
        assert citizen.client.post(citizen.url("write/files/"), {"upload_id": odd, "file": pdf()}).status_code == 200
    assert DraftFile.objects.count() == 2


@pytest.mark.parametrize(("language", "sentence"), [("en", "This file is not of a kind"), ("ru", ""), ("tg", "")])
def test_a_refused_file_is_named_in_the_language_of_the_page(language, sentence):
    citizen = Citizen(language)
    response = send_file(citizen, SimpleUploadedFile("Ғӯза.bin", bytes(range(1, 256))))
    assert response.status_code == 422
    assert sentence in response.json()["refused"] and "“Ғӯза.bin”" in response.json()["refused"]
    assert response["Cache-Control"].count("no-store")
    assert not DraftFile.objects.exists()


def test_a_request_without_a_file_is_told_so():
    assert send_file(Citizen()).json() == {"refused": "No file arrived."}


def test_a_file_is_sent_and_removed_only_by_post_and_with_the_token():
    strict = Client(enforce_csrf_checks=True)
    for address in ("write/files/", "write/files/1/remove/"):
        assert strict.get(f"/en/appeals/{address}").status_code == 405
        assert strict.post(f"/en/appeals/{address}", {"file": pdf()}).status_code == 403


def test_the_limits_count_what_is_in_the_draft_already(settings):
    settings.ATTACHMENTS_MOST, settings.ATTACHMENTS_TOTAL = 3, 2 * 2**20
    citizen = Citizen()
    assert send_file(citizen, pdf(size=2**20)).status_code == 200
    assert "2 MB" in send_file(citizen, pdf("large.pdf", 2**20)).json()["refused"]
    assert "2 MB" in send_file(citizen, pdf("huge.pdf", 3 * 2**20)).json()["refused"]
    response = citizen.write(values(attachments=[pdf("large.pdf", 2**20), pdf("a.pdf"), pdf("b.pdf"), pdf("c.pdf")]))
    assert "“large.pdf” was not added: all files together may have 2 MB." in errors(response)["attachments"]
    assert "“c.pdf” was not added. The most files: 3." in errors(response)["attachments"]
    assert send_file(citizen, pdf("d.pdf")).json() == {"refused": "“d.pdf” was not added. The most files: 3."}
    assert rows(citizen) == ["Ҳуҷҷат.pdf", "a.pdf", "b.pdf"]


def test_the_page_names_the_limits_that_are_configured(settings):
    settings.ATTACHMENTS_MOST, settings.ATTACHMENTS_TOTAL = 4, 7 * 2**20
    page = Client().get("/en/appeals/write/").content.decode()
    assert "Files: up to 4, 7 MB together." in page
    assert f'data-largest="{7 * 2**20}"' in page


def test_a_file_is_removed_by_the_script():
    citizen = Citizen()
    file_id = send_file(citizen, pdf()).json()["id"]
    for _attempt in range(2):
        response = citizen.client.post(citizen.url(f"write/files/{file_id}/remove/"))
        assert response.json() == {"removed": file_id}
    assert not DraftFile.objects.exists()


def test_nobody_else_removes_or_sees_it():
    citizen, stranger = Citizen(), Citizen()
    file_id = send_file(citizen, pdf()).json()["id"]
    send_file(stranger, pdf("other.pdf"))
    stranger.client.post(stranger.url(f"write/files/{file_id}/remove/"))
    assert rows(citizen) == ["Ҳуҷҷат.pdf"]
    assert stranger.client.get(stranger.url(f"files/{file_id}/")).status_code == 404


def test_a_signature_is_no_attachment_to_remove():
    citizen = Citizen()
    citizen.write()
    citizen.send(picture(), captcha_1="")
    citizen.client.post(citizen.url(f"write/files/{DraftFile.objects.get().pk}/remove/"))
    assert DraftFile.objects.count() == 1


def test_without_javascript_removing_keeps_what_was_typed_and_what_was_chosen():
    citizen = Citizen()
    file_id = send_file(citizen, pdf()).json()["id"]
    typed = values(next=None, surname="Ғафурова", remove=str(file_id), attachments=[pdf("new.pdf")])
    response = citizen.write(typed)
    assert (response.status_code, response["Location"]) == (302, citizen.url("write/") + "#attachments")
    assert rows(citizen) == ["new.pdf"]
    assert field(citizen.client.get(citizen.url("write/")), "surname") == "Ғафурова"


def test_without_javascript_a_refused_file_is_told_of_also_when_another_is_removed():
    citizen = Citizen()
    file_id = send_file(citizen, pdf()).json()["id"]
    response = citizen.write(
        values(next=None, remove=str(file_id), attachments=[SimpleUploadedFile("a.zip", b"PK\x03\x04")])
    )
    assert "a.zip" in errors(response)["attachments"]
    assert field(response, "text") == TEXT
    assert rows(citizen) == []


@pytest.mark.parametrize(("keep", "kept"), [({}, False), ({"keep_hidden_data": "on"}, True)])
def test_hidden_data_go_or_stay_as_the_citizen_chooses(keep, kept, office):
    citizen, original = Citizen(), photo("JPEG", 6)
    row = send_file(citizen, SimpleUploadedFile("акс.jpg", original), **keep).json()["row"]
    citizen.write(values(attachments=[SimpleUploadedFile("дигар.jpg", original)], **keep))
    assert ("Hidden data are removed." in row) is not kept
    citizen.appeal(values())
    for file in AppealFile.objects.filter(role="attachment"):
        content = office.get(f"{LIST}{file.appeal_id}/files/{file.pk}/").content
        assert (CAMERA.encode() in content) is kept
        assert (content == original) is kept
    page = office.get(f"{LIST}{Appeal.objects.get().pk}/change/").content.decode()
    assert ("hidden data removed at the applicant" in page) is not kept


def test_the_choice_is_remembered():
    citizen = Citizen()
    citizen.write(values(keep_hidden_data="on", stay="1"))
    assert 'name="keep_hidden_data" id="id_keep_hidden_data" checked' in "".join(
        sorted_attributes(citizen.client.get(citizen.url("write/")).content.decode())
    )


def sorted_attributes(page: str) -> list[str]:
    tag = next(part for part in page.split("<input") if 'name="keep_hidden_data"' in part).partition(">")[0]
    parts = tag.split()
    order = ("name=", "id=", "checked")
    return [" ".join(next(part for part in parts if part.startswith(start)) for start in order)]


def test_it_is_said_of_a_document_that_its_hidden_data_stay():
    assert "Hidden data stay in a file of this kind." in send_file(Citizen(), pdf()).json()["row"]


def body(name: bytes, boundary: bytes = b"xyz") -> bytes:
    head = b'Content-Disposition: form-data; name="%b"; filename="%b"\r\nContent-Type: application/pdf\r\n\r\n'
    parts = [head % (field, file) + b"%PDF-1.7\n" for field, file in ((b"file", name), (b"attachments", name))]
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


@pytest.mark.parametrize("name", ["Ҳуҷҷат.pdf".encode("cp1251", "replace"), b"\xff\xfe.pdf", b"a" * 500 + b"\xd2.pdf"])
@pytest.mark.parametrize("padding", [0, 65_400, 65_500, 65_536 - 60, 200_000])
def test_a_file_whose_name_did_not_arrive_whole_is_told_of(name, padding):
    multipart = "multipart/form-data; boundary=xyz"
    before = b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"a" * padding + b"\r\n"
    for address in ("write/files/", "write/"):
        content = Client().post(f"/en/appeals/{address}", before + body(name), content_type=multipart).content.decode()
        assert "its name holds letters that did not arrive whole" in content
    content = Client().post("/en/appeals/write/files/", before + body("Ҳуҷҷат.pdf".encode()), content_type=multipart)
    assert "Ҳуҷҷат.pdf" in content.json()["row"]
    content = Client().post("/en/appeals/write/", before + body("Ҳуҷҷат.pdf".encode()), content_type=multipart)
    assert "did not arrive whole" not in content.content.decode()


def test_a_file_that_speaks_of_file_names_is_an_ordinary_file():
    citizen = Citizen()
    letter = b'\r\n--other\r\nContent-Disposition: form-data; name="a"; filename="\xff"\r\n\r\n'
    response = citizen.write(
        values(stay="1", attachments=[SimpleUploadedFile("a.txt", "Салом".encode("cp1251") + letter)])
    )
    assert "attachments" not in errors(response)


@pytest.mark.parametrize(
    ("name", "content", "disposition"),
    [
        ("Ғ Ӣ Қ Ӯ Ҳ Ҷ.pdf", b"%PDF-1.7", "attachment; filename*=utf-8''" + quote("Ғ Ӣ Қ Ӯ Ҳ Ҷ.pdf")),
        ("invoice.exe", b"%PDF-1.7", 'attachment; filename="invoice.exe.pdf"'),
        ("Ҷавоб.html", "Салом".encode(), "attachment; filename*=utf-8''" + quote("Ҷавоб.html.txt")),
        ("акс.png", picture().getvalue(), "inline; filename*=utf-8''" + quote("акс.png")),
    ],
)
def test_the_office_gets_a_file_under_its_name_and_never_as_a_page(office, name, content, disposition):
    citizen = Citizen()
    file_id = send_file(citizen, SimpleUploadedFile(name, content)).json()["id"]
    own = citizen.client.get(citizen.url(f"files/{file_id}/"))
    citizen.appeal()
    file = AppealFile.objects.get(role="attachment")
    for response in (own, office.get(f"{LIST}{file.appeal_id}/files/{file.pk}/")):
        assert response["Content-Disposition"] == disposition
        assert response["Content-Security-Policy"] == policies.FILE
        assert response["X-Content-Type-Options"] == "nosniff"
    page = office.get(f"{LIST}{file.appeal_id}/change/").content.decode()
    assert name in page and re.search(r"\d\s(?:bytes|KB)\)", page)


def test_the_digest_is_over_the_files_as_kept(officer):
    citizen = Citizen()
    send_file(citizen, SimpleUploadedFile("акс.jpg", photo("JPEG")))
    citizen.appeal()
    appeal = Appeal.objects.get()
    opened = [casework.read_file(file, officer, revealed=True) for file in appeal.files.all()]
    box = json.loads(casework.reading.vault.decrypt(casework.base.data_key(appeal), appeal.box))
    assert appeal.digest == receipt.digest(box, [file.content for file in opened])


def test_a_file_for_a_sent_appeal_is_refused_and_the_receipt_stays():
    citizen = Citizen()
    _number, code = citizen.appeal()
    response = send_file(citizen, pdf())
    assert response.status_code == 409
    assert "This appeal is sent already." in response.json()["refused"]
    assert citizen.receipt()[1] == code


def test_an_expired_draft_gives_way_to_a_new_one():
    citizen = Citizen()
    send_file(citizen, pdf())
    Draft.objects.update(expires_at="2020-01-01T00:00:00Z")
    assert send_file(citizen, pdf("new.pdf")).status_code == 200
    assert rows(citizen) == ["new.pdf"]


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_lose_nothing_of_each_other():
    citizen = Citizen()
    citizen.write(values(stay="1"))
    cookies = citizen.client.cookies

    def one(number: int):
        try:
            other = Citizen(client=Client())
            other.client.cookies = cookies
            if number % 4 == 0:
                return other.write(values(stay="1", address=f"кӯчаи {number}")).status_code
            return send_file(other, pdf(f"{number}.pdf")).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(one, range(12))) == {200}
    assert sorted(rows(citizen)) == sorted(f"{number}.pdf" for number in range(12) if number % 4)
    assert DraftFile.objects.count() == 9


def test_a_draft_from_before_these_facts_were_kept_still_opens():
    note = {"id": 1, "role": "attachment", "name": "a.pdf", "content_type": "application/pdf", "size": 9}
    assert drafts.FileNote(**note).scan == "none"
