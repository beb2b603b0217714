"""Seen before: other appeals of the same person or of nearly the same text, and two texts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from .. import casework, comparison, vault
from ..blind_index import Marks
from ..casework.states import UNDER_WAY
from ..models import Appeal

SHOWN = 10
SAME = {
    "phone": gettext_lazy("same name and telephone"),
    "email": gettext_lazy("same name and e-mail address"),
    "region": gettext_lazy("same name and region"),
}


@dataclass
class Row:
    """Another appeal, and what it has in common with the one that is open: never a name."""

    appeal: Appeal
    same: list[str] = field(default_factory=list)
    percent: int | None = None  # Of the words, estimated.
    may_be_joined: bool = False


def seen_before(appeal: Appeal, opened: casework.Opened | None, officer: AbstractBaseUser) -> dict[str, Any]:
    """What the panel of an opened appeal shows; nothing for who may not read it."""
    if opened is None:
        return {}
    marks = opened.marks
    near = casework.near_same(appeal, marks.text)
    of_person = _same_person(appeal, marks)
    for other in near:
        if other.appeal_id in of_person:
            of_person[other.appeal_id].percent = other.percent
    of_others = [other for other in near if other.appeal_id not in of_person]
    people = casework.people_in([*near, casework.Near(appeal.pk, 1, marks.author)])
    rows = _rows(of_others[:SHOWN])
    may_act = officer.has_perm("appeals.answer_appeal")
    may_join = may_act and appeal.status in casework.ALLOWED["join"]
    for row in (*of_person.values(), *rows):
        row.may_be_joined = may_join and row.appeal.status in UNDER_WAY
    return {
        "seen": {
            "of_person": sorted(of_person.values(), key=lambda row: -row.appeal.pk)[:SHOWN],
            "near": rows,
            "count": len(near),
            "people": people,
            "is_campaign": people >= settings.APPEAL_CAMPAIGN_FROM,
            "may_act": may_act,
            "is_partial": casework.pending().exists(),
        }
    }


def _same_person(appeal: Appeal, marks: Marks) -> dict[int, Row]:
    """Whose contact is the same, is not told to be of the same region, too."""
    rows: dict[int, Row] = {}
    for what, appeals in casework.same_person(appeal, marks).items():
        for other in appeals:
            row = rows.setdefault(other.pk, Row(other))
            if what != "region" or not row.same:
                row.same.append(str(SAME[what]))
    return rows


def _rows(near: Sequence[casework.Near]) -> list[Row]:
    appeals = casework.light([other.appeal_id for other in near])
    return [Row(appeals[other.appeal_id], percent=other.percent) for other in near]


class SeenBefore:
    """Mixed into the admin of appeals."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<row:appeal_id>/similar/", wrap(require_safe(self.similar_view)), name="appeals_appeal_similar"),
            path(
                "<row:appeal_id>/compare/<row:other_id>/",
                wrap(require_safe(self.compare_view)),
                name="appeals_appeal_compare",
            ),
            *super().get_urls(),
        ]

    def similar_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        """Everything of nearly the same text; the index tells, so nothing is opened."""
        if not request.user.has_perm("appeals.read_content"):
            raise PermissionDenied
        appeal = get_object_or_404(Appeal, pk=appeal_id)
        near = casework.near_same(appeal, casework.sketch_of(appeal))
        return self._seen_page(request, "similar", appeal, title=_("Nearly the same text"), rows=_rows(near))

    def compare_view(self, request: HttpRequest, appeal_id: int, other_id: int) -> HttpResponse:
        """Two texts side by side. Both are opened: each reading is in its journal."""
        appeal, other = (get_object_or_404(Appeal, pk=pk, erased_at=None) for pk in (appeal_id, other_id))
        if appeal == other:
            raise Http404
        try:
            texts = [casework.read(one, request.user).content.text for one in (appeal, other)]
        except vault.Unreadable:
            sentence = _("One of the two appeals cannot be read with the office's present key.")
            self.message_user(request, sentence, messages.ERROR)
            return redirect("admin:appeals_appeal_change", appeal.pk)
        both = list(zip((appeal, other), comparison.compare(*texts), strict=True))
        return self._seen_page(request, "compare", appeal, title=_("Two texts side by side"), both=both)

    def _seen_page(self, request: HttpRequest, name: str, appeal: Appeal, **context: Any) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "opts": self.opts, "appeal": appeal, **context}
        return TemplateResponse(request, f"admin/appeals/appeal/{name}.html", page)
