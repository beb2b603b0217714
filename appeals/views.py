"""The citizen's pages: read the rules, write, check, receipt. Nothing here may be stored by any cache."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from . import casework, drafts, signing
from .article21 import Assessment, Ground
from .content import Content
from .drafts import OpenDraft
from .forms import MAX_ATTACHMENTS, AppealForm, CaptchaForm, SignatureForm, ground_text
from .models import FileRole, Kind
from .privacy import private_page
from .signature import Invalid
from .signature_texts import SENTENCES
from .signing import Signed


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
    draft.values = {name: request.POST[name] for name in AppealForm.base_fields if name in request.POST}
    draft.save()
    form = AppealForm(request.POST, request.FILES)
    form.is_valid()
    _keep_files(request, form, draft)
    valid = form.is_valid() and "stay" not in request.POST
    response = redirect("appeals:check") if valid else _write_page(request, form, draft)
    drafts.remember(response, draft)
    return response


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
def check(request: HttpRequest) -> HttpResponse:
    """Everything as it will be sent, the assessment in words, the signature, the CAPTCHA."""
    signature = SignatureForm(request.POST, request.FILES) if request.method == "POST" else SignatureForm()
    signature.is_valid()  # Pictures are read here, before the draft is locked.
    with transaction.atomic():
        draft = drafts.find(request, lock=request.method == "POST")
        if draft is None:
            return _to("appeals:write", "?lost=1")
        if draft.row.sent:
            return redirect("appeals:receipt")
        form = AppealForm(draft.values)
        if not form.is_valid():
            return _to("appeals:write", "?check=1")
        content = Content.of(form.cleaned_data).relevant()
        if request.method != "POST":
            return _check_page(request, draft, content, signature, CaptchaForm())
        return _check_answer(request, draft, content, signature)


def _check_answer(request: HttpRequest, draft: OpenDraft, content: Content, signature: SignatureForm) -> HttpResponse:
    """Keep the signature, then send, or say what is missing."""
    if "remove_signature" in request.POST:
        if draft.signature:
            draft.detach(draft.signature.id)
            draft.save()
        return _to("appeals:check", "#signature")
    _keep_signature(draft, content, signature)
    if "send" not in request.POST:
        if signature.errors:
            return _check_page(request, draft, content, signature, CaptchaForm())
        return _to("appeals:check", "#signature" if "keep_signature" in request.POST else "#captcha")
    captcha = CaptchaForm(request.POST)
    signed = signing.judge(content, draft.open_files)
    _add_grounds(signature, casework.assess_signed(content, signed), signed)
    if not (captcha.is_valid() and signature.is_valid()):
        return _check_page(request, draft, content, signature, captcha)
    appeal, code = casework.receive(content, _files(draft), get_language())
    draft.turn_into_receipt(
        {
            "number": appeal.number,
            "code": code,
            "verdict": appeal.verdict,
            "digest": appeal.digest,
            "received_at": appeal.received_at.isoformat(),
        }
    )
    return redirect("appeals:receipt")


def _keep_signature(draft: OpenDraft, content: Content, form: SignatureForm) -> None:
    """Keep the picture, or the digital signature if it is good; the form says what is wrong with it."""
    given, digital = form.cleaned_data.get("signature"), form.cleaned_data.get("digital")
    if given:
        draft.attach(FileRole.SIGNATURE, "signature.png", given.content, given.content_type)
    if digital is not None:
        try:
            signing.read(content, draft.open_files, digital)
        except Invalid as invalid:
            form.add_error("digital", SENTENCES[invalid.fault])
        else:
            pdf = digital.startswith(b"%PDF-")
            name, kind = ("signed.pdf", signing.SIGNED_PDF) if pdf else ("signature.p7s", signing.DETACHED)
            draft.attach(FileRole.SIGNATURE, name, digital, kind)
    if given or digital is not None:
        draft.save()


def _to(name: str, suffix: str) -> HttpResponse:
    response = redirect(name)
    response.headers["Location"] += suffix
    return response


def _files(draft: OpenDraft) -> list[casework.SentFile]:
    return [casework.SentFile(file.role, file.name, file.content_type, file.content) for file in draft.open_files]


def _add_grounds(form: SignatureForm, assessment: Assessment, signed: Signed) -> None:
    """Say beside the signature why the appeal cannot be sent, unless that field has its own error."""
    if not assessment.refused_when_sending:
        return
    for ground in assessment.grounds:
        field = "signature" if ground in {Ground.UNSIGNED, Ground.SIGNATURE_INVALID} else None
        if ground == Ground.SIGNATURE_INVALID and signed.fault:
            field, sentence = "digital", SENTENCES[signed.fault]
        else:
            sentence = ground_text(ground)
        if not (field and form.has_error(field)):
            form.add_error(field, sentence)


def _check_page(
    request: HttpRequest, draft: OpenDraft, content: Content, signature: SignatureForm, captcha: CaptchaForm
) -> HttpResponse:
    signed = signing.judge(content, draft.open_files)
    context = {
        "signature": signature,
        "signed": signed,
        "fault": signed.fault and SENTENCES[signed.fault],
        "digital_offered": signing.offered(),
        "captcha": captcha,
        "refused": bool(signature.errors or captcha.errors),
        "draft": draft,
        "content": content,
        "kind": Kind(content.kind).label,
        "residence": content.residence(get_language()),
        "assessment": casework.assess_signed(content, signed),
    }
    return render(request, "appeals/check.html", context)


@private_page
@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """The appeal as the PDF that is signed digitally; the same bytes as long as nothing in the draft changes."""
    draft = drafts.find(request)
    form = AppealForm(draft.values) if draft and not draft.row.sent else None
    if draft is None or form is None or not form.is_valid():
        raise Http404
    content = Content.of(form.cleaned_data).relevant()
    pdf = signing.make_document(content, draft.open_files, get_language())
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="appeal.pdf"'},
    )


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
