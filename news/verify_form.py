"""What a reader asks of the page that verifies texts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField, LinesField

from . import quotes
from .statement import read_digest
from .verification import named_reports, report_number


class DigestForm(forms.Form):
    digest = LineField(
        label=_("Digest (SHA-256)"),
        max_length=500,
        help_text=_("It stands at the foot of each page of the document: 64 letters and figures. Spaces do no harm."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_digest(self) -> str:
        if digest := read_digest(self.cleaned_data["digest"]):
            return digest
        raise ValidationError(_("A digest has 64 characters: the figures 0–9 and the letters a–f."), code="no_digest")


class QuoteForm(forms.Form):
    """``cleaned_data["quote"]`` is the quotation as it is looked for; ``reports`` are those that were named."""

    quote = LinesField(
        label=_("The quoted text"),
        max_length=quotes.MOST_CHARACTERS,
        help_text=_(
            "At least three words. Capital letters and the kinds of quotation marks, dashes and spaces are not "
            "counted; every word and every other sign is."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    report = LineField(
        label=_("Address or number of the report, if you know it"),
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )

    def clean_quote(self) -> str:
        if wanted := quotes.quotation(self.cleaned_data["quote"]):
            return wanted
        raise ValidationError(_("Please quote at least three words."), code="too_short")

    def clean_report(self) -> list[Any]:
        typed = self.cleaned_data["report"]
        if not typed:
            return []
        number = report_number(typed)
        found = named_reports(number) if number is not None else []
        if not found:
            raise ValidationError(
                _("There is no report at this address. Copy the address from the browser, or leave the field empty."),
                code="no_report",
            )
        return found
