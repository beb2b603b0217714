"""PostgreSQL goes away and comes back while citizens write: stopped in each way, killed, out of connections."""

import time
from contextlib import ExitStack, closing

import psycopg2
import pytest

from tests.faults.clusters import Cluster, eyes_for
from tests.faults.crowd import Crowd, at
from tests.faults.portal import portal

pytestmark = [pytest.mark.clusters, pytest.mark.slow]
GIVEN_BACK = "the page for 503 in his language with the telephone number, and all he typed to send again"


@pytest.fixture(scope="module")
def cluster(filled, cluster_folder):
    made = Cluster(cluster_folder()).copy_files_of(filled)
    made.start()
    yield made
    made.stop("immediate")


@pytest.fixture(scope="module")
def running(cluster, prepared, tmp_path_factory):
    served = portal(tmp_path_factory.mktemp("portal"), prepared, DATABASE_URL=cluster.url)
    served.start()
    yield served
    served.kill()


@pytest.fixture
def crowd(cluster, running):
    if not cluster.process:  # A test before this one failed.
        cluster.start()
    return Crowd(at(running.port), eyes_for(cluster))


@pytest.mark.parametrize("mode", ["fast", pytest.param("immediate", marks=pytest.mark.long_fault)])
def test_it_is_stopped_and_started_again(crowd, cluster, mode):
    with crowd, crowd.meets(f"PostgreSQL stopped ({mode}), then started", GIVEN_BACK) as fault:
        cluster.stop(mode)
        crowd.until_felt(fault.began, 6)
        cluster.start()


@pytest.mark.long_fault
def test_it_is_restarted(crowd, cluster):
    with crowd, crowd.meets("PostgreSQL restarted (fast)", GIVEN_BACK):
        cluster.stop("fast")
        cluster.start()


def test_it_has_no_connection_left(crowd, cluster):
    """Somebody else holds all of them: also those that the portal had are taken away."""
    with (
        crowd,
        crowd.meets("PostgreSQL out of connections (max_connections)", GIVEN_BACK) as fault,
        ExitStack() as held,
    ):
        for connection in all_that_are_free(cluster):
            held.enter_context(closing(connection))
        crowd.until_felt(fault.began, 6)


def all_that_are_free(cluster):
    """Connections of an ordinary role: what is kept for superusers stays free for the test itself."""
    cluster.ask("CREATE ROLE greedy LOGIN")
    end = time.monotonic() + 20
    while time.monotonic() < end:
        cluster.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portal-all'")
        try:
            yield psycopg2.connect(host="127.0.0.1", port=cluster.port, user="greedy", dbname="portal")
        except psycopg2.OperationalError:
            return
