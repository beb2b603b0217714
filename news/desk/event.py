"""One screen per event: its facts, its photos and its reports in up to three languages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.db import models
from django.db.models import Count, QuerySet
from django.forms import Script
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.admin_widgets import SearchedRows

from ..models import Event
from . import autosave, history, photo_upload, presence, preview, readiness, translations, workflow
from .event_form import EventForm
from .front_page import pin_to_front_page
from .links import warn_of_broken_links
from .missing import MissingFilter
from .photos import PhotoInline, keep_new_photos, order_photos
from .report_steps import take_steps
from .reports import ReportInline
from .rights import is_locked
from .videos import VideoInline
from .working_copies import forget


class EventAdmin(admin.ModelAdmin):
    class Media:
        css: ClassVar = {"all": ["css/desk-workflow.css", "css/desk-readiness.css"]}
        js: ClassVar = [Script("js/desk-labels.js", type="module")]

    change_form_template = "admin/news/event/change_form.html"
    form = EventForm
    date_hierarchy = "starts_at"
    list_display = ("headline", "starts_at", "place", "languages", "photo_count")
    list_filter = (workflow.StateFilter, MissingFilter, "categories", "place")
    search_fields = ("reports__title",)
    search_help_text = _("Words of a title")
    list_select_related = ("place",)
    list_per_page = 50
    formfield_overrides: ClassVar = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    fields = (("starts_at", "place", "embargo_until"), "categories", "topics", "related", "languages_note")
    autocomplete_fields = ("related",)
    inlines = (ReportInline, PhotoInline, VideoInline)
    actions = (pin_to_front_page,)

    def has_pin_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("news.add_frontpin")

    def formfield_for_manytomany(self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = SearchedRows(db_field, self.admin_site)  # A box for each event would be no choice.
        return super().formfield_for_manytomany(db_field, request, **kwargs)

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
        """Each report's language and state in words, with its time; a public one is a link to its page."""
        return workflow.summary(event)

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
        return tuple(flatten(self.fields)) if is_locked(request, obj) else ()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        for event in queryset:
            event.delete()

    def get_urls(self) -> list[URLPattern]:
        """The admin's own addresses, after those of the desk's other pages (each module brings its ``routes``)."""
        pages: list[URLPattern] = [
            *workflow.routes(self),
            *preview.routes(self),
            *autosave.routes(self),
            *presence.routes(self),
            *translations.routes(self),
            *history.routes(self),
            *photo_upload.routes(self),
        ]
        return [*pages, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> Any:
        context |= workflow.panel(request, context)
        event = kwargs.get("obj")
        context |= autosave.panel(request, event) | presence.panel(request, event)
        context |= readiness.panel(request, event, context)
        return super().render_change_form(request, context, **kwargs)

    def get_form(self, request: HttpRequest, obj: Event | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.working_copy = autosave.restored(request, obj).get("facts", {})
        return form

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        for each in formset.forms:
            each.instance._history_user = request.user  # Who saved or deleted this version.
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        keep_new_photos(request, form, PhotoInline(Event, self.admin_site))
        order_photos(form.instance, formsets)
        forget(request.user, form.instance if change else None)
        take_steps(request, formsets)
        warn_of_broken_links(request, form.instance)
