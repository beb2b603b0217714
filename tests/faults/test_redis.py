"""The cache that several machines share is gone, or takes questions and never answers: slower, and never wrong."""

import pytest

from tests.faults.crowd import Crowd, at
from tests.faults.portal import eyes_for_sqlite
from tests.redis_server import Redis
from tests.standstill import hanging

pytestmark = [pytest.mark.redis, pytest.mark.slow]
MET = "nothing; each machine counts for itself until it is back"


@pytest.fixture
def server(tmp_path):
    made = Redis(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def crowd(make_portal, server):
    portal = make_portal(CACHE_URL=server.url)
    portal.start()
    return Crowd(at(portal.port), eyes_for_sqlite(portal))


def test_it_is_gone(crowd, server):
    with crowd, crowd.meets("Redis gone, then started", MET) as fault:
        server.stop()
        crowd.until_sent(8)
        assert fault.felt_nothing(crowd.ledger)
        server.start()


def test_it_hangs(crowd, server):
    meets = crowd.meets("Redis hangs", f"a moment's wait every few seconds; {MET}")
    with crowd, meets as fault, hanging(server.process.pid):
        crowd.until_sent(8)
        assert fault.felt_nothing(crowd.ledger)
