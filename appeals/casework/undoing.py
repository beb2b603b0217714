"""Taking back what was done a moment ago, before anybody was told of it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import outbox

from .. import letters
from ..models import Appeal, JournalEntry
from .assigning import UNDO_SECONDS
from .base import LOOKS, Action, Refused, lock, record

CAN_BE_UNDONE = (Action.ASSIGNED, Action.FORWARDED)
# The page that offers it has to arrive and be read.
GRACE = timedelta(seconds=UNDO_SECONDS)


def undoable(appeal: Appeal, officer: AbstractBaseUser) -> JournalEntry | None:
    """The step that ``officer`` can still take back: the last one, and his own."""
    last = appeal.journal.exclude(action__in=LOOKS).order_by("-id").first()
    if last is None or last.action not in CAN_BE_UNDONE or last.actor_id != officer.pk:
        return None
    return last if timezone.now() - last.at <= GRACE else None


@transaction.atomic
def undo(appeal: Appeal, officer: AbstractBaseUser) -> None:
    """Take back an assignment or a forwarding within ten seconds; the journal keeps both."""
    appeal = lock(appeal)
    entry = undoable(appeal, officer)
    if entry is None:
        raise Refused(_("It is too late to take this back."))
    if entry.action == Action.ASSIGNED:
        before = entry.detail["before"]
        appeal.department_id, appeal.officer_id = before["department"], before["officer"]
    else:
        rows = appeal.forwardings.filter(pk__in=entry.detail["forwardings"])
        if rows.filter(for_crime=True).exists():
            appeal.crime_handed_at = None
        rows.delete()
        appeal.messages.filter(pk=entry.detail["message"]).delete()
        appeal.status = entry.detail["before"]
    appeal.save(update_fields=["department", "officer", "status", "crime_handed_at"])
    outbox.take_back(letters.key_prefix(appeal, entry.action))
    record(appeal, Action.UNDONE, officer, {"action": entry.action, "entry": entry.pk})
