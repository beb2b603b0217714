"""The reports of an event at the desk: one part of the page for each language, beside the Tajik text."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.forms import BaseInlineFormSet, Script
from django.http import HttpRequest

from ..models import Event, Report
from .autosave import restored
from .report_forms import ReportForm, ReportFormSet
from .report_steps import form_rights
from .rights import PUBLISH, TEXT_FIELDS


class ReportInline(admin.StackedInline):
    model = Report
    form = ReportForm
    formset = ReportFormSet
    template = "admin/news/report/inline.html"
    formfield_overrides: ClassVar = TEXT_FIELDS
    max_num = len(settings.LANGUAGES)

    class Media:
        css: ClassVar = {"all": ["css/desk-reports.css"]}
        # In this order: editors are made for the languages that are shown.
        js: ClassVar = [
            Script(f"js/desk-{name}.js", type="module") for name in ("languages", "editor", "autosave", "presence")
        ]

    def get_extra(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> int:
        return self.max_num - (obj.reports.count() if obj else 0)

    def get_formset(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        own = form_rights(request) | {"working_copy": restored(request, obj).get("reports", {})}
        return super().get_formset(request, obj, form=type("ReportForm", (ReportForm,), own), **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return request.user.has_perm(PUBLISH) and super().has_delete_permission(request, obj)
