"""Which appeals are to be erased, and who decided it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .appeal import Appeal


class ErasureProposal(models.Model):
    """Appeals whose time is over: one person proposes to erase them, another approves. See ``casework.approval``."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        APPROVED = "approved", _("approved, being erased")
        DONE = "done", _("erased")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("nobody decided in time")

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED, db_index=True)
    until = models.DateField(_("kept until"))  # The last day of keeping of every appeal in it is not later.
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("erased at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("proposal to erase")
        verbose_name_plural = _("proposals to erase")
        default_permissions = ("view",)
        permissions = [
            ("propose_erasure", "Can propose to erase appeals"),
            ("approve_erasure", "Can approve or decline the erasure of appeals"),
            ("hold_appeal", "Can put appeals on hold"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ErasureItem(models.Model):
    """One appeal of a proposal, and what became of it."""

    class Result(models.TextChoices):
        WAITING = "", _("waits")
        ERASED = "erased", _("erased")
        LEFT = "left", _("left as it is")

    proposal = models.ForeignKey(ErasureProposal, models.PROTECT, related_name="items")
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="erasures")
    result = models.CharField(max_length=10, choices=Result, default=Result.WAITING, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["appeal"], condition=models.Q(result=""), name="one_erasure_at_a_time")
        ]
