"""``kill -9`` of what works: a process of the server, and the whole server."""

import os
import signal
import time

import pytest

from tests.faults.clusters import children
from tests.faults.crowd import Crowd, at
from tests.faults.portal import eyes_for_sqlite

pytestmark = pytest.mark.slow


@pytest.fixture
def portal(make_portal):
    served = make_portal()
    served.start()
    return served


@pytest.fixture
def crowd(portal):
    return Crowd(at(portal.port), eyes_for_sqlite(portal))


def test_a_process_of_the_server_is_killed_in_mid_request(portal, crowd):
    met = "the connection breaks; what is sent again is taken, once"
    with crowd, crowd.meets("`kill -9` of a server process in mid-request", met) as fault:
        victim = caught_in_mid_request(portal, crowd)
        os.kill(victim, signal.SIGKILL)
        fault.over()
        crowd.until_felt(fault.began, 1)
        crowd.until(lambda: len(set(children(portal.process.pid)) - {victim}) == 2)


def caught_in_mid_request(portal, crowd):
    """A process that holds a request. It is stopped, and whoever waits a second then waits for it."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        victim = children(portal.process.pid)[0]
        os.kill(victim, signal.SIGSTOP)
        look = time.monotonic() + 3
        while time.monotonic() < look:
            if crowd.ledger.waiting(1):
                return victim
            time.sleep(0.02)
        os.kill(victim, signal.SIGCONT)
        crowd.until_sent(1)
    raise AssertionError("nobody was served by this process")


def test_the_whole_server_is_killed_and_started_again(portal, crowd):
    met = "no connection; with nginx in front, its page for 502"
    with crowd, crowd.meets("`kill -9` of the whole server, then started", met) as fault:
        portal.kill()
        crowd.until_felt(fault.began)
        portal.start()
