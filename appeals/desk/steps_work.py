"""The steps with which an appeal is worked on: who has it, what it is about, what is asked, what belongs to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.alphabet import NameChoiceField, NamesChoiceField
from portal.fields import LineField

from .. import casework
from ..choices import Kind
from ..models import Appeal, Authority, Forwarding, Topic
from .assigning import AssignFields
from .step_form import StepForm, text_field


class AssignForm(AssignFields, StepForm):
    NAME, TITLE, PERMISSION = "assign", gettext_lazy("Assign"), "appeals.assign_appeal"
    KEY = "a"
    HELP = gettext_lazy(
        "To a department, to an officer, or to one of a department's officers. For 10 seconds it can be taken back."
    )

    def __init__(self, appeal: Appeal, officer: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(appeal, officer, *args, **kwargs)
        self.initial |= {"department": appeal.department_id, "to": appeal.officer_id}

    def take(self) -> str:
        casework.assign(self.appeal, self.officer, self.cleaned_data["department"], self.cleaned_data["to"])
        return _("The appeal is assigned.")


class ClassifyForm(StepForm):
    NAME, TITLE, PERMISSION = "classify", gettext_lazy("Topic and kind"), "appeals.register_appeal"
    HELP = gettext_lazy("What it is about, and of which kind it is by the law, whatever its writer called it.")

    topic = NameChoiceField(Topic.objects.filter(in_use=True), label=gettext_lazy("Topic"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)

    def __init__(self, appeal: Appeal, officer: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(appeal, officer, *args, **kwargs)
        self.initial |= {"topic": appeal.topic_id, "kind": appeal.kind}

    def take(self) -> str:
        casework.classify(self.appeal, self.officer, self.cleaned_data["topic"], self.cleaned_data["kind"])
        return _("Topic and kind are set.")


class ForwardForm(StepForm):
    NAME, TITLE, PERMISSION = "forward", gettext_lazy("Forward to another authority"), "appeals.forward_appeal"
    KEY = "g"
    HELP = gettext_lazy(
        "The authority and the applicant are written to; the term goes on, and forwarding never counts as an answer. "
        "Choose two to split the appeal. For 10 seconds it can be taken back."
    )

    authorities = NamesChoiceField(
        Authority.objects.filter(in_use=True),
        label=gettext_lazy("Authorities"),
        widget=forms.CheckboxSelectMultiple,
    )
    text = text_field(
        gettext_lazy("What they are asked to do"),
        gettext_lazy("If it is split, say who is asked what. The applicant does not read this."),
        rows=4,
    )

    def take(self) -> str:
        casework.forward(self.appeal, self.officer, list(self.cleaned_data["authorities"]), self.cleaned_data["text"])
        return _("The appeal is forwarded; its papers can be printed below.")


class TakeBackForm(StepForm):
    NAME, TITLE, PERMISSION = "take_back", gettext_lazy("It came back"), "appeals.forward_appeal"
    HELP = gettext_lazy("The authority is not competent, or has done its part: the office goes on itself.")

    forwarding = forms.ModelChoiceField(
        Forwarding.objects.none(), label=gettext_lazy("From"), widget=forms.RadioSelect, empty_label=None
    )
    text = text_field(gettext_lazy("What they said"), rows=3)

    def __init__(self, appeal: Appeal, officer: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(appeal, officer, *args, **kwargs)
        held = appeal.forwardings.filter(returned_at=None).select_related("authority")
        self.fields["forwarding"].queryset = held
        self.fields["forwarding"].label_from_instance = lambda row: row.authority.name
        self.initial["forwarding"] = held[0].pk if len(held) == 1 else None

    def take(self) -> str:
        casework.take_back(self.appeal, self.officer, self.cleaned_data["forwarding"], self.cleaned_data["text"])
        return _("The appeal is back at the office; the applicant is told.")


class AskForm(StepForm):
    NAME, TITLE = "ask", gettext_lazy("Ask the applicant (the clock stands still)")
    KEY = "q"

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

    def take(self) -> str:
        given = self.cleaned_data
        casework.ask(self.appeal, self.officer, given["text"], given["field"], given["days"])
        return _("The applicant is asked; the clock stands still.")


class ExtendForm(StepForm):
    NAME, TITLE = "extend", gettext_lazy("Extend the term")

    more_days = forms.IntegerField(label=gettext_lazy("Days more"), min_value=1)
    text = text_field(gettext_lazy("Reason"), gettext_lazy("The applicant reads it, with number and code."), rows=3)

    def take(self) -> str:
        casework.extend(self.appeal, self.officer, self.cleaned_data["more_days"], self.cleaned_data["text"])
        return _("The term is extended; the applicant is told why.")


class OtherAppealForm(StepForm):
    """A step that names another appeal by its number."""

    other = LineField(
        label=gettext_lazy("Number of the other appeal"),
        max_length=11,
        help_text=gettext_lazy("For instance 2026-000123"),
    )

    def clean_other(self) -> Appeal:
        found = Appeal.objects.filter(number=self.cleaned_data["other"]).first()
        if found is None:
            raise ValidationError(_("There is no appeal with this number."), code="unknown")
        return found


class JoinForm(OtherAppealForm):
    NAME, TITLE = "join", gettext_lazy("Join to another appeal")
    HELP = gettext_lazy("A repeat, or one of many about the same: it is answered together with the other one.")

    def take(self) -> str:
        casework.join(self.appeal, self.officer, self.cleaned_data["other"])
        return _("The appeal is joined; its applicant is told.")


class SeparateForm(StepForm):
    NAME, TITLE = "separate", gettext_lazy("Examine it by itself again")

    def take(self) -> str:
        casework.separate(self.appeal, self.officer)
        return _("The appeal is examined by itself again.")


class LinkForm(OtherAppealForm):
    NAME, TITLE = "link", gettext_lazy("Link with another appeal")
    HELP = gettext_lazy("Only a note that they have to do with each other; nothing else changes.")

    def take(self) -> str:
        casework.link(self.appeal, self.officer, self.cleaned_data["other"])
        return _("The appeals are linked.")


class NoteForm(StepForm):
    NAME, TITLE = "note", gettext_lazy("Internal note")
    KEY = "n"
    HELP = gettext_lazy("For colleagues; the applicant never sees it. It is encrypted with the appeal.")

    text = text_field(gettext_lazy("Note"), rows=3)

    def take(self) -> str:
        casework.note(self.appeal, self.officer, self.cleaned_data["text"])
        return _("The note is kept.")


class UndoForm(StepForm):
    """Offered by a bar of its own, for as long as it can be taken."""

    NAME, TITLE, PERMISSION = "undo", gettext_lazy("Take it back"), "appeals.assign_appeal"

    @classmethod
    def is_offered(cls, appeal: Appeal, officer: AbstractBaseUser) -> bool:
        return False

    def take(self) -> str:
        casework.undo(self.appeal, self.officer)
        return _("It is taken back; nobody was written to.")
