"""After a change of the office's key: seal every appeal to the new one. Run it with the old key in OFFICE_OLD_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appeals import casework, vault


class Command(BaseCommand):
    help = "Seal all appeals to the office's present key; the former ones are read from OFFICE_OLD_KEYS."

    def handle(self, **options: Any) -> None:
        done = 0
        try:
            for done in casework.reseal():
                self.stdout.write(f"{done} …")
        except vault.Unreadable:
            raise CommandError(
                f"After {done}: an appeal is sealed to a key that is not among OFFICE_KEY and OFFICE_OLD_KEYS."
            ) from None
        self.stdout.write(f"Sealed to the present key: {done}. The former keys are needed no more.")
