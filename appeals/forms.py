"""The forms of "Write to the President": what is typed, and how it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.addresses import AddressField
from portal.fields import LineField, LinesField

from . import article21, casework, divisions, names, uploads
from .article21 import Ground, Signature
from .content import CRIME_MIN_LENGTH, Content
from .fields import DistrictSelect, MultipleFileField, OneUseCaptchaField
from .models import Applicant, Kind

TEXT_MIN, TEXT_MAX = 20, 5000
MAX_ATTACHMENTS = 5

NEEDED = _("Needed for examination.")

# Beside the further fields that a ground names: its own sentence stands beside the first.
ALSO_NEEDED = {
    "surname": _("Write your surname."),
    "given_name": _("Write your name."),
    "patronymic": _("Write your patronymic, or tick below that your documents have none."),
    "region": _("Choose the region."),
    "district": _("Choose the city or district."),
    "country": _("Write the country."),
    "address": _("Write the settlement, the street and the house."),
}

REFUSALS = {
    "type": _("This file is not of a kind that can be taken here."),
    "pixels": _("The picture has too many pixels (at most 40 million). Please make it smaller."),
    "damaged": _("The picture is damaged and cannot be read. Please choose it again or take another."),
    "blank": _("There is nothing to be seen in this picture. Please sign on white paper with a dark pen."),
}


def check_size(file: Any) -> None:
    """Refuse a file above the limit."""
    if file.size > settings.UPLOAD_LIMIT:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s MB."),
            params={"name": printable_name(file.name), "limit": settings.UPLOAD_LIMIT // 2**20},
            code="too_large",
        )


def printable_name(name: str) -> str:
    """A file's name as it is kept: at most 150 characters, none that hides or turns the others."""
    return "".join(character for character in names.clean(name) if character.isprintable())[-150:]


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
        help_text=_("PDF, JPEG or PNG; at most 5 files of 5 MB each."),
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
        self.fields["attachments"].widget.attrs["accept"] = "application/pdf,image/jpeg,image/png"

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if sum(character.isalpha() for character in text) < TEXT_MIN // 2 or len(text) < TEXT_MIN:
            raise ValidationError(_("Please describe your matter in words: at least 20 characters."), code="too_short")
        return text

    def clean_crime(self) -> bool:
        return self.cleaned_data["crime"] == "yes"

    def clean_attachments(self) -> list[tuple[str, uploads.Upload]]:
        """The files that can be taken, read; an error names each that cannot."""
        taken, errors = [], []
        for file in self.cleaned_data["attachments"]:
            try:
                check_size(file)
                taken.append((printable_name(file.name), uploads.read_attachment(file)))
            except ValidationError as error:
                errors.append(error)
            except uploads.Refused as refused:
                sentence = f"“{printable_name(file.name)}” — {REFUSALS[refused.code]}"
                errors.append(ValidationError(sentence, code=refused.code))
        self.taken_attachments = taken
        if errors:
            raise ValidationError(errors)
        return taken

    taken_attachments: list[tuple[str, uploads.Upload]] = []

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


class SignatureForm(forms.Form):
    """The check page, first half: a signature by hand (its image) or a digital one, if none was given before."""

    signature = forms.FileField(
        label=_("Your signature"),
        required=False,
        help_text=_("A photo or scan of your signature on white paper: JPEG, PNG or WebP, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    digital = forms.FileField(
        label=_("The signature file, or the signed PDF"),
        required=False,
        allow_empty_file=True,  # ``signature`` says it in its own words.
        help_text=_("A detached signature (.p7s, CMS or CAdES), or the document itself signed as a PDF (PAdES)."),
        widget=forms.FileInput(attrs={"accept": ".p7s,.p7m,.sig,.pem,.pdf"}),
    )

    def clean_digital(self) -> bytes | None:
        file = self.cleaned_data["digital"]
        if not file:
            # An empty file is false, and not the same as none.
            return b"" if self.files.get("digital") else None
        check_size(file)
        return file.read()

    def clean_signature(self) -> uploads.Upload | None:
        file = self.cleaned_data["signature"]
        if not file:
            return None
        check_size(file)
        try:
            return uploads.read_signature(file)
        except uploads.Refused as refused:
            raise ValidationError(REFUSALS[refused.code], code=refused.code) from None


class CaptchaForm(forms.Form):
    """The check page, second half: asking it uses the picture up."""

    use_required_attribute = False

    captcha = OneUseCaptchaField(
        label=_("Digits in the picture"),
        error_messages={"invalid": _("The digits do not match. Here is a new picture; nothing you typed is lost.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer = self.fields["captcha"].widget.widgets[1].attrs
        answer |= {"inputmode": "numeric", "aria-describedby": "id_captcha_helptext id_captcha_error"}


def ground_text(ground: Ground) -> str:
    """The ground in a sentence for the citizen, in the page's language."""
    return article21.GROUND_TEXTS[ground][get_language() or "tg"]


def fields_that_mend(ground: Ground, content: Content) -> Iterable[str]:
    """The names of the fields beside which ``ground`` is told: those that are empty, else the first."""
    place = (
        ("region", "country", "address") if content.region == divisions.ABROAD else ("region", "district", "address")
    )
    candidates = {
        Ground.NAME_MISSING: ("surname", "given_name", "patronymic"),
        Ground.NAME_PARTIAL: ("surname", "given_name", "patronymic"),
        Ground.ENTITY_NAME_MISSING: ("entity_name",),
        Ground.RESIDENCE_MISSING: place,
        Ground.LOCATION_MISSING: place,
        Ground.RESIDENCE_WRONG: ("district",),
        Ground.LOCATION_WRONG: ("district",),
        Ground.UNSIGNED: ("signature",),
        Ground.SIGNATURE_INVALID: ("signature",),
        Ground.DATA_UNTRUE: ("text",),
    }[ground]
    skip = {"patronymic"} if content.no_patronymic or content.single_name else set()
    if content.single_name:
        skip |= {"given_name"} if content.surname else {"surname"}
    empty = [field for field in candidates if field not in skip and not is_given(getattr(content, field, ""))]
    return empty or [field for field in candidates if field not in skip][:1]


def is_given(text: str) -> bool:
    """The field holds something that counts: a letter or digit, no initials, no placeholder."""
    return (
        any(character.isalnum() for character in text)
        and not names.is_initials(text)
        and not names.is_placeholder(text)
    )
