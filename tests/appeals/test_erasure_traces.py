"""After the erasure nothing is left of a person: not in the database's files, on the disk, or in what was logged."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from appeals import casework
from appeals.casework import traces
from appeals.models import Appeal, ErasureItem, ErasureProposal
from portal import worker
from portal.models import Message as Letter
from portal.tasks import TASKS
from tests.appeals.citizen import Citizen, picture, values
from tests.appeals.ended import answered, approved, ended, person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
SURNAME, GIVEN, EMAIL = "Нишондорова", "Гулбаҳорон", "nishondor@example.tj"


def needles() -> dict[str, bytes]:
    """What is looked for, in each way in which text may be stored."""
    found = {"the address": EMAIL.encode(), "the address in UTF-16": EMAIL.encode("utf-16-le")}
    for word in (SURNAME, GIVEN):
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in word)
        found |= {
            word: word.encode(),
            f"{word} in UTF-16": word.encode("utf-16-le"),
            f"{word} in UTF-16, big end first": word.encode("utf-16-be"),
            f"{word} escaped": escaped.encode(),
            f"{word} escaped, large": escaped.upper().replace("\\U", "\\u").encode(),
        }
    return found


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path), read(path)


def read(path: Path) -> bytes:
    """By another process: to close a file of SQLite's in this one would drop the locks that it holds here."""
    return subprocess.run(["cat", path], capture_output=True, check=True).stdout


def database_files() -> Iterator[tuple[str, bytes]]:
    """The database as it lies on the disk."""
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        for path in (name, name.with_name(f"{name.name}-wal")):
            yield str(path), read(path) if path.exists() else b""
        return
    at = connection.settings_dict
    dump = [
        "pg_dump",
        "--inserts",
        f"--host={at['HOST']}",
        f"--port={at['PORT']}",
        f"--username={at['USER']}",
        at["NAME"],
    ]
    environ = os.environ | {"PGPASSWORD": at["PASSWORD"]}
    yield "pg_dump", subprocess.run(dump, check=True, capture_output=True, env=environ).stdout
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        folder = Path("base", str(cursor.fetchone()[0]))
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0]) / folder
    if os.access(folder, os.R_OK | os.X_OK):
        yield from files(folder)


def found_in(places: Iterator[tuple[str, bytes]]) -> list[str]:
    return [f"{what} in {name}" for name, content in places for what, needle in needles().items() if needle in content]


def wrote_and_got_an_answer() -> Appeal:
    """A whole case: a text, files, a question, an answer of the applicant's, a hold, a new code, the office's answer."""
    attachment = picture()
    attachment.name = f"{SURNAME}.png"
    typed = values(surname=SURNAME, given_name=GIVEN, email=EMAIL, text=f"Ман, {SURNAME} {GIVEN}. " + "Илтимос. " * 20)
    citizen = Citizen("tg")
    number, code = citizen.appeal(typed | {"attachments": [attachment]}, look=True)
    boss, appeal = person("boss"), Appeal.objects.get(number=number)
    casework.register(appeal, boss)
    casework.ask(appeal, boss, f"Муҳтарам {SURNAME}, савол")
    citizen.client.post("/tg/appeals/track/", {"number": number, "code": code})
    citizen.client.post("/tg/appeals/case/message/", {"text": f"Ҷавоб аз {GIVEN} {SURNAME}"})
    citizen.client.get("/tg/appeals/case/")
    casework.put_on_hold(appeal, boss, f"Суд: {SURNAME}")
    casework.lift_hold(appeal, boss)
    office = type(citizen.client)()
    office.force_login(boss)
    page = f"/admin/appeals/appeal/{appeal.pk}/"
    assert SURNAME in office.get(f"{page}change/").content.decode()
    office.post(f"{page}step/", {"step": "replace_code", "text": f"Шиноснома: {SURNAME} {GIVEN}"})
    casework.answer(appeal, boss, f"Ҷавоб ба {SURNAME}")
    return ended(appeal, 1826)


def test_nothing_is_left_of_the_person(settings, tmp_path, monkeypatch, caplog, capfd):
    settings.TASKS_EAGER = False  # The letters wait for a mail server.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    caplog.set_level("INFO")
    appeal = wrote_and_got_an_answer()
    assert Letter.objects.filter(to=EMAIL, sent_at=None).count() == 5
    assert any(what.startswith("the address in ") for what in found_in(database_files())), "it is there before"
    approved()
    call_command("erase_appeals")
    appeal.refresh_from_db()
    assert appeal.erased_at
    output = "".join(capfd.readouterr())
    said = [("the log", caplog.text.encode()), ("the output", output.encode())]
    left = found_in(database_files()) + found_in(files(settings.DATA_DIR, tmp_path)) + found_in(iter(said))
    assert left == []


