"""A whole case with marked words in every field: none of them in the logs, error reports, tasks or clear files."""

import json
import logging
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from django.core.signals import got_request_exception
from django.db import ProgrammingError, connection
from sentry_sdk.transport import Transport

from appeals import casework
from appeals.models import Appeal
from portal import error_reports, worker
from portal.models import Message as Letter
from portal.models import Task
from portal.tasks import TASKS, TaskFunction, task_failed
from tests.appeals.citizen import Citizen, errors, picture, values
from tests.portal.staff import PASSWORD
from tests.portal.watched import logged, watched

pytestmark = pytest.mark.django_db(transaction=True)
WORD, MAIL = "Нишонвожа", "nishonvozha"
TYPED = values(
    surname=WORD, given_name=WORD, patronymic=WORD, address=f"кӯчаи {WORD}, 5", email=f"{MAIL}@example.tj",
    phone="+992 93 777 66 55", text=f"{WORD} хоҳиш мекунад. " * 5,
)  # fmt: skip
NEEDLES = (WORD, MAIL, "777 66 55", "7776655")


class Kept(Transport):
    """Where reports go instead of over the network."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.events.append(envelope.get_event())


@pytest.fixture
def reports():
    kept = Kept()
    error_reports.start("https://key@collector.invalid/1", transport=kept)
    yield kept.events
    for signal in (got_request_exception, task_failed):
        signal.disconnect(dispatch_uid="error_reports")
    sentry_sdk.init()


def attachment() -> Any:
    file = picture()
    file.name = f"Қарзи {WORD} {MAIL}.png"
    return file


def fault_that_quotes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """As PostgreSQL does: what could not be written stands in the message."""
    if sql.startswith(('INSERT INTO "appeals_draft"', 'UPDATE "appeals_draft"')):
        raise ProgrammingError(f"DETAIL: Failing row contains ({WORD}, {MAIL}).")
    return execute(sql, params, many, context)


def fails(**_arguments: Any) -> None:
    words = TYPED["text"]
    raise ValueError(f"{words} {MAIL}")


def the_citizen_writes_and_follows(officer: Any) -> tuple[str, str]:
    client = watched()
    citizen = Citizen("tg", client)
    number, code = citizen.appeal(TYPED | {"attachments": [attachment()]}, look=True)
    casework.register(Appeal.objects.get(number=number), officer)
    assert client.post("/tg/appeals/track/", {"number": number, "code": f"{code}0"}).status_code == 200
    assert client.post("/tg/appeals/track/", {"number": number, "code": code}).status_code == 302
    client.post("/tg/appeals/case/message/", {"text": f"Боз {WORD}", "files": [attachment()]})
    assert client.get("/tg/appeals/case/").status_code == 200
    return number, code


def the_office_answers(officer: Any) -> None:
    office = watched()
    assert office.post("/admin/login/", {"username": WORD, "password": MAIL}).status_code == 200
    assert office.post("/admin/login/", {"username": officer.username, "password": PASSWORD}).status_code == 302
    page = f"/admin/appeals/appeal/{Appeal.objects.get().pk}/"
    assert office.get(f"/admin/appeals/appeal/?q={WORD}").status_code in {200, 302}
    assert office.post(f"{page}step/", {"step": "ask", "text": f"Муҳтарам {WORD}"}).status_code == 302
    assert office.get(f"{page}change/").status_code == 200
    assert office.post(f"{page}step/", {"step": "answer", "text": f"Ҷавоб ба {WORD}"}).status_code == 302


def what_goes_wrong() -> None:
    client = watched()
    with connection.execute_wrapper(fault_that_quotes):
        assert client.post("/tg/appeals/write/", TYPED).status_code == 500
    assert client.get(f"/tg/appeals/{WORD}/?{MAIL}={WORD}").status_code == 404
    assert client.get("/tg/", headers={"host": f"{MAIL}.example"}).status_code == 400
    assert client.get(f"/tg/search/?q={WORD}").status_code == 200
    wrong = client.post("/tg/appeals/write/", TYPED | {"region": WORD, "email": f"{MAIL} {WORD}"})
    assert {"region", "email"} <= set(errors(wrong))


def read(path: Path) -> bytes:
    """What lies in a file; the cache's are compressed."""
    if path.suffix != ".djcache":
        return path.read_bytes()
    with path.open("rb") as file:
        pickle.load(file)
        return zlib.decompress(file.read())


def test_nobody_s_words_are_outside_of_what_is_sealed(settings, monkeypatch, officer, reports):
    settings.TASKS_EAGER, settings.EMAIL_HOST, settings.EMAIL_PORT = False, "127.0.0.1", 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setitem(TASKS, "made.up", TaskFunction(fails))
    with logged() as log:
        number, code = the_citizen_writes_and_follows(officer)
        the_office_answers(officer)
        what_goes_wrong()
        Task.objects.create(name="made.up")
        worker.work_off()
    assert Appeal.objects.get().status == Appeal.Status.ANSWERED
    assert Letter.objects.filter(to__startswith=MAIL, sent_at=None).exists(), "the mail server is away"
    tasks = json.dumps(list(Task.objects.values()), default=str, ensure_ascii=False)
    told = {"the log": log.text, "the reports": json.dumps(reports, ensure_ascii=False), "the tasks": tasks}
    assert "OSError" in told["the tasks"] or "ConnectionRefusedError" in told["the tasks"]
    for path in settings.DATA_DIR.rglob("*"):
        if path.is_file() and not path.name.startswith("test.sqlite3"):
            told[str(path)] = read(path).decode("utf-8", "replace")
    hidden = (*NEEDLES, code, code.replace("-", ""), number, PASSWORD)
    assert [(word, where) for where, text in told.items() for word in hidden if word in text] == []
    lines = {(line["route"], line["method"], line["status"]) for line in log.of("portal.requests")}
    assert {("appeals:write", "POST", 500), ("appeals:check", "POST", 302), ("appeals:case", "GET", 200)} < lines
    assert {line.get("staff") for line in log.of("portal.requests") if line["route"].startswith("admin:appeals")} == {
        officer.pk
    }


def test_a_report_says_where_it_went_wrong_and_nothing_of_what_was_written(reports):
    client = watched()
    with connection.execute_wrapper(fault_that_quotes):
        number = client.post(f"/tg/appeals/write/?{MAIL}", TYPED, headers={"X-Words": WORD})["X-Request-ID"]
    (event,) = reports
    assert [word for word in NEEDLES if word in json.dumps(event, ensure_ascii=False)] == []
    assert set(event) == {"event_id", "timestamp", "level", "platform", "environment", "exception", "tags"} | (
        set(event) & {"release"}
    )
    assert event["tags"] == {"request_id": number}
    error = event["exception"]["values"][-1]
    assert error["type"] == "ProgrammingError" and "value" not in error
    assert {frame["function"] for frame in error["stacktrace"]["frames"]} >= {"write", "fault_that_quotes"}
    assert not {"vars", "context_line"} & {name for frame in error["stacktrace"]["frames"] for name in frame}


def test_the_words_would_be_found_if_they_were_logged():
    with logged() as log:
        logging.getLogger("appeals").warning("%s", WORD)
    assert log.text.count(WORD) == 2
