"""What readers see has changed: each way of changing it is noticed, by every process, within a second."""

import http.client
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from news.models import Category, FrontPin, Partner, Report
from portal import page_cache_watch, public_changes
from portal.models import Task
from portal.page_cache_watch import Watch
from tests.browser.portal import ROOT, free_port, surroundings
from tests.news import factories

from .cached_site import Site

in_the_database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def raised():
    """``raised(what)``: how often doing it raises the number."""

    def count(what) -> int:
        before = public_changes.number() or 0
        what()
        return (public_changes.number() or 0) - before

    return count


@pytest.fixture
def watch():
    made = Watch()
    made.look()
    return made


@in_the_database
def test_each_way_of_writing_what_readers_see_is_noticed_once(raised):
    event = factories.event()
    report, photo = factories.report(event), factories.photo(event)
    ways = {
        "save": report.save,
        "update": lambda: Report.objects.filter(pk=report.pk).update(title="New"),
        "bulk update": lambda: Report.objects.bulk_update([report], ["title"]),
        "bulk create": lambda: Category.objects.bulk_create(
            [Category(slug="a", name_tg="a", name_ru="a", name_en="a")]
        ),
        "get or create": lambda: Category.objects.get_or_create(slug="b"),
        "a section's name": lambda: factories.category().save(),
        "a place": lambda: factories.place("norak"),
        "a partner": lambda: Partner.objects.create(
            slug="un", name_tg="a", name_ru="a", name_en="a", url="https://un.org/"
        ),
        "a pin": lambda: FrontPin.objects.create(event=event),
        "no pins": lambda: FrontPin.objects.all().delete(),
        "a photo is ready": photo.make_ready,
        "a caption": photo.save,
        "a photo is removed": photo.delete,
        "an event": event.save,
        "the event is gone": event.delete,
        "sections are gone": lambda: Category.objects.all().delete(),
    }
    for way, change in ways.items():
        assert raised(change) >= 1, way
    with transaction.atomic():
        number = public_changes.number()
        factories.report(factories.event())
        assert public_changes.number() == number, "not before it is committed"
    assert public_changes.number() == number + 1


@in_the_database
def test_what_no_reader_sees_and_what_is_taken_back_is_not_noticed(raised):
    report = factories.report(factories.event())

    def taken_back():
        with transaction.atomic():
            report.save()
            transaction.set_rollback(True)

    assert raised(taken_back) == 0
    assert raised(lambda: Task.objects.create(name="x")) == 0
    assert raised(lambda: Report.objects.published().count()) == 0


@in_the_database
@pytest.mark.parametrize("kind", ["report", "embargo", "pin"])
def test_the_hour_that_was_set_comes_without_anybody_writing_anything(watch, kind):
    soon = timezone.now() + timedelta(seconds=1.5)
    event = factories.event(embargo_until=soon if kind == "embargo" else None)
    factories.report(event, published_at=soon if kind == "report" else timezone.now())
    if kind == "pin":
        FrontPin.objects.create(event=event, until=soon)
    watch.look()
    before = watch.generation
    watch.look()
    assert watch.generation == before
    while timezone.now() < soon:
        time.sleep(0.05)
    watch.look()
    assert watch.generation == before + 1
    watch.look()
    assert watch.generation == before + 1, "the next moment is midnight at the latest"


class Blindfolded(Watch):
    """A watch that can be made to see nothing."""

    looks = 0
    blind = False

    def look(self) -> None:
        self.looks += 1
        if self.blind:
            raise DatabaseError
        super().look()


def until(what) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.01)


