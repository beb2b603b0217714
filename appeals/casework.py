"""Every change of an appeal: each is one function, one transaction, one journal entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import receipt, term, vault
from .article21 import Assessment, Facts, Policy, Signature, assess
from .content import Content
from .models import Appeal, AppealFile, FileRole, JournalEntry, Series

Action = JournalEntry.Action


class Refused(Exception):
    """The step cannot be taken in this state; the message is a sentence for the person who tried."""


@dataclass(frozen=True)
class SentFile:
    role: str
    name: str
    content_type: str
    content: bytes


def policy() -> Policy:
    """The reading of Article 21 that this portal is set to."""
    return Policy(reading=settings.ARTICLE21_READING, patronymic=settings.ARTICLE21_PATRONYMIC)


def assess_facts(facts: Facts) -> Assessment:
    return assess(facts, policy())


def signature_of(files: Sequence[SentFile]) -> Signature:
    """What signs an appeal with these files: a handwritten signature's image, or nothing."""
    return Signature.HANDWRITTEN if any(file.role == FileRole.SIGNATURE for file in files) else Signature.NONE


@transaction.atomic
def receive(content: Content, files: Sequence[SentFile], language: str) -> tuple[Appeal, str]:
    """Take an appeal: assess it, number it, encrypt it. Returns it with its tracking code, which is kept nowhere.

    Raises ``Refused`` if it is anonymous and tells of no crime (Article 21).
    """
    assessment = assess_facts(content.facts(signature_of(files)))
    if assessment.refused_when_sending:
        raise Refused(_("This appeal is anonymous under Article 21 and cannot be sent as it is."))
    now = timezone.now()
    code, data_key = receipt.new_code(), vault.new_key()
    box = {
        "content": content.as_dict(),
        "files": [{"name": file.name, "content_type": file.content_type, "role": file.role} for file in files],
    }
    appeal = Appeal.objects.create(
        number=_next_number(term.local_day(now).year),
        tracking_hash=receipt.code_hash(code),
        digest=receipt.digest(box, [file.content for file in files]),
        language=language,
        applicant=content.applicant,
        kind=content.kind,
        region=content.region,
        verdict=assessment.verdict,
        grounds=list(assessment.grounds),
        notes=list(assessment.notes),
        crime=content.facts(Signature.NONE).crime,
        policy_version=assessment.policy_version,
        received_at=now,
        sealed_key=vault.seal(data_key, settings.OFFICE_KEY),
        box=vault.encrypt(data_key, json.dumps(box).encode()),
    )
    AppealFile.objects.bulk_create(
        AppealFile(appeal=appeal, role=file.role, box=vault.encrypt(data_key, file.content)) for file in files
    )
    _record(appeal, Action.RECEIVED, None, {"digest": appeal.digest})
    return appeal, code


@transaction.atomic
def register(appeal: Appeal, officer: AbstractBaseUser) -> None:
    """Enter a received appeal in the register: from this day its term runs (Article 18)."""
    _require(officer, "appeals.register_appeal")
    appeal = _lock(appeal)
    if appeal.status != Appeal.Status.RECEIVED:
        raise Refused(_("Appeal %(number)s is registered already.") % {"number": appeal.number})
    appeal.registered_at = timezone.now()
    appeal.due_on = term.due_on(appeal.registered_at, settings.APPEAL_TERM_DAYS)
    appeal.status = Appeal.Status.REGISTERED
    appeal.save(update_fields=["registered_at", "due_on", "status"])
    _record(appeal, Action.REGISTERED, officer, {"due_on": appeal.due_on.isoformat()})


@dataclass(frozen=True)
class Opened:
    """An appeal's words, and what its files are (their bytes are read one by one)."""

    content: Content
    files: list[dict[str, Any]]


@transaction.atomic
def read(appeal: Appeal, officer: AbstractBaseUser) -> Opened:
    """Decrypt an appeal for an officer; the journal keeps who read it. Raises ``vault.Unreadable``."""
    _require(officer, "appeals.read_content")
    box = json.loads(vault.decrypt(_data_key(appeal), appeal.box))
    rows = appeal.files.values_list("pk", flat=True)
    files = [note | {"id": pk} for note, pk in zip(box["files"], rows, strict=True)]
    _record(_lock(appeal), Action.OPENED, officer, {})
    return Opened(Content.of(box["content"]), files)


@transaction.atomic
def read_file(file: AppealFile, officer: AbstractBaseUser) -> SentFile:
    """Decrypt one file of an appeal for an officer; the journal keeps that too."""
    _require(officer, "appeals.read_content")
    data_key = _data_key(file.appeal)
    notes = json.loads(vault.decrypt(data_key, file.appeal.box))["files"]
    place = list(file.appeal.files.values_list("pk", flat=True)).index(file.pk)
    _record(_lock(file.appeal), Action.OPENED, officer, {"file": file.pk})
    return SentFile(**notes[place], content=vault.decrypt(data_key, file.box))


def chain_is_whole(appeal: Appeal) -> bool:
    """No journal entry was changed, removed or put in between."""
    previous = ""
    for entry in appeal.journal.all():
        if entry.previous_hash != previous or entry.hash != entry.computed_hash():
            return False
        previous = entry.hash
    return True


def _data_key(appeal: Appeal) -> bytes:
    return vault.unseal(appeal.sealed_key, settings.OFFICE_KEY)


def _require(officer: AbstractBaseUser, permission: str) -> None:
    if not officer.has_perm(permission):
        raise PermissionDenied


def _lock(appeal: Appeal) -> Appeal:
    return Appeal.objects.select_for_update().get(pk=appeal.pk)


def _next_number(year: int) -> str:
    """The next number of the year, ``2026-000001``. Its row stays locked until the appeal is stored: no gaps."""
    Series.objects.bulk_create([Series(year=year)], ignore_conflicts=True)
    series = Series.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{year}-{series.last:06d}"


def _record(appeal: Appeal, action: str, actor: AbstractBaseUser | None, detail: dict[str, Any]) -> None:
    last = appeal.journal.last()
    JournalEntry.objects.create(
        appeal=appeal,
        at=timezone.now(),
        actor=actor,
        action=action,
        detail=detail,
        previous_hash=last.hash if last else "",
    )
