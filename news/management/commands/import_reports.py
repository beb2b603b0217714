"""Move an archive in: events with their reports, photos and films from an exchange file (see docs/import.md)."""

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import DatabaseError

from news.exchange_files import Folder
from news.exchange_import import Counts, Import

BAR = 30  # characters


class Command(BaseCommand):
    help = "Take in the events of an exchange file. Run again after a stop: what is in already is passed over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="one event on each line, as docs/import.md describes")
        parser.add_argument(
            "--media", type=Path, help="the folder of photos and films; default: FILE-files beside FILE"
        )
        parser.add_argument("--dry-run", action="store_true", help="look at everything, write nothing")

    @no_translations
    def handle(self, *, file: Path, media: Path | None, dry_run: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        progress = Progress(file.stat().st_size)
        run = Import(file, Folder(media or files_beside(file)), lambda text: self._tell(progress, text), dry_run)
        try:
            for counts in run.run():
                progress.show(counts)
        except KeyboardInterrupt:
            self._tell(progress, f"Stopped. {summary(run.counts, dry_run)} Run it again to go on.")
            sys.exit(130)
        except (DatabaseError, OSError) as error:
            raise CommandError(f"Stopped: {error}. {summary(run.counts, dry_run)} Run it again to go on.") from error
        progress.clear()
        self.stdout.write(summary(run.counts, dry_run))
        if run.counts.refused:
            raise CommandError(f"{run.counts.refused} of {run.counts.lines} lines were refused; they are named above.")

    def _tell(self, progress: "Progress", text: str) -> None:
        progress.clear()
        self.stderr.write(text)


def files_beside(file: Path) -> Path:
    """The folder of an exchange file's photos and films, unless another is named."""
    return file.with_name(f"{file.stem}-files")


def summary(counts: Counts, dry_run: bool) -> str:
    taken = "could be stored" if dry_run else "stored"
    return f"Lines: {counts.lines}; {taken}: {counts.stored}; there already: {counts.known}; refused: {counts.refused}."


class Progress:
    """A bar on a terminal, some times a second; nothing anywhere else."""

    def __init__(self, size: int) -> None:
        self._size, self._shown_at = size, 0.0
        self._out = sys.stderr if sys.stderr.isatty() else None

    def show(self, counts: Counts) -> None:
        if self._out and time.monotonic() - self._shown_at > 0.2:
            self._shown_at = time.monotonic()
            part = counts.position / max(self._size, 1)
            bar = "#" * int(part * BAR)
            self._out.write(f"\r[{bar:<{BAR}}] {part:4.0%} {counts.lines} lines, {counts.refused} refused")
            self._out.flush()

    def clear(self) -> None:
        if self._out:
            self._out.write("\r\033[K")
