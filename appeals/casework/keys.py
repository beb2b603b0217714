"""To whose key appeals are sealed, and the change from one key to another."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from .. import vault
from ..models import Appeal
from .base import data_key


def office_public_key() -> str:
    """What appeals are sealed to now."""
    return settings.OFFICE_PUBLIC_KEY or vault.public_half(settings.OFFICE_KEYS[0])


def reseal(batch: int = 200) -> Iterator[int]:
    """Seal the data keys of all appeals to the office's present key; yields how many are done after each batch.

    What was sealed anew stays so: an interrupted run goes on where it stopped. Raises ``vault.Unreadable``.
    """
    present, done = office_public_key(), 0
    while rows := list(_to_seal(vault.key_id(present))[:batch]):
        with transaction.atomic():
            for appeal in rows:
                appeal.sealed_key = vault.seal(data_key(appeal), present)
                appeal.office_key_id, appeal.indexed_with = vault.key_id(present), ""
                appeal.save(update_fields=["sealed_key", "office_key_id", "indexed_with"])
        done += len(rows)
        yield done


def _to_seal(key_id: str) -> QuerySet[Appeal]:
    """Appeals sealed to another key. What is erased has no key at all."""
    return Appeal.objects.filter(erased_at=None).exclude(office_key_id=key_id).order_by("pk")
