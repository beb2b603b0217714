"""No list of the office reads the wide rows of the appeals it does not show: what PostgreSQL does at 100,000 of them."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from appeals.models import Topic
from appeals.queues import OPEN, QUEUES
from tests.appeals import register
from tests.plans import plans

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

NAMES = 150  # rows of the largest table of names
OPEN_APPEALS = 8300
LIST = "/admin/appeals/appeal/"
RARE = "region=TJ-SU&kind=complaint&verdict=for_officer"


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        register.build()
    yield
    with django_db_blocker.unblock():
        register.remove()


@pytest.fixture
def ask(large, db):
    """``ask(url)`` gives the plans of a page for an officer who may see all of them."""
    with connection.cursor() as asked:
        asked.execute("SET LOCAL random_page_cost = 1.1")  # As docs/operations.md has it.
    officer = User.objects.get(username="officer0")
    officer.groups.set(Group.objects.filter(name__startswith="Appeals"))
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(officer)
    client.get(LIST)  # The first page of a session notes it down.

    def page(url):
        with plans() as found:
            response = client.get(url)
        assert response.status_code == 200, url
        for plan in found.plans:
            assert plan.rows_scanned <= NAMES, plan
        return found

    return page


def in_full(found):
    """The steps that read more than the open appeals."""
    return {step for plan in found.plans for step, rows in plan.steps if rows > OPEN_APPEALS}


@pytest.mark.parametrize("name", [name for name, queue in QUEUES.items() if queue.only_open])
def test_a_queue_counts_and_sorts_the_open_appeals_alone(ask, name):
    assert len(OPEN) == 4
    for found in (ask(f"{LIST}?queue={name}"), ask(f"{LIST}?queue={name}&p=50")):
        assert found.worst("rows_read") <= OPEN_APPEALS
        assert found.worst("rows_sorted") <= OPEN_APPEALS / 2


@pytest.mark.parametrize("name", [name for name, queue in QUEUES.items() if not queue.only_open])
def test_a_list_of_all_walks_along_the_numbers_and_sorts_one_page(ask, name):
    for found in (ask(f"{LIST}?queue={name}"), ask(f"{LIST}?queue={name}&p=50")):
        assert found.worst("rows_sorted") <= 60
        assert in_full(found) <= {"Index Only Scan appeals_filtered", "Index Scan appeals_filtered"}


@pytest.mark.parametrize("query", [RARE, "applicant=entity", "channel=post", "kind=complaint", "region=TJ-GB", "topic=none", "department=none", "officer=none", "language=ru", "verdict=for_officer", "since=2025-01-01", "until=2024-06-01", "hold=yes", "archived=yes", "erased=yes", "applicant=entity&channel=post&language=en"])  # fmt: skip
def test_a_filter_that_finds_little_is_answered_by_the_narrow_index(ask, query):
    found = ask(f"{LIST}?queue=all&{query}")
    assert found.worst("rows_sorted") <= 300
    assert in_full(found) <= {"Index Only Scan appeals_filtered", "Index Scan appeals_filtered"}


def test_a_topic_and_an_officer_are_found_by_their_indexes(ask):
    topic = Topic.objects.filter(name_tg__startswith="plan").first()
    officer = User.objects.get(username="officer3")
    for query in (f"topic={topic.pk}", f"officer={officer.pk}", "since=2025-01-01&until=2025-01-03"):
        found = ask(f"{LIST}?queue=all&{query}")
        assert found.worst("rows_sorted") <= 300
        assert in_full(found) <= {"Index Only Scan appeals_filtered", "Index Scan appeals_filtered"}


@pytest.mark.parametrize("query", ["q=000123", "q=2026-000123", "q=2026-0001"])
def test_a_number_is_found_by_its_index(ask, query):
    assert ask(f"{LIST}?{query}").worst("rows_read") <= OPEN_APPEALS  # That much the counts of the queues read.


def test_the_first_page_reads_no_more_than_the_open_appeals(ask):
    assert ask("/admin/").worst("rows_read") <= OPEN_APPEALS


@pytest.mark.parametrize(
    "query", ["", "action=opened", "actor=1", "since=2025-01-01&until=2025-01-05", "number=2026-090000"]
)
def test_the_journal_is_leafed_through_along_its_indexes(ask, query):
    found = ask(f"/admin/appeals/journalentry/?{query}")
    assert found.worst("rows_read") <= 500
    assert found.worst("rows_sorted") <= 150
