"""Small names that stand in three languages side by side: categories, places, topics, partners."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.page_urls import page_url
from portal.public_changes import Public
from portal.text import slugify, validate_characters

STATE_LANGUAGE = "tg"


def in_language(instance: models.Model, field: str, language: str | None = None) -> tuple[str, str]:
    """The text of ``field`` in ``language`` (the page's by default), else in Tajik, with the language it is in."""
    language = language or get_language() or STATE_LANGUAGE
    text = getattr(instance, f"{field}_{language}", "")
    return (text, language) if text else (getattr(instance, f"{field}_{STATE_LANGUAGE}"), STATE_LANGUAGE)


class Named(Public):
    """Something with a short name in three languages and an address made from it."""

    slug = models.SlugField(_("address"), max_length=100, unique=True, help_text=_("Latin letters, digits, hyphens."))
    name_tg = models.CharField(_("name in Tajik"), max_length=150, validators=[validate_characters])
    name_ru = models.CharField(_("name in Russian"), max_length=150, validators=[validate_characters])
    name_en = models.CharField(_("name in English"), max_length=150, validators=[validate_characters])

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.slug:
            self.slug = slugify(self.name_en or self.name_tg)
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """The name in the page's language."""
        return in_language(self, "name")[0]


class Category(Named):
    """A section of the site."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def get_absolute_url(self) -> str:
        return page_url("news:category", self.slug)


class Place(Named):
    """Where an event took place, as the dateline prints it: "Dushanbe city"."""

    class Meta:
        ordering = ["name_tg"]
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def get_absolute_url(self) -> str:
        return page_url("news:place", self.slug)


class Topic(Named):
    """What an event was about."""

    visit = models.BooleanField(
        _("a visit"),
        default=False,
        help_text=_("The events of a visit are shown together, before others on the topic."),
    )

    class Meta:
        ordering = ["name_tg"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def get_absolute_url(self) -> str:
        return page_url("news:topic", self.slug)


class Partner(Named):
    """An organisation that the pages link to: UN, SCO."""

    url = models.URLField(_("site"))
    short_name_tg = models.CharField(_("short name in Tajik"), max_length=30, blank=True)
    short_name_ru = models.CharField(_("short name in Russian"), max_length=30, blank=True)
    short_name_en = models.CharField(_("short name in English"), max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    @property
    def short_name(self) -> str:
        """In the page's language, else the whole name in it: never that of another language."""
        return getattr(self, f"short_name_{get_language() or STATE_LANGUAGE}", "") or self.name
