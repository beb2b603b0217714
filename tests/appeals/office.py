"""The office's people and what it works with, for the tests."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from appeals import casework
from appeals.casework import SentFile
from appeals.choices import FileRole
from appeals.content import Content
from appeals.models import Appeal, Authority, Department
from portal.staff.models import StaffSession
from tests.appeals.citizen import picture, values

PICTURE = picture().getvalue()


def person(name: str, role: str = "Appeals officer") -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def department(name: str = "Раёсати муроҷиатҳо", *members: User) -> Department:
    row = Department.objects.create(name_tg=name, name_ru="Отдел обращений", name_en="Appeals department")
    row.members.set(members)
    return row


def authority(name: str = "Вазорати нақлиёт", **more: Any) -> Authority:
    return Authority.objects.create(name_tg=name, name_ru="Министерство транспорта", name_en="Transport", **more)


def taken(officer: User | None = None, sign: bool = True, language: str = "tg", **typed: Any) -> Appeal:
    """An appeal that was taken, without the pages before it; registered, if there is an officer to do it."""
    content = Content.of(values() | {"crime": False} | typed)
    files = [SentFile(FileRole.SIGNATURE, "signature.png", "image/png", PICTURE)] if sign else []
    appeal, _code = casework.receive(content, files, language)
    if officer:
        casework.register(appeal, officer)
        appeal.refresh_from_db()
    return appeal


def proved(client: Client) -> Client:
    """Who signed in has shown again who it is, as is asked for before exports."""
    client.get("/admin/")
    StaffSession.objects.filter(user=client.session["_auth_user_id"]).update(proved_at=timezone.now())
    return client
