"""The mail server refuses, hangs or says “later”; a worker dies while it sends. Letters wait, citizens notice nothing."""

import os
import signal
import socket
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import smtp_peer
from tests.browser.portal import free_port
from tests.faults.clusters import children
from tests.faults.crowd import Crowd, Habits, at
from tests.faults.portal import eyes_for_sqlite

# A letter that was refused for now is tried again after 15 s, 30 s, a minute: that is the recovery.
pytestmark = [pytest.mark.slow, pytest.mark.long_fault]
UNNOTICED = "nothing: appeals are taken, the letters come later"
WRITERS = Habits(email=True, pause=3)


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def portal(make_portal, port):
    served = make_portal(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(port), EMAIL_TLS="none")
    served.start(task_workers=1)
    return served


@pytest.fixture
def crowd(portal):
    return Crowd(at(portal.port), eyes_for_sqlite(portal), count=2, habits=WRITERS)


def hangs(port):
    """A server that takes the connection and says nothing; longer than the portal waits."""
    return socket.create_server(("127.0.0.1", port), backlog=50)


def says_later(port):
    return smtp_peer.peer(lambda command, _address: "451 greylisted" if command == "RCPT" else "", port)


@pytest.mark.parametrize(
    ("fault", "broken", "seconds"),
    [
        ("mail server refuses connections", lambda _port: ExitStack(), 5),
        ("mail server hangs", hangs, 30),
        ("mail server says “later” (greylisting)", says_later, 5),
    ],
    ids=["refuses", "hangs", "later"],
)
def test_letters_wait_until_the_server_takes_them(crowd, port, fault, broken, seconds):
    with ExitStack() as stack:

        def all_have_theirs() -> bool:
            return {sent.citizen.email for sent in list(crowd.sent)[:posted]} <= set(good[0].receivers)

        good, posted = [], 0
        with crowd, crowd.meets(fault, UNNOTICED, all_have_theirs, 180) as now:
            with broken(port):
                crowd.wait(seconds)
                assert now.felt_nothing(crowd.ledger)
                posted = len(crowd.sent)
            good.append(stack.enter_context(smtp_peer.peer(port=port)))
        assert all(good[0].receivers.count(sent.citizen.email) == 1 for sent in crowd.sent[:posted])


def test_a_worker_is_killed_while_it_sends_a_letter(portal, crowd, port):
    """Its letter is sent once its lease (200 s) is over; the others by the worker that takes its place."""
    with ExitStack() as stack:
        caught, go_on = threading.Event(), threading.Event()

        def answers(command: str, _address: str) -> str:
            if command == "DATA" and not go_on.is_set():
                caught.set()
                go_on.wait(60)
                return "hang up"
            return ""

        server = stack.enter_context(smtp_peer.peer(answers, port))

        def all_have_theirs() -> bool:
            return {sent.citizen.email for sent in list(crowd.sent)[:3]} <= set(server.receivers)

        with crowd, crowd.meets("`kill -9` of a task worker in mid-task", UNNOTICED, all_have_theirs, 260) as now:
            crowd.until(caught.is_set)
            os.kill(task_worker(portal.process.pid), signal.SIGKILL)
            go_on.set()
            now.over()
            crowd.until(lambda: server.receivers, 60)
            assert now.felt_nothing(crowd.ledger)


def task_worker(pid: int) -> int:
    return next(child for child in children(pid) if b"\0work\0" in Path(f"/proc/{child}/cmdline").read_bytes())
