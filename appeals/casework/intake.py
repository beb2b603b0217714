"""Taking an appeal in, and entering it in the register."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import judgement, letters, receipt, signing, term, vault
from ..article21 import Assessment, Crime, Policy, Truth
from ..choices import FileRole, Scan
from ..content import Content
from ..models import Appeal, AppealFile, Series
from . import terms
from .base import Action, Refused, lock, record, require, tell
from .keys import office_public_key


@dataclass(frozen=True)
class SentFile:
    role: str
    name: str
    content_type: str
    content: bytes
    hidden_data: str = ""  # See ``uploads.Upload``.
    scan: str = Scan.NONE


def policy() -> Policy:
    """The reading of Article 21 that this portal is set to."""
    return Policy(reading=settings.ARTICLE21_READING, patronymic=settings.ARTICLE21_PATRONYMIC)


def assess_signed(content: Content, signed: signing.Signed, truth: Truth = Truth.UNQUESTIONED) -> Assessment:
    """The assessment of an appeal as it is signed now. ``truth``: what an officer found of its writer's data."""
    return judgement.assess(content, signed, policy(), truth)


def judged_people(content: Content, signed: signing.Signed) -> list[judgement.JudgedPerson]:
    """Everybody in the appeal with what is missing of each."""
    return judgement.people(content, signed, policy())


@transaction.atomic
def receive(
    content: Content, files: Sequence[SentFile], language: str, held: Sequence[str] = (), network_mark: str = ""
) -> tuple[Appeal, str]:
    """Take an appeal: assess it, number it, encrypt it. Returns it with its tracking code, which is kept nowhere.

    ``held``: why staff are to look at it before it is registered; its sender is told nothing else than any other.
    ``network_mark``: see ``bursts``.

    Raises ``Refused`` if it is anonymous and tells of no crime (Article 21).
    """
    signed = signing.judge(content, files)
    assessment = assess_signed(content, signed)
    if assessment.refused_when_sending:
        raise Refused(_("This appeal is anonymous under Article 21 and cannot be sent as it is."))
    if signed.document:
        files = [*files, SentFile(FileRole.DOCUMENT, "appeal.pdf", "application/pdf", signed.document)]
    came = {"language": language, "held": ",".join(held), "network_mark": network_mark}
    return store(content, files, signed.as_dict(), assessment, **came)


def store(
    content: Content, files: Sequence[SentFile], signed: dict[str, Any], assessment: Assessment, **columns: Any
) -> tuple[Appeal, str]:
    """Number an appeal and keep it, encrypted, in the present transaction; ``columns`` say how it came.

    Returns it with its tracking code, which is kept nowhere.
    """
    now = timezone.now()
    code, data_key = receipt.new_code(), vault.new_key()
    number = _next_number(term.local_day(now).year)
    box = {
        "content": content.as_dict(),
        "signed": signed,
        "files": [
            {"name": file.name, "content_type": file.content_type, "role": file.role, "hidden_data": file.hidden_data}
            for file in files
        ],
    }
    appeal = Appeal.objects.create(
        number=number,
        tracking_hash=receipt.code_hash(code, number),
        digest=receipt.digest(box, [file.content for file in files]),
        applicant=content.applicant,
        kind=content.kind,
        region=content.region,
        verdict=assessment.verdict,
        grounds=list(assessment.grounds),
        notes=list(assessment.notes),
        crime=Crime.CLAIMED if content.crime else Crime.NOT_CLAIMED,
        policy_version=assessment.policy_version,
        sealed_key=vault.seal(data_key, office_public_key()),
        sealed_to_code=vault.encrypt(vault.code_key(receipt.normalise(code) or "", number), data_key),
        office_key_id=vault.key_id(office_public_key()),
        box=vault.encrypt(data_key, json.dumps(box).encode()),
        **{"received_at": now} | columns,
    )
    AppealFile.objects.bulk_create(
        AppealFile(appeal=appeal, role=file.role, scan=file.scan, box=vault.encrypt(data_key, file.content))
        for file in files
    )
    held = {"held": appeal.held.split(",")} if appeal.held else {}
    record(appeal, Action.RECEIVED, None, {"digest": appeal.digest} | held)
    letters.tell(appeal, content, Action.RECEIVED)
    return appeal, code


@transaction.atomic
def register(appeal: Appeal, officer: AbstractBaseUser) -> None:
    """Enter a received appeal in the register: from this day its term runs (Article 18)."""
    require(officer, "appeals.register_appeal")
    appeal = lock(appeal)
    if appeal.status != Appeal.Status.RECEIVED:
        raise Refused(_("Appeal %(number)s is registered already.") % {"number": appeal.number})
    if appeal.held:
        raise Refused(_("Appeal %(number)s is held: look at it and release it first.") % {"number": appeal.number})
    appeal.registered_at = timezone.now()
    days = terms.start(appeal, appeal.registered_at)
    appeal.status = Appeal.Status.REGISTERED
    appeal.save(update_fields=["registered_at", "due_on", "status"])
    record(appeal, Action.REGISTERED, officer, days)
    tell(appeal, Action.REGISTERED)


@transaction.atomic
def release(appeal: Appeal, officer: AbstractBaseUser) -> None:
    """Say that a held appeal was looked at and may be registered like any other."""
    require(officer, "appeals.register_appeal")
    appeal = lock(appeal)
    if not appeal.held:
        raise Refused(_("Appeal %(number)s is not held.") % {"number": appeal.number})
    reasons, appeal.held = appeal.held.split(","), ""
    appeal.save(update_fields=["held"])
    record(appeal, Action.RELEASED, officer, {"held": reasons})


def _next_number(year: int) -> str:
    """The next number of the year, ``2026-000001``. Its row stays locked until the appeal is stored: no gaps."""
    of_year = Series.objects.filter(year=year)
    if not of_year.update(last=F("last") + 1):  # The first of the year, or one of two who both are it.
        Series.objects.bulk_create([Series(year=year)], ignore_conflicts=True)
        of_year.update(last=F("last") + 1)
    return f"{year}-{of_year.get().last:06d}"
