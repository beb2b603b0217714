"""The form with which the office writes down what others say or send: the citizen's own, and how the appeal came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import casework
from ..choices import SignedHow
from ..content import Content
from ..forms import AppealForm
from ..models import Appeal
from ..person_forms import forbid_autofill
from ..signing import Signed

Channel = Appeal.Channel
MOMENT = "%Y-%m-%dT%H:%M"  # As browsers write it.
NOTHING_CHOSEN = [("", _("— choose —"))]


class EnteringForm(AppealForm):
    """Valid when the appeal can be taken. Being anonymous is no fault here: an officer decides (Article 21)."""

    channel = forms.ChoiceField(
        label=_("How did the appeal come?"),
        choices=[(value, label) for value, label in Channel.choices if value != Channel.WEB],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the appeal came.")},
    )
    received_at = forms.DateTimeField(
        label=_("When was it made or received?"),
        help_text=_("Date and time in Dushanbe; for a letter, when it was delivered."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={
            "required": _("Write the date and the time."),
            "invalid": _("Write the date and the time, for example 27.11.2026 14:05."),
        },
    )
    signed = forms.ChoiceField(
        label=_("How is it signed?"),
        choices=SignedHow,
        widget=forms.RadioSelect,
        help_text=_("A call is not signed. At the reception the visitor signs the coupon, or brings a signed paper."),
        error_messages={"required": _("Choose how the appeal is signed.")},
    )
    language = forms.ChoiceField(
        label=_("In which language is the applicant to be answered?"),
        choices=[*NOTHING_CHOSEN, *settings.LANGUAGES],
        error_messages={"required": _("Choose the language.")},
    )
    again = forms.BooleanField(label=_("It is another appeal: enter it all the same"), required=False)
    # Of the citizen's form these ask only the citizen.
    named_by_certificate = None
    keep_hidden_data = None

    # The same fields, asked of somebody who writes for another.
    LABELS = {
        "applicant": _("Who appeals?"),
        "no_patronymic": _("The documents have no patronymic"),
        "single_name": _("The documents have only one name"),
        "representation": _("By what right does the applicant appeal for this person?"),
        "text": _("The appeal, in the applicant's words"),
        "crime": _("Does it tell of a planned or committed crime?"),
        "attachments": _("Scans of the paper, and what is enclosed"),
    }
    KEEP_HELP = {"channel", "received_at", "signed", "attachments"}
    AUTOCOMPLETE: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.LABELS.get(name, field.label)
            if name not in self.KEEP_HELP:
                field.help_text = ""
        forbid_autofill(self)
        self.fields["text"].error_messages["required"] = _("Write down the appeal: what happened, and what is asked.")
        self.fields["kind"].error_messages["required"] = _("Choose the kind of the appeal.")
        self.represented.title = _("The person for whom the applicant appeals")

    def clean_received_at(self) -> datetime:
        moment = self.cleaned_data["received_at"]
        if fault := casework.wrong_time(moment):
            raise ValidationError(fault, code="time")
        return moment

    def check_signature(self, *, scans: bool) -> None:
        """Say whether the appeal can be signed so, once it is known which files there are."""
        channel, signed = self.cleaned_data.get("channel"), self.cleaned_data.get("signed")
        if channel and signed and (fault := casework.wrong_signature(channel, signed, scans)):
            self.add_error("attachments" if signed in casework.SIGNATURES[channel] else "signed", fault)

    def arrival(self) -> casework.Arrival:
        known = ("channel", "received_at", "signed", "language")
        return casework.Arrival(**{name: self.cleaned_data[name] for name in known})

    def _tell_grounds(self, content: Content, signed: Signed) -> None:
        """What is missing is stored with the appeal, and refuses nothing."""


def begun() -> dict[str, Any]:
    """What stands in a form before anything is typed."""
    return {"received_at": timezone.localtime().strftime(MOMENT)}
