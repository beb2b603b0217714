"""The films of an event at the desk: a file of ours, judged by its content, or an address elsewhere."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import transaction
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .. import videos
from ..models import Event, Video
from ..photos import new_token
from .rights import TEXT_FIELDS, is_locked

MAX_BYTES = 150 * 10**6
# The kinds of MP4 that browsers play; QuickTime's own ("qt  ") is none of them.
BRANDS = (b"iso", b"mp4", b"avc", b"dash", b"M4V", b"MSNV", b"f4v", b"3gp")


def kind_of(head: bytes) -> str | None:
    """``mp4`` or ``webm`` from the first bytes of a file; None for anything else."""
    if head[4:8] == b"ftyp" and 16 <= int.from_bytes(head[:4]) <= 4096 and head[8:12].startswith(BRANDS):
        return "mp4"
    # An EBML header whose document type is WebM; Matroska, which says "matroska", is not played everywhere.
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head[:64]:
        return "webm"
    return None


def judge(file: File) -> str:
    """The kind of a film that was sent. Raises ``ValidationError`` with a sentence for the person who sent it."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The film is larger than 150 MB."), code="too_large")
    file.seek(0)
    kind = kind_of(file.read(64))
    file.seek(0)
    if kind is None:
        raise ValidationError(_("This file is not an MP4 or WebM film."), code="not_a_film")
    return kind


class FilmAddress(forms.URLField):
    default_validators: ClassVar = [URLValidator(schemes=["https", "http"])]


class VideoForm(forms.ModelForm):
    """A film: its file or its address, not both."""

    url = FilmAddress(
        label=capfirst(_("address")),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Of a film that lies elsewhere."),
    )
    event: Event | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "poster" in self.fields:
            photos = self.fields["poster"].queryset
            self.fields["poster"].queryset = photos.filter(event=self.event) if self.event else photos.none()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            file.name = f"film.{judge(file)}"  # By content, whatever it was called.
        return file

    def clean(self) -> None:
        super().clean()
        if self.errors or self.cleaned_data.get("DELETE"):
            return
        if bool(self.cleaned_data.get("file")) == bool(self.cleaned_data.get("url")):
            raise ValidationError(_("Give the film's file or its address: one of the two."), code="file_or_address")

    def save(self, commit: bool = True) -> Video:
        video = self.instance
        if "file" in self.changed_data:
            if old := Video.objects.filter(pk=video.pk).exclude(file="").values_list("file", flat=True).first():
                transaction.on_commit(partial(default_storage.delete, old))
            video.token = new_token()  # Another film, another address: they are cached for a year.
        if video.file:
            video.megabytes = videos.measured(video)
        return super().save(commit)


class VideoInline(admin.StackedInline):
    model = Video
    form = VideoForm
    extra = 1
    formfield_overrides: ClassVar = TEXT_FIELDS
    fields = (("file", "url", "megabytes"), ("title_tg", "title_ru", "title_en"), ("poster", "position"))

    def get_formset(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        form = type("VideoForm", (VideoForm,), {"event": obj})
        return super().get_formset(request, obj, form=form, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_delete_permission(request, obj)
