"""What the desk is told of links that lead nowhere, and the lists of these and of old addresses."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..link_check import check_report
from ..links import BrokenLink, OldAddress
from ..models import Event
from ..old_addresses import normal_path

# Sentences about one report; who mended these is told of the next ones.
MOST = 10


def warn_of_broken_links(request: HttpRequest, event: Event) -> None:
    """Name each link of the event's reports into this site that leads to nothing public."""
    for report in event.reports.all():
        for url in check_report(report)[:MOST]:
            text = _("%(language)s: this link leads to no public page: %(url)s")
            messages.warning(request, text % {"language": report.get_language_display(), "url": url})


class OldAddressForm(forms.ModelForm):
    class Meta:
        model = OldAddress
        fields = ("path", "event", "language")

    def clean_path(self) -> str:
        return normal_path(self.cleaned_data["path"])


class OldAddressAdmin(admin.ModelAdmin):
    form = OldAddressForm
    list_display = ("path", "event", "language")
    list_filter = ("language",)
    list_select_related = ("event",)
    search_fields = ("path",)
    raw_id_fields = ("event",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("event__reports")


class BrokenLinkAdmin(admin.ModelAdmin):
    """A list to read: the check makes the rows and takes them away."""

    list_display = ("address", "in_report", "what_happened", "found_at", "checked_at")
    list_select_related = ("report",)
    search_fields = ("url", "report__title")
    fields = ("address", "in_report", "what_happened", "found_at", "checked_at")
    readonly_fields: ClassVar = fields

    @admin.display(description=gettext_lazy("address"), ordering="url")
    def address(self, link: BrokenLink) -> str:
        return link.url

    @admin.display(description=gettext_lazy("report"))
    def in_report(self, link: BrokenLink) -> SafeString:
        desk = reverse("admin:news_event_change", args=[link.report.event_id])
        return format_html('<a href="{}">{}</a>', desk, link.report.title)

    @admin.display(description=gettext_lazy("what happened"))
    def what_happened(self, link: BrokenLink) -> str:
        return link.reason_text

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission
