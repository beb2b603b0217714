"""The citizen's pages: read the rules, write. No cache may store anything of it but the form that is empty."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from portal import throttle
from portal.caching import public_page
from portal.uploads import names_were_lost

from . import attachments, drafts, gate, signing
from .blank_form import blank_fields
from .downloads import file_response
from .draft_views import later_page
from .drafts import OpenDraft
from .forms import AppealForm
from .privacy import private_page
from .rules import facts as rules_of_office


@private_page
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    context = {"done": "done" in request.GET, "erased": "erased" in request.GET, "draft": drafts.find(request)}
    return render(request, "appeals/rules.html", context | rules_of_office())


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
        return _write_page(request, AppealForm(initial=AppealForm.typed(request.POST)), draft, wait)
    try:
        return _keep(request, draft or drafts.start())
    except drafts.AlreadySent:
        return redirect("appeals:receipt")


@public_page
@require_safe
def write_offline(request: HttpRequest) -> HttpResponse:
    """The empty form that browsers keep for want of a line: the same for everybody, without a draft and a token.

    It gets both from ``write`` when the line is back (static/js/draft.js).
    """
    alternates = {code: translate_url(reverse("appeals:write"), code) for code, _name in settings.LANGUAGES}
    return _write_page(request, AppealForm(), None, offline=True, alternates=alternates)


def _keep(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    """Store what was typed, then judge it and store the files."""
    with drafts.change(draft) as present:
        present.values = AppealForm.typed(request.POST)
        gate.note_trap(request, present)
    form = AppealForm(present.values, request.FILES)
    form.is_valid()
    draft, no_room = attachments.change(present, form.taken_attachments, request.POST.getlist("remove"))
    for error in no_room + ([ValidationError(attachments.NAME_LOST)] if names_were_lost(request) else []):
        form.add_error("attachments", error)
    response = _next_page(request, draft, form)
    drafts.remember(response, draft)
    return response


def _next_page(request: HttpRequest, draft: OpenDraft, form: AppealForm) -> HttpResponse:
    """Where the button that was pressed leads; to the check page only what may go on."""
    pressed, files_are_good = set(request.POST), not form.has_error("attachments")
    if "later" in pressed:
        return later_page(request, draft)
    if "remove" in pressed and files_are_good:
        return redirect(reverse("appeals:write") + "#attachments")
    if pressed & {"add_person", "remove_person"} and files_are_good:
        return _write_page(request, AppealForm(initial=draft.values), draft)
    if "stay" in pressed or not form.is_valid():
        return _write_page(request, form, draft)
    return redirect("appeals:check")


def _write_page(
    request: HttpRequest, form: AppealForm, draft: OpenDraft | None, wait: float = 0, **more: object
) -> HttpResponse:
    context = {
        **more,
        "form": form,
        "blank_fields": blank_fields(form),
        "draft": draft,
        "saved_at": parse_datetime(draft.saved_at) if draft else None,
        "lost": "lost" in request.GET,
        "digital_offered": signing.offered(),
        "honeypot": gate.HONEYPOT,
        "wait": throttle.sentence(wait) if wait else "",
    }
    response = render(request, "appeals/write.html", context)
    return throttle.told(response, wait) if wait else response


@private_page
@require_safe
def draft_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file of this browser's own draft: the preview of the signature, an attachment to look at again."""
    draft = drafts.find(request)
    note = next((note for note in draft.files if note.id == file_id), None) if draft else None
    if note is None:
        raise Http404
    return file_response(draft.read(note), note.content_type, note.name)
