"""The mail outbox: a letter is written down in the caller's transaction, and a worker sends it.

A mail server that is down delays no one and loses nothing. What was sent, or refused for good, is erased: the row
keeps its kind, its times and the number of attempts, not to whom or what.
"""

from __future__ import annotations

import logging
import re
import smtplib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import formataddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from .addresses import clean_address
from .letter_page import dressed
from .models import Message, Task
from .tasks import periodic, task
from .text import clean_line, xml_text

logger = logging.getLogger("portal.outbox")

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
# The envelope belongs to the outbox: a caller's header never adds a receiver.
_OURS = {"to", "cc", "bcc", "from", "sender", "return-path", "subject", "message-id"}
BATCH = 50
# What could not be sent in this time (a month) is of no use any more; the bare row is kept for a quarter.
DAYS_TO_TRY = 30
DAYS_TO_KEEP = 90
DAYS_TO_KEEP_KEYS = 3
ERASED = {"to": "", "subject": "", "text": "", "html": "", "headers": {}}


@dataclass(frozen=True)
class Letter:
    """What is to be sent. ``kind`` names it in the admin; a second letter with the same ``key`` is not sent."""

    to: str
    subject: str
    text: str
    language: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "letter"
    key: str | None = None

    def message(self) -> Message:
        """The row. Raises ``ValidationError`` for a bad address and ``ValueError`` for a bad header."""
        for name, value in self.headers.items():
            if not _HEADER.fullmatch(name) or name.lower() in _OURS or not value.isprintable() or not value.isascii():
                raise ValueError(f"A letter cannot have the header {name!r}.")
        return Message(
            to=clean_address(self.to),
            subject=clean_line(xml_text(self.subject))[:400],
            text=xml_text(self.text),
            html=xml_text(self.html),
            headers=self.headers,
            language=self.language,
            kind=self.kind,
            key=self.key,
        )


def post(
    to: str,
    subject: str,
    text: str,
    html: str = "",
    headers: dict[str, str] | None = None,
    *,
    language: str,
    kind: str = "letter",
    key: str | None = None,
) -> None:
    """Put a letter in the outbox; see ``Letter``. It leaves once the caller's transaction is committed."""
    put(Letter(to, subject, text, language, html, headers or {}, kind, key))


def put(letter: Letter, delay: int = 0) -> None:
    """Put a letter in the outbox, to leave ``delay`` seconds after the caller's transaction is committed."""
    message = letter.message()
    with transaction.atomic():
        if letter.key and Message.objects.filter(key=letter.key).exists():
            return
        message.save()
        send.later(delay, message_ids=[message.pk])


def post_many(letters: Iterable[Letter]) -> None:
    """Put many letters in the outbox, to be sent behind single ones, many on one connection."""
    made = list(sendable(letters))
    with transaction.atomic():
        known: set[str | None] = set()
        for start in range(0, len(made), 500):
            keys = [message.key for message in made[start : start + 500] if message.key]
            known.update(Message.objects.filter(key__in=keys).values_list("key", flat=True))
        rows = Message.objects.bulk_create([row for row in made if row.key not in known], batch_size=500)
        for start in range(0, len(rows), BATCH):
            send_many.later(message_ids=[row.pk for row in rows[start : start + BATCH]])


def sendable(letters: Iterable[Letter]) -> Iterator[Message]:
    """The rows of ``letters``, without those to addresses that the rules of today do not let through."""
    for letter in letters:
        try:
            yield letter.message()
        except ValidationError:
            logger.warning("A letter of the kind %s has an address that cannot be sent to", letter.kind)


def take_back(prefix: str) -> None:
    """Erase letters that wait and whose key begins so."""
    erase(Message.objects.filter(key__startswith=prefix))


def take_back_from(to: str, kind: str, language: str) -> None:
    """Erase letters to this address that wait, of the kinds that begin so."""
    erase(Message.objects.filter(to=to, kind__startswith=kind, language=language))


def erase(messages: QuerySet[Message], error: str = "taken back") -> None:
    messages.filter(sent_at=None, failed_at=None).update(failed_at=Now(), error=error, **ERASED)


# A server may be down over a long weekend: 34 attempts take four days.
@task(lease=200, attempts=34)
def send(message_ids: list[int]) -> None:
    send_over_one_connection(message_ids)


@task(lease=900, attempts=34, priority=2)
def send_many(message_ids: list[int]) -> None:
    send_over_one_connection(message_ids)


def send_over_one_connection(message_ids: list[int]) -> None:
    """Send each letter that is still to be sent. Raises the last error at the end, so that the rest is tried again.

    A server that does not answer ends it at once; a letter that is refused for now stops no other. Those tried
    least go first: the one on which the server hangs up is the last of the next attempt.
    """
    trouble: Exception | None = None
    connection = get_connection()
    try:
        waiting = Message.objects.filter(pk__in=message_ids, sent_at=None, failed_at=None)
        for message in waiting.order_by("attempts", "pk"):
            connection.open()
            Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)
            try:
                send_one(connection, message)
            except (smtplib.SMTPException, OSError, ValueError) as error:
                Message.objects.filter(pk=message.pk).update(error=type(error).__name__)
                trouble = error
                if not isinstance(error, (smtplib.SMTPException, ValueError)):
                    break  # The line is dead, or so slow that our lease would end.
                connection.close()
    finally:
        connection.close()
    if trouble:
        raise trouble


def send_one(connection: BaseEmailBackend, message: Message) -> None:
    try:
        connection.send_messages([email(message)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        code = refusal(error)
        if code < 500:
            raise
        # The server says that this letter will never be taken. Trying again would only cost our good name.
        Message.objects.filter(pk=message.pk).update(failed_at=Now(), error=f"refused: {code}", **ERASED)
    else:
        Message.objects.filter(pk=message.pk).update(sent_at=Now(), error="", **ERASED)


def refusal(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    """The server's code: from 500 it is for good."""
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code
    return min(code for code, _text in error.recipients.values())


def email(message: Message) -> EmailMultiAlternatives:
    """The letter as it goes to the server. Sent twice by accident, it carries the same number and is seen to be one."""
    with override(message.language):
        sender = formataddr(
            (_("Press Service of the President of the Republic of Tajikistan"), settings.DEFAULT_FROM_EMAIL)
        )
    headers = {
        "Message-ID": f"<{message.pk}.{message.made_at:%Y%m%d%H%M%S%f}@{settings.SITE_HOST}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    text, html = message.text, message.html
    if not html:
        text, html = dressed(message.subject, text, message.language)
    letter = EmailMultiAlternatives(message.subject, text, sender, [message.to], headers=headers | message.headers)
    letter.attach_alternative(html, "text/html")
    return letter


@periodic(hours=24)
def clear_outbox() -> None:
    """Erase letters that could not be sent, keys that have done their work, old rows and tasks given up long ago."""
    messages = Message.objects
    messages.filter(made_at__lt=Now() - timedelta(days=DAYS_TO_KEEP)).delete()
    erase(messages.filter(made_at__lt=Now() - timedelta(days=DAYS_TO_TRY)), "too old")
    settled = messages.filter(Q(sent_at__isnull=False) | Q(failed_at__isnull=False), key__isnull=False)
    settled.filter(made_at__lt=Now() - timedelta(days=DAYS_TO_KEEP_KEYS)).update(key=None)
    Task.objects.filter(dead_at__lt=Now() - timedelta(days=DAYS_TO_KEEP)).delete()
