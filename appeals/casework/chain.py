"""The journal's chain: each entry's hash covers the one before it, and the appeal's row holds the last one's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db import transaction

from ..models import Appeal, JournalEntry, Series
from .base import lock

BATCH = 200


@dataclass
class Verified:
    """What a check of all journals found. ``lost``: for a year, numbers given out that no appeal has any more."""

    appeals: int = 0
    entries: int = 0
    broken: list[str] = field(default_factory=list)
    lost: dict[int, int] = field(default_factory=dict)


def chain_is_whole(appeal: Appeal) -> bool:
    """No journal entry was changed, removed, put in between or cut off at the end."""
    with transaction.atomic():
        appeal = lock(appeal)  # Nobody writes between the two readings.
        return _is_whole(appeal.journal_head, appeal.journal.all())


def _is_whole(head: str, entries: Iterable[JournalEntry]) -> bool:
    previous = ""
    for entry in entries:
        if entry.previous_hash != previous or entry.hash != entry.computed_hash():
            return False
        previous = entry.hash
    return bool(previous) and previous == head  # Every journal has at least the entry of the receiving.


def verify_all() -> Verified:
    """Check the journals of all appeals, and that none is missing. Takes as much memory for a million as for a few."""
    found = Verified()
    for appeals in _batches():
        _verify(appeals, found)
    for series in Series.objects.order_by("year"):
        lost = series.last - Appeal.objects.filter(number__startswith=f"{series.year}-").count()
        if lost > 0:
            found.lost[series.year] = lost
    return found


def verify(numbers: Iterable[str]) -> Verified:
    """Check the journals of the appeals with these numbers."""
    found = Verified()
    _verify(list(Appeal.objects.filter(number__in=numbers).only("pk", "number", "journal_head")), found)
    return found


def _batches() -> Iterator[list[Appeal]]:
    last = 0
    while batch := list(Appeal.objects.filter(pk__gt=last).order_by("pk").only("pk", "number", "journal_head")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _verify(appeals: list[Appeal], found: Verified) -> None:
    entries = JournalEntry.objects.filter(appeal__in=appeals).order_by("appeal", "id").iterator()
    whole = set()
    heads = {appeal.pk: appeal.journal_head for appeal in appeals}
    for appeal_id, of_one in groupby(entries, key=lambda entry: entry.appeal_id):
        own = list(of_one)
        found.entries += len(own)
        if _is_whole(heads[appeal_id], own):
            whole.add(appeal_id)
    found.appeals += len(appeals)
    # An entry written between the two readings looks like a break: only a second look, under a lock, names one.
    found.broken += [appeal.number for appeal in appeals if appeal.pk not in whole and not chain_is_whole(appeal)]
