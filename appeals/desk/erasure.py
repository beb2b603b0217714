"""The office's proposals to erase: what is proposed, with its numbers, and the second person's decision."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.fields import LineField

from .. import casework, term
from ..article21 import TELLS_OF_CRIME
from ..casework.approval import MOST
from ..models import Appeal, ErasureItem, ErasureProposal
from .doors import Doors

Status = ErasureProposal.Status


class UntilForm(forms.Form):
    until = forms.DateField(
        label=gettext_lazy("Kept until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Appeals whose last day of keeping is this day or earlier."),
    )


class DeclineForm(forms.Form):
    reason = LineField(
        label=gettext_lazy("Why it is declined"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("It is kept as it is written: name appeals by their numbers, never by people's names."),
    )


@admin.register(ErasureProposal)
class ErasureProposalAdmin(Doors, admin.ModelAdmin):
    list_display = ("id", "status", "until", "size", "proposed_at", "proposed_by", "decided_by")
    list_filter = ("status",)
    list_select_related = ("proposed_by", "decided_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ErasureProposal]:
        return super().get_queryset(request).annotate(size=Count("items"))

    @admin.display(description=gettext_lazy("appeals"))
    def size(self, proposal: ErasureProposal) -> int:
        return proposal.size

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appeals.propose_erasure")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "appeals_erasureproposal"
        return [
            path("<row:proposal_id>/approve/", wrap(require_POST(self.approve_view)), name=f"{name}_approve"),
            path("<row:proposal_id>/decline/", wrap(require_POST(self.decline_view)), name=f"{name}_decline"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": capfirst(self.opts.verbose_name_plural)})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """How many appeals would be proposed, before they are."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        yesterday = term.local_day(timezone.now()) - timedelta(days=1)
        form = UntilForm(request.POST or request.GET or {"until": yesterday.isoformat()})
        if form.is_valid() and request.method == "POST":
            try:
                proposal = casework.propose(request.user, form.cleaned_data["until"])
            except casework.Refused as refused:
                form.add_error("until", str(refused))
            else:
                return redirect("admin:appeals_erasureproposal_change", proposal.pk)
        context = {"title": _("Propose to erase"), "form": form, "most": MOST}
        if form.is_valid():
            counts = counted(casework.due(form.cleaned_data["until"]))
            context |= {"counts": counts, "total": sum(count for _label, count in counts)}
        return self._page(request, "propose", context)

    def approve_view(self, request: HttpRequest, proposal_id: int) -> HttpResponse:
        proposal = get_object_or_404(ErasureProposal, pk=proposal_id)
        return self._decide(request, proposal, lambda: casework.approve(proposal, request.user))

    def decline_view(self, request: HttpRequest, proposal_id: int) -> HttpResponse:
        if not request.user.has_perm("appeals.approve_erasure"):
            raise PermissionDenied
        proposal, form = get_object_or_404(ErasureProposal, pk=proposal_id), DeclineForm(request.POST)
        if not form.is_valid():
            return self.change_view(request, str(proposal_id), extra_context={"decline_form": form})
        reason = form.cleaned_data["reason"]
        return self._decide(
            request, proposal, lambda: casework.decline(proposal, request.user, reason), decline_form=form
        )

    def _decide(
        self, request: HttpRequest, proposal: ErasureProposal, decide: Callable[[], None], **typed: forms.Form
    ) -> HttpResponse:
        try:
            decide()
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return self.change_view(request, str(proposal.pk), extra_context=typed)
        self.message_user(request, _("Your decision is recorded."), messages.SUCCESS)
        return redirect("admin:appeals_erasureproposal_change", proposal.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One proposal: its appeals by number and outcome, who proposed and decided, and the decision."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        known = object_id if re.fullmatch(r"[0-9]{1,18}", object_id) else 0
        proposal = get_object_or_404(ErasureProposal.objects.select_related("proposed_by", "decided_by"), pk=known)
        may_decide = request.user.has_perm("appeals.approve_erasure") and proposal.status == Status.PROPOSED
        context = {
            "title": _("Proposal to erase %(number)s") % {"number": proposal.pk},
            "proposal": proposal,
            "decide_by": casework.decide_by(proposal),
            "counts": counted(Appeal.objects.filter(erasures__proposal=proposal)),
            "results": results(proposal),
            "items": proposal.items.select_related("appeal").only("result", "appeal__number", "appeal__status"),
            "may_decide": may_decide,
            "is_own": proposal.proposed_by == request.user,
            "decline_form": DeclineForm(),
        }
        return self._page(request, "detail", context | (extra_context or {}))

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/appeals/erasureproposal/{name}.html", page)


def counted(appeals: QuerySet[Appeal]) -> list[tuple[str, int]]:
    """How many there are of each outcome, in words; those that tell of a crime by themselves."""
    told = Q(crime__in=TELLS_OF_CRIME)
    found = appeals.order_by("status").values("status").annotate(crime=Count("pk", filter=told), count=Count("pk"))
    counts = []
    for row in found:
        label = str(Appeal.Status(row["status"]).label)
        counts.append((label, row["count"] - row["crime"]))
        counts.append((_("%(outcome)s, tells of a crime") % {"outcome": label}, row["crime"]))
    return [(label, count) for label, count in counts if count]


def results(proposal: ErasureProposal) -> dict[str, int]:
    """How many are erased, wait, or were left as they are."""
    found = dict(proposal.items.order_by().values_list("result").annotate(Count("pk")))
    return {name.lower(): found.get(result.value, 0) for name, result in ErasureItem.Result.__members__.items()}
