"""``make run`` as a person does it: what it shows, what a second one does, and a look at the pages."""

import os
import signal
import socket
import sqlite3
import subprocess
import time

import pytest

from tests.browser import portal

pytestmark = pytest.mark.slow


# Each minute a worker indexes the appeals that other tests have sent meanwhile.
BY_THE_WORKER = {"appeals_mark", "appeals_sketch"}


def rows(running: portal.Portal) -> dict[str, int]:
    """How many rows each table holds."""
    database = sqlite3.connect(f"file:{running.data_dir / 'portal.sqlite3'}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counted = [table for table in tables if table not in BY_THE_WORKER]
        return {table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in counted}
    finally:
        database.close()


def make_run(running: portal.Portal, port: int) -> "subprocess.Popen[str]":
    environ = {name: value for name, value in os.environ.items() if name not in portal.NOT_PASSED_ON}
    return subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=portal.ROOT, env=environ | {"PORTAL_DATA_DIR": str(running.data_dir)}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def is_gone(group: int) -> bool:
    """No process of the group is left, at the latest after a few seconds: the system clears up the ended ones."""
    for _ in range(30):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_the_first_start_says_where_the_portal_is_and_how_to_log_in(running_portal):
    assert f"Ready: {running_portal.url}/" in running_portal.output
    assert len(running_portal.password.replace("-", "")) >= 16
    assert running_portal.output.count(running_portal.password) == 1


def test_a_second_start_is_quick_and_changes_nothing(running_portal):
    before, port = rows(running_portal), portal.free_port()
    started = time.monotonic()
    process = make_run(running_portal, port)
    while not portal.is_ready(port) and time.monotonic() - started < 60:
        time.sleep(0.1)
    seconds = time.monotonic() - started
    os.killpg(process.pid, signal.SIGTERM)
    output = process.communicate(timeout=30)[0]
    assert seconds < 20, output
    assert "Stopped." in output
    assert rows(running_portal) == before


@pytest.mark.parametrize("delay", [0.3, 0.6, 0.9, 1.2, 1.5])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_while_it_starts_leaves_nothing_behind(running_portal, number, delay):
    port = portal.free_port()
    process = make_run(running_portal, port)
    time.sleep(delay)
    os.killpg(process.pid, number)
    process.communicate(timeout=20)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert is_gone(process.pid)


def test_a_taken_port_gives_one_sentence(running_portal):
    port = int(running_portal.url.rpartition(":")[2])
    process = make_run(running_portal, port)
    output = process.communicate(timeout=30)[0]
    assert process.returncode != 0
    assert f"Port {port} on 127.0.0.1 cannot be used" in output
    assert "Traceback" not in output


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_pages_are_there(browser_page, javascript):
    page = browser_page(java_script_enabled=javascript)
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    for address in ("/tg/", "/ru/news/", "/en/appeals/", "/tg/appeals/write/"):
        assert page.goto(address).status == 200
        assert page.locator("h1").count() == 1
    assert faults == []


@pytest.mark.browser
def test_the_password_opens_the_office(browser_page, running_portal):
    page = browser_page()
    page.goto("/admin/")
    page.fill("[name=username]", "staff")
    page.fill("[name=password]", running_portal.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/admin/")
    assert page.locator("#site-name, .site-name, #user-tools").first.is_visible()
