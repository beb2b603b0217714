"""The press desk: one screen per event, with its photos and its reports in up to three languages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField, LinesField

from . import images
from .admin_front import pin_to_front_page
from .body import editable
from .models import Category, Event, Partner, Photo, Place, Report, Topic

PUBLISH = "news.publish_report"
# Text is taken in one encoding and without characters that hide others.
TEXT_FIELDS = {models.CharField: {"form_class": LineField}, models.TextField: {"form_class": LinesField}}


STAGES_OF_WRITING = (Report.Status.DRAFT, Report.Status.REVIEW)


class ReportForm(forms.ModelForm):
    """A report as it is written. Who may not publish takes it as far as review, and leaves alone what was published."""

    correction = LinesField(
        label=_("correction"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=_(
            "For a published report: what you correct now, in a sentence that readers see under the text with the date."
        ),
    )

    class Meta:
        model = Report
        fields = ("language", "title", "lead", "body", "status", "published_at")
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "lead": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "body": forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
        }

    may_publish = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["body"] = editable(self.instance.body)
        self.fields["correction"].disabled = not self.instance.is_public
        if not self.may_publish:
            self._limit_to_writing()

    def _limit_to_writing(self) -> None:
        """Up to review an editor decides; what was published, even if withdrawn since, belongs to the chief."""
        self.fields["published_at"].disabled = True
        if self.instance.status in STAGES_OF_WRITING:
            self.fields["status"].choices = [(stage.value, stage.label) for stage in STAGES_OF_WRITING]
        else:
            for name in self.fields:
                self.fields[name].disabled = True

    def save(self, commit: bool = True) -> Report:
        if self.cleaned_data.get("correction"):
            self.instance.correct(self.cleaned_data["correction"])
        return super().save(commit)


class ReportInline(admin.StackedInline):
    model = Report
    form = ReportForm
    formfield_overrides: ClassVar = TEXT_FIELDS
    max_num = len(settings.LANGUAGES)

    def get_extra(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> int:
        return self.max_num - (obj.reports.count() if obj else 0)

    def get_formset(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        form = type("ReportForm", (ReportForm,), {"may_publish": request.user.has_perm(PUBLISH)})
        return super().get_formset(request, obj, form=form, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return request.user.has_perm(PUBLISH) and super().has_delete_permission(request, obj)


def is_locked(request: HttpRequest, event: Event | None) -> bool:
    """A published event's facts and photos are changed by those who may publish."""
    return bool(event and event.pk and not request.user.has_perm(PUBLISH) and event.reports.published().exists())


class PhotoForm(forms.ModelForm):
    """A photo; without a position it goes to the end."""

    LAST = 32767

    position = forms.IntegerField(
        label=_("position"),
        required=False,
        min_value=0,
        max_value=LAST,
        help_text=_("0 is the lead photo; empty: last."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["position"] = None

    def clean_position(self) -> int:
        position = self.cleaned_data["position"]
        return self.LAST if position is None else position


class PhotoInline(admin.StackedInline):
    model = Photo
    form = PhotoForm
    extra = 1
    # Originals have no address: the preview shows what there is, the field only takes another picture.
    formfield_overrides: ClassVar = TEXT_FIELDS | {models.ImageField: {"widget": forms.FileInput}}
    readonly_fields = ("preview",)
    fields = (
        ("preview", "image"),
        ("position", "credit"),
        ("caption_tg", "caption_ru", "caption_en"),
        ("alt_tg", "alt_ru", "alt_en"),
    )

    def has_add_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return not is_locked(request, obj) and super().has_delete_permission(request, obj)

    @admin.display(description=_("preview"))
    def preview(self, photo: Photo) -> str:
        if not photo.pk:
            return "—"
        return format_html(
            '<img src="{}" alt="" width="160" height="{}">',
            images.rendition_url(photo.token, images.widths(photo.width)[0], "jpeg"),
            round(160 * photo.height / photo.width),
        )


@admin.register(Event)
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


def order_photos(event: Event, formsets: Any) -> None:
    """Number the photos from 0; where two claim a place, the one that was just put there has it."""
    moved = {photo.instance.pk for formset in formsets for photo in formset.forms if "position" in photo.changed_data}
    photos = sorted(event.photos.all(), key=lambda photo: (photo.position, photo.pk not in moved, photo.pk))
    for position, photo in enumerate(photos):
        if photo.position != position:
            photo.position = position
            photo.save(update_fields=["position"])


class NameAdmin(admin.ModelAdmin):
    formfield_overrides: ClassVar = TEXT_FIELDS
    list_display = ("name", "name_tg", "name_ru", "name_en")
    search_fields = ("name_tg", "name_ru", "name_en")
    prepopulated_fields = {"slug": ("name_en",)}

    @admin.display(description=_("name"))
    def name(self, named: Any) -> str:
        return named.name


@admin.register(Category)
class CategoryAdmin(NameAdmin):
    list_display = (*NameAdmin.list_display, "position")


admin.site.register(Place, NameAdmin)
admin.site.register(Topic, NameAdmin)


@admin.register(Partner)
class PartnerAdmin(NameAdmin):
    list_display = (*NameAdmin.list_display, "url", "position")
