"""Whom the office works with and what it works by: departments, other authorities, topics, texts of answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from ..term import local_day
from .appeal import Appeal, Message


class Named(models.Model):
    """Something with a name in three languages, kept when it is out of use: older appeals still name it."""

    name_tg = models.CharField(_("name in Tajik"), max_length=160)
    name_ru = models.CharField(_("name in Russian"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True
        ordering = ["name_tg"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return getattr(self, f"name_{get_language() or 'tg'}", "") or self.name_tg


class Department(Named):
    """A part of the office. Its applicants see its name, never its people's."""

    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="appeal_departments", blank=True, verbose_name=_("members")
    )

    class Meta(Named.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        default_permissions = ("add", "change", "view")


class Authority(Named):
    """Another body, to which an appeal is forwarded that it is competent for."""

    email = models.EmailField(_("e-mail address"), blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    takes_crime = models.BooleanField(_("takes information about crimes"), default=False)

    class Meta(Named.Meta):
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        default_permissions = ("add", "change", "view")


class Topic(Named):
    """What an appeal is about, as an officer finds; the statistics count by it."""

    class Meta(Named.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        default_permissions = ("add", "change", "view")


class Forwarding(models.Model):
    """An appeal at another authority. One that is split has several at a time; forwarding never counts as solved."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="forwardings")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="forwardings")
    # What the authority is asked to do, encrypted with the appeal.
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("forwarded at"))
    returned_at = models.DateTimeField(_("returned at"), null=True)
    # Why it was sent away: it tells of a crime, and the clock of the handing over stopped with it.
    for_crime = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "authority"], condition=models.Q(returned_at=None), name="forwarded_once_at_a_time"
            )
        ]


class AnswerTemplate(models.Model):
    """A text to begin an answer with. ``{number}``, ``{received}``, ``{due}`` and ``{department}`` are filled in."""

    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    kind = models.CharField(_("kind of appeal"), max_length=12, blank=True, help_text=_("Empty: for every kind."))
    text = models.TextField(_("text"))
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["language", "title"]
        verbose_name = _("text of an answer")
        verbose_name_plural = _("texts of answers")
        default_permissions = ("add", "change", "view")

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def filled(self, appeal: Appeal) -> str:
        """The text for this appeal."""
        with override(self.language):
            values = {
                "number": appeal.number,
                "received": date_format(local_day(appeal.received_at)),
                "due": date_format(appeal.due_on) if appeal.due_on else "",
                "department": appeal.department.name if appeal.department else "",
            }
        text = self.text
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text
