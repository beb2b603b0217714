"""What readers see has changed: one number in the database, which every process that keeps pages looks at.

The models of what stands on public pages inherit from ``Public``: each way of writing their rows raises the number
when the transaction is committed, whichever process it was and whichever database it is. Rows that tie two of them
together (sections, topics) are written by the desk in one transaction with the event. Raw SQL goes unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models import F

from .models import PublicState

# Each tells the next moment after the given one at which time alone changes what readers see. Filled by the apps.
MOMENTS: list[Callable[[datetime], datetime]] = []


def changed() -> None:
    """Tell all processes, once the transaction is committed and once for all that it changes."""
    if not any(waiting[1] is _raise_number for waiting in connection.run_on_commit):
        # The change stands, whatever becomes of this: pages are made anew after a minute in any case.
        transaction.on_commit(_raise_number, robust=True)


def _raise_number() -> None:
    # After the commit, in a transaction of its own: two editors never wait for each other here.
    if not PublicState.objects.filter(pk=1).update(number=F("number") + 1):
        PublicState.objects.bulk_create([PublicState(pk=1, number=1)], ignore_conflicts=True)


def number(database: str = DEFAULT_DB_ALIAS) -> int | None:
    return PublicState.objects.using(database).filter(pk=1).values_list("number", flat=True).first()


class PublicQuerySet(models.QuerySet):
    def update(self, **values: Any) -> int:
        changed()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        changed()
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        changed()
        return super().bulk_create(*args, **kwargs)

    update.alters_data = delete.alters_data = bulk_create.alters_data = True
    delete.queryset_only = True


class Public(models.Model):
    """Something that stands on public pages."""

    objects = PublicQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        changed()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        changed()
        return deleted
