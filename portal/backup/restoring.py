"""Put a backup back: everything is read and compared before anything of the portal is touched."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db.migrations.loader import MigrationLoader

from . import BackupError, archive, database, making, sealed


def check(path: Path) -> archive.Manifest:
    """Open an archive, compare all digests, restore the database on trial; the portal is left alone."""
    with making.reported(), unpacked(path) as (folder, manifest):
        making.compare(manifest, database.facts_of_copy(folder))
        return manifest


def restore(path: Path, overwrite: bool = False) -> archive.Manifest:
    """Make the portal what the archive holds. If it raises ``BackupError``, what was there is in its place."""
    if not overwrite and (full := what_is_there()):
        raise BackupError(f"The portal is not empty ({full}). --overwrite puts the backup in its place.")
    with making.reported(), unpacked(path) as (folder, manifest):
        if manifest["engine"] == "sqlite":
            making.compare(manifest, database.facts_of_copy(folder))
        put_in_place(folder, manifest)
        making.compare(manifest, database.facts_now())
        return manifest


def what_is_there() -> str:
    there = [] if database.is_empty() else ["its database has tables"]
    if settings.MEDIA_ROOT.exists() and any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*")):
        there.append("its media folder has files")
    return ", ".join(there)


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Path, archive.Manifest]]:
    """The archive's files in a folder beside the portal's own, so that they only need new names."""
    if not settings.BACKUP_KEYS:
        raise BackupError("Set BACKUP_KEY (or BACKUP_KEY_FILE): the private key to which the backup is sealed.")
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (
        path.open("rb") as file,
        tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-", ignore_cleanup_errors=True) as work,
    ):
        folder = Path(work)
        manifest = archive.unpack(sealed.Reader(file, private_keys=settings.BACKUP_KEYS), folder)
        fits(manifest)
        yield folder, manifest


def fits(manifest: archive.Manifest) -> None:
    """This version of the portal, with this kind of database, can work with what the archive holds."""
    try:
        here, its_own, migrations = database.connection.vendor, manifest["engine"], manifest["migrations"]
    except KeyError:
        raise BackupError("The archive's manifest is incomplete.") from None
    if here != its_own:
        raise BackupError(f"The backup is of a database of {its_own}, and DATABASE_URL names one of {here}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := [name for name in migrations if name not in known]:
        raise BackupError(f"The backup is of a newer version of the portal, which has {newer[-1]}: install that first.")


def put_in_place(folder: Path, manifest: archive.Manifest) -> None:
    """Move what is there aside, and the backup to its place. PostgreSQL's tables are exchanged, not kept."""
    aside = settings.DATA_DIR / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    moved: list[tuple[Path, Path]] = []
    try:
        for old in database.files():
            move(old, aside / old.name, moved)
        for name, place in making.folders().items():
            new = folder / name
            if name == "secrets" and not manifest["secrets"]:
                continue
            if place.exists():
                move(place, aside / name, moved)
            if new.exists():
                move(new, place, moved)
        database.put_in_place(folder)
    except BaseException:
        for origin, now in reversed(moved):
            shutil.move(now, origin)
        raise
    for name in settings.CACHES:  # What was drawn from what is gone.
        caches[name].clear()
    os.sync()


def move(origin: Path, to: Path, moved: list[tuple[Path, Path]]) -> None:
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.move(origin, to)
    moved.append((origin, to))
