"""Files with messages: the office's answer and the applicant's additions, encrypted, for the two of them alone."""

import io
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from appeals import casework
from appeals.models import Appeal, AppealFile
from tests.appeals.citizen import Citizen, errors, picture, values
from tests.appeals.follower import Follower

pytestmark = pytest.mark.django_db
NAME = "Ҷавоби расмӣ Ғ Ӣ Қ Ӯ Ҳ.pdf"
PDF = b"%PDF-1.4 marker-of-the-answer"


def appeal():
    return Appeal.objects.get()


def pdf(name=NAME, content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def step(client, officer, **typed):
    client.force_login(officer)
    return client.post(f"/admin/appeals/appeal/{appeal().pk}/step/", {"step": "answer", "text": "Ҷавоб"} | typed)


def test_an_answer_comes_with_its_files_under_their_own_names(sent, officer, client):
    assert step(client, officer, files=[pdf(), pdf("нақша.pdf")]).status_code == 302
    page = sent.page()
    assert NAME in page
    assert "нақша.pdf" in page
    file = AppealFile.objects.filter(role="answer").first()
    assert b"marker" not in bytes(file.box)
    response = sent.client.get(sent.url(f"files/{file.pk}/"))
    assert response.content == PDF
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(NAME)}"
    assert (response["Content-Type"], response["Cache-Control"].count("no-store")) == ("application/pdf", 1)
    shown = client.get(f"/admin/appeals/appeal/{appeal().pk}/files/{file.pk}/")
    assert shown.content == PDF
    assert NAME in client.get(f"/admin/appeals/appeal/{appeal().pk}/change/").content.decode()


def test_nobody_else_gets_a_file(sent, officer, client):
    step(client, officer, files=[pdf()])
    file = AppealFile.objects.get(role="answer")
    assert Client().get(sent.url(f"files/{file.pk}/"))["Location"] == "/en/appeals/track/"
    other = Follower(*Citizen().appeal())
    other.open()
    assert other.client.get(other.url(f"files/{file.pk}/"), inspect=False).status_code == 404


def test_what_only_the_office_may_see_is_no_file_of_the_case(sent, officer):
    own = AppealFile.objects.get()  # The signature that was sent with the appeal.
    assert sent.client.get(sent.url(f"files/{own.pk}/"), inspect=False).status_code == 404


def test_the_applicant_adds_files(sent, officer):
    assert sent.do("message", text="Аксҳо", files=[picture(), pdf()]).status_code == 302
    assert list(AppealFile.objects.filter(role="addition").values_list("message__kind", flat=True)) == ["added"] * 2
    added = casework.read(appeal(), officer, revealed=True).notes[-1]
    assert [file["name"] for file in added.files] == ["signature.png", NAME]
    assert NAME in sent.page()


def test_a_file_is_judged_by_what_it_holds(sent, officer, client):
    refused = sent.do("message", text="Файл", files=[pdf(content=b"MZ\x90 program")])
    assert "files" in errors(refused)
    assert NAME in errors(refused)["files"]
    assert step(client, officer, files=[pdf(content=b"MZ")]).status_code == 200
    assert not AppealFile.objects.exclude(message=None).exists()
    assert appeal().status == "registered"


def test_at_most_five_files_go_with_a_message(sent, officer, client):
    assert "files" in errors(sent.do("message", text="Файлҳо", files=[pdf(f"{n}.pdf") for n in range(6)]))
    assert step(client, officer, files=[pdf(f"{n}.pdf") for n in range(6)]).status_code == 200
    assert not AppealFile.objects.exclude(message=None).exists()


def test_a_file_above_the_limit_is_named(sent, settings):
    settings.UPLOAD_LIMIT = 10
    assert NAME in errors(sent.do("message", text="Файл", files=[pdf()]))["files"]


def test_the_files_of_one_appeal_are_bounded(sent, monkeypatch):
    monkeypatch.setattr("appeals.casework.replies.MOST_FILES", 3)
    for _ in range(3):
        sent.do("message", text="Файлҳо", files=[pdf("1.pdf"), pdf("2.pdf")])
    assert AppealFile.objects.filter(role="addition").count() == 2
    assert "At most 3 files" in sent.page()


def test_later_files_do_not_move_the_earlier_ones(officer):
    attachment = io.BytesIO(b"%PDF-1.4 attachment")
    attachment.name = "илова.pdf"
    follower = Follower(*Citizen().appeal(values(attachments=[attachment])))
    follower.open()
    follower.do("message", text="Боз", files=[pdf()])
    opened = casework.read(appeal(), officer, revealed=True)
    assert [file["name"] for file in opened.of_role("attachment")] == ["илова.pdf"]
    contents = {
        file.name: file.content
        for file in (casework.read_file(row, officer, revealed=True) for row in AppealFile.objects.all())
    }
    assert contents["илова.pdf"] == b"%PDF-1.4 attachment"
    assert contents[NAME] == PDF
