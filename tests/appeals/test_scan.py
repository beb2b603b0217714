"""The virus scanner: a real clamd. What it cannot say is never taken for clean."""

import html
import json
import re
import socket
import threading
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from appeals import casework, tasks
from appeals.models import Appeal, AppealFile, DraftFile, JournalEntry
from appeals.scan import _silent_until, scan
from portal import worker
from portal.models import Task
from portal.tasks import TASKS
from tests.appeals import office_documents as documents
from tests.appeals.citizen import Citizen, errors, picture, values
from tests.appeals.clamd import EICAR

pytestmark = pytest.mark.django_db
needs_clamd = pytest.mark.clamd
LIST = "/admin/appeals/appeal/"


def pdf(name: str = "Ҳуҷҷат.pdf", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n" + content)


@pytest.fixture
def scanner(clamd, settings):
    """A scanner that answers."""
    clamd.start()
    settings.CLAMD_SOCKET = clamd.socket
    return clamd


@pytest.fixture
def silent(settings, tmp_path):
    """A scanner that is not there: nobody listens at its socket."""
    settings.CLAMD_SOCKET = str(tmp_path / "nobody.socket")


def send_file(citizen: Citizen, file) -> object:
    return citizen.client.post(citizen.url("write/files/"), {"file": file})


@needs_clamd
@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "clean"),
        (b"%PDF-1.7", "clean"),
        (EICAR, "infected"),
        (b"%PDF-1.7 " + EICAR, "infected"),
        (documents.open_xml(document2__xml=EICAR), "infected"),
        (b"a" * 3_000_000, "clean"),
    ],
    ids=["empty", "pdf", "virus", "pdf with a virus", "virus in a docx", "3 MB"],
)
def test_the_scanner_is_asked(scanner, content, found):
    assert scan(content) == found


@needs_clamd
def test_a_file_too_large_for_the_scanner_is_held(scanner):
    assert scan(b"a" * 5_000_000) == "held"


def test_without_a_scanner_nothing_is_scanned(settings):
    assert settings.CLAMD_SOCKET == ""
    assert scan(EICAR) == "none"


@pytest.mark.parametrize("address", ["/nowhere/clamd.socket", "127.0.0.1:1", "no-such-host.invalid:3310"])
def test_a_scanner_that_is_not_there_makes_a_file_held(settings, address):
    settings.CLAMD_SOCKET = address
    assert scan(b"%PDF-1.7") == "held"


@pytest.mark.parametrize("answer", [b"", b"stream: OK, perhaps\0", b"INSTREAM size limit exceeded. ERROR\0", b"\xff\0"])
def test_an_odd_answer_is_not_clean(settings, tmp_path, answer):
    settings.CLAMD_SOCKET = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(settings.CLAMD_SOCKET)
        server.listen()

        def serve():
            connection, _address = server.accept()
            with connection:
                connection.recv(2**17)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        assert scan(b"%PDF-1.7") == "held"
        thread.join()


def test_a_scanner_that_hangs_holds_a_file_and_not_the_citizen(settings, tmp_path, caplog):
    settings.CLAMD_SOCKET, settings.CLAMD_SECONDS = str(tmp_path / "s"), 0.5
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(settings.CLAMD_SOCKET)
        server.listen()
        response = send_file(Citizen(), pdf(content=b"a" * 3_000_000))
        assert "Not yet scanned for viruses" in response.json()["row"]
        assert Citizen().write(values(attachments=[pdf() for _ in range(8)])).status_code == 302
    assert [record.getMessage() for record in caplog.records] == ["The virus scanner does not answer: TimeoutError"], (
        "it is waited for once"
    )
    assert DraftFile.objects.count() == 9


@needs_clamd
def test_a_scanner_that_hung_is_left_alone_and_then_asked_again(scanner, monkeypatch):
    monkeypatch.setitem(_silent_until, scanner.socket, time.monotonic() + 60)
    assert scan(b"%PDF-1.7") == "held"
    monkeypatch.setitem(_silent_until, scanner.socket, time.monotonic())
    assert [scan(b"%PDF-1.7"), scan(EICAR)] == ["clean", "infected"]


@needs_clamd
@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_virus_is_refused_beside_the_field_and_by_the_script(scanner, language):
    citizen = Citizen(language)
    bad = documents.open_xml(document2__xml=EICAR)
    response = citizen.write(values(attachments=[SimpleUploadedFile("нақша.docx", bad), pdf()]))
    assert "нақша.docx" in errors(response)["attachments"]
    response = send_file(citizen, SimpleUploadedFile("нақша.docx", bad))
    assert response.status_code == 422
    assert "нақша.docx" in response.json()["refused"]
    assert DraftFile.objects.count() == 1


