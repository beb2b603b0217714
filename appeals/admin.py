"""The office: appeals as they came in, with their assessment; every step goes through ``casework``."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import admin_steps, casework, register_csv, term, timeline, vault
from .admin_erasure import ErasureProposalAdmin as ErasureProposalAdmin
from .admin_hold import HoldSteps
from .admin_steps import StepForm
from .choices import FileRole
from .downloads import file_response
from .models import Appeal, AppealFile


class WaitFilter(admin.SimpleListFilter):
    """What was asked of the applicant: nothing happens by itself when its day has passed, so it must be found."""

    title = gettext_lazy("waiting for the applicant")
    parameter_name = "wait"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("passed", _("the day has passed")), ("open", _("still within the days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> QuerySet[Appeal]:
        waiting, today = queryset.filter(status=Appeal.Status.WAITING), term.local_day(timezone.now())
        if self.value() == "passed":
            return waiting.filter(wait_until__lt=today)
        return waiting.filter(wait_until__gte=today) if self.value() == "open" else queryset


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
class AppealAdmin(HoldSteps, admin.ModelAdmin):
    list_display = (
        "number", "received_at", "kind", "applicant", "region_name", "verdict", "state", "due_on", "is_held",
    )  # fmt: skip
    list_filter = (
        WaitFilter, "status", HeldFilter, "verdict", "kind", "applicant", "language",
        ("on_hold_since", admin.EmptyFieldListFilter), ("erased_at", admin.EmptyFieldListFilter),
    )  # fmt: skip
    search_fields = ("number",)
    search_help_text = gettext_lazy("The appeal's number")
    date_hierarchy = "received_at"
    list_per_page = 50
    actions = ("register_selected", "release_selected", "save_register")

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

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, appeal: Appeal) -> str:
        return appeal.state

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

    @admin.action(description=gettext_lazy("Save the register of the selected appeals (CSV)"), permissions=["view"])
    def save_register(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        boxes = ("box", "sealed_key", "sealed_to_code", "grounds", "notes")
        return register_csv.response(queryset.defer(*boxes).order_by("id").iterator())

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
        appeal, form = get_object_or_404(Appeal, pk=appeal_id), admin_steps.chosen(request)
        if form is None:
            raise Http404
        if not form.is_valid():
            return self._show(request, appeal, form)
        try:
            if form.NAME == "replace_code":
                return self._new_code(request, appeal, form.cleaned_data["text"])
            self.message_user(request, form.take(appeal, request.user), messages.SUCCESS)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return self._show(request, appeal, form)
        except vault.Unreadable:
            return self._show(request, appeal, form)  # It says so itself.
        return redirect("admin:appeals_appeal_change", appeal_id)

    def _new_code(self, request: HttpRequest, appeal: Appeal, proof: str) -> HttpResponse:
        """The code on this page alone: a message for the next page would be stored in clear until it is shown."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Appeal %(number)s") % {"number": appeal.number},
            "opts": self.opts,
            "appeal": appeal,
            "code": casework.replace_code(appeal, request.user, proof),
        }
        return TemplateResponse(request, "admin/appeals/appeal/new_code.html", context)

    def file_view(self, request: HttpRequest, appeal_id: int, file_id: int) -> HttpResponse:
        """A file as it was sent: pictures are shown, anything else is only ever downloaded."""
        try:
            file = casework.read_file(get_object_or_404(AppealFile, pk=file_id, appeal=appeal_id), request.user)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return redirect("admin:appeals_appeal_change", appeal_id)
        except vault.Unreadable:
            return redirect("admin:appeals_appeal_change", appeal_id)  # That page says why.
        return file_response(file.content, file.content_type, file.name)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One appeal: what was sent, the assessment with its grounds, the journal. Reading it is recorded."""
        appeal = get_object_or_404(Appeal, pk=object_id if re.fullmatch(r"[0-9]{1,18}", object_id) else 0)
        return self._show(request, appeal, extra_context=extra_context)

    def _show(
        self, request: HttpRequest, appeal: Appeal, filled: StepForm | None = None, extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        opened = None
        if request.user.has_perm("appeals.read_content") and not appeal.erased_at:
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
            "step_forms": list(admin_steps.possible(appeal, request.user, filled)) if opened else [],
            "signed": opened and opened.signed,
            "signatures": opened.of_role(FileRole.SIGNATURE) if opened else [],
            "documents": opened.of_role(FileRole.DOCUMENT) if opened else [],
            "attachments": opened.of_role(FileRole.ATTACHMENT) if opened else [],
            "journal": self._journal(appeal, opened),
            "wait_is_over": appeal.wait_until and appeal.wait_until < term.local_day(timezone.now()),
            **self.keeping(request, appeal),
            "chain_is_whole": casework.chain_is_whole(appeal),
            "may_register": appeal.status == Appeal.Status.RECEIVED
            and not appeal.held
            and self.has_register_permission(request),
            "may_release": appeal.held and self.has_register_permission(request),
        }
        return TemplateResponse(request, "admin/appeals/appeal/detail.html", context | (extra_context or {}))

    @staticmethod
    def _journal(appeal: Appeal, opened: casework.Opened | None) -> list[dict[str, Any]]:
        """Each step with its details; what came with it in words stands there for who may read it."""
        notes = {note.id: note for note in opened.notes} if opened else {}
        return [
            {
                "at": entry.at,
                "sentence": timeline.sentence(entry, notes.get(entry.detail.get("message"))),
                "actor": timeline.actor(entry),
            }
            for entry in appeal.journal.select_related("actor")
        ]
