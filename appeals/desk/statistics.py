"""The office's page of figures for a period, with the bursts of the last days, and the figures as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from .. import bursts, periods, statistics, statistics_words, term
from ..periods import Period
from ..spreadsheets import csv_file, xlsx_file

LONGEST_YEARS = 10


class PeriodForm(forms.Form):
    use_required_attribute = False

    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        elif first and last and (last - first).days > LONGEST_YEARS * 366:
            self.add_error("last", _("Choose at most %(years)s years.") % {"years": LONGEST_YEARS})
        elif first and last and not 1990 < first.year <= last.year < 2200:
            self.add_error("first", _("Choose days of this time."))
        return given

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


class StatisticsPage:
    """Mixed into the admin of appeals.

    Figures are no personal data: their export asks for no password again. An export of appeals would ask here.
    """

    def get_urls(self) -> list[URLPattern]:
        def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(require_safe(view))

        name = "appeals_appeal_statistics"
        return [
            path("statistics/", page(self.statistics_view), name=name),
            path("statistics/statistics.csv", page(self.statistics_csv), name=f"{name}_csv"),
            path("statistics/statistics.xlsx", page(self.statistics_xlsx), name=f"{name}_xlsx"),
            *super().get_urls(),
        ]

    def statistics_view(self, request: HttpRequest) -> HttpResponse:
        _require(request)
        today = term.local_day(timezone.now())
        form = _form(request, today)
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,
            "title": _("Statistics of appeals"),
            "opts": self.opts,
            "form": form,
            "choices": _choices(today),
            "alerts": bursts.alerts(),
        }
        if form.is_valid():
            found = statistics.count(form.period)
            context |= {
                "period": form.period,
                "period_name": statistics_words.period_name(form.period),
                "query": f"first={form.period.first}&last={form.period.last}",
                "total": found.total,
                "is_empty": not any(found.total.counts.values()),
                "whole": statistics_words.whole(found),
                "tables": statistics_words.tables(found),
            }
        return TemplateResponse(request, "admin/appeals/appeal/statistics.html", context)

    def statistics_csv(self, request: HttpRequest) -> HttpResponse:
        found = _asked(request)
        return csv_file(f"{_file_name(found.period)}.csv", statistics_words.spread(found))

    def statistics_xlsx(self, request: HttpRequest) -> HttpResponse:
        found = _asked(request)
        return xlsx_file(f"{_file_name(found.period)}.xlsx", statistics_words.sheets(found))


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("appeals.view_statistics"):
        raise PermissionDenied


def _form(request: HttpRequest, today: date) -> PeriodForm:
    this_year = periods.year(today)
    shown = {"first": this_year.first.isoformat(), "last": this_year.last.isoformat()}
    return PeriodForm(request.GET if {"first", "last"} & set(request.GET) else shown)


def _asked(request: HttpRequest) -> statistics.Statistics:
    _require(request)
    form = _form(request, term.local_day(timezone.now()))
    if not form.is_valid():
        raise Http404
    return statistics.count(form.period)


def _choices(today: date) -> list[tuple[str, Period]]:
    """Periods that are asked for often, each with its name."""
    month, quarter, year = periods.month(today), periods.quarter(today), periods.year(today)
    return [
        (_("This month"), month),
        (_("Last month"), periods.month(periods.day_before(month))),
        (_("This quarter"), quarter),
        (_("Last quarter"), periods.quarter(periods.day_before(quarter))),
        (_("This year"), year),
        (_("Last year"), periods.year(periods.day_before(year))),
    ]


def _file_name(period: Period) -> str:
    return f"appeals-{period.first}-{period.last}"
