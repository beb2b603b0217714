"""The office's steps on one appeal: a short form, and the function of ``casework`` that it leads to."""

from __future__ import annotations

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.fields import LinesField

from . import casework
from .models import Appeal

TEXT_MAX = 20_000


class StepForm(forms.Form):
    """What the officer writes, and the step that it is."""

    STEPS = (
        ("ask", gettext_lazy("Ask the applicant (the clock stands still)")),
        ("ask_address", gettext_lazy("Ask the applicant to mend the address")),
        ("answer", gettext_lazy("Answer")),
        ("leave_unexamined", gettext_lazy("Leave without examination")),
        ("replace_code", gettext_lazy("Replace a lost tracking code")),
    )

    step = forms.ChoiceField(label=gettext_lazy("Step"), choices=STEPS)
    text = LinesField(
        label=gettext_lazy("Text"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "The applicant reads it, with number and code. For a lost code: how the person proved who he is; only the "
            "office sees that."
        ),
    )

    def take(self, appeal: Appeal, officer: AbstractBaseUser) -> str:
        """Take the step; returns a sentence for the officer. A new code is no sentence: ``admin`` gives it.

        Raises ``casework.Refused`` and ``PermissionDenied``.
        """
        step, text = self.cleaned_data["step"], self.cleaned_data["text"]
        if step in {"ask", "ask_address"}:
            casework.ask(appeal, officer, text, field="address" if step == "ask_address" else "")
            return _("The applicant is asked; the clock stands still.")
        if step == "answer":
            casework.answer(appeal, officer, text)
            return _("The appeal is answered.")
        casework.leave_unexamined(appeal, officer, text)
        return _("The appeal is left without examination.")
