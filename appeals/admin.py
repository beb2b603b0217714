"""The office: appeals as they came in, with their assessment; every step goes through ``casework``."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import casework, vault
from .admin_steps import StepForm
from .models import Appeal, AppealFile, FileRole


class HeldFilter(admin.SimpleListFilter):
    title = gettext_lazy("held")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> QuerySet[Appeal]:
        if self.value() == "yes":
            return queryset.exclude(held="")
        return queryset.filter(held="") if self.value() == "no" else queryset


@admin.register(Appeal)
class AppealAdmin(admin.ModelAdmin):
    list_display = (
        "number",
        "received_at",
        "kind",
        "applicant",
        "region_name",
        "verdict",
        "status",
        "due_on",
        "is_held",
    )
    list_filter = ("status", HeldFilter, "verdict", "kind", "applicant", "language")
    search_fields = ("number",)
    search_help_text = gettext_lazy("The appeal's number")
    date_hierarchy = "received_at"
    list_per_page = 50
    actions = ("register_selected", "release_selected")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Appeal | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Appeal | None = None) -> bool:
        return False

    def has_register_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appeals.register_appeal")

    @admin.display(description=gettext_lazy("region"), ordering="region")
    def region_name(self, appeal: Appeal) -> str:
        return appeal.region_name

    @admin.display(description=gettext_lazy("held"))
    def is_held(self, appeal: Appeal) -> str:
        return _("held") if appeal.held else ""

    @admin.action(description=gettext_lazy("Release the selected appeals"), permissions=["register"])
    def release_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> None:
        for appeal in queryset.order_by("id"):
            self._release(request, appeal)

    def _release(self, request: HttpRequest, appeal: Appeal) -> None:
        try:
            casework.release(appeal, request.user)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
        else:
            self.message_user(
                request, _("Appeal %(number)s is released.") % {"number": appeal.number}, messages.SUCCESS
            )

    @admin.action(description=gettext_lazy("Register the selected appeals"), permissions=["register"])
    def register_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> None:
        for appeal in queryset.order_by("id"):
            self._register(request, appeal)

    def _register(self, request: HttpRequest, appeal: Appeal) -> None:
        try:
            casework.register(appeal, request.user)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
        else:
            self.message_user(
                request, _("Appeal %(number)s is registered.") % {"number": appeal.number}, messages.SUCCESS
            )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<row:appeal_id>/step/", wrap(require_POST(self.step_view)), name="appeals_appeal_step"),
            path("<row:appeal_id>/release/", wrap(require_POST(self.release_view)), name="appeals_appeal_release"),
            path("<row:appeal_id>/register/", wrap(require_POST(self.register_view)), name="appeals_appeal_register"),
            path(
                "<row:appeal_id>/files/<row:file_id>/", wrap(require_safe(self.file_view)), name="appeals_appeal_file"
            ),
            *super().get_urls(),
        ]

    def register_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        self._register(request, get_object_or_404(Appeal, pk=appeal_id))
        return redirect("admin:appeals_appeal_change", appeal_id)

    def release_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        self._release(request, get_object_or_404(Appeal, pk=appeal_id))
        return redirect("admin:appeals_appeal_change", appeal_id)

    def step_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        """Take a step of the case; a form with a fault comes back with what was typed."""
        appeal, form = get_object_or_404(Appeal, pk=appeal_id), StepForm(request.POST)
        if not form.is_valid():
            return self.change_view(request, str(appeal_id), extra_context={"step_form": form})
        try:
            self.message_user(request, form.take(appeal, request.user), messages.SUCCESS)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return self.change_view(request, str(appeal_id), extra_context={"step_form": form})
        return redirect("admin:appeals_appeal_change", appeal_id)

    def file_view(self, request: HttpRequest, appeal_id: int, file_id: int) -> HttpResponse:
        """A file as the applicant sent it: pictures are shown, anything else is only ever downloaded."""
        file = casework.read_file(get_object_or_404(AppealFile, pk=file_id, appeal=appeal_id), request.user)
        response = HttpResponse(file.content, content_type=file.content_type)
        if not file.content_type.startswith("image/"):
            response.headers["Content-Disposition"] = "attachment"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One appeal: what was sent, the assessment with its grounds, the journal. Reading it is recorded."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        appeal = get_object_or_404(Appeal, pk=object_id if re.fullmatch(r"[0-9]{1,18}", object_id) else 0)
        opened = None
        if request.user.has_perm("appeals.read_content"):
            try:
                opened = casework.read(appeal, request.user)
            except vault.Unreadable:
                self.message_user(
                    request, _("This appeal cannot be read with the office's present key."), messages.ERROR
                )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Appeal %(number)s") % {"number": appeal.number},
            "opts": self.opts,
            "appeal": appeal,
            "content": opened and opened.content,
            "residence": opened and opened.content.residence(get_language() or "tg"),
            "notes": opened.notes if opened else [],
            "step_form": StepForm() if request.user.has_perm("appeals.answer_appeal") else None,
            "signed": opened and opened.signed,
            "signatures": opened.of_role(FileRole.SIGNATURE) if opened else [],
            "documents": opened.of_role(FileRole.DOCUMENT) if opened else [],
            "attachments": opened.of_role(FileRole.ATTACHMENT) if opened else [],
            "journal": appeal.journal.select_related("actor"),
            "chain_is_whole": casework.chain_is_whole(appeal),
            "may_register": appeal.status == Appeal.Status.RECEIVED
            and not appeal.held
            and self.has_register_permission(request),
            "may_release": appeal.held and self.has_register_permission(request),
        }
        return TemplateResponse(request, "admin/appeals/appeal/detail.html", context | (extra_context or {}))
