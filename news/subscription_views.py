"""News by e-mail: ask for it, confirm it, change it, end it.

The pages behind a key carry no CSRF token: the key in their address is in the reader's letters alone, and who does
not know it can send nothing here. (A token could not be checked either: these pages send no referrer.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal import throttle

from . import subscription_rules as rules
from .subscription_forms import ChoicesForm, SubscribeForm

View = Callable[..., HttpResponse]
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


def behind_a_key(view: View) -> View:
    """The address is a secret: no cache keeps the page, no search engine lists it, no link tells where it came from."""

    @csrf_exempt
    @never_cache
    @reads_and_posts
    @wraps(view)
    def wrapped(request: HttpRequest, key: str) -> HttpResponse:
        response = view(request, key)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


@never_cache
@reads_and_posts
def ask(request: HttpRequest) -> HttpResponse:
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if wait := throttle.wait_for("subscribe", throttle.network(request), burst=20, seconds=180):
            context = {"form": form, "wait": throttle.sentence(wait)}
            return throttle.told(render(request, "news/subscription_ask.html", context), wait)
        if not form.cleaned_data["website"]:
            rules.ask(form.cleaned_data["email"], form.wish)
        return redirect("subscription:sent")
    return render(request, "news/subscription_ask.html", {"form": form})


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same page for everybody: it does not tell whether an address was subscribed."""
    return render(request, "news/subscription_sent.html")


@behind_a_key
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Show what is to be confirmed; only the button confirms, for mail programs open links by themselves."""
    rows = rules.find(key)
    if not rows:
        return unknown(request)
    if request.method == "POST":
        rules.confirm(key)
        return render(request, "news/subscription_confirmed.html", {"key": key, "rows": rows})
    if all(row.confirmed_at for row in rows):
        return redirect("subscription:manage", key)
    return render(request, "news/subscription_confirm.html", {"rows": rows, "wish": rules.wish_of(rows)})


@behind_a_key
def manage(request: HttpRequest, key: str) -> HttpResponse:
    rows = rules.find(key)
    if not rows:
        return unknown(request)
    if not all(row.confirmed_at for row in rows):
        return redirect("subscription:confirm", key)
    wish, saved = rules.wish_of(rows), False
    form = ChoicesForm(
        request.POST if request.method == "POST" else None,
        initial={"frequency": wish.frequency, "categories": wish.categories},
    )
    if form.is_valid():
        saved = rules.change(key, form.cleaned_data["frequency"], form.chosen)
    context = {"form": form, "rows": rows, "key": key, "saved": saved}
    return render(request, "news/subscription_manage.html", context)


@behind_a_key
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End the subscription on POST, at once and for mail programs, too (RFC 8058); a GET shows the button."""
    if request.method == "POST":
        rules.end(key)
        return render(request, "news/subscription_ended.html")
    rows = rules.find(key)
    return render(request, "news/subscription_end.html", {"rows": rows, "key": key}) if rows else unknown(request)


def unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "news/subscription_unknown.html", status=404)
