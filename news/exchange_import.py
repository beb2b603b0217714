"""A whole exchange file into the database, line by line: what is in already is passed over, what is wrong is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from . import exchange_store
from .exchange import Item, read_item, read_key, read_line
from .exchange_fields import MAX_LINE, Refused, parse, shown
from .exchange_files import Folder

Tell = Callable[[str], None]


@dataclass
class Counts:
    """How far a run has come; ``position`` is in bytes of the file."""

    lines: int = 0
    stored: int = 0
    known: int = 0
    refused: int = 0
    position: int = 0


class Seen:
    """The keys, addresses and names of the lines before, with their numbers; on disk, however many there are."""

    def __init__(self) -> None:
        # A database without a name is a file of its own that nobody sees and that goes with the process.
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("CREATE TABLE seen (kind, name, line, PRIMARY KEY (kind, name)) WITHOUT ROWID")
        self._rows.execute("BEGIN")

    def line_of(self, kind: str, name: str) -> int | None:
        found = self._rows.execute("SELECT line FROM seen WHERE kind = ? AND name = ?", (kind, name)).fetchone()
        return found[0] if found else None

    def __contains__(self, kind_and_name: object) -> bool:
        return self.line_of(*kind_and_name) is not None

    def add(self, key: str, line: int) -> None:
        self._add([("key", key)], line)

    def add_item(self, item: Item, line: int) -> None:
        """What the item brought with it; its key was added before."""
        paths = (("path", path) for some in item.old_addresses.values() for path in some)
        self._add([*paths, *exchange_store.names_in(item)], line)

    def _add(self, names: list[tuple[str, str]], line: int) -> None:
        self._rows.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", [(*name, line) for name in names])

    def check_addresses(self, item: Item) -> None:
        """Refuse what another line has already. Raises ``Refused``."""
        for path in (path for some in item.old_addresses.values() for path in some):
            if line := self.line_of("path", path):
                raise Refused(f"old_addresses: {path} stands on line {line} too")


class Import:
    """One run over ``file``. ``tell`` gets a sentence for each line that is refused and each event that is not found.

    With ``dry_run`` everything is read and looked up, and nothing is written.
    """

    def __init__(self, file: Path, folder: Folder, tell: Tell, dry_run: bool = False) -> None:
        self._file, self._folder, self._tell, self._dry_run = file, folder, tell, dry_run
        self._seen = Seen()
        self.counts = Counts()

    def run(self) -> Iterator[Counts]:
        """Take in line after line; the counts after each."""
        counts = self.counts
        with self._file.open("rb") as opened:
            for number, line in numbered_lines(opened):
                counts.lines += 1
                try:
                    self._take_in(line, number)
                except Refused as refusal:
                    counts.refused += 1
                    self._tell(f"line {number}: {refusal}")
                counts.position = opened.tell()
                yield counts
        self._relate()

    def _take_in(self, line: bytes, number: int) -> None:
        data = parse(line)
        key = read_key(data)
        try:
            if before := self._seen.line_of("key", key):  # One of the two would be lost without a word.
                raise Refused(f"key: line {before} has the same")
            if exchange_store.find_event(key):
                self.counts.known += 1
            else:
                self._store(read_item(data), number)
        except Refused as refusal:
            raise Refused(f"{shown(key)}: {refusal}") from None
        self._seen.add(key, number)

    def _store(self, item: Item, number: int) -> None:
        self._seen.check_addresses(item)
        exchange_store.check(item, self._seen)
        self._folder.check(item)
        if not self._dry_run:
            exchange_store.store(item, self._folder)
        self.counts.stored += 1
        self._seen.add_item(item, number)

    def _relate(self) -> None:
        """Join the related events, now that all are there: a line may name one that stands after it."""
        with self._file.open("rb") as opened:
            for number, line in numbered_lines(opened):
                if b'"related"' not in line:
                    continue
                try:
                    item = read_line(line)
                except Refused:
                    continue
                if self._seen.line_of("key", item.key) == number:
                    for key in self._unrelated(item):
                        self._tell(f"line {number}: {shown(item.key)}: the related event {shown(key)} is not there")

    def _unrelated(self, item: Item) -> list[str]:
        if not self._dry_run:
            return exchange_store.relate(item)
        return [key for key in item.related if ("key", key) not in self._seen and not exchange_store.find_event(key)]


def numbered_lines(opened: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers; of one that is too long only the beginning."""
    number = 0
    while line := opened.readline(MAX_LINE + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = opened.readline(MAX_LINE + 1)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line