def test_a_letter_that_was_sent_leaves_no_address_on_the_disk(settings):
    """What the outbox erases of its own accord is overwritten, too, at the latest by the nightly run."""
    settings.TASKS_EAGER = False
    answered(values(surname=SURNAME, email=EMAIL))
    settings.TASKS_EAGER = True
    call_command("work", once=True)
    assert not Letter.objects.filter(to=EMAIL).exists()
    approved()
    call_command("erase_appeals")
    assert found_in(database_files()) == []


# Interrupted ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def start(tmp_path):
    """Start the command in a process of its own, on the test's database; all are gone at the end."""
    at, started = connection.settings_dict, []
    url = f"sqlite:///{at['NAME']}"
    if connection.vendor == "postgresql":
        owner = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
        url = f"postgres://{owner}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    environ = os.environ | {"DATABASE_URL": url, "PORTAL_DATA_DIR": str(tmp_path / "data")}

    def start() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "manage.py", "erase_appeals"]
        started.append(
            subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


def many(count: int) -> None:
    """``count`` appeals that are approved for erasure: copies of one that came through the pages."""
    original, _code = answered(values(email=""))
    files, messages = list(original.files.all()), list(original.messages.all())
    for number in range(count - 1):
        appeal = Appeal.objects.get(pk=original.pk)
        appeal.pk, appeal.number, appeal.tracking_hash = None, f"2001-{number:06d}", f"{number}"
        appeal.journal_head = ""
        appeal.save()
        casework.put_on_hold(appeal, original.journal.last().actor, "Суд")
        Appeal.objects.filter(pk=appeal.pk).update(on_hold_since=None)
        for row in (*files, *messages):
            row.pk, row.appeal = None, appeal
            row._state.adding = True
            row.save(force_insert=True)


def is_erased_or_whole(appeal: Appeal) -> bool:
    rows = appeal.files.count() + appeal.messages.count()
    entry = appeal.journal.filter(action="erased").count()
    if appeal.erased_at:
        return (bytes(appeal.box), rows, entry) == (b"", 0, 1)
    return bool(appeal.box) and rows >= 2 and entry == 0


def wait_for(what, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.002)


def test_killed_on_the_way_it_goes_on_and_two_at_a_time_do_no_harm(start):
    many(200)
    approved()
    victim = start()
    wait_for(lambda: ErasureItem.objects.filter(result="erased").count() >= 5)
    victim.kill()
    victim.wait()
    left = Appeal.objects.filter(erased_at=None).count()
    assert 0 < left < 200, "it was not stopped on the way"
    assert all(is_erased_or_whole(appeal) for appeal in Appeal.objects.all())
    assert ErasureProposal.objects.get().status == "approved"
    pair = [start(), start()]
    outputs = [process.communicate(timeout=120)[0].decode() for process in pair]
    assert [process.returncode for process in pair] == [0, 0], outputs
    erased = [line for output in outputs for line in output.splitlines() if line.startswith("20")]
    assert len(erased) == len(set(erased)) == left
    assert not Appeal.objects.filter(erased_at=None).exists()
    assert all(is_erased_or_whole(appeal) and casework.chain_is_whole(appeal) for appeal in Appeal.objects.all())
    assert ErasureProposal.objects.get().status == "done"


def test_the_worker_erases_at_night():
    worker.load_tasks()
    task = TASKS["appeals.tasks.erase_approved"]
    appeal, _code = answered()
    approved()
    task()
    appeal.refresh_from_db()
    assert appeal.erased_at and task.at.hour < 6


def test_who_reads_the_whole_time_delays_only_the_sweep(monkeypatch):
    """A reader that never ends: the appeals are erased, and the next run removes the traces."""
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL the wait for a table is the server's own")
    monkeypatch.setattr(traces, "SECONDS_TO_WAIT", 1)
    appeal, _code = answered()
    approved()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
    with sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM appeals_appeal").fetchone()
        with pytest.raises(CommandError, match=r"Erased: 1\. The database was too busy"):
            call_command("erase_appeals")
        reader.execute("ROLLBACK")
    appeal.refresh_from_db()
    assert appeal.erased_at and ErasureProposal.objects.get().status == "approved"
    call_command("erase_appeals")
    assert ErasureProposal.objects.get().status == "done"
