"""Writing down what came by telephone, by post or at the reception: it joins the same queue as what is sent here.

Nothing is refused for being anonymous: what came otherwise is always registered, with the assessment as it is, and an
officer decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import signing, term, vault
from ..article21 import Signature
from ..choices import FileRole, SignedHow
from ..content import Content
from ..models import Appeal, JournalEntry
from .base import Action, Refused, data_key, record, require
from .intake import SentFile, assess_signed, store

Channel = Appeal.Channel
# How an appeal can be signed that came this way. A coupon is signed in the presence of an officer.
SIGNATURES = {
    Channel.TELEPHONE: (SignedHow.NONE,),
    Channel.POST: (SignedHow.PAPER, SignedHow.NONE),
    Channel.RECEPTION: (SignedHow.PAPER, SignedHow.COUPON, SignedHow.NONE),
}
OLDEST = timedelta(days=365)
LATELY = timedelta(hours=1)


@dataclass(frozen=True)
class Arrival:
    """How and when an appeal came; ``language`` is the one in which its applicant is answered."""

    channel: str
    received_at: datetime
    signed: str
    language: str


@transaction.atomic
def enter(
    content: Content, files: Sequence[SentFile], officer: AbstractBaseUser, arrival: Arrival
) -> tuple[Appeal, str]:
    """Take an appeal that somebody of the office wrote down. Returns it with its tracking code, which is kept nowhere.

    Raises ``Refused`` if it cannot have come so.
    """
    require(officer, "appeals.enter_appeal")
    scans = any(file.role == FileRole.ATTACHMENT for file in files)
    if fault := wrong_time(arrival.received_at) or wrong_signature(arrival.channel, arrival.signed, scans):
        raise Refused(fault)
    signed = signing.Signed(Signature.NONE if arrival.signed == SignedHow.NONE else Signature.HANDWRITTEN)
    appeal, code = store(
        content, files, signed.as_dict() | {"how": arrival.signed}, assess_signed(content, signed),
        language=arrival.language, channel=arrival.channel, received_at=arrival.received_at, entered_by=officer,
    )  # fmt: skip
    record(appeal, Action.ENTERED, officer, {"channel": arrival.channel, "signed": arrival.signed})
    return appeal, code


def wrong_time(received_at: datetime) -> str:
    """Why an appeal cannot have come then, in a sentence; empty if it can."""
    now = timezone.now()
    if received_at > now:
        return _("This is in the future.")
    return _("This is more than a year ago.") if now - received_at > OLDEST else ""


def wrong_signature(channel: str, signed: str, scans: bool) -> str:
    """Why an appeal that came this way cannot be signed so, in a sentence; empty if it can."""
    if signed not in SIGNATURES.get(channel, ()):
        return _("An appeal that came this way cannot be signed so.")
    return _("Add the scan that shows the signature.") if signed == SignedHow.PAPER and not scans else ""


def entered_lately(content: Content, officer: AbstractBaseUser) -> str:
    """The number of an appeal with the same words by the same person that ``officer`` entered within the hour."""
    for entry in _entered(officer, timezone.now() - LATELY)[:100]:
        try:
            box = json.loads(vault.decrypt(data_key(entry.appeal), entry.appeal.box))
        except vault.Unreadable:
            continue
        if _mark(Content.of(box["content"])) == _mark(content):
            return entry.appeal.number
    return ""


def entered_today(officer: AbstractBaseUser) -> list[JournalEntry]:
    """What ``officer`` entered today, the newest first: numbers and times, nothing of the appeals."""
    midnight = datetime.combine(term.local_day(timezone.now()), time.min, term.ZONE)
    return list(_entered(officer, midnight).only("at", "appeal__number"))


def _entered(officer: AbstractBaseUser, since: datetime) -> QuerySet[JournalEntry]:
    entries = JournalEntry.objects.filter(appeal__entered_by=officer, action=Action.ENTERED, at__gte=since)
    return entries.select_related("appeal").order_by("-id")


def _mark(content: Content) -> tuple[str, ...]:
    return tuple(" ".join(part.casefold().split()) for part in (content.sender, content.text))
