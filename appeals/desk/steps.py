"""The office's steps on one appeal: a short form for each, and the function of ``casework`` that it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.fields import LineField, LinesField

from .. import article21, casework
from ..choices import FileRole
from ..message_files import MessageFilesField
from ..models import Appeal

TEXT_MAX = 20_000
DEPARTMENT_MAX = 120
Status = Appeal.Status


def text_field(label: Any, help_text: Any = "", **options: Any) -> LinesField:
    widget = forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"})
    return LinesField(label=label, max_length=TEXT_MAX, widget=widget, help_text=help_text, **options)


class StepForm(forms.Form):
    """What one step needs. ``IN`` are the states in which it can be taken."""

    NAME: ClassVar[str]
    TITLE: ClassVar[str | Promise]
    IN: ClassVar[tuple[str, ...]] = (Status.REGISTERED, Status.WAITING)
    PERMISSION: ClassVar[str] = "appeals.answer_appeal"
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{self.NAME}_%s", **kwargs)

    def clean(self) -> dict[str, Any]:
        """What belongs to another step was meant to do something: it is not dropped without a word."""
        foreign = {name for form in FORMS for name in form.base_fields} - set(self.fields)
        if any(self.data.get(name, "").strip() for name in foreign) or (self.files.keys() & foreign):
            raise forms.ValidationError(_("Something was filled in that does not belong to this step."), code="foreign")
        return super().clean() or {}

    def take(self, appeal: Appeal, officer: AbstractBaseUser) -> str:
        """Take the step; returns a sentence for the officer. Raises ``casework.Refused`` and ``PermissionDenied``."""
        raise NotImplementedError


class HandOverForm(StepForm):
    NAME, TITLE = "hand_over", gettext_lazy("Say who works on it")

    department = LineField(
        label=gettext_lazy("Department or body"),
        max_length=DEPARTMENT_MAX,
        help_text=gettext_lazy("The applicant sees this name; no names of persons."),
    )

    def take(self, appeal: Appeal, officer: AbstractBaseUser) -> str:
        casework.hand_over(appeal, officer, self.cleaned_data["department"])
        return _("The applicant sees who works on the appeal.")


class AskForm(StepForm):
    NAME, TITLE = "ask", gettext_lazy("Ask the applicant (the clock stands still)")
    IN = (Status.REGISTERED,)

    field = forms.ChoiceField(
        label=gettext_lazy("What is to be mended"),
        required=False,
        choices=[
            ("", gettext_lazy("Nothing: a question")),
            ("address", gettext_lazy("The address")),
            ("name", gettext_lazy("The name")),
            ("signature", gettext_lazy("The signature")),
        ],
    )
    text = text_field(gettext_lazy("Question"), gettext_lazy("The applicant reads it, with number and code."))
    days = forms.IntegerField(
        label=gettext_lazy("Days to answer"),
        min_value=1,
        required=False,
        help_text=gettext_lazy("After them nothing happens by itself: you decide."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["days"] = settings.APPEAL_CURE_DAYS

    def take(self, appeal: Appeal, officer: AbstractBaseUser) -> str:
        given = self.cleaned_data
        casework.ask(appeal, officer, given["text"], given["field"], given["days"])
        return _("The applicant is asked; the clock stands still.")


class ExtendForm(StepForm):
    NAME, TITLE = "extend", gettext_lazy("Extend the term")

    more_days = forms.IntegerField(label=gettext_lazy("Days more"), min_value=1)
    text = text_field(gettext_lazy("Reason"), gettext_lazy("The applicant reads it, with number and code."))

    def take(self, appeal: Appeal, officer: AbstractBaseUser) -> str:
        casework.extend(appeal, officer, self.cleaned_data["more_days"], self.cleaned_data["text"])
        return _("The term is extended; the applicant is told why.")


class AnswerForm(StepForm):
    NAME, TITLE = "answer", gettext_lazy("Answer")

    text = text_field(gettext_lazy("Answer"), gettext_lazy("The applicant reads it, with number and code."))
    files = MessageFilesField(FileRole.ANSWER, label=gettext_lazy("Files"))

    def take(self, appeal: Appeal, officer: AbstractBaseUser) -> str:
        casework.answer(appeal, officer, self.cleaned_data["text"], self.cleaned_data["files"])
        return _("The appeal is answered.")


class LeaveUnexaminedForm(StepForm):
    NAME, TITLE = "leave_unexamined", gettext_lazy("Leave without examination")

    ground = forms.ChoiceField(label=gettext_lazy("Ground"), widget=forms.RadioSelect)
    text = text_field(
        gettext_lazy("Explanation"), gettext_lazy("The applicant reads it, together with the words of the law.")
    )
    checked = text_field(
        gettext_lazy("What was checked"),
        gettext_lazy("Needed if the data are untrue; the applicant reads it too."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "tg"
        self.fields["ground"].choices = [
            *((ground.value, article21.GROUND_TEXTS[ground][language]) for ground in article21.Ground),
            (casework.OTHER, _("Another reason, given in the explanation")),
        ]

    def take(self, appeal: Appeal, officer: AbstractBaseUser) -> str:
        given = self.cleaned_data
        casework.leave_unexamined(appeal, officer, given["text"], given["ground"], given["checked"])
        return _("The appeal is left without examination.")


class ReplaceCodeForm(StepForm):
    NAME, TITLE = "replace_code", gettext_lazy("Replace a lost tracking code")
    IN = tuple(Status.values)
    PERMISSION = "appeals.replace_code"

    text = text_field(
        gettext_lazy("How the person proved who he is"), gettext_lazy("Only the office sees this, encrypted.")
    )

    # A new code is no sentence for the next page: ``admin`` takes this step and shows the code at once.


FORMS: tuple[type[StepForm], ...] = (
    HandOverForm, AskForm, ExtendForm, AnswerForm, LeaveUnexaminedForm, ReplaceCodeForm,
)  # fmt: skip


def chosen(request: HttpRequest) -> StepForm | None:
    """The form of the step that was asked for, filled in; None for a step that there is not."""
    form = next((form for form in FORMS if request.POST.get("step") == form.NAME), None)
    return form(request.POST, request.FILES) if form else None


def possible(appeal: Appeal, officer: AbstractBaseUser, filled: StepForm | None = None) -> Iterator[StepForm]:
    """The forms of the steps that ``officer`` can take now, and the one with a fault that comes back."""
    for form in FORMS:
        if filled and filled.NAME == form.NAME:
            yield filled
        elif appeal.status in form.IN and officer.has_perm(form.PERMISSION):
            yield form()
