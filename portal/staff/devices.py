"""Browsers that are known: a signed cookie says who has signed in with this one."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.outbox import post

from . import events

# Of the admin alone; the prefix of all others is for cookies of every page.
COOKIE = "__Secure-staff_device" if settings.COOKIE_PREFIX else "staff_device"
DAYS = 365
PEOPLE = 8  # at one browser


def knows(request: HttpRequest, login: str) -> bool:
    """Somebody has signed in as ``login`` with this browser within a year."""
    return _mark(login) in _marks(request)


def remember(request: HttpRequest, response: HttpResponse, login: str) -> None:
    marks = [_mark(login), *(mark for mark in _marks(request) if mark != _mark(login))][:PEOPLE]
    response.set_signed_cookie(
        COOKIE,
        ".".join(marks),
        salt=COOKIE,
        max_age=DAYS * 24 * 3600,
        path="/admin/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        return request.get_signed_cookie(COOKIE, "", salt=COOKIE, max_age=DAYS * 24 * 3600).split(".")
    except BadSignature:
        return []


def _mark(login: str) -> str:
    return salted_hmac("portal.staff.device", login, algorithm="sha256").hexdigest()[:32]


def tell(request: HttpRequest, user: User) -> None:
    """A letter to somebody who signed in from a browser that is not known, in the language used the time before."""
    before = user.security_events.filter(kind=events.Kind.SIGNED_IN).exclude(language="").first()
    events.record(events.Kind.NEW_DEVICE, request, user)
    language = before.language if before else settings.LANGUAGE_CODE
    with override(language):
        facts = {
            "login": user.get_username(),
            "when": timezone.localtime().strftime("%d.%m.%Y %H:%M"),
            "browser": events.device(request) or _("unknown browser"),
            "network": events.place(request) or "—",
            "link": request.build_absolute_uri(reverse("staff:account")),
        }
        subject = _("Sign-in from a new browser")
        text = _(
            "Somebody signed in to the portal as “%(login)s” from a browser that was not used for it before.\n\n"
            "When: %(when)s (Dushanbe time)\nBrowser: %(browser)s\nNetwork: %(network)s\n\n"
            "If it was you, there is nothing to do. If it was not, change your password at once, end that session "
            "and tell your administrator:\n%(link)s"
        )
        try:
            post(user.email, subject, text % facts, language=language, kind="new device")
        except ValidationError:
            pass  # No address that a letter could be sent to.
