"""Make the first staff login, with a password that is shown once and kept nowhere."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal import roles
from portal.staff import events

USERNAME = "staff"
# No letters or digits that look alike: the password may be copied from a screen by hand.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # pragma: allowlist secret - the letters, no code
GROUPS_OF_FOUR = 5


class Command(BaseCommand):
    help = f"Make the user “{USERNAME}” in every role, if there is none, and show its password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="the portal's address, for the message")

    def handle(self, **options: Any) -> None:
        if get_user_model().objects.filter(username=USERNAME).exists():
            self.stdout.write(
                f"The login “{USERNAME}” exists; a new password: .venv/bin/python manage.py changepassword {USERNAME}"
            )
            return
        password = new_password()
        make_user(password)
        lines = [
            "The staff login. The password is shown only this once.",
            "",
            f"Address:  {options['site'].rstrip('/')}/admin/",
            f"User:     {USERNAME}",
            f"Password: {password}",
        ]
        self.stdout.write(boxed(lines))


def new_password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(GROUPS_OF_FOUR))


@transaction.atomic
def make_user(password: str) -> None:
    groups = list(Group.objects.filter(name__in=roles.ALL))
    missing = sorted(set(roles.ALL) - {group.name for group in groups})
    if missing:
        raise CommandError(f"These roles do not exist yet: {', '.join(missing)}. Run the migrations first.")
    user = get_user_model().objects.create_user(USERNAME, password=password, is_staff=True)
    user.groups.set(groups)
    events.record(events.Kind.GIVEN, None, user, actor="manage.py")


def boxed(lines: list[str]) -> str:
    """``lines`` in a frame that is seen among other output."""
    width = max(map(len, lines))
    bar = "═" * (width + 4)
    return "\n".join(["", f"╔{bar}╗", *(f"║  {line:<{width}}  ║" for line in lines), f"╚{bar}╝", ""])
