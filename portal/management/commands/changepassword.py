"""Django's own command; it also writes down that somebody else set the password: its owner has to choose one."""

from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.contrib.auth.models import User

from portal.staff import events


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        said = super().handle(*args, **options)
        user = User.objects.using(options["database"]).filter(username=options["username"]).first()
        if user:
            events.record(events.Kind.GIVEN, None, user, actor="manage.py")
        return said
