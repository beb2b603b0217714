"""What the desk keeps beside the reports: unsaved work, links to previews, and who read a draft."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WorkingCopy(models.Model):
    """What somebody typed into the form of an event and has not saved yet."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    event = models.ForeignKey("news.Event", models.CASCADE, null=True, related_name="+")
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="one_working_copy"),
            # A new event has no number yet: each person has one copy of it.
            models.UniqueConstraint(fields=["user"], condition=Q(event=None), name="one_working_copy_of_a_new_event"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.event_id or 'new'}"


class PreviewLink(models.Model):
    """A link under which somebody without a login reads one report before it is public, until a set time."""

    report = models.ForeignKey("news.Report", models.CASCADE, verbose_name=_("report"), related_name="preview_links")
    purpose = models.CharField(_("for whom"), max_length=150, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self) -> str:
        return self.purpose or str(self.pk)


class DraftReading(models.Model):
    """That a report was read before it was public: by somebody of the staff, or under a preview link."""

    report = models.ForeignKey("news.Report", models.CASCADE, verbose_name=_("report"), related_name="draft_readings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("reader")
    )
    link = models.ForeignKey(
        PreviewLink, models.CASCADE, null=True, related_name="readings", verbose_name=_("preview link")
    )
    read_at = models.DateTimeField(_("read at"), auto_now_add=True)

    class Meta:
        ordering = ["-read_at", "-id"]
        verbose_name = _("reading of a draft")
        verbose_name_plural = _("readings of drafts")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=~Q(user__isnull=False, link__isnull=False), name="read_by_one_or_by_link")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.read_at}"
