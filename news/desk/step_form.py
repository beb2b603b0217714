"""What a step of the workflow asks for on its page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.fields import LineField, LinesField

from .. import workflow
from ..models import Report
from ..workflow import Refused, Step


class StepForm(forms.Form):
    """A reason where publishing is urgent, a time where it is set, else a note; and the version that was looked at."""

    at = forms.SplitDateTimeField(
        label=gettext_lazy("date and time"),
        widget=AdminSplitDateTime,
        help_text=gettext_lazy("Dushanbe time (UTC+5). Readers see the report from this second on."),
    )
    reason = LineField(
        label=gettext_lazy("Why it is urgent"),
        max_length=workflow.REASON_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Nobody else has approved this text. The publication is listed for a later review."),
    )
    note = LinesField(
        label=gettext_lazy("note"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("May stay empty. Colleagues read it on the page of the event."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, step: Step, report: Report, user: Any, data: Any = None) -> None:
        super().__init__(data, initial={"revision": report.revision})
        self.report = report
        publishes = step in {Step.PUBLISH, Step.SCHEDULE}
        if step != Step.SCHEDULE:
            del self.fields["at"]
        elif report.published_at and workflow.state_of(report) == workflow.State.SCHEDULED:
            self.initial["at"] = report.published_at
        if not publishes or not workflow.needs_reason(report, user):
            del self.fields["reason"]
        if publishes:
            del self.fields["note"]

    def clean(self) -> dict[str, Any]:
        """A step is taken with the text that was looked at, not with one that was saved since."""
        cleaned = super().clean()
        if cleaned.get("revision") != self.report.revision:
            self.data = self.data.copy()
            self.data["revision"] = self.report.revision
            raise forms.ValidationError(
                _("The report was saved again after you opened this page. Look at it, then repeat the step.")
            )
        return cleaned

    @property
    def taken(self) -> dict[str, Any]:
        """What the step is taken with."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)
