"""Put a backup back, or try whether it can be (see docs/operations.md)."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import BackupError, restoring


class Command(BaseCommand):
    help = "Restore the portal from a backup with BACKUP_KEY. Stop the portal before."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="in place of what is there")
        parser.add_argument("--check", action="store_true", help="only try it, and leave the portal alone")

    def handle(self, **options: Any) -> None:
        try:
            if options["check"]:
                self.tell("The backup is whole and can be restored", restoring.check(options["file"]))
                return
            manifest = restoring.restore(options["file"], options["overwrite"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.tell("Restored", manifest)
        self.stdout.flush()
        # In processes of their own: the secrets may be other ones now.
        self.manage("migrate", "--no-input", "--verbosity=0")
        self.manage("verify_journal")
        if not manifest["secrets"]:
            self.stdout.write("Secrets were not in it: the portal needs the SECRET_KEY and OFFICE_KEY that it had.")

    def tell(self, what: str, manifest: dict[str, Any]) -> None:
        files, rows = len(manifest["files"]), sum(manifest["rows"].values())
        self.stdout.write(f"{what}: {files} files, {rows} rows, as of {manifest['made']}.")

    def manage(self, *command: str) -> None:
        manage = str(settings.BASE_DIR / "manage.py")
        if subprocess.run([sys.executable, manage, *command], check=False).returncode:  # noqa: S603
            raise CommandError(f"The backup is in place, but manage.py {command[0]} failed: do not start the portal.")
