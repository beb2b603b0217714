"""The photos of an event at the desk."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .. import images
from ..models import Event, Photo
from .rights import TEXT_FIELDS, is_locked


class PhotoForm(forms.ModelForm):
    """A photo; without a position it goes to the end."""

    LAST = 32767

    position = forms.IntegerField(
        label=_("position"),
        required=False,
        min_value=0,
        max_value=LAST,
        help_text=_("0 is the lead photo; empty: last."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["position"] = None

    def clean_position(self) -> int:
        position = self.cleaned_data["position"]
        return self.LAST if position is None else position


class PhotoInline(admin.StackedInline):
    model = Photo
    form = PhotoForm
    extra = 1
    # Originals have no address: the preview shows what there is, the field only takes another picture.
    formfield_overrides: ClassVar = TEXT_FIELDS | {models.ImageField: {"widget": forms.FileInput}}
    readonly_fields = ("preview",)
    fields = (
        ("preview", "image"),
        ("position", "credit"),
        ("caption_tg", "caption_ru", "caption_en"),
        ("alt_tg", "alt_ru", "alt_en"),
    )

    def has_add_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_delete_permission(request, obj)

    @admin.display(description=_("preview"))
    def preview(self, photo: Photo) -> str:
        if not photo.pk:
            return "—"
        return format_html(
            '<img src="{}" alt="" width="160" height="{}">',
            images.rendition_url(photo.token, images.widths(photo.width)[0], "jpeg"),
            round(160 * photo.height / photo.width),
        )


def order_photos(event: Event, formsets: Any) -> None:
    """Number the photos from 0; where two claim a place, the one that was just put there has it."""
    moved = {photo.instance.pk for formset in formsets for photo in formset.forms if "position" in photo.changed_data}
    photos = sorted(event.photos.all(), key=lambda photo: (photo.position, photo.pk not in moved, photo.pk))
    for position, photo in enumerate(photos):
        if photo.position != position:
            photo.position = position
            photo.save(update_fields=["position"])
