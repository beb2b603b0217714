"""Days off, kept by supervisors; what a new one does to open terms is said before it is saved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import casework, tasks, term_words
from ..models import Holiday
from .doors import Doors


class HolidayForm(forms.ModelForm):
    sure = forms.BooleanField(label=gettext_lazy("Move these terms"), required=False, widget=forms.HiddenInput)

    class Meta:
        model = Holiday
        fields = ("date", "name", "working")

    def clean(self) -> dict[str, Any]:
        """Ask once more if terms of open appeals end on the new day off: they are not moved back afterwards."""
        cleaned = super().clean()
        day, working = cleaned.get("date"), cleaned.get("working")
        moving = casework.terms_on(day) if day and not working else 0
        if moving:
            self.fields["sure"].widget = forms.CheckboxInput()
        if moving and not cleaned.get("sure"):
            facts = {"count": moving, "day": term_words.short(day)}
            said = _(
                "Open appeals whose answer is due on %(day)s: %(count)s. Their terms move to the next working day and "
                "are not moved back when this day off is removed."
            )
            self.add_error("sure", said % facts)
        return cleaned


@admin.register(Holiday)
class HolidayAdmin(Doors, admin.ModelAdmin):
    form = HolidayForm
    list_display = ("date", "weekday", "kind", "name")
    date_hierarchy = "date"
    ordering = ("-date",)

    @admin.display(description=gettext_lazy("weekday"), ordering="date")
    def weekday(self, holiday: Holiday) -> str:
        return date_format(holiday.date, "l")

    @admin.display(description=gettext_lazy("kind"), ordering="working")
    def kind(self, holiday: Holiday) -> str:
        return _("working day") if holiday.working else _("day off")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": capfirst(self.opts.verbose_name_plural)})

    def save_model(self, request: HttpRequest, obj: Holiday, form: HolidayForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._count_anew(request)

    def delete_model(self, request: HttpRequest, obj: Holiday) -> None:
        super().delete_model(request, obj)
        self._count_anew(request)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Holiday]) -> None:
        super().delete_queryset(request, queryset)
        self._count_anew(request)

    @staticmethod
    def _count_anew(request: HttpRequest) -> None:
        tasks.count_terms_anew.later(officer_id=request.user.pk)
