"""The page of one appeal: what was sent, the assessment with its grounds, the steps, the journal."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import casework, term, timeline, vault
from ..choices import FileRole
from ..downloads import file_response
from ..models import Appeal, AppealFile
from . import steps
from .seen_before import seen_before
from .steps import StepForm


class CasePage:
    """Mixed into the admin of appeals."""

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
        appeal, form = get_object_or_404(Appeal, pk=appeal_id), steps.chosen(request)
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
            "step_forms": list(steps.possible(appeal, request.user, filled)) if opened else [],
            "signed": opened and opened.signed,
            "signatures": opened.of_role(FileRole.SIGNATURE) if opened else [],
            "documents": opened.of_role(FileRole.DOCUMENT) if opened else [],
            "attachments": opened.of_role(FileRole.ATTACHMENT) if opened else [],
            "journal": self._journal(appeal, opened),
            "wait_is_over": appeal.wait_until and appeal.wait_until < term.local_day(timezone.now()),
            **self.keeping(request, appeal),
            **seen_before(appeal, opened, request.user),
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
