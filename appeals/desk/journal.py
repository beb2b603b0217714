"""The journal of all appeals, for auditors and supervisors: to read, to search, to take out as a table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.fields import LineField
from portal.staff.proof import ask_for_proof, recently_proved

from .. import casework, timeline
from ..models import JournalEntry, OfficeEntry
from ..spreadsheets import BOM, safe

ROWS_AT_ONCE = 2000


def day_field(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


class JournalForm(forms.Form):
    number = LineField(label=gettext_lazy("Number"), required=False, max_length=11)
    action = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    actor = forms.ModelChoiceField(
        get_user_model().objects.order_by("username"), label=gettext_lazy("Who"), required=False
    )
    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = sorted((capfirst(str(label)), value) for value, label in JournalEntry.Action.choices)
        self.fields["action"].choices = [("", "---------"), *((value, label) for label, value in words)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", _("This day is before the first one."))
        return given


class ReadOnly(admin.ModelAdmin):
    """A list and nothing else: what was done stands there. No row has a page, a history, a form."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name=f"appeals_{self.opts.model_name}_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(JournalEntry)
class JournalAdmin(ReadOnly):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.export_view))
        return [path("export/", view, name="appeals_journalentry_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self._page(request, JournalForm(request.GET))

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The entries that were found, as a table. Who took out which ones is recorded first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not recently_proved(request):
            return ask_for_proof(request)
        form = JournalForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        chosen = form.cleaned_data
        casework.record_export(
            request.user,
            OfficeEntry.Action.JOURNAL_EXPORTED,
            chosen | {"actor": chosen["actor"] and chosen["actor"].pk},
        )
        lines = table(casework.entries(**chosen).iterator(ROWS_AT_ONCE), get_language() or "tg")
        name = f"journal-{timezone.localdate():%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)

    def _page(self, request: HttpRequest, form: JournalForm) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        before = request.GET.get("before", "")
        found, older = [], None
        if form.is_valid():
            known = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
            found, older = casework.page(casework.entries(**form.cleaned_data), known)
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,
            "title": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "form": form,
            "entries": [(entry, timeline.sentence(entry), timeline.actor(entry)) for entry in found],
            "older": older,
            "is_first": not before,
        }
        return TemplateResponse(request, "admin/appeals/journalentry/list.html", context)


@admin.register(OfficeEntry)
class OfficeEntryAdmin(ReadOnly):
    list_display = ("at", "action", "chosen", "actor")
    list_display_links = None
    list_select_related = ("actor",)
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": capfirst(self.opts.verbose_name_plural)})

    @admin.display(description=gettext_lazy("filter"))
    def chosen(self, entry: OfficeEntry) -> str:
        return "; ".join(f"{name}: {value}" for name, value in sorted(entry.detail.items()))


class Echo:
    """What is written comes back: each line is sent as soon as it is made."""

    def write(self, line: str) -> str:
        return line


def table(entries: Iterable[JournalEntry], language: str) -> Iterator[str]:
    """The journal's lines for a spreadsheet. No words of applicants: the sentences come without their messages."""
    write = csv.writer(Echo()).writerow
    with override(language):
        yield BOM + write([_("When"), _("Appeal"), _("What"), _("Code"), _("Who"), _("Entry"), _("Hash")])
        for entry in entries:
            cells = (
                timezone.localtime(entry.at).isoformat(timespec="seconds"), entry.appeal.number,
                timeline.sentence(entry), entry.action, timeline.actor(entry), entry.pk, entry.hash,
            )  # fmt: skip
            yield write([safe(str(cell)) for cell in cells])
