"""Files of pictures in a form: judged by their content, each refusal with the name of its file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from .. import images
from ..iptc import Facts
from .photo_facts import facts_of, find_place, said

# What the browser offers to choose; what is sent is judged by its content.
PICTURES = "image/jpeg,image/png,image/webp,.jpg,.jpeg,.png,.webp"


class PictureField(forms.FileField):
    """One picture. Django's own field would try every format that Pillow knows; this one knows three."""

    default_validators = [images.validate_picture]
    default_error_messages = {"empty": _("The file is empty.")}


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(PictureField):
    """Several pictures; what is wrong with one of them is said with its name."""

    widget = PicturesInput(attrs={"accept": PICTURES})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        errors: list[ValidationError] = []
        for file in files:
            try:
                super().clean(file, initial)
            except ValidationError as error:
                errors += [named(file, sentence) for sentence in error.messages]
        if errors:
            raise ValidationError(errors)
        return list(files)


def named(file: UploadedFile, sentence: str) -> ValidationError:
    values = {"file": shown_name(file), "sentence": sentence}
    return ValidationError(_("%(file)s: %(sentence)s"), code="refused", params=values)


def shown_name(file: UploadedFile) -> str:
    """The name that the sender gave the file, fit to be shown."""
    name = "".join(letter if letter.isprintable() else "·" for letter in file.name or "")
    return Truncator(name).chars(80)


class PhotoFilesForm(forms.ModelForm):
    """Adds photos to the form of an event. A new event without a date takes that of the first photo that has one."""

    new_photos = PicturesField(label=_("Add photos"), required=False)

    taken_over = ""  # What was taken from a photo, in words.

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        files = cleaned.get("new_photos") or []
        if files and not self.instance.pk:
            self._take_over(facts_of(files), cleaned)
        return cleaned

    def _take_over(self, facts: Facts, cleaned: dict[str, Any]) -> None:
        """Fill what is empty on the page of a new event."""
        if facts.taken_at and "starts_at" in self.errors and self._is_untouched("starts_at"):
            del self._errors["starts_at"]
            cleaned["starts_at"] = facts.taken_at
            self.taken_over = said(facts.taken_at)
        place = find_place(facts.city)
        if place and "place" in self.fields and not cleaned.get("place") and "place" not in self.errors:
            cleaned["place"] = place
            self.taken_over = ", ".join(filter(None, [self.taken_over, str(place)]))

    def _is_untouched(self, name: str) -> bool:
        """Nothing was typed into any part of the field: half a date is a fault, not an empty one."""
        typed = self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return not any(typed if isinstance(typed, list) else [typed])
