"""The log's lines: each request and task with its number and its route, and never what was read or written."""

import logging
from typing import Any

import pytest
from django.test import Client

from portal import worker
from portal.models import Task
from portal.requests import Watched
from portal.tasks import TASKS, TaskFunction
from tests.portal.cached_site import PUBLIC, Site, answering, environ
from tests.portal.staff import person
from tests.portal.watched import logged, watched

pytestmark = pytest.mark.django_db


def test_a_request_is_one_line_with_its_number_and_its_route():
    with logged() as log:
        answer = watched().get("/ru/appeals/?q=secret")
    (line,) = log.of("portal.requests")
    assert line.pop("ms") > 0 and line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO", "logger": "portal.requests", "message": "request", "request_id": answer["X-Request-ID"],
        "method": "GET", "route": "appeals:rules", "status": 200,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [("/ru/nothing/secret/", "none", 404), ("/en/subscribe/confirm/secret/", "subscription:confirm", 404), ("/tg/text/", "home", 200),
     ("/static/secret.css", "static", 404), ("/en/appeals/verify/", "appeals:verify", 200), ("/en/appeals/case/", "appeals:case", 302)],
)  # fmt: skip
def test_no_address_is_in_the_log(path, route, status):
    with logged() as log:
        watched().get(path)
    assert [(line["route"], line["status"]) for line in log.of("portal.requests")] == [(route, status)]
    assert "secret" not in log.text and path not in log.text


def test_a_probe_is_a_line_only_when_something_is_wrong():
    with logged() as log:
        assert watched().get("/healthz").status_code == watched().get("/readyz").status_code == 200
        assert watched().post("/readyz").status_code == 405
    assert [line["status"] for line in log.of("portal.requests")] == [405]


def test_an_invented_method_is_no_new_kind():
    with logged() as log:
        watched().generic("SECRET", "/ru/")
    assert log.of("portal.requests")[0]["method"] == "other" and "SECRET" not in log.text


@pytest.mark.parametrize(("behind", "given", "taken"), [
    (True, "0123456789abcdef", True), (False, "0123456789abcdef", False), (True, "short", False),
    (True, "a" * 65, False), (True, "with space in it", False), (True, "line\nbreak-in-it", False),
])  # fmt: skip
def test_the_number_is_taken_from_our_proxy_alone(settings, behind, given, taken):
    settings.BEHIND_PROXY = behind
    with logged() as log:
        number = watched().get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
        watched().get("/ru/nothing/", headers={"X-Request-ID": given})
    assert (number == given) == taken and len(number) >= 16
    assert (log.of("portal.requests")[0]["request_id"] == given) == taken


def test_who_of_the_staff_asked_is_a_number_and_readers_are_nobody():
    user = person()
    client = watched()
    client.force_login(user)
    with logged() as log:
        assert client.get("/admin/").status_code == 200
        client.get("/ru/")
        watched().get("/admin/login/")
    assert [line.get("staff") for line in log.of("portal.requests")] == [user.pk, None, None]
    assert user.username not in log.text


def answer_with_a_word(environ: dict, start_response: Any) -> Any:
    """An application that says something while it makes the page."""
    logging.getLogger("news").warning("made")
    return answering(PUBLIC)(environ, start_response)


def test_a_page_from_the_cache_has_its_line_too_and_the_number_of_its_own_request():
    site, sent = Site(answer_with_a_word).sees(), []
    asked = environ("/en/offline/?utm_source=secret", X_Request_ID="x" * 20)
    with logged() as log:
        for _time in range(2):
            list(Watched(site.cache)(dict(asked), lambda *args: sent.append(args)))
    site.cache._pool.shutdown()
    first, second = log.of("portal.requests")
    assert [(line["route"], line["cache"], line["status"]) for line in (first, second)] == [
        ("offline", "miss", 200), ("offline", "hit", 200),
    ]  # fmt: skip
    assert [dict(headers)["X-Request-ID"] for _status, headers in sent] == [first["request_id"], second["request_id"]]
    assert len({first["request_id"], second["request_id"], "x" * 20}) == 3
    assert [line["request_id"] for line in log.of("news")] == [first["request_id"]] and "secret" not in log.text


def test_a_fresh_page_needs_no_line_where_nobody_wants_to_see_each_request():
    site, sent = Site(answer_with_a_word).sees(), []
    watched_site = Watched(site.cache, at_once=site.cache.at_once)
    with logged() as log:
        for _time in range(3):
            body = watched_site(environ("/en/offline/"), lambda *args: sent.append(args))
            assert b"".join(body)
    site.cache._pool.shutdown()
    assert [line["cache"] for line in log.of("portal.requests")] == ["miss"] and len(sent) == 3
    assert ["X-Request-ID" in dict(headers) for _status, headers in sent] == [True, False, False]


def fails() -> None:
    raise ValueError("secret")


def test_a_task_is_a_line_with_its_number_and_an_error_only_its_kind_and_places(monkeypatch, settings):
    settings.TASKS_EAGER = False
    monkeypatch.setitem(TASKS, "made.up", TaskFunction(fails))
    monkeypatch.setitem(TASKS, "made.well", TaskFunction(lambda number: None))
    bad, good = Task.objects.create(name="made.up"), Task.objects.create(name="made.well", arguments={"number": 7})
    with logged() as log:
        worker.work_off()
    first, second = log.of("portal.tasks")
    assert (first["task"], first["task_id"], first["attempt"], first["level"]) == ("made.up", bad.pk, 1, "WARNING")
    assert (second["task"], second["task_id"], second["message"]) == ("made.well", good.pk, "done")
    assert "ValueError" in first["message"] and "secret" not in log.text


def test_what_a_library_says_is_left_out_where_values_may_stand_in_it():
    with logged() as log:
        logging.getLogger("made.up").warning("The certificate of %s", "secret")
        logging.getLogger("made.up").warning("The certificate of secret")
        try:
            try:
                raise KeyError("secret")
            except KeyError as error:
                raise ValueError("secret") from error
        except ValueError:
            logging.getLogger("news").exception("It went wrong")
    first, second, third = log.lines
    assert first["message"] == "The certificate of %s" and second["message"].startswith("test_logs:")
    assert third["message"] == "It went wrong" and {"KeyError", "ValueError"} < set(third["error"])
    assert "secret" not in log.text and "test_logs.py" in log.plain.getvalue()


def test_a_line_is_one_line():
    with logged() as log:
        logging.getLogger("news").warning("one\ntwo")
        Client().get("/ru/nothing/%0Atwo/")
    assert len(log.json.getvalue().splitlines()) == len(log.lines) == 2


@pytest.mark.parametrize("name", ["pyhanko.sign.validation", "pyhanko_certvalidator.path"])
def test_what_the_signature_library_says_of_certificates_is_not_written(name):
    with logged() as log:
        logging.getLogger(name).error("The certificate of %s", "secret")
    assert log.lines == []
