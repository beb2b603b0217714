"""A disk of a few megabytes, which a test fills and empties."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


class Disk:
    def __init__(self, folder: Path) -> None:
        self.folder, self.ballast = folder, folder / "ballast"

    def fill(self) -> None:
        """To the last byte."""
        with self.ballast.open("ab", buffering=0) as file:
            for size in (2**20, 4096, 1):
                with suppress(OSError):
                    while file.write(b"\0" * size) == size:
                        pass
        assert not shutil.disk_usage(self.folder).free

    def make_room(self) -> None:
        self.ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """In ``folder``, which is made; a test that may not mount one is skipped."""
    folder.mkdir(exist_ok=True)
    options = f"size={megabytes}m,mode=755"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
