"""The office's part of an appeal that says how long it is kept: its hold, its erasure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.fields import LinesField

from .. import casework
from ..models import Appeal, ErasureItem


class HoldForm(forms.Form):
    reason = LinesField(
        label=gettext_lazy("Why it must be kept"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("It is encrypted with the appeal; only the office sees it."),
    )


class HoldSteps:
    """Mixed into the admin of appeals: put an appeal on hold, lift the hold."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<row:appeal_id>/hold/", wrap(require_POST(self.hold_view)), name="appeals_appeal_hold"),
            path("<row:appeal_id>/lift/", wrap(require_POST(self.lift_view)), name="appeals_appeal_lift"),
            *super().get_urls(),
        ]

    def hold_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        if not request.user.has_perm("appeals.hold_appeal"):
            raise PermissionDenied
        appeal, form = get_object_or_404(Appeal, pk=appeal_id), HoldForm(request.POST)
        if not form.is_valid():
            return self.change_view(request, str(appeal_id), extra_context={"hold_form": form})
        reason = form.cleaned_data["reason"]
        return self._take(request, appeal, lambda: casework.put_on_hold(appeal, request.user, reason), hold_form=form)

    def lift_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        appeal = get_object_or_404(Appeal, pk=appeal_id)
        return self._take(request, appeal, lambda: casework.lift_hold(appeal, request.user))

    def _take(
        self, request: HttpRequest, appeal: Appeal, step: Callable[[], None], **typed: forms.Form
    ) -> HttpResponse:
        try:
            step()
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return self.change_view(request, str(appeal.pk), extra_context=typed)
        self.message_user(request, _("It is recorded in the journal."), messages.SUCCESS)
        return redirect("admin:appeals_appeal_change", appeal.pk)

    def keeping(self, request: HttpRequest, appeal: Appeal) -> dict[str, Any]:
        """How long the appeal is kept, or when and by which proposal it was erased, and what this person may do."""
        erased = appeal.erasures.filter(result=ErasureItem.Result.ERASED).select_related("proposal").first()
        may_hold = request.user.has_perm("appeals.hold_appeal") and not appeal.erased_at
        return {
            "erased_by": erased and erased.proposal,
            "kept_until": casework.kept_until(appeal),
            "hold_form": HoldForm() if may_hold and not appeal.on_hold_since else None,
            "may_lift": may_hold and appeal.on_hold_since,
        }
