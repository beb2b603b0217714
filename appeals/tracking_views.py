"""What became of an appeal: its applicant opens it with number and code, without an account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import policies, throttle

from . import casework, tracking
from .choices import Kind
from .mend_forms import FORMS
from .privacy import private_page
from .tracking import Case
from .tracking_forms import CodeForm, MessageForm, RatingForm, WithdrawForm

# A household behind one address never meets these; who guesses does at once.
TRIES_OF_A_NETWORK = {"burst": 20, "seconds": 60}
TRIES_OF_A_NUMBER = {"burst": 10, "seconds": 120}


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, and open the case; a letter's link leads on to what is to be mended."""
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if form.is_bound and form.is_valid():
        if wait := _wait(request, form.cleaned_data["number"]):
            return throttle.told(
                render(request, "appeals/track.html", {"form": form, "wait": throttle.sentence(wait)}), wait
            )
        if case := tracking.open_case(form.cleaned_data["number"], form.cleaned_data["code"]):
            response = redirect("appeals:mend" if request.GET.get("next") == "mend" else "appeals:case")
            tracking.remember(response, case)
            return response
        form.add_error(None, _("There is no appeal with this number and this code. Please compare both."))
    return render(request, "appeals/track.html", {"form": form})


def _wait(request: HttpRequest, number: str) -> float:
    """Seconds before the next try; both limits count each one."""
    of_network = throttle.wait_for("track", throttle.network(request), **TRIES_OF_A_NETWORK)
    return max(of_network, throttle.wait_for("track-number", number, **TRIES_OF_A_NUMBER))


def with_case(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give ``view`` the case that this browser has open; without one, ask for number and code."""

    @private_page
    @wraps(view)
    def wrapped(request: HttpRequest, **named: int) -> HttpResponse:
        found = tracking.find(request)
        if found is None:
            return redirect("appeals:track")
        return view(request, found, **named)

    return wrapped


@with_case
@require_safe
def case(request: HttpRequest, opened: Case) -> HttpResponse:
    """The timeline, the messages, and what the applicant can do now."""
    return _case_page(request, opened)


def _case_page(request: HttpRequest, opened: Case, **forms: object) -> HttpResponse:
    appeal, content = opened.appeal, opened.content
    is_open = appeal.status in casework.OPEN
    context = {
        "appeal": appeal,
        "content": content,
        "kind": Kind(appeal.kind).label,
        "residence": content.residence(get_language()),
        "steps": opened.steps,
        "term": opened.term,
        "holder": opened.holder,
        "notes": opened.notes,
        "question": opened.question,
        "verdict": opened.verdict,
        "message_form": MessageForm() if is_open else None,
        "withdraw_form": WithdrawForm() if is_open and not content.crime else None,
        "rating_form": RatingForm() if casework.may_be_rated(appeal) else None,
        "ended": not is_open,
    }
    return render(request, "appeals/case.html", context | forms)


def _act(request: HttpRequest, act: Callable[[], None], done: str) -> HttpResponse:
    """Take a step and say so, or say why it cannot be taken."""
    try:
        act()
    except casework.Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("appeals:case")


@with_case
@require_POST
def message(request: HttpRequest, opened: Case) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _case_page(request, opened, message_form=form)
    text, files = form.cleaned_data["text"], form.cleaned_data["files"]
    return _act(request, lambda: casework.add(opened.appeal, opened.key, text, files), _("Your message was sent."))


@with_case
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, opened: Case) -> HttpResponse:
    """The one thing that the office asked to be mended, alone on a page."""
    question = opened.question
    if question is None or not question.field:
        if request.method == "POST":
            messages.warning(request, _("Nothing is to be mended now."))
        return redirect("appeals:case")
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FORMS[question.field](opened.content, *given)
    if not (form.is_bound and form.is_valid()):
        return render(request, "appeals/mend.html", {"form": form, "question": question, "appeal": opened.appeal})
    return _act(
        request,
        lambda: casework.mend(opened.appeal, opened.key, form.values, form.signature),
        _("Thank you: what you mended is with the office."),
    )


@with_case
@require_safe
def file(request: HttpRequest, opened: Case, file_id: int) -> HttpResponse:
    """A file that came with a message, to be kept: it is never shown as a page of this site."""
    found = opened.file(file_id)
    if found is None:
        raise Http404
    headers = {
        "Content-Disposition": content_disposition_header(True, found.name),
        "Content-Security-Policy": policies.FILE,
    }
    return HttpResponse(found.content, content_type=found.content_type, headers=headers)


@with_case
@require_POST
def withdraw(request: HttpRequest, opened: Case) -> HttpResponse:
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _case_page(request, opened, withdraw_form=form)
    reason = form.cleaned_data["reason"]
    return _act(request, lambda: casework.withdraw(opened.appeal, opened.key, reason), _("Your appeal is withdrawn."))


@with_case
@require_POST
def rate(request: HttpRequest, opened: Case) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _case_page(request, opened, rating_form=form)
    helped, missing = form.cleaned_data["helped"] == "yes", form.cleaned_data["missing"]
    done = _("Thank you.") if helped or not missing else _("Thank you. The case is open again.")
    return _act(request, lambda: casework.rate(opened.appeal, opened.key, helped, missing), done)


@private_page
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the case in this browser."""
    response = redirect("appeals:track")
    tracking.forget(response)
    return response
