"""Who sees what a citizen sent is in the journal: at every address of the office, also those that come tomorrow."""

import pytest
from django.db import transaction

from appeals.casework.base import LOOKS
from portal import roles
from tests.appeals.office_routes import IDENTITY, WHO, Office, browser, reveal, routes, shown

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ANSWER = {"step": "answer"}


def seen(client, office):
    """For each address and method that shows something a citizen sent: what, and whether the journal keeps it."""
    found = {}
    user = client.session["_auth_user_id"]
    for route in routes():
        for method in ("get", "post"):
            with transaction.atomic():
                last = office.appeal.journal.last().pk
                what = shown(getattr(client, method)(office.address(route), ANSWER if method == "post" else {}))
                new = office.appeal.journal.filter(pk__gt=last, actor=user, action__in=LOOKS)
                if what:
                    found[route, method] = what, new.exists()
                transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("revealed", [False, True])
@pytest.mark.parametrize("role", ["superuser", roles.APPEALS_SUPERVISOR])
def test_what_is_seen_is_recorded(role, revealed):
    office, client = Office.furnished(), browser(role)
    if revealed:
        reveal(client, office.appeal)
    found = seen(client, office)
    assert [cell for cell, (_what, recorded) in found.items() if not recorded] == []
    everything = set().union(*(what for what, _recorded in found.values()))
    assert {"text", "file"} <= everything, "the test sees what is there"
    assert everything.issuperset(IDENTITY) if revealed else everything.isdisjoint(IDENTITY)


@pytest.mark.parametrize("role", sorted({*WHO[1:]} - {"superuser", roles.APPEALS_OFFICER, roles.APPEALS_SUPERVISOR}))
def test_who_may_not_read_sees_nothing(role):
    assert seen(browser(role), Office.furnished()) == {}
