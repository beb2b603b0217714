"""Signing in: the password, then the second factor if there is one; and confirming later who one is."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, auth
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from . import devices, events, factors, passkeys, sessions
from .forms import ProofForm, SignInForm
from .proof import safe_next

PENDING = "second_factor"
PENDING_SECONDS = 600


class SignIn(LoginView):
    """The admin's own login page, with limits, and with the way to the second factor."""

    template_name = "admin/login.html"
    authentication_form = SignInForm
    next_page = "admin:index"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and admin.site.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = {"title": _("Log in"), "subtitle": None, "app_path": self.request.get_full_path()}
        page |= {"username": self.request.user.get_username(), "next": safe_next(self.request)}
        return super().get_context_data(**admin.site.each_context(self.request), **kwargs) | page

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if not factors.strong(user).exists():
            return enter(self.request, user, second="")
        # Nobody is signed in yet: this session only knows whose password was right, and when.
        self.request.session.flush()
        self.request.session[PENDING] = {"user": user.pk, "at": time.time(), "hash": user.get_session_auth_hash()}
        return HttpResponseRedirect(f"{reverse('staff:second')}?{urlencode({'next': safe_next(self.request)})}")


def enter(request: HttpRequest, user: User, *, second: str) -> HttpResponse:
    """Sign ``user`` in, for whom all was proved that is asked for; ``second`` is the kind of the second proof."""
    auth.login(request, user)
    sessions.begin(request, user, second=bool(second), proved=True)
    login = user.get_username()
    if not devices.knows(request, login):
        devices.tell(request, user)
    events.record(events.Kind.SIGNED_IN, request, user, second)
    response = HttpResponseRedirect(safe_next(request))
    devices.remember(request, response, login)
    return response


def pending(request: HttpRequest) -> User | None:
    """Who gave the right password within ten minutes and has still the same."""
    noted = request.session.get(PENDING)
    if not noted or not 0 <= time.time() - noted["at"] <= PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=noted["user"], is_active=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), noted["hash"]) else None


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second step of signing in; also for a session that began before its owner had a second factor."""
    signed_in = request.user if request.user.is_authenticated else None
    user = signed_in or pending(request)
    if user is None or not factors.strong(user).exists():
        return HttpResponseRedirect(f"{reverse('staff:sign_in')}?{urlencode({'next': safe_next(request)})}")
    form = ProofForm(request, user, request.POST or None)
    if not form.is_valid():
        return ask(request, user, form, _("Second step"))
    if signed_in:
        sessions.proved(request, form.how)
        events.record(events.Kind.SIGNED_IN, request, user, form.how)
        return HttpResponseRedirect(safe_next(request))
    del request.session[PENDING]
    return enter(request, user, second=form.how)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def _confirm(request: HttpRequest) -> HttpResponse:
    """Show once more who one is, before something grave; then back to it."""
    form = ProofForm(request, request.user, request.POST or None, with_password=True)
    if not form.is_valid():
        return ask(request, request.user, form, _("Please confirm who you are"))
    sessions.proved(request, form.how)
    events.record(events.Kind.CONFIRMED, request, request.user, form.how)
    return HttpResponseRedirect(safe_next(request))


confirm = admin.site.admin_view(_confirm)


def ask(request: HttpRequest, user: User, form: ProofForm, title: str) -> HttpResponse:
    options = passkeys.to_prove(request, user) if "credential" in form.fields else None
    page = {**admin.site.each_context(request), "title": title, "form": form, "options": options}
    page |= {"next": safe_next(request), "is_nav_sidebar_enabled": False}
    return render(request, "admin/staff/proof.html", page)


@require_http_methods(["POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    row = request.staff_session if request.user.is_authenticated else None
    if row:
        row.delete()
        events.record(events.Kind.SIGNED_OUT, request, request.user)
    return admin.site.logout(request)
