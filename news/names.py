"""Small names that stand in three languages side by side: categories, places, topics, partners."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.text import slugify, validate_characters

STATE_LANGUAGE = "tg"


def in_language(instance: models.Model, field: str, language: str | None = None) -> tuple[str, str]:
    """The text of ``field`` in ``language`` (the page's by default), else in Tajik, with the language it is in."""
    language = language or get_language() or STATE_LANGUAGE
    text = getattr(instance, f"{field}_{language}", "")
    return (text, language) if text else (getattr(instance, f"{field}_{STATE_LANGUAGE}"), STATE_LANGUAGE)


class NamedQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug: str) -> models.Model:
        return self.get(slug=slug)


class Named(models.Model):
    """Something with a short name in three languages and an address made from it."""

    slug = models.SlugField(_("address"), max_length=100, unique=True, help_text=_("Latin letters, digits, hyphens."))
    name_tg = models.CharField(_("name in Tajik"), max_length=150, validators=[validate_characters])
    name_ru = models.CharField(_("name in Russian"), max_length=150, validators=[validate_characters])
    name_en = models.CharField(_("name in English"), max_length=150, validators=[validate_characters])

    objects = NamedQuerySet.as_manager()

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
