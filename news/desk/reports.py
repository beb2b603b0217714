"""The reports of an event as they are written: one form for each language."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.fields import LinesField

from ..body import editable
from ..models import Event, Report
from .rights import PUBLISH, TEXT_FIELDS

STAGES_OF_WRITING = (Report.Status.DRAFT, Report.Status.REVIEW)


class ReportForm(forms.ModelForm):
    """A report as it is written. Who may not publish takes it as far as review, and leaves alone what was published."""

    correction = LinesField(
        label=_("correction"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=_(
            "For a published report: what you correct now, in a sentence that readers see under the text with the date."
        ),
    )

    class Meta:
        model = Report
        fields = ("language", "title", "lead", "body", "status", "published_at")
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "lead": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "body": forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
        }

    may_publish = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["body"] = editable(self.instance.body)
        self.fields["correction"].disabled = not self.instance.is_public
        if not self.may_publish:
            self._limit_to_writing()

    def _limit_to_writing(self) -> None:
        """Up to review an editor decides; what was published, even if withdrawn since, belongs to the chief."""
        self.fields["published_at"].disabled = True
        if self.instance.status in STAGES_OF_WRITING:
            self.fields["status"].choices = [(stage.value, stage.label) for stage in STAGES_OF_WRITING]
        else:
            for name in self.fields:
                self.fields[name].disabled = True

    def save(self, commit: bool = True) -> Report:
        if self.cleaned_data.get("correction"):
            self.instance.correct(self.cleaned_data["correction"])
        return super().save(commit)


class ReportInline(admin.StackedInline):
    model = Report
    form = ReportForm
    formfield_overrides: ClassVar = TEXT_FIELDS
    max_num = len(settings.LANGUAGES)

    def get_extra(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> int:
        return self.max_num - (obj.reports.count() if obj else 0)

    def get_formset(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        form = type("ReportForm", (ReportForm,), {"may_publish": request.user.has_perm(PUBLISH)})
        return super().get_formset(request, obj, form=form, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return request.user.has_perm(PUBLISH) and super().has_delete_permission(request, obj)
