"""The form of "Write to the President": what is typed and attached."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.addresses import AddressField
from portal.fields import LineField, LinesField

from . import casework, divisions, names
from .article21 import Signature
from .attachments import Taken, take_all
from .content import CRIME_MIN_LENGTH, Content
from .fields import DistrictSelect, MultipleFileField
from .file_checks import ACCEPT
from .grounds import ALSO_NEEDED, fields_that_mend, ground_text
from .models import Applicant, Kind

TEXT_MIN, TEXT_MAX = 20, 5000

NEEDED = _("Needed for examination.")


class AppealForm(forms.Form):
    """The write page. Valid when the appeal may go on to the check page (the signature is given there)."""

    applicant = forms.ChoiceField(
        label=_("Who is writing?"),
        choices=Applicant,
        widget=forms.RadioSelect,
        initial=Applicant.INDIVIDUAL,
        error_messages={"required": _("Choose who is writing.")},
    )
    surname = LineField(label=_("Surname"), required=False, max_length=100, help_text=NEEDED)
    given_name = LineField(label=_("Name"), required=False, max_length=100, help_text=NEEDED)
    patronymic = LineField(label=_("Patronymic"), required=False, max_length=100, help_text=NEEDED)
    no_patronymic = forms.BooleanField(label=_("My documents have no patronymic"), required=False)
    single_name = forms.BooleanField(label=_("My documents have only one name"), required=False)
    entity_name = LineField(label=_("Full name of the legal entity"), required=False, max_length=300, help_text=NEEDED)
    representative = LineField(label=_("Who signs for it: name and position"), required=False, max_length=200)
    region = forms.ChoiceField(label=_("Region, or the city of Dushanbe"), required=False, help_text=NEEDED)
    district = forms.ChoiceField(label=_("City or district"), required=False, widget=DistrictSelect, help_text=NEEDED)
    country = LineField(label=_("Country"), required=False, max_length=100, help_text=NEEDED)
    address = LineField(
        label=_("Settlement, street, house"),
        required=False,
        max_length=300,
        help_text=_("Needed for examination. For a village without street names, its name is enough."),
    )
    email = AddressField(
        label=_("E-mail"), required=False, help_text=_("Only for the answer. Not required by the law.")
    )
    phone = LineField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        help_text=_("Only for the answer. Not required by the law."),
        validators=[
            RegexValidator(r"^\+?[\d\s().-]{5,}$", _("Write the number in digits, for example +992 900 00 00 00."))
        ],
    )
    kind = forms.ChoiceField(
        label=_("Kind of appeal"),
        choices=Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of your appeal.")},
    )
    text = LinesField(
        label=_("Your appeal"),
        max_length=TEXT_MAX,
        help_text=_("What happened, and what you ask for: from 20 to 5,000 characters."),
        error_messages={"required": _("Write your appeal: what happened, and what you ask for.")},
    )
    crime = forms.ChoiceField(
        label=_("Does your appeal tell of a planned or committed crime?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        widget=forms.RadioSelect,
        initial="no",
        error_messages={"required": _("Answer yes or no.")},
    )
    crime_what = LinesField(label=_("What was done or is planned?"), required=False, max_length=2000)
    crime_when = LineField(label=_("When, or for when is it planned?"), required=False, max_length=200)
    crime_where = LineField(label=_("Where?"), required=False, max_length=300)
    attachments = MultipleFileField(
        label=_("Add files"),
        required=False,
    )
    keep_hidden_data = forms.BooleanField(
        label=_("Keep the hidden data of my pictures"),
        required=False,
        help_text=_(
            "Pictures often hold more than one sees: the place and time of the shot, the camera. It is removed from "
            "JPEG, PNG and WebP pictures; other files stay as they are. Keep it if a picture serves as evidence."
        ),
    )

    # The messages come from us, in the page's language, not from the browser in its own.
    use_required_attribute = False

    # Browsers fill these in from what the person has saved (WCAG 2.2, criterion 1.3.5).
    AUTOCOMPLETE = {
        "surname": "family-name",
        "given_name": "given-name",
        "patronymic": "additional-name",
        "entity_name": "organization",
        "country": "country-name",
        "address": "street-address",
        "email": "email",
        "phone": "tel",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "tg"
        regions = divisions.regions()
        self.fields["region"].choices = [
            ("", _("— choose —")),
            *((region.code, region.name(language)) for region in regions),
            (divisions.ABROAD, _("Outside Tajikistan")),
        ]
        self.fields["district"].choices = [
            ("", _("— choose —")),
            *(
                (
                    region.name(language),
                    [(item.code, item.name(language)) for item in divisions.districts_of(region.code)],
                )
                for region in regions
            ),
        ]
        for name, value in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = value
        self.fields["text"].widget.attrs |= {
            "rows": 12,
            "data-counter": str(TEXT_MAX),
            "data-counter-text": _("Characters: {used} of {limit}"),
        }
        self.fields["crime_what"].widget.attrs["rows"] = 4
        limits = {"most": settings.ATTACHMENTS_MOST, "limit": settings.ATTACHMENTS_TOTAL // 2**20}
        kinds = _("PDF, pictures, office documents, text, sound, video. Files: up to %(most)s, %(limit)s MB together.")
        self.fields["attachments"].help_text = kinds % limits
        self.fields["attachments"].widget.attrs |= {
            "accept": ACCEPT,
            "data-largest": str(settings.ATTACHMENTS_TOTAL),
            "data-too-large": _("All files together may have %(limit)s MB.") % limits,
        }

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if sum(character.isalpha() for character in text) < TEXT_MIN // 2 or len(text) < TEXT_MIN:
            raise ValidationError(_("Please describe your matter in words: at least 20 characters."), code="too_short")
        return text

    def clean_crime(self) -> bool:
        return self.cleaned_data["crime"] == "yes"

    def clean_attachments(self) -> list[Taken]:
        """The files that can be taken, read; an error names each that cannot."""
        # The raw value: its own field stands after this one.
        keep_hidden_data = bool(self.data.get("keep_hidden_data"))
        self.taken_attachments, errors = take_all(self.cleaned_data["attachments"], keep_hidden_data)
        if errors:
            raise ValidationError(errors)
        return self.taken_attachments

    taken_attachments: list[Taken] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        content = Content.of(cleaned)
        if content.crime and content.crime_length() < CRIME_MIN_LENGTH and not self.has_error("crime_what"):
            self.add_error(
                "crime_what",
                ValidationError(
                    _("Please tell what, when and where: at least 30 characters together."), code="crime_details"
                ),
            )
        if content.crime:
            return cleaned
        self._check_name_characters(content)
        # The signature is given on the next page: here only what this page can mend.
        assessment = casework.assess_facts(content.facts(Signature.HANDWRITTEN))
        if assessment.refused_when_sending:
            for ground in assessment.grounds:
                for place, field in enumerate(fields_that_mend(ground, content)):
                    if not self.has_error(field):
                        sentence = ALSO_NEEDED[field] if place else ground_text(ground)
                        self.add_error(field, ValidationError(sentence, code=ground))
        return cleaned

    def _check_name_characters(self, content: Content) -> None:
        for field in () if content.is_entity else ("surname", "given_name", "patronymic"):
            if names.has_forbidden_characters(getattr(content, field)) and not self.has_error(field):
                self.add_error(
                    field,
                    ValidationError(
                        _("A name is written with letters, hyphens and apostrophes, without digits or other signs."),
                        code="name_characters",
                    ),
                )
