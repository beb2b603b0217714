"""Appeals whose time is over, and the people who decide about them, for the tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from appeals import casework, term
from appeals.models import Appeal, ErasureProposal
from tests.appeals.citizen import Citizen


def person(name: str, role: str = "Appeals supervisor") -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def answered(typed: dict[str, Any] | None = None, days_ago: int = 1826, sign: bool = True) -> tuple[Appeal, str]:
    """An appeal that was answered so many days ago, and its tracking code."""
    number, code = Citizen().appeal(typed, sign=sign)
    appeal = Appeal.objects.get(number=number)
    clerk = User.objects.filter(username="clerk").first() or person("clerk")
    casework.register(appeal, clerk)
    casework.answer(appeal, clerk, "Ҷавоби расмӣ")
    return ended(appeal, days_ago), code


def ended(appeal: Appeal, days_ago: int) -> Appeal:
    Appeal.objects.filter(pk=appeal.pk).update(ended_at=timezone.now() - timedelta(days=days_ago))
    appeal.refresh_from_db()
    return appeal


def yesterday() -> date:
    return term.local_day(timezone.now()) - timedelta(days=1)


def approved() -> ErasureProposal:
    """A proposal of all that is due, approved by a second person."""
    proposal = casework.propose(person("first"), yesterday())
    casework.approve(proposal, person("second"))
    proposal.refresh_from_db()
    return proposal
