"""A real portal with two databases: which of them a page was read from is seen by its title."""

import os
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from news.models import Report
from portal.models import PublicState
from portal.replica import Router
from tests.news.factories import report as make_report
from tests.portal.test_without_database import ROOT, SERVER, free_port

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Replica:
    """A copy of the tests' database in which every title says so; ``follows`` brings the number of changes up to date."""

    def __init__(self):
        self.name = connection.settings_dict["NAME"] + "_replica"

    def make(self):
        self.drop()
        source = connection.settings_dict["NAME"]
        connection.close()  # A database that is copied must have nobody in it.
        self.ask(f'CREATE DATABASE "{self.name}" TEMPLATE "{source}"', "postgres")
        self.ask("UPDATE news_report SET title = 'Replica ' || title")

    def drop(self):
        self.ask(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)', "postgres")

    def follows(self):
        number = PublicState.objects.get(pk=1).number
        self.ask(f"UPDATE portal_publicstate SET number = {number}")

    def ask(self, sql, database=""):
        with self.connected(database) as asked, asked.cursor() as cursor:
            asked.autocommit = True
            cursor.execute(sql)

    def connected(self, database=""):
        at = connection.settings_dict
        options = {"host": at["HOST"], "port": at["PORT"] or 5432, "user": at["USER"], "password": at["PASSWORD"]}
        return closing(psycopg2.connect(dbname=database or self.name, **options))


class Portal:
    def __init__(self, port):
        self.root = f"http://127.0.0.1:{port}"

    def get(self, path, **headers):
        request = urllib.request.Request(self.root + path, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.read().decode()

    def comes_from_replica(self, path="/en/news/", **headers):
        page = self.get(path, **headers)
        assert "road" in page
        return "Replica A" in page

    def turns_to(self, replica, within):
        """Whether readers see it in time: with a page cache the page may be made in the background."""
        until = time.monotonic() + within
        while self.comes_from_replica() is not replica:
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True


@contextmanager
def running(folder, name, cache):
    at, port = connection.settings_dict, free_port()
    address = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT'] or 5432}/"
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": address + at["NAME"],
        "DATABASE_REPLICA_URL": address + name,
        "PAGE_CACHE_MB": cache,
        "PORTAL_DATA_DIR": str(folder),
    }
    (folder / "static").mkdir(parents=True)
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(port)], cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )  # fmt: skip
    try:
        assert server.stdout.readline() == b"ready\n"
        yield Portal(port)
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def report(db):
    return make_report(title="A road was opened", language="en")


@pytest.fixture
def replica(report):
    made = Replica()
    made.make()
    yield made
    made.drop()


@pytest.fixture
def portal(replica, tmp_path):
    with running(tmp_path / "data", replica.name, "0") as started:
        yield started


def test_readers_are_served_from_the_replica_and_staff_from_the_primary(portal, report):
    assert portal.comes_from_replica()
    assert portal.comes_from_replica(report.get_absolute_url())
    assert portal.comes_from_replica("/en/feeds/rss.xml")
    assert portal.comes_from_replica("/en/search/?q=road")
    assert portal.comes_from_replica("/api/v1/reports/?language=en")
    assert not portal.comes_from_replica(Cookie=f"{settings.SESSION_COOKIE_NAME}=whatever")


def test_appeals_ask_the_primary_alone(portal, replica):
    replica.ask("DROP TABLE appeals_appeal CASCADE")
    replica.ask("DROP TABLE appeals_draft CASCADE")
    for path in ("/en/appeals/", "/en/appeals/write/", "/en/appeals/track/"):
        assert "appeal" in portal.get(path)


def test_after_a_change_readers_get_the_primary_until_the_replica_has_it(portal, replica, report):
    report.title = "A road was closed"
    report.save()
    assert "A road was closed" in portal.get("/en/news/")
    replica.follows()
    assert portal.comes_from_replica()


def test_a_replica_that_is_gone_is_passed_over(portal, replica):
    assert portal.comes_from_replica()
    replica.drop()
    begun = time.monotonic()
    assert not portal.comes_from_replica()
    assert time.monotonic() - begun < 3


def test_a_replica_that_fails_midway_is_passed_over(portal, replica):
    replica.ask(f"ALTER DATABASE \"{replica.name}\" SET lock_timeout = '100ms'")
    with replica.connected() as holding, holding.cursor() as cursor:
        cursor.execute("LOCK TABLE news_report")  # As when the replica has to undo what a question still reads.
        assert not portal.comes_from_replica()
        holding.rollback()
    assert portal.comes_from_replica()


def test_the_page_cache_keeps_no_page_of_a_replica_that_stays_behind(replica, report, tmp_path):
    with running(tmp_path / "data", replica.name, "8") as portal:
        assert portal.comes_from_replica()
        Report.objects.filter(pk=report.pk).update(title="Now: A road")
        assert portal.turns_to(replica=False, within=5)
        assert "Now: A road" in portal.get("/en/news/")


def test_what_was_read_from_the_replica_is_written_to_the_primary():
    read = Report(pk=1)
    read._state.db = "replica"
    assert Router().db_for_write(Report, instance=read) == "default"
    assert Router().allow_migrate("replica", "news") is False
