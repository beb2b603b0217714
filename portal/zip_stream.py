"""A ZIP that is sent while it is made: memory for one piece of one file, whatever their number and size.

Nothing is compressed: photos would not become smaller, and so the size is known before the first byte is sent.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

PIECE = 256 * 1024
# Of the format: what stands before and after each file, its row in the directory, the end of the directory.
_BEFORE, _AFTER, _ROW, _END = 30, 16, 46, 22
# Of its 64-bit form, which the library takes beyond its limit: a further field of a row, a further end.
_FAR_ROW, _FAR_END = 12, 76


class Source(Protocol):
    """A file of the archive: ``name``, ``size`` in bytes."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...


@dataclass
class _Pipe:
    """What the library writes to: it cannot go back, and keeps nothing but what was not yet sent."""

    waiting: list[bytes]

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        data = b"".join(self.waiting)
        self.waiting.clear()
        return data


def size_of(files: Iterable[Source]) -> int:
    """The size in bytes of the archive that ``stream`` makes of these files."""
    place = directory = number = 0
    for number, file in enumerate(files, start=1):  # noqa: B007
        name = len(file.name.encode())
        directory += _ROW + name + (_FAR_ROW if place > zipfile.ZIP64_LIMIT else 0)
        place += _BEFORE + name + file.size + _AFTER
    far = max(place, directory) > zipfile.ZIP64_LIMIT or number > zipfile.ZIP_FILECOUNT_LIMIT
    return place + directory + _END + (_FAR_END if far else 0)


def stream(files: Iterable[tuple[Source, BinaryIO]], moment: tuple[int, int, int, int, int, int]) -> Iterator[bytes]:
    """The archive in pieces. A file is opened when its turn comes, if ``files`` is lazy, and closed after it.

    Raises ``ValueError`` when a file is not as large as was said: the receiver then sees a broken transfer.
    """
    pipe = _Pipe([])
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[arg-type]
        for source, opened in files:
            info = zipfile.ZipInfo(source.name, moment)
            info.external_attr = 0o644 << 16
            info.file_size = source.size
            with opened, archive.open(info, "w") as target:
                sent = 0
                while piece := opened.read(PIECE):
                    sent += len(piece)
                    target.write(piece)
                    yield pipe.taken()
            if sent != source.size:
                raise ValueError(f"{source.name}: {sent} bytes instead of {source.size}")
    yield pipe.taken()