@in_the_database
def test_a_watch_lives_on_after_a_fault_of_the_database_and_then_sees_what_it_missed(monkeypatch, caplog):
    monkeypatch.setattr(page_cache_watch, "SECONDS_BETWEEN_LOOKS", 0.01)
    watch = Blindfolded()
    watch.start()
    until(lambda: watch.generation == 1)
    watch.blind = True
    looks = watch.looks
    factories.category("energy").save()
    until(lambda: watch.looks > looks + 5)
    assert watch.generation == 1 and caplog.text.count("cannot see") >= 1
    watch.blind = False
    until(lambda: watch.generation == 2)
    watch.blind, looks = True, watch.looks  # It lets go of its connection.
    until(lambda: watch.looks > looks)
    watch.running = False


@in_the_database
def test_readers_of_a_page_that_is_kept_see_the_change_and_what_was_withdrawn_is_gone():
    report = factories.report(factories.event())
    site, url = Site(), report.get_absolute_url()
    site.watch.look()
    site.get(url)
    report.title = "Another title of the same report"
    report.save()
    site.watch.look()
    site.watch.changed_at -= 1  # The moment in which the old one is still shown is over.
    new = report.get_absolute_url()
    assert site.get(url).headers["location"] == new
    assert report.title in site.get(new).text
    Report.objects.filter(pk=report.pk).update(status="withdrawn")
    site.watch.look()
    site.watch.changed_at -= 1
    assert site.get(new).status == 410 and report.title not in site.get("/en/").text
    site.close()


# With processes of its own --------------------------------------------------------------------------------------------


PREPARED = """
import django
django.setup()
from datetime import datetime, timedelta
from django.core.management import call_command
from django.utils import timezone
from portal.management.commands.prepare import make_data_folder
make_data_folder()
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from news.models import Event, Report
event = Event.objects.create(starts_at=timezone.now())
values = dict(language="en", title="Meeting with farmers", body="Text.", status="published", published_at=timezone.now())
print(Report.objects.create(event=event, **values).get_absolute_url())
"""
CHANGED = """
import time
from news.models import Report
report = Report.objects.get()
report.lead = "A lead that nobody has read before."
report.save()
print(time.time())
"""


@dataclass
class Portal:
    """A portal of two processes with a database of its own, which may be broken."""

    folder: Path
    port: int
    path: str = ""

    def run(self, *command: str) -> str:
        done = subprocess.run([sys.executable, *command], cwd=ROOT, env=self.environ, check=True, capture_output=True)
        return done.stdout.decode().split()[-1]

    @property
    def environ(self) -> dict[str, str]:
        return surroundings(self.folder) | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DEBUG": "0"}

    def ask(self, path: str) -> tuple[int, dict[str, str], str]:
        """By a connection of its own: the kernel gives it to one of the processes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.fixture
def portal(tmp_path):
    made = Portal(tmp_path / "data", free_port())
    made.path = made.run("-c", PREPARED)
    command = [
        sys.executable,
        "-m",
        "portal",
        "serve",
        "--port",
        str(made.port),
        "--workers",
        "2",
        "--task-workers",
        "0",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=made.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        while not process.stdout.readline().startswith(b"Ready"):
            assert process.poll() is None, "it did not start"
        yield made
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode is not None


@pytest.mark.slow
def test_two_processes_show_a_change_within_a_second_and_the_last_good_page_without_a_database(portal):
    for _reader in range(30):
        assert portal.ask(portal.path)[0] == 200
    saved_at = float(portal.run("manage.py", "shell", "--no-imports", "-c", CHANGED))
    time.sleep(max(0, saved_at + 1 - time.time()))
    for _reader in range(30):
        assert "A lead that nobody has read before." in portal.ask(portal.path)[2]

    for name in ("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm"):
        file = portal.folder / name
        with file.open("r+b") as opened:  # In place: a file that gets shorter would kill who reads it as memory.
            opened.write(bytes(file.stat().st_size))
    until(lambda: portal.ask("/en/search/?q=water")[0] >= 500)
    until(lambda: "age" in portal.ask(portal.path)[1])
    for _reader in range(30):
        status, _headers, body = portal.ask(portal.path)
        assert status == 200 and "A lead that nobody has read before." in body
