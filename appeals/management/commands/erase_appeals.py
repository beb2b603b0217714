"""Erase the appeals whose erasure two people have decided. The worker does the same every night."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appeals import casework


class Command(BaseCommand):
    help = "Erase what approved proposals name. Stopped at any moment, it goes on with the rest when run again."

    def handle(self, **options: Any) -> None:
        casework.expire()
        done = 0
        try:
            for number in casework.work_off():
                self.stdout.write(number)
                done += 1
        except casework.Busy:
            raise CommandError(
                f"Erased: {done}. The database was too busy to remove the traces: run this again."
            ) from None
        self.stdout.write(f"Erased: {done}.")
