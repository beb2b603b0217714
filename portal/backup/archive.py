"""The files of a backup, one after the other (tar), with a manifest of their digests at the end."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from . import BackupError
from .sealed import CHUNK, Reader, Writer

MANIFEST = "manifest.json"
Manifest = dict[str, Any]


class Hashed:
    """A file whose digest is taken while somebody reads it, or while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


def write(out: Writer, files: Iterable[tuple[str, Path]], facts: Manifest) -> Manifest:
    """Put ``files`` (name and path) into the archive, and ``facts`` with their digests at its end."""
    digests: dict[str, dict[str, Any]] = {}
    with tarfile.open(mode="w|", fileobj=out, bufsize=CHUNK, format=tarfile.PAX_FORMAT) as tar:
        for name, path in files:
            try:
                file = path.open("rb")
            except FileNotFoundError:  # Erased since the folder was listed.
                continue
            with file:
                # No name of an owner: an archive says nothing of this machine.
                info = tarfile.TarInfo(name)
                stat = path.stat()
                info.size, info.mtime, info.mode = stat.st_size, int(stat.st_mtime), stat.st_mode & 0o777
                hashed = Hashed(file)
                tar.addfile(info, hashed)  # It only reads.
                digests[name] = {"sha256": hashed.digest.hexdigest(), "size": info.size}
        manifest = facts | {"files": digests}
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))
    out.close()
    return manifest


def unpack(source: Reader, folder: Path) -> Manifest:
    """Write the files below ``folder``; every digest has been compared when it returns. Raises ``BackupError``."""
    digests: dict[str, dict[str, Any]] = {}
    manifest: Manifest = {}
    try:
        with tarfile.open(mode="r|", fileobj=source, bufsize=CHUNK) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or manifest:
                    raise BackupError("The archive holds something that no backup puts there.")
                if member.name == MANIFEST:
                    manifest = json.loads(content.read())
                else:
                    digests[member.name] = extract(content, folder, member)
    except (tarfile.TarError, ValueError) as error:
        raise BackupError(f"The archive cannot be read: {type(error).__name__}.") from None
    source.drain()
    wrong = {name for name in digests.keys() | manifest.get("files", {}) if digests.get(name) != told(manifest, name)}
    if wrong or not manifest:
        raise BackupError(f"{len(wrong) or 'All'} files of the archive are not those of its manifest.")
    return manifest


def told(manifest: Manifest, name: str) -> Any:
    return manifest.get("files", {}).get(name)


def extract(content: BinaryIO, folder: Path, member: tarfile.TarInfo) -> dict[str, Any]:
    """Write one file below ``folder``, never elsewhere; returns its digest and size."""
    parts = PurePosixPath(member.name)
    if parts.is_absolute() or ".." in parts.parts or "\0" in member.name:
        raise BackupError("The archive names a file outside its own folder.")
    path = folder / parts
    path.parent.mkdir(parents=True, exist_ok=True)
    hashed = Hashed(content)
    with path.open("xb") as file:
        path.chmod(member.mode & 0o777 | 0o600)
        while piece := hashed.read(CHUNK):
            file.write(piece)
    return {"sha256": hashed.digest.hexdigest(), "size": path.stat().st_size}
