"""A list as its page shows it: what it is about, what narrows it, and the addresses that lead on from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from .calendars import Period, parse_day
from .filters import Chip, Choices, Filter, Select, address, chips, has_blanks, narrow, read_filters, selects
from .models import ReportQuerySet


@dataclass(frozen=True)
class Listing:
    """The list at ``path``: of a ``subject`` (a category, topic or place) or a ``period``, else of all events."""

    path: str
    choices: Choices
    filters: list[Filter]
    subject: Filter | None = None
    period: Period | None = None

    def narrow(self, reports: ReportQuerySet) -> ReportQuerySet:
        if self.period:
            reports = reports.filter(event__starts_at__gte=self.period.start, event__starts_at__lt=self.period.end)
        return narrow(reports, [self.subject, *self.filters] if self.subject else self.filters)

    def url_with(self, **more: str) -> str:
        """This list with its filters, at a cursor."""
        return address(self.path, self.filters, **more)

    def elsewhere(self, query: Mapping[str, str]) -> str | None:
        """Where a form that was sent to this list leads on to: a shorter address, or the day that was asked for."""
        if "date" in query and (day := parse_day(query["date"])):
            return address(reverse("news:day", args=[day.year, day.month, day.day]), self.carried)
        return self.url_with() if has_blanks(query) else None

    @property
    def carried(self) -> list[Filter]:
        """The filters with the subject among them, for pages at another address; one of each kind."""
        own = [self.subject] if self.subject else []
        return [each for each in own if each.name not in {other.name for other in self.filters}] + self.filters

    @property
    def chips(self) -> list[Chip]:
        return chips(self.path, self.filters)

    @property
    def form_action(self) -> str:
        """Where the filter form leads: it may choose another category than this page's."""
        return reverse("news:list") if self.subject else self.path

    @property
    def selects(self) -> list[Select]:
        return selects(self.choices, self.carried)


def read_listing(
    path: str, query: Mapping[str, str], choices: Choices, subject: Filter | None = None, period: Period | None = None
) -> Listing:
    """The list at an address. Raises ``UnknownFilter``."""
    filters = [each for each in read_filters(query, choices) if each != subject]
    return Listing(path, choices, filters, subject, period)
