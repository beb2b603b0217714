"""Handing a case over: one ZIP that the receiver can check, in the memory of one file, without what may hold a virus."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from appeals import casework
from appeals.casework import SentFile
from appeals.casework.base import Action, data_key
from appeals.casework.notes import write
from appeals.choices import FileRole, Scan
from appeals.content import Content
from appeals.models import Appeal, AppealFile
from tests.appeals.citizen import TEXT, pdf_text, picture, values
from tests.appeals.office import proved

pytestmark = pytest.mark.django_db
LIST = "/admin/appeals/appeal/"
NAME = "Ҳуҷҷат: «нусха»/" + "ғ" * 150 + ".pdf"


def content() -> Content:
    return Content.of(values(crime=False))


def signature() -> SentFile:
    return SentFile(FileRole.SIGNATURE, "signature.png", "image/png", picture().read())


def document(name: str, size: int = 100, scan: str = Scan.NONE) -> SentFile:
    return SentFile(FileRole.ATTACHMENT, name, "application/pdf", b"%PDF-1.4 ".ljust(size, b"."), "", scan)


@pytest.fixture
def appeal(officer):
    """Two files of one name, one held by the scanner, and one of the office's messages with a file."""
    files = [document("a.pdf"), document("a.pdf", 200), document(NAME), document("b.pdf", 300, Scan.HELD), signature()]
    appeal, _code = casework.receive(content(), files, "tg")
    casework.register(appeal, officer)
    answer = SentFile(FileRole.ANSWER, "Ҷавоб.pdf", "application/pdf", b"%PDF-1.4 answer")
    write(appeal, "office", Action.LEGAL_HOLD, data_key(appeal), {"text": "Сабаби дохилии идора"})
    casework.answer(appeal, officer, "Роҳ таъмир карда мешавад. Ғ Ӣ Қ Ӯ Ҳ Ҷ.", [answer])
    appeal.refresh_from_db()
    return appeal


def exported(office, appeal) -> bytes:
    response = proved(office).post(f"{LIST}{appeal.pk}/export/")
    assert response["Content-Type"] == "application/zip"
    assert "no-store" in response["Cache-Control"]
    return b"".join(response.streaming_content)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_receiver_can_check_every_file(appeal, office, tmp_path):
    archive = zipfile.ZipFile(io.BytesIO(exported(office, appeal)))
    assert archive.testzip() is None
    folder = f"appeal-{appeal.number}/"
    files = {name.removeprefix(folder): archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    assert manifest["appeal"] == appeal.number
    assert manifest["digest"] == appeal.digest and manifest["digest_matches"] is True
    assert manifest["made_by"] == "officer"
    assert manifest["journal_head"] == appeal.journal.last().hash
    digests = {file["name"]: file["sha256"] for file in manifest["files"]}
    assert digests.keys() == files.keys() - {"manifest.json", "SHA256SUMS"}
    assert all(hashlib.sha256(files[name]).hexdigest() == digest for name, digest in digests.items())
    archive.extractall(tmp_path)
    done = run(tmp_path / folder, "sha256sum", "-c", "SHA256SUMS")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK") == len(files) - 1
    # One letter changed, and it is found out.
    (tmp_path / folder / "journal.csv").write_text("x")
    assert run(tmp_path / folder, "sha256sum", "-c", "SHA256SUMS").returncode


@pytest.mark.skipif(not shutil.which("unzip"), reason="needs unzip")
def test_unzip_finds_no_fault(appeal, office, tmp_path):
    (tmp_path / "case.zip").write_bytes(exported(office, appeal))
    assert "No errors detected" in run(tmp_path, "unzip", "-t", "case.zip").stdout


def test_its_names_are_safe_unique_and_in_the_letters_of_the_applicant(appeal, office):
    names = zipfile.ZipFile(io.BytesIO(exported(office, appeal))).namelist()
    own = [name.split("/", 1)[1] for name in names]
    assert len(set(own)) == len(own)
    assert {
        "attachments/01-a.pdf",
        "attachments/02-a.pdf",
        "signature/05-signature.png",
        "messages/06-Ҷавоб.pdf",
    } < set(own)
    odd = next(name for name in own if name.startswith("attachments/03-"))
    assert odd.startswith("attachments/03-Ҳуҷҷат_ «нусха»_ғғ") and odd.endswith("ғ.pdf")
    assert all(len(part.encode()) <= 200 and ".." not in part for name in names for part in name.split("/"))


def test_what_may_hold_a_virus_and_what_is_the_offices_own_stay_behind(appeal, office):
    archive = zipfile.ZipFile(io.BytesIO(exported(office, appeal)))
    manifest = json.loads(archive.read(f"appeal-{appeal.number}/manifest.json"))
    held = hashlib.sha256(document("b.pdf", 300).content).hexdigest()
    assert manifest["left_out"] == [{"name": "b.pdf", "sha256": held, "why": "held"}]
    assert not any("b.pdf" in name for name in archive.namelist())
    messages = pdf_text(archive.read(f"appeal-{appeal.number}/messages.pdf"))
    assert "Роҳ таъмир карда мешавад. Ғ Ӣ Қ Ӯ Ҳ Ҷ." in messages
    assert "Сабаби" not in messages
    assert TEXT in pdf_text(archive.read(f"appeal-{appeal.number}/appeal.pdf"))
    entry = appeal.journal.last()
    assert (entry.action, entry.actor.username) == ("exported", "officer")
    assert entry.detail == {"left_out": [AppealFile.objects.get(scan=Scan.HELD).pk]}


def test_the_journal_goes_with_it(appeal, office):
    archive = zipfile.ZipFile(io.BytesIO(exported(office, appeal)))
    rows = list(csv.DictReader(io.StringIO(archive.read(f"appeal-{appeal.number}/journal.csv").decode("utf-8-sig"))))
    assert [row["action"] for row in rows] == list(appeal.journal.values_list("action", flat=True))
    assert [row["hash"] for row in rows] == list(appeal.journal.values_list("hash", flat=True))


def test_what_was_changed_in_the_database_is_told(appeal, office):
    Appeal.objects.update(digest="0" * 64)
    archive = zipfile.ZipFile(io.BytesIO(exported(office, appeal)))
    assert json.loads(archive.read(f"appeal-{appeal.number}/manifest.json"))["digest_matches"] is False


def test_a_case_of_twenty_megabytes_needs_the_memory_of_its_largest_file(office, officer):
    files = [document(f"{number}.pdf", 2_000_000) for number in range(10)]
    appeal, _code = casework.receive(content(), [*files, signature()], "tg")
    del files
    exported(office, appeal)  # Typefaces and templates are read once.
    tracemalloc.start()
    response = proved(office).post(f"{LIST}{appeal.pk}/export/")
    sent = sum(len(piece) for piece in response.streaming_content)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > 20_000_000
    assert most < 14_000_000
