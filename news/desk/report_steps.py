"""Steps of the workflow that are taken when the form of an event is saved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.fields import LineField

from .. import workflow
from ..models import Report
from ..workflow import Refused, State, Step
from .readiness import say_what_is_missing
from .rights import PUBLISH

TEXT = ("title", "lead", "body", "language")


class UrgentForm(forms.Form):
    """The reason beside the button that publishes."""

    urgent_reason = LineField(
        label=gettext_lazy("Why it is urgent"),
        required=False,
        max_length=workflow.REASON_LENGTH,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Needed only where nobody but you has worked on the text."),
    )


def reason_of(request: HttpRequest) -> str:
    """The reason that was typed, cleaned; empty if there is none or it cannot be stored."""
    form = UrgentForm(request.POST)
    return form.cleaned_data["urgent_reason"] if form.is_valid() else ""


class ReportSteps(forms.ModelForm):
    """The status of a report as a wish: the form checks it, and after the text is saved the step is taken.

    A subclass for each request tells who saves (``user``), and what stands beside the button that publishes all.
    """

    user: Any = None
    may_publish = False
    publish_all = False
    reason = ""

    step: Step | None = None
    at: datetime | None = None
    alone = False
    reason_missing = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state = workflow.state_of(self.instance)
        self.fields["status"].choices = choices(self.state, self.may_publish)
        if self.state not in {State.SCHEDULED, State.PUBLISHED, State.EMBARGOED}:
            self.initial["published_at"] = None
        if self.state in {State.PUBLISHED, State.EMBARGOED}:
            self.fields["published_at"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Take the status out of what is stored with the text: a step changes it, and nothing else does."""
        cleaned = super().clean()
        status, at = cleaned.pop("status", None), cleaned.pop("published_at", None)
        if "published_at" not in self.errors:
            self._choose(status, at)
        return cleaned

    def _choose(self, status: str | None, at: datetime | None) -> None:
        """The step from the present state to the status that this person chose (what others chose is taken already)."""
        writing = self.state in {State.DRAFT, State.REVIEW}
        chosen = status if "status" in self.changed_data else None
        publish = chosen == Report.Status.PUBLISHED or (writing and self.publish_all)
        if self.state == State.SCHEDULED and status == Report.Status.PUBLISHED:
            if at is None:
                sentence = _("It has a time already. To publish it at once, use the step “Publish now”.")
                self.add_error("published_at", sentence)
            elif "published_at" in self.changed_data:
                self.step, self.at = Step.SCHEDULE, at
        elif publish and (writing or self.state == State.WITHDRAWN):
            self.step, self.at = (Step.SCHEDULE, at) if at else (Step.PUBLISH, None)
        elif at and writing:
            self.add_error("published_at", _("To publish it at this time, choose the status “published” as well."))
        else:
            self.step = {
                (State.DRAFT, "review"): Step.SEND_TO_REVIEW,
                (State.REVIEW, "draft"): Step.SEND_BACK,
                (State.SCHEDULED, "review"): Step.HOLD,
                (State.EMBARGOED, "review"): Step.HOLD,
            }.get((self.state, chosen))

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.step in {Step.PUBLISH, Step.SCHEDULE} and not self.errors:
            self._check_publication()

    def _check_publication(self) -> None:
        """The text as it was typed just now is published, so that who typed it counts among its writers."""
        wrote = workflow.writers(self.instance) if self.instance.pk else set()
        if any(name in self.changed_data for name in TEXT):
            wrote = wrote | {self.user.pk}
        self.alone = not self.may_publish or wrote == {self.user.pk}
        try:
            workflow.check_publication(self.instance, self.user, self.reason, self.at, self.alone)
        except Refused as refused:
            self.reason_missing = refused.field == "reason"
            self.add_error("published_at" if refused.field == "at" else "status", refused.sentence)

    def save(self, commit: bool = True) -> Report:
        self.instance._history_user = self.user
        return super().save(commit)


def choices(state: State, may_publish: bool) -> list[tuple[str, Any]]:
    """What may be chosen as the status on the form: what needs a second thought has a page of its own."""
    stay = (str(Report.Status.PUBLISHED if state in {State.SCHEDULED, State.EMBARGOED} else state), state.label)
    draft, review, published = ((status.value, status.label) for status in list(Report.Status)[:3])
    if state in {State.DRAFT, State.REVIEW}:
        return [draft, review, published] if may_publish else [draft, review]
    if not may_publish or state == State.PUBLISHED:
        return [stay]
    return [stay, published] if state == State.WITHDRAWN else [stay, review]


def form_rights(request: HttpRequest) -> dict[str, Any]:
    """What the form of a report knows of the request."""
    may_publish = request.user.has_perm(PUBLISH)
    return {
        "user": request.user,
        "may_publish": may_publish,
        "publish_all": may_publish and "_publish" in request.POST,
        "reason": reason_of(request) if may_publish else "",
    }


def take_steps(request: HttpRequest, formsets: Iterable[Any]) -> None:
    """Take the steps that were chosen; the texts are saved by now. One that cannot be taken any more is said."""
    for formset in formsets:
        for form in formset.forms:
            if isinstance(form, ReportSteps) and form.step and form.instance.pk and form not in formset.deleted_forms:
                _take_chosen(request, form)


def _take_chosen(request: HttpRequest, form: ReportSteps) -> None:
    try:
        taken = take(form.step, form.instance, request.user, at=form.at, reason=form.reason if form.alone else "")
    except Refused as refused:
        messages.error(request, f"{form.instance.get_language_display()}: {refused.sentence}")
    else:
        say_what_is_missing(request, taken)


def take(step: Step, report: Report, user: Any, at: datetime | None = None, reason: str = "", note: str = "") -> Report:
    """Take ``step``. Raises ``Refused`` and ``PermissionDenied``."""
    if step == Step.SCHEDULE:
        return workflow.schedule(report, user, at, reason)
    if step == Step.PUBLISH:
        return workflow.publish(report, user, reason)
    plain = {
        Step.SEND_TO_REVIEW: workflow.send_to_review,
        Step.SEND_BACK: workflow.send_back,
        Step.HOLD: workflow.hold,
        Step.WITHDRAW: workflow.withdraw,
    }
    return plain[step](report, user, note)
