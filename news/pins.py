"""What press chiefs put on the front page by hand."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.public_changes import Public, PublicQuerySet

LAST = 4


class FrontPinQuerySet(PublicQuerySet):
    def current(self) -> Self:
        """The pins that count now."""
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))

    def free_position(self) -> int | None:
        """The first place of the front page that no current pin holds, the lead before all; None if all are held."""
        held = set(self.current().values_list("position", flat=True))
        return next((position for position in range(LAST + 1) if position not in held), None)


class FrontPin(Public):
    """An event with a place on the front page. Where its report is not public in a language, the rule decides."""

    event = models.OneToOneField("news.Event", models.CASCADE, verbose_name=_("event"), related_name="front_pin")
    position = models.PositiveSmallIntegerField(
        _("place on the front page"),
        default=0,
        choices=[(0, _("0: leads the page")), *((place, str(place)) for place in range(1, LAST + 1))],
        validators=[MaxValueValidator(LAST)],
        help_text=_("0 leads the page, 1 to 4 stand under it. Of two with the same place the one pinned last has it."),
    )
    until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Dushanbe time. Empty: until it is taken off.")
    )

    objects = FrontPinQuerySet.as_manager()

    class Meta:
        ordering = ["position", "-id"]
        verbose_name = _("event on the front page")
        verbose_name_plural = _("front page")
        constraints = [models.CheckConstraint(condition=Q(position__lte=LAST), name="front_page_has_five_places")]

    def __str__(self) -> str:
        return f"{self.position}: {self.event}"

    @property
    def is_current(self) -> bool:
        return self.until is None or self.until > timezone.now()
