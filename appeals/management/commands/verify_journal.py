"""Check that nobody changed the journals of the appeals behind the portal's back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from appeals.append_only import missing
from appeals.casework import chain


class Command(BaseCommand):
    help = "Check the hash chain of all appeals' journals, or of those with the given numbers; name what is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="*", help="such as 2026-000001")

    def handle(self, **options: Any) -> None:
        found = chain.verify(options["number"]) if options["number"] else chain.verify_all()
        self.stdout.write(f"Appeals: {found.appeals}, journal entries: {found.entries}.")
        wrong = [f"The database lets the journal be changed: no trigger {name}" for name in missing(connection)]
        wrong += [f"Broken: {broken}" for broken in found.broken]
        wrong += [f"Appeals of {year} that are gone: {count}" for year, count in found.lost.items()]
        if found.appeals < len(set(options["number"])):
            wrong.append("There are not appeals with all of these numbers.")
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write("Every chain is whole.")
