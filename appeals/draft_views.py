"""A draft between the pages: saved while it is typed, and continued in another browser with a code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from portal import throttle
from portal.fields import LineField

from . import drafts, gate, receipt
from .drafts import OpenDraft
from .forms import AppealForm
from .privacy import private_page

TRIES_OF_A_NETWORK = {"burst": 20, "seconds": 60}


class ResumeForm(forms.Form):
    """The code that was shown when the draft was put aside."""

    use_required_attribute = False

    code = LineField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Five groups of letters and digits, with or without hyphens."),
        error_messages={"required": gettext_lazy("Write the code that you were given for your draft.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
        ),
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if receipt.normalise(code) is None:
            raise forms.ValidationError(
                _("There is a slip in this code: please compare it with what you wrote down."), code="slip"
            )
        return code


@private_page
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """What the page's script sends while somebody types: kept, not judged. Answers when it was saved."""
    found = drafts.find(request)
    if wait := gate.may_save(request, found):
        return throttle.told(JsonResponse({}), wait)
    try:
        with drafts.change(found or drafts.start()) as present:
            present.values = AppealForm.typed(request.POST)
            gate.note_trap(request, present)
    except drafts.AlreadySent:
        return JsonResponse({}, status=409)
    response = JsonResponse({"saved": f"{_saved_at(present):%H:%M}", "at": present.saved_at})
    drafts.remember(response, present)
    return response


def later_page(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    """The code with which to go on. It is shown on this page alone: asking again gives a new one."""
    context = {"code": drafts.give_code(draft), "until": draft.row.expires_at}
    return render(request, "appeals/later.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Go on with a draft by its code, in whatever browser."""
    form = ResumeForm(request.POST) if request.method == "POST" else ResumeForm()
    context: dict[str, Any] = {"form": form, "another": _other(request)}
    if not (form.is_bound and form.is_valid()):
        return render(request, "appeals/resume.html", context)
    if wait := throttle.wait_for("resume", throttle.network(request), **TRIES_OF_A_NETWORK):
        return throttle.told(render(request, "appeals/resume.html", context | {"wait": throttle.sentence(wait)}), wait)
    draft = drafts.open_with_code(form.cleaned_data["code"])
    if draft is None:
        form.add_error("code", _("There is no draft with this code any more: it is kept for 24 hours."))
        return render(request, "appeals/resume.html", context)
    response = redirect("appeals:write")
    drafts.remember(response, draft)
    return response


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Throw this browser's draft away, on purpose: for who writes at a computer that others use too."""
    draft = drafts.find(request)
    if draft is None or draft.row.sent:
        return redirect("appeals:rules")
    if request.method != "POST":
        return render(request, "appeals/erase.html")
    response = redirect("appeals:rules")
    response.headers["Location"] += "?erased=1"
    drafts.forget(response, draft)
    return response


def _other(request: HttpRequest) -> bool:
    """This browser holds a draft already, which opening another would put out of its reach."""
    draft = drafts.find(request)
    return draft is not None and not draft.row.sent


def _saved_at(draft: OpenDraft) -> Any:
    moment = parse_datetime(draft.saved_at)
    return moment and localtime(moment)
