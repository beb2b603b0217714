"""Addresses: those of the old site, and links in reports that lead nowhere."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# What can be wrong with a link, besides an error that the other site answers with (stored as its number).
REASONS = {
    "not_here": _("There is no such page on this site, or it is not public."),
    "bad_address": _("This is not an address that a browser can open."),
    "no_host": _("There is no site with this name."),
    "not_public": _("The address is not one of the public internet."),
    "no_answer": _("The other site does not answer."),
    "timeout": _("The other site does not answer in time."),
    "certificate": _("The other site's certificate is not valid."),
    "redirects": _("The other site sends readers on again and again."),
}


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

    @property
    def reason_text(self) -> str:
        """What happened, in a sentence in the language of whoever reads it."""
        return str(
            REASONS.get(self.reason) or _("The other site answers with the error %(code)s.") % {"code": self.reason}
        )
