"""The steps with which an appeal is decided: findings of an officer, the answer, leaving it, what comes after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.alphabet import NameChoiceField

from .. import article21, casework
from ..article21 import TELLS_OF_CRIME, Crime
from ..choices import FileRole
from ..message_files import MessageFilesField
from ..models import Appeal, Authority
from .step_form import StepForm, text_field


class ConfirmCrimeForm(StepForm):
    NAME, TITLE, PERMISSION = "confirm_crime", gettext_lazy("It tells of a crime"), "appeals.rule_on_appeal"
    HELP = gettext_lazy("Also where the applicant did not say so. With an authority it is handed over at once.")

    authority = NameChoiceField(
        Authority.objects.filter(in_use=True, takes_crime=True),
        label=gettext_lazy("Hand it over to"),
        required=False,
        empty_label=gettext_lazy("Nobody yet: the clock of the handing over runs"),
    )
    text = text_field(gettext_lazy("On what this rests, and what the authority is asked to do"), rows=4)

    @classmethod
    def makes_sense(cls, appeal: Appeal, officer: AbstractBaseUser) -> bool:
        return appeal.crime != Crime.CONFIRMED

    def take(self) -> str:
        given = self.cleaned_data
        casework.confirm_crime(self.appeal, self.officer, given["text"], given["authority"])
        return _("The information about a crime is confirmed.")


class RefuteCrimeForm(StepForm):
    NAME, TITLE, PERMISSION = "refute_crime", gettext_lazy("It tells of no crime"), "appeals.rule_on_appeal"
    HELP = gettext_lazy("The appeal is assessed anew, as if it told of none.")

    text = text_field(gettext_lazy("On what this rests"), rows=4)

    @classmethod
    def makes_sense(cls, appeal: Appeal, officer: AbstractBaseUser) -> bool:
        return appeal.crime in TELLS_OF_CRIME

    def take(self) -> str:
        casework.refute_crime(self.appeal, self.officer, self.cleaned_data["text"])
        return _("The finding is recorded; the appeal is assessed anew.")


class FindUntrueForm(StepForm):
    NAME, TITLE, PERMISSION = "find_untrue", gettext_lazy("The data are untrue"), "appeals.rule_on_appeal"
    HELP = gettext_lazy(
        "The appeal is assessed anew. It does not end by this: ask the applicant to mend the data, or decide."
    )

    text = text_field(gettext_lazy("What was checked, and what was found"), rows=4)

    @classmethod
    def makes_sense(cls, appeal: Appeal, officer: AbstractBaseUser) -> bool:
        return not appeal.truth_refuted

    def take(self) -> str:
        casework.find_untrue(self.appeal, self.officer, self.cleaned_data["text"])
        return _("The finding is recorded; the appeal is assessed anew.")


class AnswerForm(StepForm):
    NAME, TITLE = "answer", gettext_lazy("Answer")
    KEY = "w"

    text = text_field(gettext_lazy("Answer"), gettext_lazy("The applicant reads it, with number and code."), rows=12)
    files = MessageFilesField(FileRole.ANSWER, label=gettext_lazy("Files"))

    def take(self) -> str:
        given = self.cleaned_data
        if settings.ANSWER_SECOND_PERSON:
            casework.prepare(self.appeal, self.officer, given["text"], given["files"])
            return _("The answer waits for a second person.")
        casework.answer(self.appeal, self.officer, given["text"], given["files"])
        return _("The appeal is answered.")


class ApproveForm(StepForm):
    NAME, TITLE, PERMISSION = "approve", gettext_lazy("Approve the answer"), "appeals.approve_answer"
    KEY = "y"
    HELP = gettext_lazy("The applicant gets it as it stands above, and so do those of joined appeals.")

    @classmethod
    def makes_sense(cls, appeal: Appeal, officer: AbstractBaseUser) -> bool:
        return appeal.prepared_by_id not in (None, officer.pk)

    def take(self) -> str:
        casework.approve_answer(self.appeal, self.officer)
        return _("The appeal is answered.")


class SendBackForm(StepForm):
    NAME, TITLE, PERMISSION = "send_back", gettext_lazy("Send the answer back"), "appeals.approve_answer"

    text = text_field(gettext_lazy("What is to be changed"), gettext_lazy("Its writer reads this."), rows=3)

    @classmethod
    def makes_sense(cls, appeal: Appeal, officer: AbstractBaseUser) -> bool:
        return bool(appeal.prepared_by_id)

    def take(self) -> str:
        casework.send_back(self.appeal, self.officer, self.cleaned_data["text"])
        return _("The answer is sent back to its writer.")


class LeaveUnexaminedForm(StepForm):
    NAME, TITLE = "leave_unexamined", gettext_lazy("Leave without examination")

    ground = forms.ChoiceField(label=gettext_lazy("Ground"), widget=forms.RadioSelect)
    text = text_field(
        gettext_lazy("Explanation"), gettext_lazy("The applicant reads it, together with the words of the law.")
    )
    checked = text_field(
        gettext_lazy("What was checked"),
        gettext_lazy("Needed if the data are untrue; the applicant reads it too."),
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "tg"
        self.fields["ground"].choices = [
            *((ground.value, article21.GROUND_TEXTS[ground][language]) for ground in article21.Ground),
            (casework.OTHER, _("Another reason, given in the explanation")),
        ]

    def take(self) -> str:
        given = self.cleaned_data
        casework.leave_unexamined(self.appeal, self.officer, given["text"], given["ground"], given["checked"])
        return _("The appeal is left without examination.")


class ReopenForm(StepForm):
    NAME, TITLE, PERMISSION = "reopen", gettext_lazy("Open the case again"), "appeals.archive_appeal"
    HELP = gettext_lazy("A new term begins today.")

    text = text_field(gettext_lazy("Reason"), gettext_lazy("The applicant reads it, with number and code."), rows=3)

    def take(self) -> str:
        casework.reopen(self.appeal, self.officer, self.cleaned_data["text"])
        return _("The case is open again; the applicant is told.")


class ArchiveForm(StepForm):
    NAME, TITLE, PERMISSION = "archive", gettext_lazy("Archive"), "appeals.archive_appeal"
    HELP = gettext_lazy("It leaves the lists of daily work; nothing of it is erased.")

    @classmethod
    def makes_sense(cls, appeal: Appeal, officer: AbstractBaseUser) -> bool:
        return not appeal.archived_at and not casework.may_be_rated(appeal)

    def take(self) -> str:
        casework.archive(self.appeal, self.officer)
        return _("The appeal is archived.")


class ReplaceCodeForm(StepForm):
    """A new code is no sentence for the next page: ``case`` takes this step and shows the code at once."""

    NAME, TITLE, PERMISSION = "replace_code", gettext_lazy("Replace a lost tracking code"), "appeals.replace_code"

    text = text_field(
        gettext_lazy("How the person proved who he is"), gettext_lazy("Only the office sees this, encrypted."), rows=3
    )
