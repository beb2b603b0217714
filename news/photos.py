"""The pictures and films of an event, and their files."""

from __future__ import annotations

import secrets
from functools import partial

from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.text import validate_characters

from . import images
from .names import in_language


def photo_path(photo: Photo, filename: str) -> str:
    """Where an original lies: under a random name, so that it cannot be guessed before it is published."""
    return f"originals/{photo.token}.{filename.rpartition('.')[2]}"


def new_token() -> str:
    return secrets.token_urlsafe(12)


class Photo(models.Model):
    """A picture of an event, with its caption in up to three languages."""

    event = models.ForeignKey("news.Event", models.CASCADE, verbose_name=_("event"), related_name="photos")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    image = models.ImageField(
        _("picture"),
        upload_to=photo_path,
        width_field="width",
        height_field="height",
        validators=[images.validate_picture],
    )
    width = models.PositiveIntegerField(editable=False, null=True)
    height = models.PositiveIntegerField(editable=False, null=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    caption_tg = models.CharField(_("caption in Tajik"), max_length=500, blank=True, validators=[validate_characters])
    caption_ru = models.CharField(_("caption in Russian"), max_length=500, blank=True, validators=[validate_characters])
    caption_en = models.CharField(_("caption in English"), max_length=500, blank=True, validators=[validate_characters])
    alt_tg = models.CharField(_("description in Tajik"), max_length=300, blank=True, validators=[validate_characters])
    alt_ru = models.CharField(_("description in Russian"), max_length=300, blank=True, validators=[validate_characters])
    alt_en = models.CharField(_("description in English"), max_length=300, blank=True, validators=[validate_characters])
    decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It tells nothing that the text does not: screen readers pass it.")
    )
    credit = models.CharField(_("credit"), max_length=150, blank=True, validators=[validate_characters])
    # What must stay visible where the picture is cut, in hundredths of its width and height from the upper left.
    focal_x = models.PositiveSmallIntegerField(
        _("focal point, across"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(_("focal point, down"), default=50, validators=[MaxValueValidator(100)])
    # SHA-256 of the file as it was sent: tells that the same photo was sent before.
    digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    ready = models.BooleanField(default=True, editable=False)  # Its renditions are made.

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.caption_tg or self.token

    def save(self, *args: object, **kwargs: object) -> None:
        fresh = not self.image._committed
        if fresh:
            self._forget_files()
            self.token = new_token()  # Another picture, other addresses: they are cached for a year.
            self.image = images.prepare_original(self.image)
        super().save(*args, **kwargs)
        if fresh:
            images.make_renditions(self.image, self.token)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        self._forget_files()
        return super().delete(*args, **kwargs)

    def _forget_files(self) -> None:
        """Erase the files of the stored picture as soon as the database no longer knows it."""
        old = Photo.objects.filter(pk=self.pk).values_list("image", "token", "width").first()
        if old:
            transaction.on_commit(partial(images.forget, *old))

    @property
    def caption_text(self) -> str:
        return in_language(self, "caption")[0]

    @property
    def caption_language(self) -> str:
        """The language that the caption is in: the page's, else Tajik."""
        return in_language(self, "caption")[1]

    @property
    def alt_text(self) -> str:
        """What a screen reader says: the description, else the caption; nothing of a decorative picture."""
        return "" if self.decorative else in_language(self, "alt")[0] or self.caption_text

    @property
    def largest_url(self) -> str:
        """The largest JPEG, for a plain link."""
        return images.rendition_url(self.token, images.widths(self.width)[-1], "jpeg")


def video_path(video: Video, filename: str) -> str:
    return f"videos/{video.token}.{filename.rpartition('.')[2]}"


class Video(models.Model):
    """A film of an event: a file of ours, or an address elsewhere; readers see a poster with its size first."""

    event = models.ForeignKey("news.Event", models.CASCADE, verbose_name=_("event"), related_name="videos")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    poster = models.ForeignKey(
        Photo,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("poster"),
        related_name="+",
        help_text=_("One of the event's photos."),
    )
    file = models.FileField(_("file"), upload_to=video_path, blank=True, help_text=_("MP4 or WebM."))
    url = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Of a film that lies elsewhere."))
    megabytes = models.PositiveIntegerField(
        _("size in megabytes"), null=True, blank=True, help_text=_("Of a film that lies elsewhere; a file is measured.")
    )
    title_tg = models.CharField(_("title in Tajik"), max_length=200, blank=True, validators=[validate_characters])
    title_ru = models.CharField(_("title in Russian"), max_length=200, blank=True, validators=[validate_characters])
    title_en = models.CharField(_("title in English"), max_length=200, blank=True, validators=[validate_characters])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(file="", url__gt="") | models.Q(file__gt="", url=""), name="video_file_or_address"
            )
        ]

    def __str__(self) -> str:
        return self.title_tg or self.token

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        if self.file:
            transaction.on_commit(partial(self.file.storage.delete, self.file.name))
        return super().delete(*args, **kwargs)
