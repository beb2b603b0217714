"""What every step shares: the lock on the appeal, the permission, the journal entry, the key."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import letters, vault
from ..content import Content
from ..models import Appeal, JournalEntry

Action = JournalEntry.Action
# What the journal keeps of people who looked: the case stays as it was.
LOOKS = (Action.OPENED, Action.REVEALED, Action.PRINTED, Action.EXPORTED, Action.NOTED)


class Refused(Exception):
    """The step cannot be taken in this state; the message is a sentence for the person who tried."""


class Stale(Refused):
    """The case has changed since the officer saw it."""


def require(officer: AbstractBaseUser, permission: str) -> None:
    if not officer.has_perm(permission):
        raise PermissionDenied


def lock(appeal: Appeal) -> Appeal:
    """The appeal as it is now, kept for this transaction.

    ``appeal.seen``, where somebody has set it, is the revision on which the step was decided. Raises ``Stale``.
    """
    locked = Appeal.objects.select_for_update().get(pk=appeal.pk)
    seen = getattr(appeal, "seen", None)
    if seen is not None and seen != locked.revision:
        raise Stale(_("Somebody else has changed this case since you opened it. Look at what changed, then decide."))
    return locked


def data_key(appeal: Appeal) -> bytes:
    return vault.unseal(appeal.sealed_key, settings.OFFICE_KEYS)


def record(appeal: Appeal, action: str, actor: AbstractBaseUser | None, detail: dict[str, Any]) -> JournalEntry:
    """Add to the journal of a locked appeal. No personal data in ``detail``: the journal outlives the appeal."""
    # Not the last entry's own hash: after one whose end was cut off, the break must stay to be seen.
    row = Appeal.objects.filter(pk=appeal.pk)
    entry = JournalEntry.objects.create(
        appeal=appeal,
        at=timezone.now(),
        actor=actor,
        action=action,
        detail=detail,
        previous_hash=row.values_list("journal_head", flat=True).get(),
    )
    row.update(journal_head=entry.hash, revision=F("revision") + int(action not in LOOKS))
    return entry


def tell(appeal: Appeal, action: str, key: bytes | None = None) -> None:
    """Write to the applicant that a step was taken. An appeal that no key opens stops no step."""
    try:
        box = json.loads(vault.decrypt(key or data_key(appeal), appeal.box))
    except vault.Unreadable:
        return
    letters.tell(appeal, Content.of(box["content"]), action)
