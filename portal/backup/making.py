"""Make a backup: copy, seal, check what lies on the disk, and only then give it its name."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from portal import __version__

from . import BackupError, archive, database, sealed

# The time alone: the name tells nobody what is inside.
NAME = re.compile(r"portal-\d{8}T\d{6}Z\.backup")
UNFINISHED = ".part"


class Busy(BackupError):
    """Another backup is being made."""


@dataclass
class Made:
    path: Path
    sha256: str
    manifest: archive.Manifest


def make(verify: bool = True, with_secrets: bool = False) -> Made:
    """Make one archive in BACKUP_DIR and remove those that are too old. Raises ``BackupError``."""
    if not settings.BACKUP_PUBLIC_KEY:
        raise BackupError("Set BACKUP_PUBLIC_KEY: manage.py backup_key makes a pair, of which it is the public half.")
    if with_secrets and not local_secrets():
        raise BackupError("No secrets lie in the data folder: those that the environment gives are kept where it is.")
    shelf = settings.BACKUP_DIR
    with reported():
        shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(shelf), tempfile.TemporaryDirectory(dir=shelf, prefix=".work-", ignore_cleanup_errors=True) as work:
            made = write(shelf, Path(work), verify, with_secrets)
            rotate(shelf)
    return made


@contextmanager
def reported() -> Iterator[None]:
    """A failure of the system as a sentence."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"{error.strerror or type(error).__name__} ({error.filename or 'writing'}).") from None


@contextmanager
def alone(shelf: Path) -> Iterator[None]:
    """One backup at a time; whoever comes first clears away what an interrupted one left."""
    with (shelf / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("Another backup is being made.") from None
        for left in [*shelf.glob(".work-*"), *shelf.glob(f"*{UNFINISHED}")]:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield


def write(shelf: Path, work: Path, verify: bool, with_secrets: bool) -> Made:
    now = datetime.now(UTC)
    facts = {"made": now.isoformat(timespec="seconds"), "secrets": with_secrets, "versions": versions()}
    facts |= database.copy_to(work)
    path = shelf / f"portal-{now:%Y%m%dT%H%M%SZ}.backup"
    unfinished, key = path.with_name(path.name + UNFINISHED), sealed.new_key()
    try:
        with unfinished.open("xb") as file:
            unfinished.chmod(0o600)
            out = sealed.Writer(file, key, settings.BACKUP_PUBLIC_KEY)
            manifest = archive.write(out, chosen(work, with_secrets), facts)
            file.flush()
            os.fsync(file.fileno())
        (work / database.file_name()).unlink()  # Room for the check.
        with unfinished.open("rb") as file:
            if verify:
                check(file, key, work / "check", manifest)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        unfinished.rename(path)
        sync_folder(shelf)
    finally:
        unfinished.unlink(missing_ok=True)
    return Made(path, digest, manifest)


def chosen(work: Path, with_secrets: bool) -> Iterator[tuple[str, Path]]:
    """What goes into an archive. The database first: a photo that it names is on the disk before the row is."""
    yield database.file_name(), work / database.file_name()
    for name, folder in folders().items():
        if name != "secrets" or with_secrets:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    yield f"{name}/{path.relative_to(folder).as_posix()}", path


def folders() -> dict[str, Path]:
    """The folders of the portal that cannot be made anew, by their names in an archive."""
    return {
        "media": settings.MEDIA_ROOT,
        "trust": settings.SIGNATURE_TRUST_DIR,
        "secrets": settings.DATA_DIR / "secrets",
    }


def local_secrets() -> bool:
    return any((settings.DATA_DIR / "secrets").glob("*"))


def versions() -> dict[str, str]:
    return {"portal": __version__} | {name: version(name) for name in ("django", "pynacl")}


def check(file: BinaryIO, key: bytes, scratch: Path, manifest: archive.Manifest) -> None:
    """Restore what lies on the disk into a scratch folder (and database), and compare it with what was put in."""
    scratch.mkdir()
    if archive.unpack(sealed.Reader(file, key), scratch) != manifest:
        raise BackupError("The check failed: the archive's manifest is not the one that was written.")
    compare(manifest, database.facts_of_copy(scratch))
    shutil.rmtree(scratch)


def compare(manifest: archive.Manifest, found: database.Facts) -> None:
    """The restored database holds the tables, rows and migrations of the manifest."""
    for what, value in found.items():
        if manifest[what] != value:
            raise BackupError(f"The restored database is not the one that was saved: its {what} differ.")


def sync_folder(folder: Path) -> None:
    """The new name itself survives a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rotate(shelf: Path) -> None:
    """Keep the newest BACKUP_KEEP archives; nothing else in the folder is touched."""
    ours = sorted(path for path in shelf.iterdir() if NAME.fullmatch(path.name))
    for path in ours[: -settings.BACKUP_KEEP]:
        path.unlink()
