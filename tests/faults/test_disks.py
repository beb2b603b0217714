"""A disk is full: that of the database, of the caches, of the log. And the folder of the caches cannot be written."""

import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.roles import PRESS_EDITOR
from tests.faults.clusters import Cluster, eyes_for
from tests.faults.crowd import TELEPHONE, Crowd, at
from tests.faults.ledger import Row
from tests.faults.portal import eyes_for_sqlite
from tests.faults.small_disk import small_disk
from tests.news.desk import Desk, errors, report_fields
from tests.news.factories import event, picture, staff

pytestmark = pytest.mark.slow
GIVEN_BACK = "the page for 503 with all he typed"


@pytest.fixture
def stack():
    """What is entered is left after the portal is gone."""
    with ExitStack() as entered:
        yield entered


@pytest.fixture
def on_small_disk(stack, make_portal):
    """``on_small_disk(served, megabytes)``: move the portal's data, but for the static files, to a disk of that size."""

    def move(served, megabytes):
        data = Path(served.environ["PORTAL_DATA_DIR"])
        kept = data.rename(data.with_name("kept"))
        disk = stack.enter_context(small_disk(data, megabytes))
        for path in kept.iterdir():
            if path.name == "static":
                (data / "static").symlink_to(path)
            else:
                shutil.move(path, data)
        return disk

    return move


def test_the_disk_of_database_and_caches_is_full(make_portal, on_small_disk):
    portal = make_portal()
    disk = on_small_disk(portal, 24)
    portal.start()
    crowd = Crowd(at(portal.port), eyes_for_sqlite(portal))
    with crowd, crowd.meets("disk of SQLite and the caches full", GIVEN_BACK) as fault:
        disk.fill()
        crowd.until_felt(fault.began, 6)
        disk.make_room()


@pytest.mark.clusters
@pytest.mark.long_fault
def test_the_disk_of_postgresql_is_full(make_portal, filled, stack, cluster_folder, tmp_path_factory):
    """PostgreSQL goes down when it has no room for its log; it is started again when there is room."""
    disk = stack.enter_context(small_disk(cluster_folder(), 160))
    cluster = Cluster(disk.folder).copy_files_of(filled)
    cluster.log = tmp_path_factory.mktemp("log") / "log"
    cluster.start()
    stack.callback(cluster.stop, "immediate")
    portal = make_portal(DATABASE_URL=cluster.url)
    portal.start()
    crowd = Crowd(at(portal.port), eyes_for(cluster))
    with crowd, crowd.meets("disk of PostgreSQL full", GIVEN_BACK) as fault:
        disk.fill()
        crowd.until_felt(fault.began, 6)
        disk.make_room()
        if cluster.process.poll() is not None:
            cluster.start()


@pytest.mark.long_fault
def test_the_disk_of_the_log_is_full(make_portal, stack, tmp_path_factory):
    disk = stack.enter_context(small_disk(tmp_path_factory.mktemp("log"), 1))
    portal = make_portal()
    portal.log = disk.folder / "log"
    portal.start()
    crowd = Crowd(at(portal.port), eyes_for_sqlite(portal))
    with crowd, crowd.meets("disk of the log full", "nothing") as fault:
        disk.fill()
        size = portal.log.stat().st_size
        crowd.until_sent(4)
        assert portal.log.stat().st_size <= size + 4096, "there was room"
        assert fault.felt_nothing(crowd.ledger)
        disk.make_room()


def put_a_file_in_place_of(folder: Path) -> None:
    """Again, if the portal makes the folder anew in between."""
    for number in range(100):
        folder.rename(folder.with_name(f"{folder.name} {number}"))
        try:
            folder.write_text("")
        except IsADirectoryError:
            continue
        return
    raise AssertionError(f"{folder} is always made anew")


@pytest.mark.parametrize("name", ["cache", pytest.param("captcha", marks=pytest.mark.long_fault)])
def test_the_folder_of_a_cache_cannot_be_written(make_portal, name):
    """A file stands in its place. Without pictures for the CAPTCHA nobody can send; without counters everybody can."""
    portal = make_portal()
    portal.start()
    folder = Path(portal.environ["PORTAL_DATA_DIR"]) / name
    crowd = Crowd(at(portal.port), eyes_for_sqlite(portal))
    met = {"cache": "nothing; nobody is counted", "captcha": "the check page, which says that it cannot be sent now"}[
        name
    ]
    with crowd, crowd.meets(f"folder of the cache “{name}” cannot be written", met) as fault:
        put_a_file_in_place_of(folder)
        if name == "captcha":
            crowd.until_felt(fault.began)
        else:
            crowd.until_sent(3)
            [first, *_] = crowd.sent
            assert first.citizen.opens(*first.citizen.read_receipt())
            assert fault.felt_nothing(crowd.ledger)
        folder.unlink()


@pytest.mark.django_db
def test_the_disk_of_the_photos_is_full(settings, stack, tmp_path):
    """Who writes a report gets it back whole, and nothing of it is kept by half."""
    disk = stack.enter_context(small_disk(tmp_path / "media", 1))
    settings.MEDIA_ROOT = disk.folder
    desk, made = Desk(staff(PRESS_EDITOR)), event()
    desk.client.raise_request_exception = False
    address = f"/admin/news/event/{made.pk}/change/"

    def send():
        photo = SimpleUploadedFile("DSC_1.jpg", picture((60, 40)).read())
        return desk.send(address, report_fields(0, "en", "A visit to Khujand") | {"new_photos": photo})

    disk.fill()
    refused = send()
    page = refused.content.decode()
    assert refused.status_code == 503 and TELEPHONE in page
    assert "A visit to Khujand" in page and "DSC_1.jpg" in page, "it is given back"
    assert not made.reports.exists() and not made.photos.exists()
    disk.make_room()
    began = time.monotonic()
    assert errors(send()) == []
    assert made.reports.count() == made.photos.count() == 1
    met = "the editor gets all he typed back, and chooses the photos again"
    Row("disk of the photos full", 2, 1, 0, 0, 0, time.monotonic() - began, met).keep()
