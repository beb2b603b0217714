"""The journal's chain: each entry's hash covers the one before it, and the appeal's row holds the last one's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from django.db import transaction

from ..models import Appeal, JournalEntry, Series
from .base import lock

BATCH = 200


class Fault(StrEnum):
    """What is wrong with a link of the chain."""

    CHANGED = "its content was changed"
    PREDECESSOR = "the entry before it was removed or written anew, or this one was put in between"
    CUT_OFF = "the entries after it were cut off, or the head on the appeal was changed"
    FOREIGN_HEAD = "the head on the appeal is not of the last entry"
    EMPTY = "there is no entry at all"


@dataclass(frozen=True)
class Break:
    """The first broken link of an appeal's journal. ``place``: counted from 1; ``entry``: its row's number."""

    number: str
    fault: Fault
    place: int = 0
    entry: int = 0

    def __str__(self) -> str:
        where = f", entry {self.place} (id {self.entry})" if self.place else ""
        return f"{self.number}{where}: {self.fault}"


@dataclass
class Verified:
    """What a check of all journals found. ``lost``: for a year, numbers given out that no appeal has any more."""

    appeals: int = 0
    entries: int = 0
    broken: list[Break] = field(default_factory=list)
    lost: dict[int, int] = field(default_factory=dict)


def chain_is_whole(appeal: Appeal) -> bool:
    """No journal entry was changed, removed, put in between or cut off at the end."""
    return first_break(appeal) is None


def first_break(appeal: Appeal) -> Break | None:
    """Where the appeal's journal is broken first."""
    with transaction.atomic():
        appeal = lock(appeal)  # Nobody writes between the two readings.
        return _first_break(appeal, appeal.journal.all())


def _first_break(appeal: Appeal, entries: Iterable[JournalEntry]) -> Break | None:
    previous, place, entry, seen = "", 0, None, set()
    for place, entry in enumerate(entries, 1):
        if entry.hash != entry.computed_hash():
            return Break(appeal.number, Fault.CHANGED, place, entry.pk)
        if entry.previous_hash != previous:
            return Break(appeal.number, Fault.PREDECESSOR, place, entry.pk)
        previous = entry.hash
        seen.add(previous)
    if entry is None:  # Every journal has at least the entry of the receiving.
        return Break(appeal.number, Fault.EMPTY)
    if appeal.journal_head == previous:
        return None
    fault = Fault.FOREIGN_HEAD if appeal.journal_head in {"", *seen} else Fault.CUT_OFF
    return Break(appeal.number, fault, place, entry.pk)


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
    by_id = {appeal.pk: appeal for appeal in appeals}
    for appeal_id, of_one in groupby(entries, key=lambda entry: entry.appeal_id):
        own = list(of_one)
        found.entries += len(own)
        if _first_break(by_id[appeal_id], own) is None:
            whole.add(appeal_id)
    found.appeals += len(appeals)
    # An entry written between the two readings looks like a break: only a second look, under a lock, names one.
    looked_at_again = (first_break(appeal) for appeal in appeals if appeal.pk not in whole)
    found.broken += [broken for broken in looked_at_again if broken]
