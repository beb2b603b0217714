"""The forms of an appeal's further way: number and code, messages, what is to be mended, the word on the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField, LinesField

from . import divisions, receipt
from .article21 import Place
from .content import Content
from .person_forms import PersonForm

MESSAGE_MAX = 3000
WHOLE_ADDRESS = _("Write the whole address: region, city or district, settlement, street.")


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


class AddressForm(PersonForm):
    """The fields of the write page that hold the address, alone: for an appeal whose address is to be mended."""

    FIELDS = ("region", "district", "country", "jamoat", "address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self.FIELDS):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or {}
        place = Content.of(cleaned).place_fact()
        if place == Place.MISSING:
            self.add_error(self._first_missing(cleaned), WHOLE_ADDRESS)
        elif place == Place.WRONG:
            self.add_error("district", _("This city or district is not in the region that you chose."))
        return cleaned

    @staticmethod
    def _first_missing(cleaned: dict[str, Any]) -> str:
        inner = "country" if cleaned.get("region") == divisions.ABROAD else "district"
        return next((name for name in ("region", inner) if not cleaned.get(name)), "address")
