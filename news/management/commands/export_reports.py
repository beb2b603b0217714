"""Move an archive out: every event as a line of an exchange file, with its photos and films (see docs/import.md)."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db.models import QuerySet

from news.exchange import write_line
from news.exchange_files import Folder
from news.exchange_store import read_event
from news.management.commands.import_reports import files_beside
from news.models import Event

PARTS = ("place", "categories", "topics", "reports", "photos", "videos", "old_addresses", "related__old_addresses")


class Command(BaseCommand):
    help = "Write every event, drafts too, as a line of an exchange file, and its original files into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file to make")
        parser.add_argument(
            "--media", type=Path, help="the folder for photos and films; default: FILE-files beside FILE"
        )
        parser.add_argument("--force", action="store_true", help="write over a file that is there")

    @no_translations
    def handle(self, *, file: Path, media: Path | None, force: bool, **options: Any) -> None:
        if file.exists() and not force:
            raise CommandError(f"{file} is there already; --force writes over it.")
        folder, number, lost = Folder(media or files_beside(file)), 0, 0
        scratch = file.with_name(f"{file.name}.part")
        try:
            # It holds drafts and what is under embargo: for its owner's eyes alone.
            with open(scratch, "w", encoding="utf-8", opener=_private) as out:
                for number, event in enumerate(events().iterator(chunk_size=100), 1):
                    item, missing = read_event(event, folder)
                    out.write(write_line(item) + "\n")
                    lost += len(missing)
                    for name in missing:
                        self.stderr.write(f"line {number}: {item.key}: the file {name} is lost")
            scratch.replace(file)
        except OSError as error:
            raise CommandError(f"Stopped: {error}.") from error
        finally:
            scratch.unlink(missing_ok=True)
        self.stdout.write(f"Events written: {number}.")
        if lost:
            raise CommandError(f"{lost} files are lost; they are named above.")


def events() -> QuerySet[Event]:
    """All events, the oldest first: those moved in elsewhere later stand after those that they may name."""
    return Event.objects.prefetch_related(*PARTS).order_by("starts_at", "pk")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
