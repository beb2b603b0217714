"""The virus scanner is gone, or takes files and never answers: files are kept, unread, until it does."""

import time

import pytest

from tests.appeals.citizen import picture
from tests.faults.crowd import Crowd, Habits, at
from tests.faults.portal import eyes_for_sqlite
from tests.standstill import hanging

pytestmark = [pytest.mark.clamd, pytest.mark.slow]
WITH_FILES = Habits(attachment=picture(size=(300, 200)).getvalue())


@pytest.fixture
def portal(make_portal, clamd):
    clamd.start()
    served = make_portal(CLAMD_SOCKET=clamd.socket)
    served.start()
    return served


def test_it_is_gone(portal, clamd):
    crowd = Crowd(at(portal.port), eyes_for_sqlite(portal), habits=WITH_FILES)
    with crowd, crowd.meets("clamd gone", "nothing; the office opens no file before it is scanned") as fault:
        clamd.stop()
        crowd.until_sent(4)
        assert fault.felt_nothing(crowd.ledger)
        clamd.start()


@pytest.mark.long_fault
def test_it_hangs(portal, clamd):
    """Twenty citizens with files, sixteen places: were each file waited for, nobody would get a page."""
    crowd = Crowd(at(portal.port), eyes_for_sqlite(portal), count=20, habits=WITH_FILES)
    meets = crowd.meets("clamd hangs", "15 s of waiting for whoever came first; nothing for the others")
    with crowd, meets as fault, hanging(clamd.process.pid):
        crowd.wait(20)
        noticed = time.monotonic()
        crowd.until_sent(20)
        later = [event for event in crowd.ledger.between(noticed) if event.began > noticed]
        # One in each process asks whether it is back.
        assert sum(event.ended - event.began > 10 for event in later) <= 2
        assert fault.felt_nothing(crowd.ledger)
