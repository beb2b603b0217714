"""Media in an S3-compatible store: what readers, the press and the settings notice of it, which is nothing."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer
from PIL import Image

from news import images, workflow
from portal.roles import PRESS_CHIEF
from tests.browser.portal import ROOT
from tests.news import factories

BUCKET = "portal-media"
KEYS = {"access_key": "a-key", "secret_key": "a-secret", "region_name": "eu-central-1"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(server: str, settings: Any) -> Iterator[Any]:
    """An empty bucket, in which the portal keeps its media."""
    made = boto3.resource(
        "s3", endpoint_url=server, aws_access_key_id="a-key", aws_secret_access_key="a-secret",
        region_name="eu-central-1",
    ).Bucket(BUCKET)  # fmt: skip
    made.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    store = {
        "BACKEND": "portal.object_store.MediaStore",
        "OPTIONS": KEYS | {"bucket_name": BUCKET, "endpoint_url": server},
    }
    settings.STORAGES = settings.STORAGES | {"default": store}
    images.rendition_bytes.cache_clear()
    yield made
    made.objects.delete()
    made.delete()


def keys(bucket: Any) -> set[str]:
    return {item.key for item in bucket.objects.all()}


@pytest.mark.any_database
@pytest.mark.django_db
def test_a_photo_is_in_the_store_and_still_behind_the_gate(bucket, settings):
    report = factories.report(status="draft", published_at=None)
    photo = factories.photo(report.event)
    assert photo.ready is not None and photo.image.name in keys(bucket)
    url = images.rendition_url(photo.token, 60, "jpeg")
    assert url == f"/media/photos/{photo.token}/60.jpeg" and url.removeprefix("/media/") in keys(bucket)
    assert not (settings.MEDIA_ROOT / photo.image.name).exists()
    assert Client().get(url).status_code == 404
    workflow.publish(report, factories.staff(PRESS_CHIEF))
    answer = Client().get(url)
    shown = answer.getvalue()
    assert answer.status_code == 200 and Image.open(io.BytesIO(shown)).size == (60, 40)
    assert int(answer["Content-Length"]) == len(shown) == images.rendition_bytes(photo.token, 60, "jpeg")
    assert "image/jpeg" in answer["Content-Type"] and "Location" not in answer
    workflow.withdraw(report, factories.staff(PRESS_CHIEF, username="second"))
    assert Client().get(url).status_code == 404


@pytest.mark.any_database
@pytest.mark.django_db
def test_nothing_in_the_store_is_readable_by_everybody(bucket):
    factories.photo(factories.event())
    assert keys(bucket)
    for item in bucket.objects.all():
        assert all(grant["Grantee"]["Type"] == "CanonicalUser" for grant in item.Acl().grants)


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_what_is_erased_at_the_desk_is_gone_from_the_store(bucket):
    photo = factories.photo(factories.event())
    assert len(keys(bucket)) >= 4
    photo.delete()
    assert keys(bucket) == set()


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "first", "last"), [("bytes=10-19", 10, 19), ("bytes=-5", 299_995, 299_999)])
def test_a_film_comes_in_parts(bucket, asked, first, last):
    film = bytes(range(250)) * 1200
    event = factories.report().event
    video = event.videos.create(file=ContentFile(film, name="film.mp4"))
    url = f"/media/videos/{video.token}.mp4"
    part = Client().get(url, headers={"range": asked})
    assert part.status_code == 206 and part.getvalue() == film[first : last + 1]
    assert Client().get(url).getvalue() == film


def test_a_file_is_read_here_and_there_as_from_a_folder(bucket):
    content = os.urandom(200_000)
    name = default_storage.save("here/file.bin", ContentFile(content))
    with default_storage.open(name) as file:
        assert file.size == len(content) and file.read(10) == content[:10]
        file.seek(-5, io.SEEK_END)
        assert file.read() == content[-5:] and file.read() == b""
        file.seek(150_000)
        assert file.read(7) == content[150_000:150_007] and file.tell() == 150_007
    assert default_storage.save(name, ContentFile(b"")) != name, "nothing is overwritten"


def test_a_file_that_is_not_there_is_missing_as_from_a_folder(bucket):
    for ask in (default_storage.open, default_storage.size):
        with pytest.raises(FileNotFoundError):
            ask("photos/none/60.jpeg")


# The settings -----------------------------------------------------------------------------------------------------------

WIRED = """
import sys, django
django.setup()
from django.core.files.storage import default_storage
print("boto3" in sys.modules)
from django.core.files.base import ContentFile
name = default_storage.save("wired.txt", ContentFile(b"wired"))
print(default_storage.open(name).read().decode(), "boto3" in sys.modules)
"""


def started(folder: Any, **environ: str) -> "subprocess.CompletedProcess[str]":
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(folder)} | environ
    environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    return subprocess.run(
        [sys.executable, "-c", WIRED], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


def test_the_environment_names_the_store_and_a_file_its_secret(bucket, server, tmp_path):
    (tmp_path / "secret").write_text("a-secret\n")
    where = {"MEDIA_S3_BUCKET": BUCKET, "MEDIA_S3_ENDPOINT": server, "MEDIA_S3_REGION": "eu-central-1"}
    secret = {"MEDIA_S3_ACCESS_KEY": "a-key", "MEDIA_S3_SECRET_KEY_FILE": str(tmp_path / "secret")}
    done = started(tmp_path, **where, **secret)
    assert done.stdout.split() == ["False", "wired", "True"], done.stderr
    assert keys(bucket) == {"wired.txt"} and not (tmp_path / "media" / "wired.txt").exists()


def test_without_a_store_nothing_of_it_is_loaded(tmp_path):
    done = started(tmp_path)
    assert done.stdout.split() == ["False", "wired", "False"], done.stderr
    assert (tmp_path / "media" / "wired.txt").read_text() == "wired"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"MEDIA_S3_BUCKET": "b"}, "MEDIA_S3_ACCESS_KEY"),
        ({"MEDIA_S3_BUCKET": "b", "MEDIA_S3_ACCESS_KEY": "k"}, "MEDIA_S3_SECRET_KEY"),
        ({"MEDIA_S3_BUCKET": "b", "MEDIA_S3_ACCESS_KEY": "k", "MEDIA_S3_SECRET_KEY": "s", "MEDIA_BY_PROXY": "1"}, "MEDIA_BY_PROXY"),
    ],
)  # fmt: skip
def test_a_store_that_is_half_configured_stops_the_start(environ, named, tmp_path):
    done = started(tmp_path, **environ)
    assert done.returncode != 0 and f"ImproperlyConfigured: {named}" in done.stderr
