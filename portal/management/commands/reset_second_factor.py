"""Take the second factors from a login whose owner lost the device, when no administrator can do it in the admin."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.staff import sessions


class Command(BaseCommand):
    help = "Take all second factors from a login and end its sessions; recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")

    def handle(self, **options: Any) -> None:
        user = User.objects.filter(username=options["login"]).first()
        if user is None:
            raise CommandError(f"There is no login “{options['login']}”.")
        sessions.reset(user)
        self.stdout.write(f"“{user}” has no second factor and no session any more.")
