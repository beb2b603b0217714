"""The primary dies, the hot standby takes its place: with synchronous replication no acknowledged appeal is lost."""

import time

import pytest

from tests.faults.clusters import Cluster, eyes_for
from tests.faults.crowd import Crowd, at

pytestmark = [pytest.mark.clusters, pytest.mark.slow]


@pytest.fixture
def pair(filled, cluster_folder):
    """Primary and standby; a commit waits until the standby has it."""
    primary = Cluster(cluster_folder()).copy_files_of(filled)
    standby = Cluster(cluster_folder())
    try:
        primary.start()
        standby.copy_of(primary).start()
        primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        primary.ask("SELECT pg_reload_conf()")
        end = time.monotonic() + 30
        while primary.ask("SELECT sync_state FROM pg_stat_replication") != [("sync",)]:
            assert time.monotonic() < end, standby.log.read_text()
            time.sleep(0.05)
        yield primary, standby
    finally:
        for cluster in (primary, standby):
            cluster.stop("immediate")


def test_an_address_of_both_servers_finds_the_one_that_takes_writes(pair, make_portal):
    primary, standby = pair
    both = (
        f"postgres://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/portal?target_session_attrs=read-write"
    )
    portal = make_portal(DATABASE_URL=both)
    portal.start()
    crowd = Crowd(at(portal.port), eyes_for(primary, standby))
    met = "the page for 503 with all he typed, until the standby is promoted; nothing is restarted"
    with crowd, crowd.meets("primary `kill -9`, standby promoted; DATABASE_URL names both", met) as fault:
        primary.kill()
        crowd.until_felt(fault.began, 6)
        standby.promote()


@pytest.mark.long_fault
def test_the_portal_is_started_anew_with_the_address_of_the_standby(pair, make_portal):
    """Too early, as it happens: until it is promoted it takes no writes, and who sends something gets it back."""
    primary, standby = pair
    portal = make_portal(DATABASE_URL=primary.url)
    portal.start()
    crowd = Crowd(at(portal.port), eyes_for(primary, standby))
    met = "the page for 503 with all he typed; no connection while the portal starts"
    with crowd, crowd.meets("primary `kill -9`, portal restarted on the standby, promoted", met) as fault:
        primary.kill()
        crowd.until_felt(fault.began)
        portal.kill()
        portal.environ["DATABASE_URL"] = standby.url
        portal.start()
        crowd.until_felt(time.monotonic())
        standby.promote()
