"""What was taken can be had again after everything is gone; what is not whole is refused before anything is touched."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from portal.backup import sealed
from tests.browser.portal import ROOT, surroundings

PRIVATE, PUBLIC = sealed.new_pair()
CASES = 50


class Place:
    """A portal's data folder and database, and commands on them."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder, self.data, self.database = folder, folder / "data", database
        self.environ = surroundings(self.data) | {"BACKUP_PUBLIC_KEY": PUBLIC, "BACKUP_DIR": str(folder / "shelf")}
        if database:
            self.environ["DATABASE_URL"] = database

    def run(self, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environ | environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def drill(self, *arguments: str) -> str:
        done = self.run("-m", "tests.deploy.drill", *arguments)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def manage(self, *arguments: str, **environ: str) -> str:
        done = self.run("manage.py", *arguments, **environ)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def refused(self, *arguments: str, **environ: str) -> str:
        """The sentence with which a command ends that must fail."""
        done = self.run("manage.py", *arguments, **environ)
        assert done.returncode == 1 and done.stderr.startswith("CommandError: "), done.stdout + done.stderr
        return done.stderr

    def restore(self, *arguments: str) -> str:
        return self.manage("restore", *arguments, BACKUP_KEY=PRIVATE)

    def archives(self) -> list[Path]:
        return sorted((self.folder / "shelf").glob("*.backup"))

    def destroy(self) -> None:
        """Database and media are gone; the secrets, which are kept elsewhere, are not."""
        shutil.rmtree(self.data / "media")
        for file in self.data.glob("portal.sqlite3*"):
            file.unlink()
        if self.database:
            make_anew(self.database)

    def seen(self) -> dict[str, int]:
        """All files of the place with their sizes, but for those that a start may make or touch."""
        files = [path for path in self.data.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
        return {str(path): path.stat().st_size for path in files}


def make_anew(url: str) -> None:
    name = urlsplit(url).path[1:]
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
        server.autocommit = True
        server.cursor().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.cursor().execute(f"CREATE DATABASE {name}")


def taken(place: Place, count: int) -> Path:
    place.drill("take", str(place.folder / "note"), str(count))
    output = place.manage("backup")
    assert "Restored on trial: every digest and count agrees." in output
    (archive,) = place.archives()
    assert str(archive) in output
    return archive


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with three appeals and a backup, on SQLite; no test changes it."""
    place = Place(tmp_path_factory.mktemp("saved"))
    taken(place, 3)
    return place


@pytest.fixture
def bare(tmp_path: Path) -> Place:
    return Place(tmp_path)


def everything_is_had_again(place: Place) -> None:
    archive = taken(place, CASES)
    place.destroy()
    output = place.restore(str(archive))
    assert f"Appeals: {CASES}" in output and "Every chain is whole." in output
    assert place.drill("look", str(place.folder / "note")) == f"{CASES} cases opened.\n"
    before = place.seen()
    assert "The portal is not empty" in place.refused("restore", str(archive), BACKUP_KEY=PRIVATE)
    assert place.seen() == before
    place.restore(str(archive), "--overwrite")
    assert place.drill("look", str(place.folder / "note")) == f"{CASES} cases opened.\n"


@pytest.mark.slow
def test_fifty_appeals_are_had_again_after_everything_was_destroyed(bare):
    everything_is_had_again(bare)


@pytest.mark.slow
@pytest.mark.postgres
def test_fifty_appeals_are_had_again_on_postgresql(bare):
    if not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed (apt install postgresql-client)")
    url = urlsplit(os.environ["DATABASE_URL"])
    place = Place(bare.folder, url._replace(path=f"/drill_{os.getpid()}").geturl())
    make_anew(place.database)
    try:
        everything_is_had_again(place)
        assert scratch_databases() == []
    finally:
        with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
            server.autocommit = True
            server.cursor().execute(f"DROP DATABASE {urlsplit(place.database).path[1:]} WITH (FORCE)")


def scratch_databases() -> list[str]:
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
        cursor = server.cursor()
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'portal_check_%'")
        return [name for (name,) in cursor.fetchall()]


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda content: flipped(content, 3), "not a backup of the portal"),
        (lambda content: flipped(content, 40), "sealed to another key, or its beginning is damaged"),
        (lambda content: flipped(content, 2**20), "The archive is damaged at about byte"),
        (lambda content: flipped(content, len(content) - 5), "cut short, or damaged near its end"),
        (lambda content: content[: len(content) // 2], "cut short"),
        (lambda content: content[: 16 + 80 + 24 + 4 * (2**18 + 17)], "The archive is cut short."),
        (lambda content: content[:100], "The archive is cut short."),
        (lambda content: content + b"\0", "damaged"),
        (lambda content: b"", "not a backup of the portal"),
    ],
)
def test_an_archive_that_is_not_whole_is_refused_and_nothing_is_touched(saved, bare, spoil, sentence):
    spoilt = bare.folder / "spoilt.backup"
    spoilt.write_bytes(spoil(saved.archives()[0].read_bytes()))
    error = bare.refused("restore", str(spoilt), BACKUP_KEY=PRIVATE)
    assert sentence in error and error.count("\n") == 1
    assert {Path(name).parent.name for name in bare.seen()} <= {"secrets"}
    assert not list(bare.data.glob(".restore-*"))


def test_another_key_and_no_key_open_nothing(saved, bare):
    archive = str(saved.archives()[0])
    assert "sealed to another key" in bare.refused("restore", archive, BACKUP_KEY=sealed.new_pair()[0])
    assert "Set BACKUP_KEY" in bare.refused("restore", archive)
    assert "No such file" in bare.refused("restore", f"{archive}.x", BACKUP_KEY=PRIVATE)


def test_the_machine_that_makes_backups_reads_none_of_them(saved):
    content = saved.archives()[0].read_bytes()
    note = json.loads((saved.folder / "note").read_text())
    for word in ("SQLite format 3", "manifest.json", "media/", note["cases"][0][0], PUBLIC):
        assert word.encode() not in content
    assert bytes.fromhex(PUBLIC) not in content
    assert PRIVATE not in saved.environ.values()


def test_a_trial_leaves_the_portal_alone(saved):
    before = saved.seen()
    assert "The backup is whole and can be restored" in saved.restore(str(saved.archives()[0]), "--check")
    assert saved.seen() == before


def test_secrets_are_in_it_only_when_asked_for(saved, bare):
    shutil.copytree(saved.data, bare.data)
    keys = {path.name: path.read_text() for path in (bare.data / "secrets").iterdir()}
    bare.manage("backup", "--with-secrets")
    shutil.rmtree(bare.data)
    assert "Secrets were not in it" not in bare.restore(str(bare.archives()[0]))
    assert {path.name: path.read_text() for path in (bare.data / "secrets").iterdir()} == keys
    shutil.rmtree(bare.data)
    assert "Secrets were not in it" in bare.restore(str(saved.archives()[0]))
    assert {path.name: path.read_text() for path in (bare.data / "secrets").iterdir()} != keys


def test_a_portal_without_a_public_key_makes_no_backup(bare):
    assert "Set BACKUP_PUBLIC_KEY" in bare.refused("backup", BACKUP_PUBLIC_KEY="")
    assert "There is no database yet." in bare.refused("backup")
    assert bare.archives() == []


def test_the_newest_are_kept_and_what_is_not_ours_is_left_alone(saved, bare):
    shutil.copytree(saved.data, bare.data)
    shelf = bare.folder / "shelf"
    shelf.mkdir()
    for name in ("portal-20200101T000000Z.backup", "portal-20200102T000000Z.backup", "mine.backup", "a.part"):
        (shelf / name).write_bytes(b"old")
    bare.manage("backup", "--no-verify", BACKUP_KEEP="2")
    first, second, third = (path.name for path in bare.archives())
    assert first == "mine.backup" and second == "portal-20200102T000000Z.backup" and third > second
    assert not list(shelf.glob("*.part"))


def test_a_second_backup_at_the_same_time_is_told_to_come_later(saved, bare):
    import fcntl

    shelf = bare.folder / "shelf"
    shelf.mkdir()
    with (shelf / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = bare.run("manage.py", "backup")
    assert (done.returncode, done.stderr) == (75, "CommandError: Another backup is being made.\n")


def test_a_backup_of_a_newer_portal_is_refused(saved, bare):
    """As a restored archive of today would look to the code of yesterday."""
    import sqlite3

    shutil.copytree(saved.data, bare.data)
    with closing(sqlite3.connect(bare.data / "portal.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('news', '9999_made_up', '2030-01-01')"
        )
    bare.manage("backup")
    bare.destroy()
    error = bare.refused("restore", str(bare.archives()[0]), BACKUP_KEY=PRIVATE)
    assert "newer version of the portal, which has news.9999_made_up" in error


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: a small file system is mounted")
def test_a_full_disk_leaves_the_older_backups_and_no_half_one(saved, bare):
    shutil.copytree(saved.data, bare.data)
    shelf = bare.folder / "shelf"
    shelf.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(shelf)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        (shelf / "portal-20200101T000000Z.backup").write_bytes(b"old")
        error = bare.refused("backup", BACKUP_KEEP="1")
        assert "No space left on device" in error or "disk is full" in error
        assert sorted(path.name for path in shelf.iterdir()) == [".lock", "portal-20200101T000000Z.backup"]
    finally:
        subprocess.run(["umount", str(shelf)], check=True)


def sealed_tar(path: Path, members: dict[str, bytes], manifest: dict) -> Path:
    """An archive as somebody would make it who has the public key and means harm, or a fault of ours."""
    with path.open("wb") as file:
        out = sealed.Writer(file, sealed.new_key(), PUBLIC)
        with tarfile.open(mode="w|", fileobj=out) as tar:
            for name, content in (members | {"manifest.json": json.dumps(manifest).encode()}).items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
        out.close()
    return path


@pytest.mark.parametrize(
    ("name", "told", "sentence"),
    [
        ("media/a.jpg", {"media/a.jpg": {"sha256": hashlib.sha256(b"b").hexdigest(), "size": 1}}, "1 files of the archive"),
        ("media/a.jpg", {}, "1 files of the archive"),
        ("media/../../a.jpg", {}, "outside its own folder"),
        ("/a.jpg", {}, "outside its own folder"),
    ],
)  # fmt: skip
def test_a_file_that_the_manifest_does_not_tell_of_is_refused(bare, name, told, sentence):
    archive = sealed_tar(bare.folder / "made-up.backup", {name: b"a"}, {"files": told})
    assert sentence in bare.refused("restore", str(archive), BACKUP_KEY=PRIVATE)
    assert not list(bare.folder.rglob("a.jpg"))
