"""Addresses: those of the old site, and links in reports that lead nowhere."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OldAddress(models.Model):
    """An address of the former site and the event that it leads to now, in one language."""

    path = models.CharField(_("old address"), max_length=300, unique=True, help_text=_("For instance /en/node/123"))
    event = models.ForeignKey("news.Event", models.CASCADE, verbose_name=_("event"), related_name="old_addresses")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)

    class Meta:
        ordering = ["path"]
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.path


class BrokenLink(models.Model):
    """A link in a report that led nowhere when it was last tried."""

    report = models.ForeignKey("news.Report", models.CASCADE, verbose_name=_("report"), related_name="broken_links")
    url = models.CharField(_("address"), max_length=2000)
    reason = models.CharField(_("what happened"), max_length=200)
    found_at = models.DateTimeField(_("found at"), auto_now_add=True)
    checked_at = models.DateTimeField(_("last checked at"), auto_now=True)

    class Meta:
        ordering = ["-found_at", "-id"]
        verbose_name = _("broken link")
        verbose_name_plural = _("broken links")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["report", "url"], name="broken_link_once")]

    def __str__(self) -> str:
        return self.url
