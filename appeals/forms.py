"""The form of "Write to the President": what is typed and attached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.addresses import AddressField
from portal.fields import LineField, LinesField

from . import casework
from .attachments import Taken, take_all
from .choices import Applicant, Kind, Representation
from .content import CRIME_MIN_LENGTH, Content, Writer
from .fields import MultipleFileField
from .file_checks import ACCEPT
from .grounds import ALSO_NEEDED, fields_that_mend, ground_text
from .judgement import HANDWRITTEN, NAMING, JudgedPerson, nearest
from .people import Person
from .person_forms import (
    MOST_SIGNATORIES,
    NEEDED,
    REPRESENTED,
    SIGNATORY,
    FurtherPersonForm,
    PersonForm,
    is_begun,
    is_of_person,
    signatory_places,
    stripped,
)
from .signing import Signed

TEXT_MIN, TEXT_MAX = 20, 5000

ONLY_FOR_ANSWER = _("Only for the answer; the law does not ask for it.")


class AppealForm(PersonForm):
    """The write page. Valid when the appeal may go on to the check page (the signature is given there)."""

    applicant = forms.ChoiceField(
        label=_("Who is writing?"),
        choices=Applicant,
        widget=forms.RadioSelect,
        initial=Applicant.INDIVIDUAL,
        error_messages={"required": _("Choose who is writing.")},
    )
    entity_name = LineField(label=_("Full name of the legal entity"), required=False, max_length=300, help_text=NEEDED)
    representative = LineField(label=_("Who signs for it: name and position"), required=False, max_length=200)
    named_by_certificate = forms.BooleanField(
        label=_("I shall sign digitally, and my certificate gives the name"), required=False
    )
    representation = forms.ChoiceField(
        label=_("By what right do you write for this person?"),
        required=False,
        choices=[("", _("— choose —")), *Representation.choices],
    )
    representation_words = LineField(
        label=_("Document or explanation"),
        required=False,
        max_length=300,
        help_text=_("For example the number and the date of the power of attorney."),
    )
    email = AddressField(label=_("E-mail"), required=False, help_text=ONLY_FOR_ANSWER)
    phone = LineField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        help_text=ONLY_FOR_ANSWER,
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

    field_order = (
        "applicant",
        "surname",
        "given_name",
        "patronymic",
        "no_patronymic",
        "single_name",
        "entity_name",
        "representative",
        "named_by_certificate",
        "representation",
        "representation_words",
        "region",
        "district",
        "country",
        "jamoat",
        "address",
        "email",
        "phone",
        "kind",
        "text",
        "crime",
        "crime_what",
        "crime_when",
        "crime_where",
    )

    most_signatories = MOST_SIGNATORIES

    # Browsers fill these in from what the person has saved (WCAG 2.2, criterion 1.3.5).
    AUTOCOMPLETE = {
        "surname": "family-name",
        "given_name": "given-name",
        "patronymic": "additional-name",
        "entity_name": "organization",
        "country": "country-name",
        "address": "address-line1",
        "email": "email",
        "phone": "tel",
    }

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
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

    @cached_property
    def represented(self) -> FurtherPersonForm:
        return self._further(REPRESENTED, _("The person for whom you write"))

    @cached_property
    def signatories(self) -> list[FurtherPersonForm]:
        """Those who sign with the writer; there is always room for one more than nobody."""
        places = signatory_places(self.data if self.is_bound else self.initial) or [0]
        return [
            self._further(f"with-{place}", _("Person %(number)s") % {"number": number})
            for number, place in enumerate(places, start=2)
        ]

    def _further(self, prefix: str, title: Any) -> FurtherPersonForm:
        values = self.data if self.is_bound else self.initial
        if self.is_bound:
            return FurtherPersonForm(values, prefix=prefix, title=title)
        return FurtherPersonForm(initial=stripped(values, prefix), prefix=prefix, title=title)

    @classmethod
    def typed(cls, post: Mapping[str, str]) -> dict[str, str]:
        """What was typed, as a draft keeps it: further persons numbered from 0, without empty ones.

        ``add_person`` makes room for one more, ``remove_person`` names the place of one that is to go.
        """
        values = {name: post[name] for name in post if name in cls.base_fields or is_of_person(name)}
        rows = [stripped(values, f"with-{place}") for place in signatory_places(values)]
        values = {name: value for name, value in values.items() if not SIGNATORY.match(name)}
        gone = post.get("remove_person", "")
        kept = [row for place, row in enumerate(rows) if str(place) != gone and is_begun(row)]
        if "add_person" in post and len(kept) < MOST_SIGNATORIES:
            kept.append({"surname": ""})
        return values | {f"with-{place}-{name}": row[name] for place, row in enumerate(kept) for name in row}

    @property
    def further(self) -> list[FurtherPersonForm]:
        """The forms of further persons that belong to the choice of who writes."""
        writer = self["applicant"].value()
        if writer == Writer.BEHALF:
            return [self.represented]
        return self.signatories if writer == Writer.GROUP else []

    def is_valid(self) -> bool:
        return super().is_valid() and not any(form.errors for form in self.further)

    @property
    def has_errors(self) -> bool:
        return self.is_bound and not self.is_valid()

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
        cleaned |= self._people(cleaned)
        content = Content.of(cleaned)
        self._check_crime(content)
        self._check_right(content)
        if not content.crime:
            for form in (self, *self.further):
                form.check_characters(entity=form is self and content.is_entity)
            self._tell_grounds(content, NAMING if cleaned.get("named_by_certificate") else HANDWRITTEN)
        return cleaned

    def _people(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Everybody beside the writer, as values."""
        writer = Person.of(cleaned)
        for form in self.further:
            form.is_valid()  # It reads what was typed.
        people = [form.person(writer) for form in self.further]
        if self["applicant"].value() == Writer.BEHALF:
            return {"represented": people[0]}
        return {"signatories": tuple(one for one in people if one != Person())}

    def _check_crime(self, content: Content) -> None:
        if content.crime and content.crime_length() < CRIME_MIN_LENGTH and not self.has_error("crime_what"):
            sentence = _("Please tell what, when and where: at least 30 characters together.")
            self.add_error("crime_what", ValidationError(sentence, code="crime_details"))

    def _check_right(self, content: Content) -> None:
        """A group is more than one; who writes for another says by what right."""
        if content.applicant == Writer.GROUP and not content.signatories:
            sentence = _("Name at least one more person, or choose above that you write for yourself.")
            self.signatories[0].add_error("surname", ValidationError(sentence, code="alone"))
        if content.applicant != Writer.BEHALF:
            return
        if not content.representation:
            self.add_error("representation", _("Choose by what right you write for this person."))
        elif content.representation == Representation.OTHER and not content.representation_words:
            self.add_error("representation_words", _("Explain by what right you write for this person."))

    def _tell_grounds(self, content: Content, signed: Signed) -> None:
        """Say beside the fields why the appeal would be anonymous, were it signed so: what this page can mend."""
        if not casework.assess_signed(content, signed).refused_when_sending:
            return
        judged = casework.judged_people(content, signed)
        for one in [nearest(judged)] if content.applicant == Writer.GROUP else judged:
            form = self._form_of(one)
            for ground in one.grounds:
                for place, field in enumerate(fields_that_mend(ground, one.person)):
                    if not form.has_error(field):
                        sentence = ALSO_NEEDED[field] if place else ground_text(ground)
                        form.add_error(field, ValidationError(sentence, code=ground))

    def _form_of(self, judged: JudgedPerson) -> PersonForm:
        if judged.is_represented:
            return self.represented
        return self.signatories[judged.place - 1] if judged.place else self
