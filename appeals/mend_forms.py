"""The forms with which an applicant mends the one thing that the office asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField

from . import casework, divisions
from .article21 import Ground, Place
from .casework import SentFile
from .check_forms import SignatureForm
from .choices import FileRole
from .content import Content
from .grounds import ALSO_NEEDED, fields_that_mend, ground_text
from .judgement import HANDWRITTEN
from .person_forms import NEEDED, PersonForm

WHOLE_ADDRESS = _("Write the whole address: region, city or district, settlement, street.")
OF_NAMES = {Ground.NAME_MISSING, Ground.NAME_PARTIAL, Ground.ENTITY_NAME_MISSING}


class MendForm(PersonForm):
    """A few fields of the write page, alone, with what was given before."""

    FIELDS: tuple[str, ...] = ()

    def __init__(self, content: Content, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial=content.as_dict())
        self.content = content
        for name in set(self.fields) - set(self.FIELDS):
            del self.fields[name]

    @property
    def values(self) -> dict[str, Any]:
        """What is mended, from a valid form."""
        return {name: self.cleaned_data[name] for name in self.fields}

    @property
    def signature(self) -> SentFile | None:
        return None


class AddressForm(MendForm):
    FIELDS = ("region", "district", "country", "jamoat", "address")

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


class NameForm(MendForm):
    """The name of the person or of the legal entity, whichever wrote."""

    entity_name = LineField(label=_("Full name of the legal entity"), required=False, max_length=300, help_text=NEEDED)

    FIELDS = ("surname", "given_name", "patronymic", "no_patronymic", "single_name", "entity_name")

    def __init__(self, content: Content, data: Any = None, files: Any = None) -> None:
        super().__init__(content, data, files)
        for name in self.FIELDS:
            if (name == "entity_name") != content.is_entity:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or {}
        content = Content.of(self.content.as_dict() | cleaned)
        self.check_characters(entity=content.is_entity)
        for ground in casework.judged_people(content, HANDWRITTEN)[0].grounds:
            for place, field in enumerate(fields_that_mend(ground, content) if ground in OF_NAMES else ()):
                if not self.has_error(field):
                    self.add_error(field, ALSO_NEEDED[field] if place else ground_text(ground))
        return cleaned


class NewSignatureForm(SignatureForm):
    """A picture of a signature by hand, in place of the one that was missing or bad."""

    use_required_attribute = False

    def __init__(self, content: Content, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        del self.fields["digital"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("signature") and not self.has_error("signature"):
            self.add_error("signature", ValidationError(_("Choose the picture of your signature."), code="required"))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {}

    @property
    def signature(self) -> SentFile:
        upload = self.cleaned_data["signature"]
        return SentFile(FileRole.SIGNATURE, "signature.png", upload.content_type, upload.content)


FORMS: dict[str, Callable[..., AddressForm | NameForm | NewSignatureForm]] = {
    "address": AddressForm,
    "name": NameForm,
    "signature": NewSignatureForm,
}
