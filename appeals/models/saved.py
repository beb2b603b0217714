"""What an officer keeps for himself: a combination of filters under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A queue with its filters, found again by a name; shared ones are seen by everybody who sees the list."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=60, help_text=_("No names of applicants."))
    # Known parameters with valid values alone (see ``desk.filters.canonical``): nothing that was typed.
    query = models.CharField(_("filters"), max_length=500)
    shared = models.BooleanField(_("shared with the whole office"), default=False)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        default_permissions = ()
        permissions = [("share_filter", "Can share saved filters with the whole office")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="one_filter_of_a_name",
                violation_error_message=_("You have a filter of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
