"""The citizen's pages: read the rules, write, check, receipt. Nothing here may be stored by any cache."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from . import casework, drafts
from .article21 import Assessment, Ground
from .content import Content
from .drafts import OpenDraft
from .forms import MAX_ATTACHMENTS, AppealForm, SendForm, ground_text
from .models import FileRole, Kind


def private_page(view: Any) -> Any:
    """Keep what ``view`` takes and gives out of caches and error reports."""
    guarded = never_cache(sensitive_post_parameters()(sensitive_variables()(view)))
    return wraps(view)(guarded)


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
    draft = draft or drafts.start()
    form = AppealForm(request.POST, request.FILES)
    with transaction.atomic():
        valid = _keep(request, form, draft)
    response = redirect("appeals:check") if valid else _write_page(request, form, draft)
    drafts.remember(response, draft)
    return response


def _keep(request: HttpRequest, form: AppealForm, draft: OpenDraft) -> bool:
    """Store what was typed and attached; True if the appeal may go on to the check page."""
    draft.values = {name: request.POST[name] for name in form.fields if name in request.POST}
    draft.save()
    form.is_valid()
    for note in draft.attachments:
        if str(note.id) in request.POST.getlist("remove"):
            draft.detach(note.id)
    for name, upload in form.taken_attachments:
        if len(draft.attachments) >= MAX_ATTACHMENTS:
            form.add_error("attachments", _("“%(name)s” was not added: 5 files are the most.") % {"name": name})
        else:
            draft.attach(FileRole.ATTACHMENT, name, upload.content, upload.content_type)
    draft.save()
    return form.is_valid() and "stay" not in request.POST


def _write_page(request: HttpRequest, form: AppealForm, draft: OpenDraft | None) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
        "saved_at": parse_datetime(draft.saved_at) if draft else None,
        "lost": "lost" in request.GET,
    }
    return render(request, "appeals/write.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def check(request: HttpRequest) -> HttpResponse:
    """Everything as it will be sent, the assessment in words, the signature, the CAPTCHA."""
    draft = drafts.find(request, lock=request.method == "POST")
    if draft is None:
        return _to("appeals:write", "?lost=1")
    if draft.row.sent:
        return redirect("appeals:receipt")
    appeal_form = AppealForm(draft.values)
    if not appeal_form.is_valid():
        return _to("appeals:write", "?check=1")
    content = Content.of(appeal_form.cleaned_data).relevant()
    if request.method != "POST":
        return _check_page(request, draft, content, SendForm())
    if "remove_signature" in request.POST and draft.signature:
        draft.detach(draft.signature.id)
        draft.save()
        return _to("appeals:check", "#signature")
    form = SendForm(request.POST, request.FILES)
    form.is_valid()
    if form.taken_signature:
        draft.attach(FileRole.SIGNATURE, "signature.png", form.taken_signature.content, form.taken_signature.content_type)
        draft.save()
    if "send" not in request.POST and not form.has_error("signature"):
        return _to("appeals:check", "#signature" if "keep_signature" in request.POST else "#captcha")
    _add_grounds(form, _assess(draft, content))
    if not form.is_valid():
        return _check_page(request, draft, content, form)
    appeal, code = casework.receive(content, _files(draft), get_language())
    draft.turn_into_receipt({"number": appeal.number, "code": code, "verdict": appeal.verdict})
    return redirect("appeals:receipt")


def _to(name: str, suffix: str) -> HttpResponse:
    response = redirect(name)
    response.headers["Location"] += suffix
    return response


def _files(draft: OpenDraft) -> list[casework.SentFile]:
    return [casework.SentFile(note.role, note.name, note.content_type, draft.read(note)) for note in draft.files]


def _assess(draft: OpenDraft, content: Content) -> Assessment:
    return casework.assess_facts(content.facts(casework.signature_of(draft.files)))


def _add_grounds(form: SendForm, assessment: Assessment) -> None:
    """Say beside the signature why the appeal cannot be sent, unless that field has its own error."""
    if not assessment.refused_when_sending:
        return
    for ground in assessment.grounds:
        field = "signature" if ground in {Ground.UNSIGNED, Ground.SIGNATURE_INVALID} else None
        if not (field and form.has_error(field)):
            form.add_error(field, ground_text(ground))


def _check_page(request: HttpRequest, draft: OpenDraft, content: Content, form: SendForm) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
        "content": content,
        "kind": Kind(content.kind).label,
        "residence": content.residence(get_language()),
        "assessment": _assess(draft, content),
    }
    return render(request, "appeals/check.html", context)


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


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Number and tracking code, for this browser, until its owner says that they are written down."""
    draft = drafts.find(request)
    if draft is None or not draft.row.sent:
        return redirect("appeals:rules")
    if request.method == "POST":
        response: HttpResponseRedirect = _to("appeals:rules", "?done=1")
        drafts.forget(response, draft)
        return response
    context = {**draft.receipt, "minutes": drafts.RECEIPT_MINUTES, "term_days": settings.APPEAL_TERM_DAYS}
    return render(request, "appeals/receipt.html", context)
