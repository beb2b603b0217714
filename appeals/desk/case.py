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

from .. import casework, term, term_words, timeline, vault
from ..choices import FileRole
from ..downloads import file_response
from ..models import Appeal, AppealFile
from . import case_state, presence, steps
from .case_state import answer_begun, changes_since
from .identity import is_revealed
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
        """Take a step of the case; a form with a fault, or one that others were quicker than, comes back as typed."""
        appeal = get_object_or_404(Appeal, pk=appeal_id)
        form, seen = steps.chosen(request, appeal), request.POST.get("seen", "")
        if form is None:
            raise Http404
        if not request.user.has_perm(form.PERMISSION):
            raise PermissionDenied
        if not form.is_valid():
            return self._show(request, appeal, form)
        if "preview" in request.POST and form.NAME == "answer":
            return self._show(request, appeal, form, {"preview": form.cleaned_data["text"]})
        if refusal := presence.refusal(appeal, request.user, "take_over" in request.POST):
            self.message_user(request, refusal, messages.WARNING)
            return self._show(request, appeal, form)
        appeal.seen = int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else None
        try:
            if form.NAME == "replace_code":
                return self._new_code(request, appeal, form.cleaned_data["text"])
            self.message_user(request, form.take(), messages.SUCCESS)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            fresh = get_object_or_404(Appeal, pk=appeal_id)
            changes = changes_since(fresh, appeal.seen) if isinstance(refused, casework.Stale) else []
            return self._show(request, fresh, form, {"changes": changes})
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
            file = get_object_or_404(AppealFile, pk=file_id, appeal=appeal_id)
            file = casework.read_file(file, request.user, is_revealed(request, appeal_id))
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
        rows = Appeal.objects.select_related("department", "officer", "topic", "joined_to", "prepared_by", "entered_by")
        appeal = get_object_or_404(rows, pk=object_id if re.fullmatch(r"[0-9]{1,18}", object_id) else 0)
        return self._show(request, appeal, extra_context=extra_context)

    def _show(
        self, request: HttpRequest, appeal: Appeal, filled: StepForm | None = None, extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        opened = None
        if request.user.has_perm("appeals.read_content") and not appeal.erased_at:
            try:
                opened = casework.read(appeal, request.user, is_revealed(request, appeal.pk))
            except vault.Unreadable:
                self.message_user(
                    request, _("This appeal cannot be read with the office's present key."), messages.ERROR
                )
        begun = {"answer": {"text": answer_begun(appeal, opened, request.GET.get("template", ""))}}
        context = {
            **self.admin_site.each_context(request),
            **case_state.facts(appeal, request.user, opened),
            **presence.opened(appeal, request.user),
            "title": _("Appeal %(number)s") % {"number": appeal.number},
            "is_nav_sidebar_enabled": False,  # The case needs the width.
            "opts": self.opts,
            "appeal": appeal,
            "content": opened and opened.content,
            "residence": opened and opened.content.residence(get_language() or "tg"),
            "notes": opened.notes if opened else [],
            "steps": steps.possible(appeal, request.user, filled, begun) if opened else [],
            **self.identity(request, opened),
            "signed": opened and opened.signed,
            "signatures": opened.of_role(FileRole.SIGNATURE) if opened else [],
            "documents": opened.of_role(FileRole.DOCUMENT) if opened else [],
            "attachments": opened.of_role(FileRole.ATTACHMENT) if opened else [],
            "journal": self._journal(appeal, opened),
            "wait_is_over": appeal.wait_until and appeal.wait_until < term.local_day(timezone.now()),
            **self.keeping(request, appeal),
            "term": term_words.told(appeal),
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
