"""The photos of an event at the desk: one row each, with its captions, its place in the order and its focal point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.forms import BaseInlineFormSet, Script
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..models import Event, Photo
from ..photos import MIDDLE
from .photo_files import PICTURES, PictureField, shown_name
from .photo_notes import READY, Note, duplicates, notes
from .rights import TEXT_FIELDS, is_locked

# More would not fit into one form: see DATA_UPLOAD_MAX_NUMBER_FIELDS.
MOST_PHOTOS = 300
PREFIX = "photos"


class PhotoForm(forms.ModelForm):
    """A photo; without a position it goes to the end."""

    LAST = 32767

    image = PictureField(
        label=_("Another picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES}),
        help_text=_("Takes the place of this one; captions stay."),
    )
    position = forms.IntegerField(
        label=_("position"),
        required=False,
        min_value=0,
        max_value=LAST,
        help_text=_("0 is the lead photo; empty: last."),
    )

    class Meta:
        model = Photo
        fields = (
            "image", "position", "credit", "caption_tg", "caption_ru", "caption_en", "alt_tg", "alt_ru", "alt_en",
            "decorative", "focal_x", "focal_y",
        )  # fmt: skip
        # A caption is one line of text, but a long one.
        widgets = {
            f"{kind}_{code}": forms.Textarea(attrs={"rows": 2})
            for kind in ("caption", "alt")
            for code, _name in settings.LANGUAGES
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["position"] = None
        for name, value in zip(("focal_x", "focal_y"), self.instance.focal, strict=True):
            if name in self.fields:
                self.initial[name] = value
                self.fields[name].required = False
                self.fields[name].widget.attrs["max"] = 100

    def clean_position(self) -> int:
        position = self.cleaned_data["position"]
        return self.LAST if position is None else position

    def clean_image(self) -> Any:
        image = self.cleaned_data["image"]
        if not image and not self.instance.pk:
            raise forms.ValidationError(_("Choose a picture."), code="required")
        return image

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        across, down = self.instance.focal
        for name, before in (("focal_x", across), ("focal_y", down)):
            if cleaned.get(name) is None and name in cleaned:
                cleaned[name] = before
        if cleaned.get("focal_x") == cleaned.get("focal_y") == MIDDLE:
            cleaned["focal_y"] = MIDDLE + 1  # The exact middle says that nobody chose; somebody did.
        return cleaned


@dataclass(frozen=True)
class Row:
    """What the template shows of a photo: its form, and what the desk says about it."""

    form: PhotoForm
    note: Note

    @property
    def photo(self) -> Photo:
        return self.form.instance

    @property
    def thumbnail(self) -> str:
        """The address of the narrowest JPEG, or nothing while there is none.

        The note decides, for it was asked for after the photo was read: a row that says "ready" is never asked about.
        """
        return self.photo.narrowest_url if self.photo.pk and self.note.state == READY else ""

    @property
    def focal_fields(self) -> list[Any]:
        return [self.form[name] for name in ("focal_x", "focal_y") if name in self.form.fields]

    @property
    def captions(self) -> list[tuple[str, Any, Any]]:
        """Language, caption and description side by side."""
        return [
            (code, self.form[f"caption_{code}"], self.form[f"alt_{code}"])
            for code, _name in settings.LANGUAGES
            if f"caption_{code}" in self.form.fields
        ]


class PhotoFormSet(BaseInlineFormSet):
    """The photos that the page showed; one that somebody else removed meanwhile is passed over."""

    def _should_delete_form(self, form: PhotoForm) -> bool:
        gone = self.is_bound and form.instance.pk is None and form in self.initial_forms
        return gone or super()._should_delete_form(form)

    @property
    def rows(self) -> Iterator[Row]:
        said = notes(self.instance)
        for form in self.forms:
            if form.instance.pk and form.instance.width:
                yield Row(form, said.get(form.instance.pk, Note()))

    @property
    def is_full(self) -> bool:
        return self.total_form_count() >= MOST_PHOTOS


class PhotoInline(admin.StackedInline):
    model = Photo
    form = PhotoForm
    formset = PhotoFormSet
    template = "admin/news/photo/inline.html"
    extra = 0
    formfield_overrides: ClassVar = TEXT_FIELDS
    fields = PhotoForm.Meta.fields

    class Media:
        css: ClassVar = {"all": ["css/desk-photos.css"]}
        # It imports the other one: named here too, that would be loaded twice, under two addresses.
        js: ClassVar = [Script("js/desk-photo-upload.js", type="module")]

    def has_add_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_delete_permission(request, obj)


def keep_new_photos(request: HttpRequest, form: Any, inline: PhotoInline) -> None:
    """Store the photos that came with the form, after the others, and say what was taken from them or is doubtful."""
    event, files = form.instance, form.cleaned_data.get("new_photos") or []
    if not files or not inline.has_add_permission(request, event):
        return
    first = event.photos.count()
    room = max(0, MOST_PHOTOS - first)
    if len(files) > room:
        left = ", ".join(shown_name(file) for file in files[room:][:10])
        said = _("An event holds at most %(number)s photos. Not stored: %(files)s")
        messages.error(request, said % {"number": MOST_PHOTOS, "files": left})
    for number, file in enumerate(files[:room], start=first):
        photo = Photo(event=event, position=PhotoForm.LAST - MOST_PHOTOS + number)
        photo.take_in(file)
        photo.save()
        for place in duplicates([photo]).get(photo.pk, [])[:1]:
            text = format_html('<a href="{}">{}</a>', place.url, place.text) if place.url else place.text
            messages.warning(request, format_html("{}: {}", shown_name(file), text))
    if form.taken_over:
        said = _("Taken from the photos, please check: %(facts)s") % {"facts": form.taken_over}
        messages.info(request, said)


def order_photos(event: Event, formsets: Any) -> None:
    """Number the photos from 0; where two claim a place, the one that was just put there has it."""
    moved = {photo.instance.pk for formset in formsets for photo in formset.forms if "position" in photo.changed_data}
    photos = sorted(event.photos.all(), key=lambda photo: (photo.position, photo.pk not in moved, photo.pk))
    for position, photo in enumerate(photos):
        if photo.position != position:
            photo.position = position
            photo.save(update_fields=["position"])
