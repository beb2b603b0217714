"""What became of an appeal: its applicant opens it with number and code, without an account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import throttle

from . import casework, tracking
from .models import Kind
from .privacy import private_page
from .tracking import Case
from .tracking_forms import AddressForm, CodeForm, MessageForm, RatingForm, WithdrawForm

# A household behind one address never meets these; who guesses does at once.
TRIES_OF_A_NETWORK = {"burst": 20, "seconds": 60}
TRIES_OF_A_NUMBER = {"burst": 10, "seconds": 120}


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, and open the case."""
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if form.is_bound and form.is_valid():
        if not _may_try(request, form.cleaned_data["number"]):
            return render(request, "appeals/track.html", {"form": form, "too_often": True}, status=429)
        if case := tracking.open_case(form.cleaned_data["number"], form.cleaned_data["code"]):
            response = redirect("appeals:case")
            tracking.remember(response, case)
            return response
        form.add_error(None, _("There is no appeal with this number and this code. Please compare both."))
    return render(request, "appeals/track.html", {"form": form})


def _may_try(request: HttpRequest, number: str) -> bool:
    of_network = throttle.allowed("track", throttle.network(request), **TRIES_OF_A_NETWORK)
    return throttle.allowed("track-number", number, **TRIES_OF_A_NUMBER) and of_network


def with_case(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give ``view`` the case that this browser has open; without one, ask for number and code."""

    @private_page
    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        found = tracking.find(request)
        if found is None:
            return redirect("appeals:track")
        return view(request, found)

    return wrapped


@with_case
@require_safe
def case(request: HttpRequest, opened: Case) -> HttpResponse:
    """The timeline, the messages, and what the applicant can do now."""
    return _case_page(request, opened)


def _case_page(request: HttpRequest, opened: Case, **forms: object) -> HttpResponse:
    appeal, content, question = opened.appeal, opened.content, opened.question
    is_open = appeal.status in casework.OPEN
    context = {
        "appeal": appeal,
        "content": content,
        "kind": Kind(appeal.kind).label,
        "residence": content.residence(get_language()),
        "steps": opened.steps,
        "notes": opened.notes,
        "question": question,
        "address_form": AddressForm(initial=content.as_dict()) if question and question.field == "address" else None,
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
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _case_page(request, opened, message_form=form)
    text = form.cleaned_data["text"]
    return _act(request, lambda: casework.add(opened.appeal, opened.key, text), _("Your message was sent."))


@with_case
@require_POST
def mend(request: HttpRequest, opened: Case) -> HttpResponse:
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _case_page(request, opened, address_form=form)
    values = {name: form.cleaned_data[name] for name in AddressForm.FIELDS}
    return _act(request, lambda: casework.mend(opened.appeal, opened.key, values), _("Your address was mended."))


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
