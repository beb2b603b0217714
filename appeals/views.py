"""The citizen's pages: read the rules, write. Nothing here may be stored by any cache."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from . import drafts, gate
from .drafts import OpenDraft
from .forms import MAX_ATTACHMENTS, AppealForm
from .models import FileRole
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
    if wait := gate.may_save(request, draft):
        return _write_page(request, AppealForm(initial=_typed(request)), draft, wait)
    try:
        return _keep(request, draft or drafts.start())
    except drafts.AlreadySent:
        return redirect("appeals:receipt")


def _keep(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    """Store what was typed, then judge it and store the files."""
    draft.values = _typed(request)
    gate.note_trap(request, draft)
    draft.save()
    form = AppealForm(request.POST, request.FILES)
    form.is_valid()
    _keep_files(request, form, draft)
    valid = form.is_valid() and "stay" not in request.POST
    response = redirect("appeals:check") if valid else _write_page(request, form, draft)
    drafts.remember(response, draft)
    return response


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST[name] for name in AppealForm.base_fields if name in request.POST}


@transaction.atomic
def _keep_files(request: HttpRequest, form: AppealForm, draft: OpenDraft) -> None:
    """Store the files that can be taken, whatever else is wrong; erase those that are to go."""
    for note in draft.attachments:
        if str(note.id) in request.POST.getlist("remove"):
            draft.detach(note.id)
    for name, upload in form.taken_attachments:
        if len(draft.attachments) >= MAX_ATTACHMENTS:
            form.add_error("attachments", _("“%(name)s” was not added: 5 files are the most.") % {"name": name})
        else:
            draft.attach(FileRole.ATTACHMENT, name, upload.content, upload.content_type)
    draft.save()


def _write_page(request: HttpRequest, form: AppealForm, draft: OpenDraft | None, wait: float = 0) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
        "saved_at": parse_datetime(draft.saved_at) if draft else None,
        "lost": "lost" in request.GET,
        "honeypot": gate.HONEYPOT,
        "wait": gate.sentence(wait) if wait else "",
    }
    response = render(request, "appeals/write.html", context)
    return gate.told(response, wait) if wait else response


@private_page
@require_safe
def draft_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file of this browser's own draft: the preview of the signature, an attachment to look at again."""
    draft = drafts.find(request)
    note = next((note for note in draft.files if note.id == file_id), None) if draft else None
    if note is None:
        raise Http404
    response = HttpResponse(draft.read(note), content_type=note.content_type)
    if not note.content_type.startswith("image/"):
        response.headers["Content-Disposition"] = "attachment"
    return response
