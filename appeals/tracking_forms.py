"""The forms of an appeal's further way: number and code, messages, taking it back, the word on the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField, LinesField

from . import receipt
from .choices import FileRole
from .message_files import MessageFilesField

MESSAGE_MAX = 3000


class CodeForm(forms.Form):
    """Number and tracking code, as the receipt shows them."""

    use_required_attribute = False

    number = LineField(
        label=_("Number"), max_length=20, error_messages={"required": _("Write the number, for example 2026-000001.")}
    )
    code = LineField(
        label=_("Tracking code"),
        max_length=40,
        help_text=_("Five groups of letters and digits, with or without hyphens."),
        error_messages={"required": _("Write the tracking code from your receipt.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}

    def clean_code(self) -> str:
        """The check character finds a slip of the pen here, before anything is looked up."""
        code = self.cleaned_data["code"]
        if receipt.normalise(code) is None:
            raise ValidationError(_("There is a slip in this code: please compare it with your receipt."), code="slip")
        return code


class MessageForm(forms.Form):
    """What the applicant writes to the office."""

    use_required_attribute = False

    text = LinesField(
        label=_("Your message"),
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write your message.")},
    )
    files = MessageFilesField(FileRole.ADDITION, label=_("Add files (you need not)"))


class WithdrawForm(forms.Form):
    use_required_attribute = False

    reason = LinesField(
        label=_("Why (you need not say)"),
        required=False,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sure = forms.BooleanField(
        label=_("Yes, I withdraw this appeal"),
        error_messages={"required": _("Tick this to withdraw the appeal.")},
    )


class RatingForm(forms.Form):
    """Did this answer you? Who says no may say what is missing: that opens the case again."""

    use_required_attribute = False

    helped = forms.ChoiceField(
        label=_("Did this answer you?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Answer yes or no.")},
    )
    missing = LinesField(
        label=_("If not: what is missing?"),
        required=False,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you write here opens the case again."),
    )
