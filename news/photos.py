"""The pictures and films of an event, and their files."""

from __future__ import annotations

import re
import secrets
from functools import partial
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.public_changes import Public, PublicQuerySet
from portal.tasks import GiveUp, task
from portal.text import validate_characters

from . import images, renditions
from .iptc import Facts
from .names import STATE_LANGUAGE, in_language

# The focal point of a photo for which nobody chose one, as the database has it and as it is taken.
MIDDLE, UPPER = 50, 25
_TAJIK_LETTER = re.compile("[ғӣқӯҳҷ]", re.IGNORECASE)
_CYRILLIC_LETTER = re.compile("[а-яёғӣқӯҳҷ]", re.IGNORECASE)


def photo_path(photo: Photo, filename: str) -> str:
    """Where an original lies: under a random name, so that it cannot be guessed before it is published."""
    return f"originals/{photo.token}.{filename.rpartition('.')[2]}"


def new_token() -> str:
    return secrets.token_urlsafe(12)


class PhotoQuerySet(PublicQuerySet):
    def ready(self) -> Self:
        """The photos whose files are made. Every public surface shows these and no others."""
        return self.filter(ready=True)

    def leads(self) -> Self:
        """The photo that stands for each event in lists."""
        return self.ready().filter(position=0)


class Photo(Public):
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

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.caption_tg or self.token

    def take_in(self, file: File) -> Facts:
        """Judge a file that was sent and make it the photo's picture; ``save`` must follow.

        Texts that are empty are filled from the picture's metadata, which are then gone from it.
        Raises ``ValidationError`` with a sentence for the person who sent it.
        """
        intake = images.take_in(file)
        for code, caption in intake.facts.captions.items():
            if not getattr(self, f"caption_{code}"):
                setattr(self, f"caption_{code}", caption)
        self.credit = self.credit or intake.facts.credit
        self.digest = intake.digest
        self.image = self._taken_in = intake.original
        return intake.facts

    # The file that ``take_in`` made and ``save`` has yet to store.
    _taken_in: File | None = None

    def save(self, *args: object, at_once: bool = False, **kwargs: object) -> None:
        """A new picture's renditions are made by a worker, or ``at_once``; until then no reader sees the photo."""
        fresh = not self.image._committed
        if fresh:
            if self._taken_in is None or self.image.file is not self._taken_in:
                self.take_in(self.image)
            self._taken_in, self.ready = None, False
            self._forget_files()
            self.token = new_token()  # Another picture, other addresses: they are cached for a year.
        with transaction.atomic():
            super().save(*args, **kwargs)
            if fresh and not at_once:
                make_renditions.later(photo_id=self.pk)
                self.refresh_from_db(fields=["ready"])
        if fresh and at_once:
            self.make_ready()

    def make_ready(self) -> None:
        """Make the renditions and let readers see the photo; of one replaced or removed meanwhile nothing stays."""
        renditions.write(self.image, self.token)
        self.ready = bool(Photo.objects.filter(pk=self.pk, token=self.token).update(ready=True))
        if not self.ready:
            renditions.forget(self.image.name, self.token, self.width)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        self._forget_files()
        return super().delete(*args, **kwargs)

    def _forget_files(self) -> None:
        """Erase the files of the stored picture as soon as the database no longer knows it."""
        old = Photo.objects.filter(pk=self.pk).values_list("image", "token", "width").first()
        if old:
            transaction.on_commit(partial(renditions.forget, *old))

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
    def alt_language(self) -> str:
        """The language that the description is in: the page's, else Tajik."""
        text, language = in_language(self, "alt")
        return language if text else self.caption_language

    @property
    def credit_language(self) -> str:
        """The language of the credit, which has but one for all pages: told by its letters, else the page's."""
        page = get_language() or STATE_LANGUAGE
        foreign = _TAJIK_LETTER if page == "ru" else _CYRILLIC_LETTER
        return STATE_LANGUAGE if foreign.search(self.credit) else page

    @property
    def focal(self) -> tuple[int, int]:
        """The focal point in hundredths; where nobody chose one, the upper quarter: there the faces are."""
        unchosen = (self.focal_x, self.focal_y) == (MIDDLE, MIDDLE)
        return (MIDDLE, UPPER) if unchosen else (self.focal_x, self.focal_y)

    @property
    def focal_classes(self) -> str:
        """The classes by which the style sheet moves the cut, in tenths; none if the usual cut is right."""
        (across, down), usual = self.focal, (MIDDLE, UPPER)
        return "" if (across, down) == usual else f"fx{round(across / 10)} fy{round(down / 10)}"

    @property
    def without_caption(self) -> list[str]:
        """The languages that the caption lacks."""
        return [code for code, _name in settings.LANGUAGES if not getattr(self, f"caption_{code}")]

    def same_files(self) -> models.QuerySet:
        """The photos, of this event or of others, whose file was sent as the very same bytes."""
        others = Photo.objects.filter(digest=self.digest).exclude(pk=self.pk)
        return others if self.digest else others.none()

    # What shows the picture before its event is public: see ``news.previews``. Never stored.
    grant = ""

    def rendition_url(self, width: int, kind: str) -> str:
        """The address of a rendition; under a preview link with its grant."""
        url = images.rendition_url(self.token, width, kind)
        return f"{url}?preview={self.grant}" if self.grant else url

    @property
    def narrowest_url(self) -> str:
        """The smallest JPEG, for a thumbnail."""
        return self.rendition_url(images.widths(self.width)[0], "jpeg")

    @property
    def largest_url(self) -> str:
        """The largest JPEG, for a plain link."""
        return self.rendition_url(images.widths(self.width)[-1], "jpeg")


@task(attempts=5)
def make_renditions(photo_id: int) -> None:
    """Make a photo ready for readers; one that is gone or ready already is left as it is."""
    photo = Photo.objects.filter(pk=photo_id, ready=False).first()
    if photo is None:
        return
    try:
        photo.make_ready()
    except (FileNotFoundError, ValidationError):
        if Photo.objects.filter(pk=photo_id, token=photo.token).exists():
            raise GiveUp from None  # The original is lost or spoilt: no later attempt finds it whole.


def video_path(video: Video, filename: str) -> str:
    return f"videos/{video.token}.{filename.rpartition('.')[2]}"


class Video(Public):
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
