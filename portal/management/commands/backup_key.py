"""Print a new pair of keys for backups."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.backup import sealed


class Command(BaseCommand):
    help = "Print a new pair of keys for backups. The private one is kept away from this machine; nothing is stored."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        private, public = sealed.new_pair()
        self.stdout.write(f"BACKUP_KEY={private}\nBACKUP_PUBLIC_KEY={public}")
