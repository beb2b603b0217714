"""Make a backup that this machine itself cannot read (see docs/operations.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import BackupError, making

TRY_LATER = 75  # EX_TEMPFAIL


class Command(BaseCommand):
    help = "Save database, photos and trusted certificates in one archive sealed to BACKUP_PUBLIC_KEY, and check it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-verify", action="store_true", help="do not restore it on trial")
        parser.add_argument("--with-secrets", action="store_true", help="also the secrets of the data folder")

    def handle(self, **options: Any) -> None:
        try:
            made = making.make(verify=not options["no_verify"], with_secrets=options["with_secrets"])
        except BackupError as error:
            raise CommandError(str(error), returncode=TRY_LATER if isinstance(error, making.Busy) else 1) from None
        files, rows = len(made.manifest["files"]), sum(made.manifest["rows"].values())
        self.stdout.write(f"{made.path}\n{made.path.stat().st_size:,} bytes, {files} files, {rows} rows")
        self.stdout.write(f"SHA-256 {made.sha256}")
        self.stdout.write(
            "Not checked." if options["no_verify"] else "Restored on trial: every digest and count agrees."
        )
