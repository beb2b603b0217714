"""Print a new pair of keys for the office, or the public half of the present one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appeals import casework, vault


class Command(BaseCommand):
    help = "Print the public half of the office's key, or with --new a new pair (nothing is stored)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new", action="store_true", help="make a new pair")

    def handle(self, **options: Any) -> None:
        if options["new"]:
            private = vault.new_key().hex()
            self.stdout.write(f"OFFICE_KEY={private}\nOFFICE_PUBLIC_KEY={vault.public_half(private)}")
        else:
            self.stdout.write(f"OFFICE_PUBLIC_KEY={casework.office_public_key()}")
