"""Somebody of the staff at a browser: signing in, the app on the telephone, and the clock of the session."""

import time
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.contrib.auth.models import Group, User
from django.db.models import F
from django.http import HttpResponse
from django.test import Client

from portal.models import SecurityEvent, StaffSession
from portal.staff import factors

PASSWORD = "Correct-Horse-9"
SEED = b"twenty bytes of seed"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def person(login: str = "parvina", *roles: str, **facts: Any) -> User:
    user = User.objects.create_user(login, password=PASSWORD, is_staff=True, **facts)
    user.groups.set(Group.objects.filter(name__in=roles or ["Press chief"]))
    return user


def browser(agent: str = FIREFOX, network: str = "203.0.113.77", language: str = "en") -> Client:
    return Client(headers={"accept-language": language, "user-agent": agent}, REMOTE_ADDR=network)


def sign_in(client: Client, login: str = "parvina", password: str = PASSWORD, then: str = "/admin/") -> HttpResponse:
    return client.post(f"/admin/login/?next={then}", {"username": login, "password": password})


def signed_in(user: User, **options: Any) -> Client:
    client = browser(**options)
    assert sign_in(client, user.username)["Location"] == "/admin/"
    return client


def app_code(later: int = 0, seed: bytes = SEED) -> str:
    """What the app shows, ``later`` half minutes from now."""
    return TOTP(seed, 6, SHA1(), 30).generate(int(time.time()) + later * 30).decode()


def give_app(user: User) -> None:
    """An app that was set up half a minute ago."""
    assert factors.set_app(user, SEED, app_code(-1))


def give_code(client: Client, code: str, then: str = "/admin/") -> HttpResponse:
    return client.post(f"/admin/login/second/?next={then}", {"code": code})


def pass_time(**time_passed: int) -> None:
    """As if all sessions were older by so much."""
    gone = timedelta(**time_passed)
    StaffSession.objects.update(began_at=F("began_at") - gone, seen_at=F("seen_at") - gone)
    StaffSession.objects.exclude(proved_at=None).update(proved_at=F("proved_at") - gone)


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def kinds(user: User | None = None) -> list[str]:
    """What was recorded, of this login or of all, the latest first."""
    events = SecurityEvent.objects.filter(user=user) if user else SecurityEvent.objects.all()
    return list(events.values_list("kind", flat=True))
