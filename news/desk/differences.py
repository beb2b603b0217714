"""Two versions of a report side by side at the desk: the difference of each part, by words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from ..models import Report
from ..word_diff import compare_bodies, compare_texts

TEXT_PARTS = ("title", "lead", "body")


@dataclass(frozen=True)
class PartDifference:
    """What changed in one part of a report: its name for staff, the difference as HTML, and the field."""

    label: str
    html: SafeString
    name: str


def text_differences(old: Any, new: Any) -> list[PartDifference]:
    """The parts that differ. Both are reports, versions of one, or anything with a title, a lead and a cleaned body."""
    found = []
    for part in TEXT_PARTS:
        before, after = getattr(old, part), getattr(new, part)
        if before != after:
            compare = compare_bodies if part == "body" else compare_texts
            label = str(Report._meta.get_field(part).verbose_name)
            found.append(PartDifference(label, compare(before, after).html, part))
    return found
