"""The citizen's pages: read the rules, write. Nothing here may be stored by any cache."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from portal.uploads import names_were_lost

from . import attachments, drafts
from .downloads import file_response
from .drafts import OpenDraft
from .forms import AppealForm
from .privacy import private_page


@private_page
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    context = {
        "done": "done" in request.GET,
        "draft": drafts.find(request),
        "term_days": settings.APPEAL_TERM_DAYS,
    }
    return render(request, "appeals/rules.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form. Whatever is sent is kept in the draft first, then judged."""
    draft = drafts.find(request)
    if draft and draft.row.sent:
        draft = None
    if request.method != "POST":
        values = draft.values if draft else {}
        form = AppealForm(values) if values and "check" in request.GET else AppealForm(initial=values)
        return _write_page(request, form, draft)
    try:
        return _keep(request, draft or drafts.start())
    except drafts.AlreadySent:
        return redirect("appeals:receipt")


def _keep(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    """Store what was typed, then judge it and store the files."""
    with drafts.change(draft) as present:
        present.values = {name: request.POST[name] for name in AppealForm.base_fields if name in request.POST}
    form = AppealForm(request.POST, request.FILES)
    form.is_valid()
    draft, no_room = attachments.change(present, form.taken_attachments, request.POST.getlist("remove"))
    for error in no_room + ([ValidationError(attachments.NAME_LOST)] if names_were_lost(request) else []):
        form.add_error("attachments", error)
    if "remove" in request.POST and not form.has_error("attachments"):
        response = redirect(reverse("appeals:write") + "#attachments")
    elif form.is_valid() and "stay" not in request.POST:
        response = redirect("appeals:check")
    else:
        response = _write_page(request, form, draft)
    drafts.remember(response, draft)
    return response


def _write_page(request: HttpRequest, form: AppealForm, draft: OpenDraft | None) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
        "saved_at": parse_datetime(draft.saved_at) if draft else None,
        "lost": "lost" in request.GET,
    }
    return render(request, "appeals/write.html", context)


@private_page
@require_safe
def draft_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file of this browser's own draft: the preview of the signature, an attachment to look at again."""
    draft = drafts.find(request)
    note = next((note for note in draft.files if note.id == file_id), None) if draft else None
    if note is None:
        raise Http404
    return file_response(draft.read(note), note.content_type, note.name)
