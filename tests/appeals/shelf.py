"""Appeals as they stand in the office's lists, and the people who look at them, for the tests."""

import itertools
import re
from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from appeals import term
from appeals.models import Appeal

LIST = "/admin/appeals/appeal/"
SAVED = "/admin/appeals/savedfilter/"
TODAY = term.local_day(timezone.now())
numbers = itertools.count(1000)


def stored(status="registered", due=20, waits=None, age=5, **more) -> Appeal:
    """An appeal as it stands in a list; ``due`` and ``waits`` in days from today, ``age`` in days until today."""
    number = next(numbers)
    dated = status != "received"
    return Appeal.objects.create(
        number=f"2026-{number:06d}",
        tracking_hash=str(number),
        language="tg",
        applicant="individual",
        kind=more.pop("kind", "application"),
        region=more.pop("region", "TJ-SU"),
        verdict="examined",
        status=status,
        received_at=timezone.now() - timedelta(days=age),
        registered_at=timezone.now() - timedelta(days=age) if dated else None,
        due_on=TODAY + timedelta(days=due) if dated else None,
        wait_until=None if waits is None else TODAY + timedelta(days=waits),
        ended_at=timezone.now() if status in {"answered", "not_examined", "withdrawn"} else None,
        sealed_key=b"",
        box=b"",
        **more,
    )


def person(name: str, role: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    return User.objects.get(pk=user.pk)


def browser(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def listed(client: Client, query: str = "") -> list[str]:
    """The numbers on the page, in its order."""
    page = client.get(LIST + query)
    assert page.status_code == 200
    return re.findall(r'field-number"><a [^>]*>([^<]+)</a>', page.content.decode())
