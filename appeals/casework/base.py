"""What every step shares: the lock on the appeal, the permission, the journal entry, the key."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from .. import letters, vault
from ..content import Content
from ..models import Appeal, JournalEntry

Action = JournalEntry.Action


class Refused(Exception):
    """The step cannot be taken in this state; the message is a sentence for the person who tried."""


def require(officer: AbstractBaseUser, permission: str) -> None:
    if not officer.has_perm(permission):
        raise PermissionDenied


def lock(appeal: Appeal) -> Appeal:
    return Appeal.objects.select_for_update().get(pk=appeal.pk)


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
    row.update(journal_head=entry.hash)
    return entry


def tell(appeal: Appeal, action: str, key: bytes | None = None) -> None:
    """Write to the applicant that a step was taken. An appeal that no key opens stops no step."""
    try:
        box = json.loads(vault.decrypt(key or data_key(appeal), appeal.box))
    except vault.Unreadable:
        return
    letters.tell(appeal, Content.of(box["content"]), action)
