"""“Account and security”: what somebody of the staff sees and changes of the own sign-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal import qr

from . import events, factors, passkeys, sessions
from .forms import BAD_CODE, AppForm, PasskeyForm
from .models import Factor
from .proof import needs_proof, safe_next

SEED = "app_seed"


def page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    frame = admin.site.each_context(request) | {"title": title, "next": safe_next(request)}
    if not request.staff_session.is_complete:  # Who must set up a second factor first sees nothing else.
        frame |= {"is_nav_sidebar_enabled": False, "available_apps": []}
    return render(request, f"admin/staff/{name}.html", frame | context)


@admin.site.admin_view
def account(request: HttpRequest) -> HttpResponse:
    own = list(request.user.factors.order_by("kind", "made_at"))
    return page(
        request,
        "account",
        _("Account and security"),
        strong=[factor for factor in own if factor.kind != Factor.Kind.CODE],
        app=any(factor.kind == Factor.Kind.APP for factor in own),
        codes_left=sum(factor.kind == Factor.Kind.CODE for factor in own),
        sessions=sessions.own(request),
        minutes=settings.STAFF_IDLE_MINUTES,
        events=request.user.security_events.all()[:10],
    )


@admin.site.admin_view
def begin(request: HttpRequest) -> HttpResponse:
    """For who has no second factor yet and needs one."""
    return page(request, "begin", _("Set up a second factor"))


@admin.site.admin_view
@needs_proof
@require_http_methods(["GET", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app, in place of a former one: its picture, and the first code of it."""
    form = AppForm(request.POST or None)
    kept = request.session.get(SEED) if request.method == "POST" else None
    seed = (factors.unseal(kept) if kept else None) or factors.new_seed()
    if form.is_valid():
        if kept and factors.set_app(request.user, seed, form.cleaned_data["code"]):
            del request.session[SEED]
            return added(request, events.Detail.APP)
        form.add_error("code", BAD_CODE)
    request.session[SEED] = factors.seal(seed)
    picture = qr.inline(factors.address(seed, request.user), _("QR code for your app"))
    return page(
        request, "app", _("Set up an authenticator app"), form=form, picture=picture, key=factors.readable(seed)
    )


@admin.site.admin_view
@needs_proof
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    form = PasskeyForm(request.POST or None)
    if form.is_valid():
        if passkeys.register(request, form.cleaned_data["credential"], form.cleaned_data["name"]):
            return added(request, events.Detail.PASSKEY)
        form.add_error(None, _("This passkey was not accepted. Please try again."))
    return page(request, "passkey", _("Add a passkey"), form=form, options=passkeys.to_register(request))


def added(request: HttpRequest, kind: str) -> HttpResponse:
    """A factor is there; with the first one come recovery codes."""
    events.record(events.Kind.ADDED, request, request.user, kind)
    sessions.proved(request, kind)
    request.staff_session.has_factor = True
    messages.success(request, _("The second factor is set up."))
    if request.user.factors.filter(kind=Factor.Kind.CODE).exists():
        return HttpResponseRedirect(reverse("staff:account"))
    return show_new_codes(request)


@admin.site.admin_view
@require_POST
@needs_proof
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old."""
    if not factors.strong(request.user).exists():
        return HttpResponseRedirect(reverse("staff:begin"))
    return show_new_codes(request)


def show_new_codes(request: HttpRequest) -> HttpResponse:
    """They stand on this one page; nobody can show them again."""
    made = factors.new_codes(request.user)
    events.record(events.Kind.ADDED, request, request.user, events.Detail.CODE)
    return page(request, "codes", _("Your recovery codes"), codes=made)


@admin.site.admin_view
@require_POST
@needs_proof
def remove(request: HttpRequest, number: int) -> HttpResponse:
    factor = get_object_or_404(factors.strong(request.user), pk=number)
    factors.remove(factor)
    events.record(events.Kind.REMOVED, request, request.user, factor.kind)
    messages.success(request, _("The second factor was removed."))
    return HttpResponseRedirect(reverse("staff:account"))


@admin.site.admin_view
@require_POST
@needs_proof
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one of the own sessions, or all others."""
    one = request.POST.get("session", "")
    if one and not (one.isascii() and one.isdigit() and len(one) < 19):
        return HttpResponseRedirect(reverse("staff:account"))
    count = sessions.end_others(request, int(one) if one else None)
    messages.success(request, _("Sessions ended: %(count)s") % {"count": count})
    return HttpResponseRedirect(reverse("staff:account"))


@admin.site.admin_view
@sessions.in_background
@require_http_methods(["GET", "POST"])
def alive(request: HttpRequest) -> JsonResponse:
    """Seconds until the session ends, and the token that forms of an open page need; a POST says "I am here"."""
    if request.method == "POST":
        sessions.touch(request.staff_session)
    return JsonResponse({"left": request.staff_session.seconds_left, "token": get_token(request)})


@admin.site.admin_view
def new_password(request: HttpRequest) -> HttpResponse:
    """The admin's own page for a new password; the person's other sessions end by it."""
    before = request.user.password
    response = admin.site.password_change(request)
    if request.user.password != before:
        sessions.password_changed(request)
    return response