@needs_clamd
def test_a_clean_file_is_opened_by_the_office(scanner, office):
    citizen = Citizen()
    citizen.appeal(values(attachments=[pdf()]))
    file = AppealFile.objects.get(role="attachment")
    assert file.scan == "clean"
    assert office.get(f"{LIST}{file.appeal_id}/files/{file.pk}/").content == b"%PDF-1.7\n"


def test_a_held_file_goes_with_the_appeal_and_stays_shut(silent, office, officer):
    citizen = Citizen()
    assert citizen.write(values(attachments=[pdf()])).status_code == 302
    assert "held until it is scanned" in citizen.client.get(citizen.url("check/")).content.decode()
    citizen.appeal(values())
    file = AppealFile.objects.get(role="attachment")
    assert file.scan == "held"
    address = f"{LIST}{file.appeal_id}/files/{file.pk}/"
    page = office.get(f"{LIST}{file.appeal_id}/change/").content.decode()
    assert "Ҳуҷҷат.pdf" in page and "held until it is scanned" in page and address not in page
    response = office.get(address, follow=True)
    assert "This file is held until it is scanned for viruses." in html.unescape(response.content.decode())
    assert file.appeal.journal.filter(detail__has_key="file").count() == 0
    with pytest.raises(casework.Refused):
        casework.read_file(file, officer, revealed=True)


@pytest.fixture
def held(settings, tmp_path):
    """Two appeals that came while the scanner was away: a good file, and one with a virus."""
    settings.CLAMD_SOCKET = str(tmp_path / "nobody.socket")
    for content in (b"", EICAR):
        Citizen().appeal(values(attachments=[pdf(content=content)]))
    return AppealFile.objects.filter(role="attachment")


@needs_clamd
def test_when_the_scanner_is_back_the_worker_frees_and_condemns(held, clamd, settings, office):
    tasks.scan_held_files()
    assert [file.scan for file in held.all()] == ["held", "held"], "no answer is no verdict"
    clamd.start()
    settings.CLAMD_SOCKET = clamd.socket
    tasks.scan_held_files()
    good, bad = held.all()
    assert (good.scan, bad.scan) == ("clean", "infected")
    assert [appeal.journal.last().action for appeal in Appeal.objects.order_by("id")] == ["cleared", "infected"]
    assert all(casework.chain_is_whole(appeal) for appeal in Appeal.objects.all())
    entries = JournalEntry.objects.count()
    tasks.scan_held_files()
    assert JournalEntry.objects.count() == entries, "once is enough"
    assert office.get(f"{LIST}{good.appeal_id}/files/{good.pk}/").content == b"%PDF-1.7\n"
    page = office.get(f"{LIST}{bad.appeal_id}/change/").content.decode()
    assert "a virus was found" in page
    assert "virus scanner" in page
    assert f"/files/{bad.pk}/" not in page
    response = office.get(f"{LIST}{bad.appeal_id}/files/{bad.pk}/", follow=True)
    assert "A virus was found in this file." in response.content.decode()


@needs_clamd
def test_sending_asks_the_scanner_once_more(clamd, settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody.socket")
    citizen = Citizen()
    citizen.write(values(attachments=[pdf(), pdf("вирус.pdf", EICAR)]))
    clamd.start()
    settings.CLAMD_SOCKET = clamd.socket
    page = html.unescape(citizen.send(picture()).content.decode())
    assert "“вирус.pdf” — A virus was found in this file. It was not kept." in page
    assert not Appeal.objects.exists()
    assert citizen.send().status_code == 302
    assert AppealFile.objects.get(role="attachment").scan == "clean"


@needs_clamd
def test_a_stopped_scanner_is_noticed_and_a_started_one_too(scanner):
    scanner.stop()
    assert scan(b"%PDF-1.7") == "held"
    scanner.start()
    assert scan(b"%PDF-1.7") == "clean"


@needs_clamd
def test_a_file_that_no_key_here_opens_stays_held_and_stops_no_other(held, scanner):
    Appeal.objects.filter(files=held.first()).update(sealed_key=b"sealed to another office")
    tasks.scan_held_files()
    assert [file.scan for file in held.all()] == ["held", "infected"]


def test_a_worker_without_the_key_leaves_the_task_to_one_that_has_it(settings):
    worker.load_tasks()
    Task.objects.all().delete()
    worker.keep_order()
    name = "appeals.tasks.scan_held_files"
    assert TASKS[name].needs_key
    Task.objects.exclude(name=name).delete()
    keys, settings.OFFICE_KEYS = settings.OFFICE_KEYS, []
    assert worker.take() is None
    settings.OFFICE_KEYS = keys
    assert worker.take().name == name


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_who_waits_for_the_scanner_is_told_so(silent, language):
    row = json.loads(send_file(Citizen(language), pdf()).content)["row"]
    assert len(re.findall(r'class="hint"', row)) == 2
