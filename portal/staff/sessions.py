"""The staff's sessions: when one begins, what ends it, and who is signed in by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from portal.tasks import periodic

from . import events, passwords
from .models import LONGEST, Factor, StaffSession

KEY = "staff_session"
ADMIN = "/admin/"


def stamp(user: User) -> str:
    """What somebody is and may do, as a keyed hash: password, flags, roles and each permission."""
    # The permissions are those that the page will ask for: Django reads them once in a request.
    permissions = [] if user.is_superuser else sorted(user.get_all_permissions())
    roles = getattr(user, "role_ids", [])
    facts = [user.password, user.is_active, user.is_staff, user.is_superuser, roles, permissions]
    return salted_hmac("portal.staff.stamp", json.dumps(facts), algorithm="sha256").hexdigest()


def begin(request: HttpRequest, user: User, *, second: bool, proved: bool) -> StaffSession:
    """Write down that ``user`` is signed in with this browser; ``proved`` says that it was just shown who it is."""
    StaffSession.objects.filter(pk=request.session.get(KEY), user=user).delete()  # Signed in twice in one browser.
    row = StaffSession.objects.create(
        user=user,
        device=events.device(request),
        place=events.place(request),
        proved_at=Now() if proved else None,
        second=second,
        stamp=stamp(user),
    )
    request.session[KEY] = row.pk
    request.staff_session = current(row.pk, user)
    return request.staff_session


def current(number: int | None, user: User) -> StaffSession | None:
    strong = Factor.objects.filter(user=OuterRef("user")).exclude(kind=Factor.Kind.CODE)
    password = passwords.last(OuterRef("user")).values("kind")[:1]
    rows = StaffSession.objects.annotate(now=Now(), has_factor=Exists(strong), password_is=Subquery(password))
    return rows.filter(pk=number, user=user.pk).first()


def who(request: HttpRequest) -> User | AnonymousUser:
    """Whose request this is. A session that has ended, or is not complete outside the admin, is nobody's."""
    request.staff_session = None
    was_in = auth.SESSION_KEY in request.session
    user = auth.get_user(request)
    if not user.is_authenticated:
        if was_in:  # A new password, or a login that was closed: the session must not come back with it.
            request.session.flush()
            request.session_ended = events.Detail.CHANGED
        return user
    if KEY not in request.session:  # Nobody signed in by our page: it is written down by its first page of the admin.
        if not request.path.startswith(ADMIN):
            needs_more = settings.SECOND_FACTOR == "required" or user.factors.exists()
            return AnonymousUser() if needs_more else user
        begin(request, user, second=False, proved=False)
    row = request.staff_session or current(request.session[KEY], user)
    reason = why_ended(row, user)
    if reason:
        if row:
            row.delete()
            events.record(events.Kind.ENDED, request, user, reason)
        request.session.flush()
        request.session_ended = reason
        return AnonymousUser()
    request.staff_session = row
    return user if row.is_complete or request.path.startswith(ADMIN) else AnonymousUser()


def why_ended(row: StaffSession | None, user: User) -> str:
    """A code of ``SecurityEvent.Detail``, or "" for a session that goes on."""
    if row is None:
        return events.Detail.OTHER
    if row.stamp != stamp(user):
        return events.Detail.CHANGED
    if row.now - row.began_at > LONGEST:
        return events.Detail.LONG
    return "" if row.seconds_left else events.Detail.IDLE


def touch(row: StaffSession) -> None:
    """Something was done. Written at most once a minute."""
    if row.now - row.seen_at > timedelta(minutes=1) or row.seconds_left < 60:
        StaffSession.objects.filter(pk=row.pk).update(seen_at=Now())
        row.seen_at = row.now


def in_background(view: Callable) -> Callable:
    """Mark a view that an open page asks by itself: nobody is there because of it, so it keeps no session alive."""
    view.in_background = True
    return view


def proved(request: HttpRequest, how: str) -> None:
    """Its owner has just shown who it is, by ``how`` (a code of ``SecurityEvent.Detail``); the cookie changes."""
    request.session.cycle_key()
    row = request.staff_session
    row.second = row.second or how != events.Detail.PASSWORD
    row.proved_at = row.now
    StaffSession.objects.filter(pk=row.pk).update(second=row.second, proved_at=Now())


def own(request: HttpRequest) -> list[StaffSession]:
    """The sessions of the person that are still worth something, this one first."""
    alive = StaffSession.objects.filter(
        user=request.user,
        stamp=request.staff_session.stamp,
        began_at__gt=Now() - LONGEST,
        seen_at__gt=Now() - timedelta(minutes=settings.STAFF_IDLE_MINUTES),
    )
    return sorted(alive, key=lambda row: row.pk != request.staff_session.pk)


def end_others(request: HttpRequest, number: int | None = None) -> int:
    """End the person's session ``number``, or all but this one; how many there were."""
    rows = StaffSession.objects.filter(user=request.user).exclude(pk=request.staff_session.pk)
    count, _each = (rows if number is None else rows.filter(pk=number)).delete()
    if count:
        events.record(events.Kind.ENDED, request, request.user, events.Detail.OTHER)
    return count


def end_all(user: User, request: HttpRequest) -> int:
    """An administrator ends every session of ``user``; how many there were."""
    count, _each = user.staff_sessions.all().delete()
    if count:
        actor = request.user.get_username()
        events.record(events.Kind.ENDED, request, user, events.Detail.OTHER, actor=actor)
    return count


def end_changed(user: User) -> None:
    """End the sessions that began before what this login is or may do was changed."""
    fresh = User.objects.get(pk=user.pk)  # Without the permissions that were read before.
    StaffSession.objects.filter(user=user).exclude(stamp=stamp(fresh)).delete()


@transaction.atomic
def reset(user: User, request: HttpRequest | None = None) -> None:
    """Take all factors from somebody who lost the device, and end every session: it may be in other hands."""
    user.factors.all().delete()
    user.staff_sessions.all().delete()
    actor = request.user.get_username() if request else "manage.py"
    events.record(events.Kind.RESET, request, user, actor=actor)


def password_changed(request: HttpRequest) -> None:
    """The person has a new password: this session goes on, the others end."""
    fresh = User.objects.get(pk=request.user.pk)
    StaffSession.objects.filter(pk=request.staff_session.pk).update(stamp=stamp(fresh))
    end_changed(fresh)
    events.record(events.Kind.PASSWORD, request, request.user)


@periodic(at="04:20")
def forget_ended() -> None:
    """Erase what browsers that never came back left behind."""
    from django.contrib.sessions.models import Session

    StaffSession.objects.filter(began_at__lt=Now() - LONGEST).delete()
    Session.objects.filter(expire_date__lt=Now()).delete()
