"""Who the applicant is: shown to an officer who says why, on this appeal, for half an hour of this session."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.fields import LinesField

from .. import casework, vault
from ..choices import Reason
from ..models import Appeal

MINUTES = 30
# In the session, on the server: the appeal's row number, and until when (seconds since 1970).
KEY = "revealed"


class RevealForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why you need to know"), choices=Reason.choices, widget=forms.RadioSelect
    )
    words = LinesField(
        label=gettext_lazy("In words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Needed for another reason. It is encrypted with the appeal; only the office sees it."),
    )
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_reveal_%s", **kwargs)


def is_revealed(request: HttpRequest, appeal_id: int) -> bool:
    return request.session.get(KEY, {}).get(str(appeal_id), 0) > timezone.now().timestamp()


def remember(request: HttpRequest, appeal_id: int) -> None:
    now = timezone.now().timestamp()
    others = {pk: until for pk, until in request.session.get(KEY, {}).items() if until > now}
    request.session[KEY] = others | {str(appeal_id): now + MINUTES * 60}


def may_reveal(request: HttpRequest) -> bool:
    return request.user.has_perms(["appeals.read_content", "appeals.reveal_identity"])


class Identity:
    """Mixed into the admin of appeals."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.reveal_view))
        return [path("<row:appeal_id>/reveal/", view, name="appeals_appeal_reveal"), *super().get_urls()]

    def reveal_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        if not may_reveal(request):
            raise PermissionDenied
        appeal, form = get_object_or_404(Appeal, pk=appeal_id), RevealForm(request.POST)
        if form.is_valid():
            try:
                casework.reveal(appeal, request.user, **form.cleaned_data)
            except casework.Refused as refused:
                form.add_error("words", str(refused))
            except vault.Unreadable:
                return redirect("admin:appeals_appeal_change", appeal_id)  # That page says why.
            else:
                remember(request, appeal_id)
                return redirect("admin:appeals_appeal_change", appeal_id)
        return self.change_view(request, str(appeal_id), extra_context={"reveal_form": form})

    def identity(self, request: HttpRequest, opened: casework.Opened | None) -> dict[str, Any]:
        """What the page of an appeal needs to show or to mask who it is."""
        masked = bool(opened and opened.masked)
        return {"masked": masked, "reveal_form": RevealForm() if masked and may_reveal(request) else None}
