"""Letters about new reports for those who asked for them."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .names import Category


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Subscription(models.Model):
    """Somebody's wish to get reports by e-mail: of one language, of one category or all, at once or once a day."""

    class Frequency(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("once a day")

    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, verbose_name=_("category"))
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency, default=Frequency.AT_ONCE)
    key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    made_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        default_permissions = ("view", "delete")
        constraints = [
            models.UniqueConstraint(fields=["email", "language", "category"], name="subscribed_once"),
            models.UniqueConstraint(
                fields=["email", "language"], condition=Q(category=None), name="subscribed_once_to_all"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)  # Never the address: this reaches logs.


class Announcement(models.Model):
    """That the letters about a report were put in the outbox: the row is made once, and with it the letters."""

    report = models.OneToOneField("news.Report", models.CASCADE, related_name="announcement")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.report_id)
