"""One screen per event: its facts, its photos and its reports in up to three languages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ..models import Event, Report
from .front_page import pin_to_front_page
from .photos import PhotoInline, order_photos
from .reports import STAGES_OF_WRITING, ReportInline
from .rights import PUBLISH, is_locked


class EventAdmin(admin.ModelAdmin):
    change_form_template = "admin/news/event/change_form.html"
    date_hierarchy = "starts_at"
    list_display = ("headline", "starts_at", "place", "languages", "photo_count")
    list_filter = ("categories", "place", "reports__status")
    search_fields = ("reports__title",)
    search_help_text = _("Words of a title")
    list_select_related = ("place",)
    list_per_page = 50
    formfield_overrides: ClassVar = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    fields = (("starts_at", "place"), "categories", "topics")
    inlines = (ReportInline, PhotoInline)
    actions = (pin_to_front_page,)

    def has_pin_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("news.add_frontpin")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return (
            super()
            .get_queryset(request)
            .prefetch_related("reports")
            .annotate(photo_total=Count("photos", distinct=True))
        )

    @admin.display(description=_("event"))
    def headline(self, event: Event) -> str:
        return event.headline

    @admin.display(description=_("reports"))
    def languages(self, event: Event) -> SafeString:
        """Each report's language and status in words; a published one is a link to its page."""
        rows = (
            (
                report.get_absolute_url() if report.is_public else "",
                report.get_language_display(),
                report.get_status_display(),
            )
            for report in event.reports.all()
        )
        return format_html_join(
            SafeString(", "),
            "{}",
            ((format_html('<a href="{}">{} ({})</a>', *row) if row[0] else f"{row[1]} ({row[2]})",) for row in rows),
        )

    @admin.display(description=_("photos"), ordering="photo_total")
    def photo_count(self, event: Event) -> int:
        return event.photo_total

    def get_formset_kwargs(self, request: HttpRequest, obj: Event, inline: Any, prefix: str) -> dict[str, Any]:
        """Offer an empty report for each language that has none yet."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, ReportInline):
            written = set(obj.reports.values_list("language", flat=True)) if obj.pk else set()
            kwargs["initial"] = [{"language": code} for code, _name in settings.LANGUAGES if code not in written]
        return kwargs

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> tuple[str, ...]:
        return ("starts_at", "place", "categories", "topics") if is_locked(request, obj) else ()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        for event in queryset:
            event.delete()

    def get_urls(self) -> list[URLPattern]:
        """The admin's own addresses, after those of the desk's other pages (each module brings its ``routes``)."""
        pages: list[URLPattern] = []
        return [*pages, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> Any:
        context["may_publish"] = request.user.has_perm(PUBLISH)
        return super().render_change_form(request, context, **kwargs)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        event = form.instance
        order_photos(event, formsets)
        if "_publish" in request.POST and request.user.has_perm(PUBLISH):
            for report in event.reports.filter(status__in=STAGES_OF_WRITING):
                report.status = Report.Status.PUBLISHED
                report.save()
                self.log_change(request, event, f"Published: {report.get_language_display()}")
