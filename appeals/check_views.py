"""The check page: everything as it will be sent, the assessment, the signature, the CAPTCHA, and sending."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from portal import throttle

from . import attachments, bursts, casework, drafts, gate, signing
from .article21 import Assessment, Ground
from .check_forms import CaptchaForm, SignatureForm
from .choices import FileRole, Kind
from .content import Content
from .drafts import OpenDraft
from .fields import UNAVAILABLE
from .forms import AppealForm
from .grounds import ground_text
from .privacy import private_page
from .signature import Invalid
from .signature_texts import SENTENCES
from .signing import Signed


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Everything as it will be sent, the assessment in words, the signature, the CAPTCHA."""
    signature = SignatureForm(request.POST, request.FILES) if request.method == "POST" else SignatureForm()
    signature.is_valid()  # Pictures are read and files scanned here, before the draft is locked.
    if request.method != "POST":
        return _check_draft(request, signature)
    if "send" in request.POST and settings.CLAMD_SOCKET:
        _scan_held(request, signature)
    with transaction.atomic():
        return _check_draft(request, signature)


def _check_draft(request: HttpRequest, signature: SignatureForm) -> HttpResponse:
    """Show the draft, or take the answer; elsewhere if there is none that can be sent."""
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


def _scan_held(request: HttpRequest, form: SignatureForm) -> None:
    """Ask the scanner once more about files that it could not scan; the form names those with a virus."""
    draft = drafts.find(request)
    if draft and not draft.row.sent:
        try:
            for error in attachments.scan_held(draft):
                form.add_error(None, error)
        except drafts.AlreadySent:
            pass  # Sent from another tab meanwhile: the view finds that out itself.


def _check_answer(request: HttpRequest, draft: OpenDraft, content: Content, signature: SignatureForm) -> HttpResponse:
    """Keep the signature, then send, or say what is missing."""
    if request.FILES and (wait := gate.may_save(request, draft)):
        return _check_page(request, draft, content, signature, CaptchaForm(), wait)
    if "remove_signature" in request.POST:
        if draft.signature:
            draft.detach(draft.signature.id)
            draft.save()
        return _to("appeals:check", "#signature")
    _keep_signature(draft, content, signature)
    if "send" not in request.POST:
        if signature.errors:
            return _check_page(request, draft, content, signature, CaptchaForm())
        draft.keep_attached()
        return _to("appeals:check", "#signature" if "keep_signature" in request.POST else "#captcha")
    if wait := gate.before_answer(request, draft):
        return _check_page(request, draft, content, signature, CaptchaForm(), wait)
    captcha = CaptchaForm(request.POST)
    signed = signing.judge(content, draft.open_files)
    _add_grounds(signature, casework.assess_signed(content, signed), signed)
    if not (captcha.is_valid() and signature.is_valid()):
        return _check_page(request, draft, content, signature, captcha)
    return _send(request, draft, content, signature)


def _send(request: HttpRequest, draft: OpenDraft, content: Content, signature: SignatureForm) -> HttpResponse:
    """All is well: the appeal is taken. Whom the gate has noticed is taken like any other, and held for staff."""
    if wait := gate.before_sending(request):
        return _check_page(request, draft, content, signature, CaptchaForm(), wait)
    held = gate.reasons_to_hold(request, draft)
    mark = bursts.network_mark(throttle.network(request))
    appeal, code = casework.receive(content, _files(draft), get_language(), held, mark)
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
    """Attach the picture, or the digital signature if it is good; the form says what is wrong with it.

    What is sent in the same request is never stored in the draft.
    """
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


def _to(name: str, suffix: str) -> HttpResponse:
    response = redirect(name)
    response.headers["Location"] += suffix
    return response


def _files(draft: OpenDraft) -> list[casework.SentFile]:
    return [
        casework.SentFile(file.role, file.name, file.content_type, file.content, file.hidden_data, file.scan)
        for file in draft.open_files
    ]


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
    request: HttpRequest,
    draft: OpenDraft,
    content: Content,
    signature: SignatureForm,
    captcha: CaptchaForm,
    wait: float = 0,
) -> HttpResponse:
    """The page with a new picture; a sentence in its place if there is ``wait`` seconds none, or none can be made."""
    draft.keep_attached()
    wait = wait or gate.before_picture(request)
    closed = throttle.sentence(wait) if wait else "" if captcha.fields["captcha"].prepare() else UNAVAILABLE
    signed = signing.judge(content, draft.open_files)
    context = {
        "signature": signature,
        "signed": signed,
        "fault": signed.fault and SENTENCES[signed.fault],
        "digital_offered": signing.offered(),
        "captcha": captcha,
        "captcha_closed": closed,
        "refused": bool(signature.errors or captcha.errors),
        "draft": draft,
        "content": content,
        "kind": Kind(content.kind).label,
        "residence": content.residence(get_language()),
        "judged": casework.judged_people(content, signed),
        "assessment": casework.assess_signed(content, signed),
    }
    response = render(request, "appeals/check.html", context, status=503 if closed else 200)
    return throttle.told(response, wait) if wait else response


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
