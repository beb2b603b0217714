"""The public page of the figures: there is one where the office has switched it on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from . import statistics_public, statistics_public_words
from .privacy import private_page
from .spreadsheets import csv_file


class MonthForm(forms.Form):
    month = forms.TypedChoiceField(label=_("Month"), coerce=date.fromisoformat)

    def __init__(self, data: Any, months: list[date]) -> None:
        super().__init__(data)
        self.fields["month"].choices = statistics_public_words.month_choices(months)


def _form(request: HttpRequest) -> MonthForm | None:
    """The choice of a month, the latest one unless another is asked for; None while there is no month yet."""
    if not statistics_public.is_public():
        raise Http404
    months = statistics_public.months()
    shown = request.GET if "month" in request.GET else {"month": months[0].isoformat() if months else ""}
    return MonthForm(shown, months) if months else None


@private_page
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    context: dict[str, Any] = {"form": form}
    if form and form.is_valid():
        found = statistics_public.published(form.cleaned_data["month"])
        context |= {
            "month": found.month,
            "month_name": statistics_public_words.month_name(found.month),
            "whole": statistics_public_words.whole(found),
            "tables": statistics_public_words.tables(found),
        }
    return render(request, "appeals/statistics.html", context)


@private_page
@require_safe
def statistics_csv(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if not form or not form.is_valid():
        raise Http404
    found = statistics_public.published(form.cleaned_data["month"])
    return csv_file(f"appeals-{found.month:%Y-%m}.csv", statistics_public_words.spread(found))
