"""Where an appeal stands, for its page: who has it, what belongs to it, what waits, what can be taken back."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from .. import casework, timeline
from ..casework import Opened
from ..casework.base import LOOKS, Action
from ..models import AnswerTemplate, Appeal


def facts(appeal: Appeal, officer: AbstractBaseUser, opened: Opened | None) -> dict[str, Any]:
    """``opened`` is None for who may not read it: then nothing that was written stands here."""
    notes = opened.notes if opened else []
    forwardings = list(appeal.forwardings.select_related("authority"))
    related = Appeal.objects.only("number", "status", "erased_at")
    return {
        "forwardings": forwardings,
        "held_by": [one for one in forwardings if one.returned_at is None],
        "joined": related.filter(joined_to=appeal.pk),
        "linked": related.filter(pk__in=casework.linked(appeal)),
        "prepared": next((note for note in reversed(notes) if note.kind == Action.PREPARED), None),
        "undoable": casework.undoable(appeal, officer),
        "answer_templates": AnswerTemplate.objects.filter(
            Q(kind__in=("", appeal.kind)), in_use=True, language=appeal.language
        ),
    }


def changes_since(appeal: Appeal, seen: int) -> list[str]:
    """What happened to the case since its revision ``seen``, in sentences, the oldest first."""
    count = appeal.revision - seen
    if count <= 0:
        return []
    entries = appeal.journal.exclude(action__in=LOOKS).select_related("actor").order_by("-id")[:count]
    return [f"{timeline.actor(entry)}: {timeline.sentence(entry)}" for entry in reversed(entries)]


def answer_begun(appeal: Appeal, opened: Opened | None, template: str) -> str:
    """What stands in the form of the answer: the chosen text with its fields filled in, or what was sent back."""
    known = template if re.fullmatch(r"[0-9]{1,9}", template) else 0
    chosen = AnswerTemplate.objects.filter(pk=known, in_use=True).first() if known else None
    if chosen:
        return chosen.filled(appeal)
    last = appeal.journal.filter(action__in=(Action.PREPARED, Action.SENT_BACK)).last()
    if opened is None or last is None or last.action != Action.SENT_BACK:
        return ""
    waiting = [note.text for note in opened.notes if note.kind == Action.SENT_BACK]
    return waiting[-2] if len(waiting) > 1 else ""
