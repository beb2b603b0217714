"""The blind index of what applicants wrote: kept up to date where the office's key is, asked by the office alone.

A state of the index is no step of a case: it has no entry in the journal. A search for a person is recorded among the
admin's own entries, without the words that were searched for.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from .. import vault
from ..blind_index import NEAR, PROBES, BlindIndex, Marks, pack, similarity, unpack, words_in_common
from ..content import Content
from ..models import Appeal, Mark, Sketch
from .base import data_key, require
from .notes import mended, messages_of

BATCH = 50  # Locked together: whoever takes a step on one of them waits as long as a batch takes.
MOST_FOUND = 100
# Of a mark that many appeals have, the newest are looked at: a letter of 50,000 copies is found and slows nothing down.
MOST_OF_A_MARK = 200
MOST_COMPARED = 300
MOST_OF_A_PERSON = 20


@dataclass(frozen=True)
class Near:
    """An appeal of nearly the same text. ``author``: the mark of who wrote it, if he gave a name."""

    appeal_id: int
    similarity: float
    author: int | None

    @property
    def percent(self) -> int:
        """About how many of a hundred words are the same."""
        return round(words_in_common(self.similarity) * 100)


def index() -> BlindIndex:
    return BlindIndex(settings.OFFICE_KEYS[0])


def marks_of(content: Content) -> Marks:
    """The marks of an appeal that is open already."""
    return index().marks(content)


def pending() -> QuerySet[Appeal]:
    """Appeals that are not indexed with the present key and rules. In two ranges, which the column's index answers."""
    present = index().name
    return Appeal.objects.filter(Q(indexed_with__lt=present) | Q(indexed_with__gt=present), erased_at=None)


def index_new(seconds: float = 120) -> int:
    """Index what is not, the newest first, for at most so many seconds. Returns how many appeals are done.

    One that no key opens counts as done: sealing it anew has it indexed again.
    """
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end and pending().exists():
        found = _index_batch()
        if not found:
            break  # Others are at work on those that are left.
        done += found
    return done


@transaction.atomic
def _index_batch() -> int:
    rows = (
        pending().order_by("-pk").select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    )
    appeals = list(rows.defer("sealed_to_code", "grounds", "notes")[:BATCH])
    made, blind = [], index()
    for appeal in appeals:
        try:
            made.append((appeal, blind.marks(_content(appeal))))
        except vault.Unreadable:
            continue
    forget(appeals)
    Mark.objects.bulk_create(
        [Mark(mark=mark, appeal=appeal) for appeal, marks in made for mark in sorted(marks.all)], batch_size=2000
    )
    Sketch.objects.bulk_create(
        Sketch(appeal=appeal, author=marks.author, marks=pack(marks.text)) for appeal, marks in made
    )
    Appeal.objects.filter(pk__in=[appeal.pk for appeal in appeals]).update(indexed_with=blind.name)
    return len(appeals)


def forget(appeals: Sequence[Appeal]) -> None:
    """Remove all marks of these appeals."""
    Mark.objects.filter(appeal__in=appeals).delete()
    Sketch.objects.filter(appeal__in=appeals).delete()


def search(officer: AbstractBaseUser, text: str) -> list[Appeal]:
    """Appeals of whom ``text`` names, the newest first, at most ``MOST_FOUND``. That it was searched is recorded."""
    require(officer, "appeals.reveal_identity")
    found = find(text)
    LogEntry.objects.create(
        user=officer,
        content_type=ContentType.objects.get_for_model(Appeal),
        action_flag=CHANGE,
        object_repr=_("Search by person"),
        change_message=_("Appeals found: %(count)s") % {"count": len(found)},
    )
    return found


def find(text: str) -> list[Appeal]:
    """As ``search``, for callers that ask permission themselves."""
    wanted = index().wanted(text)
    if wanted is None:
        return []
    found: dict[int, Appeal] = {}
    for marks in wanted.any_of:
        appeals = _light(Appeal.objects.filter(erased_at=None))
        for mark in marks:
            appeals = appeals.filter(marks__mark=mark)
        for number in wanted.numbers:
            appeals = appeals.filter(number=number)
        found |= {appeal.pk: appeal for appeal in appeals.order_by("-pk")[:MOST_FOUND]}
    return sorted(found.values(), key=lambda appeal: -appeal.pk)[:MOST_FOUND]


def same_person(appeal: Appeal, marks: Marks) -> dict[str, list[Appeal]]:
    """Other appeals of whom this one names, by what is the same beside the name: phone, email, region."""
    found = {}
    for what, contact in (("phone", marks.phone), ("email", marks.email)):
        if contact is not None:
            found[what] = _same_name(appeal, marks, Appeal.objects.filter(marks__mark=contact))
    if appeal.region:
        found["region"] = _same_name(appeal, marks, Appeal.objects.filter(region=appeal.region))
    return found


def _same_name(appeal: Appeal, marks: Marks, among: QuerySet[Appeal]) -> list[Appeal]:
    # A second ``filter``: the name is another mark of the same appeal.
    named = among.filter(pk__in=Mark.objects.filter(mark__in=marks.people).values("appeal"))
    return list(_light(named).exclude(pk=appeal.pk).order_by("-pk")[:MOST_OF_A_PERSON])


def near_same(appeal: Appeal, sketch: Sequence[int]) -> list[Near]:
    """Other appeals of nearly the same text, the most alike first; of very many, the newest."""
    if not sketch:
        return []
    probe = f'SELECT * FROM (SELECT appeal_id FROM "{Mark._meta.db_table}" WHERE mark = %s ORDER BY appeal_id DESC LIMIT %s) AS probe'  # noqa: E501, S608  # nosec B608 # its name is the table's own
    probes = sketch[:PROBES]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([probe] * len(probes)), [x for mark in probes for x in (mark, MOST_OF_A_MARK)]
        )
        shared = Counter(row[0] for row in cursor.fetchall())
    shared.pop(appeal.pk, None)
    compared = Sketch.objects.filter(appeal__in=[pk for pk, _count in shared.most_common(MOST_COMPARED)])
    near = [
        Near(other.appeal_id, alike, other.author)
        for other in compared
        if (alike := similarity(sketch, unpack(bytes(other.marks)))) >= NEAR
    ]
    return sorted(near, key=lambda other: (-other.similarity, -other.appeal_id))


def sketch_of(appeal: Appeal) -> tuple[int, ...]:
    """What is stored of the appeal's text; empty before it is indexed."""
    stored = Sketch.objects.filter(appeal=appeal).first()
    return unpack(bytes(stored.marks)) if stored else ()


def light(ids: Sequence[int]) -> dict[int, Appeal]:
    """These appeals by their id, without what is encrypted."""
    return _light(Appeal.objects.all()).in_bulk(ids)


def people_in(near: Sequence[Near]) -> int:
    """How many people wrote them; each that gave no name counts as one."""
    return len({other.author for other in near} - {None}) + sum(other.author is None for other in near)


def _light(appeals: QuerySet[Appeal]) -> QuerySet[Appeal]:
    return appeals.defer("box", "sealed_key", "sealed_to_code", "grounds", "notes")


def _content(appeal: Appeal) -> Content:
    """What was sent, with what was mended since; no person reads it, so no reading is recorded."""
    key = data_key(appeal)
    box = json.loads(vault.decrypt(key, appeal.box))
    return Content.of(mended(box["content"], messages_of(appeal, key)))
