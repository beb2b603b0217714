"""Links to previews: a signed address, a row that can be revoked, and a record of each opening.

The signature says that the portal made the address; the row says until when it opens, and for which report.
Pictures of a report that is not public are shown by a signature of their own kind: whoever is given the address
of a picture cannot make the address of the page from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import DraftReading, PreviewLink, Report

LIFETIMES = {
    "hour": (timedelta(hours=1), _("1 hour")),
    "day": (timedelta(days=1), _("1 day")),
    "3days": (timedelta(days=3), _("3 days")),
    "week": (timedelta(days=7), _("7 days")),
}
# So many openings are more than people need: the link has been passed on, or a machine asks again and again.
MOST_OPENINGS = 500
# So many links of one report may be open at a time.
MOST_OPEN = 20
# Two frames on one page are one reading.
ONE_READING = timedelta(minutes=1)

_PAGE = "news.preview.page"
_PICTURES = "news.preview.pictures"


class Unknown(LookupError):
    """An address that the portal did not sign, or whose report is no more."""


class TooManyLinks(Exception):
    """``MOST_OPEN`` links of this report are open already."""


class End(StrEnum):
    """Why a link no longer opens."""

    EXPIRED = "expired"
    REVOKED = "revoked"
    SPENT = "spent"


@dataclass(frozen=True)
class Opening:
    """What a signed address leads to; ``end`` says why it does not open any more."""

    link: PreviewLink
    end: End | None


def make(report: Report, user: Any, purpose: str, lifetime: str) -> PreviewLink:
    """A link to ``report`` for ``purpose``, open for a time of ``LIFETIMES``. Raises ``TooManyLinks``."""
    with transaction.atomic():
        Report.objects.select_for_update().get(pk=report.pk)  # Two at once are counted one after the other.
        if open_links(report).count() >= MOST_OPEN:
            raise TooManyLinks
        until = timezone.now() + LIFETIMES[lifetime][0]
        return PreviewLink.objects.create(report=report, made_by=user, purpose=purpose, expires_at=until)


def open_links(report: Report) -> Any:
    return report.preview_links.filter(revoked_at=None, expires_at__gt=timezone.now())


def revoke(link: PreviewLink) -> None:
    """From now on the link opens nothing; revoking it again changes nothing."""
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def address(link: PreviewLink) -> str:
    """The path of the preview: nobody can make it who does not know the portal's secret."""
    return reverse("preview:page", args=[_signer(_PAGE).sign(str(link.pk))])


def find(signed: str, now: datetime | None = None) -> Opening:
    """The link of a signed address. Raises ``Unknown``."""
    link = PreviewLink.objects.filter(pk=_number(signed, _PAGE)).select_related("report__event__place").first()
    if link is None:
        raise Unknown
    return Opening(link, _end(link, now or timezone.now()))


def record_opening(link: PreviewLink) -> None:
    DraftReading.objects.create(report=link.report, link=link)


def record_reading(report: Report, user: Any) -> None:
    """That somebody of the staff reads ``report`` before it is public; once a minute is enough."""
    lately = timezone.now() - ONE_READING
    if not DraftReading.objects.filter(report=report, user=user, read_at__gt=lately).exists():
        DraftReading.objects.create(report=report, user=user)


def picture_grant(link: PreviewLink) -> str:
    """What a picture's address carries, so that the link's reader sees it: ``?preview=<grant>``."""
    return _signer(_PICTURES).sign(str(link.pk))


def grants_pictures(grant: str, event_id: int, now: datetime | None = None) -> bool:
    """Whether ``grant`` shows the pictures of this event: of no other, and no longer than its link opens."""
    try:
        links = PreviewLink.objects.filter(pk=_number(grant, _PICTURES), report__event=event_id)
    except Unknown:
        return False
    return links.filter(revoked_at=None, expires_at__gt=now or timezone.now()).exists()


def _end(link: PreviewLink, now: datetime) -> End | None:
    if link.revoked_at:
        return End.REVOKED
    if link.expires_at <= now:
        return End.EXPIRED
    return End.SPENT if link.readings.count() >= MOST_OPENINGS else None


def _signer(kind: str) -> signing.Signer:
    return signing.Signer(salt=kind, sep=".")


def _number(signed: str, kind: str) -> int:
    """The number in a signed text. Raises ``Unknown``."""
    try:
        return int(_signer(kind).unsign(signed))
    except (signing.BadSignature, ValueError):
        raise Unknown from None
