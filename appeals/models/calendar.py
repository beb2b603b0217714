"""Days off and moved working days, as staff keep them: a term whose last day is off ends on the next working day."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import term

FARTHEST_DAYS = 120  # A term with its extension and a long wait.


class Holiday(models.Model):
    """One day that is not what its weekday says: a holiday, or a weekend day that is worked.

    Each year has rows of its own: what stands here is what counts, and a year in which a day is moved is no exception.
    """

    date = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=160)
    working = models.BooleanField(
        _("working day"), default=False, help_text=_("A Saturday or Sunday that is worked in place of another day.")
    )

    class Meta:
        ordering = ["date"]
        verbose_name = _("day off")
        verbose_name_plural = _("days off")

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y} {self.name}"

    def clean(self) -> None:
        if self.working and self.date and self.date.weekday() not in term.WEEKEND:
            raise ValidationError({"working": _("Only a Saturday or a Sunday can become a working day.")})


def year_without_holidays(today: date) -> int | None:
    """A year that terms reach soon and for which nobody has entered the days off; they would end on holidays."""
    year = (today + timedelta(days=FARTHEST_DAYS)).year
    if not settings.TERM_ENDS_ON_WORKING_DAY or Holiday.objects.filter(date__year=year).exists():
        return None
    return year


def kept_calendar() -> term.Calendar:
    """The days off by which terms end. Where a term may end on any day, none is off."""
    if not settings.TERM_ENDS_ON_WORKING_DAY:
        return term.Calendar(weekend=frozenset())
    days = dict(Holiday.objects.values_list("date", "working"))
    return term.Calendar(
        holidays=frozenset(day for day, working in days.items() if not working),
        working=frozenset(day for day, working in days.items() if working),
    )
