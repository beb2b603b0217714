"""What may become of a subscription: asked for, confirmed, changed, ended.

The rows of one address and language belong together (one for all categories, or one for each category chosen) and
are spoken of by the key of any of them. That key stands in letters only: whoever has it may change and end the
subscription, without a password.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.models import Message
from portal.outbox import take_back_from

from . import subscription_letters as letters
from .models import Subscription

HOURS_TO_CONFIRM = 48
# Nobody's mailbox is flooded by asking in their name.
LETTERS_A_DAY = 3


@dataclass(frozen=True)
class Wish:
    """What somebody wants to get; no categories mean all."""

    language: str
    frequency: str
    categories: tuple[int, ...] = ()


def ask(email: str, wish: Wish) -> None:
    """Send ``email`` (from ``clean_address``) the letter by which the wish is confirmed.

    Whoever is subscribed already gets a letter that says so, with the way to the choices, and nothing changes.
    After three letters a day nothing happens. The caller learns none of this: it would tell who is subscribed.
    """
    try:
        with transaction.atomic():
            key = free_key(email)
            if not key:
                return
            rows = rows_of(email, wish.language)
            if any(row.confirmed_at for row in rows):
                letters.send_reminder(rows[0], key)
            else:
                letters.send_confirmation(write(email, wish, rows), key)
    except IntegrityError:
        pass  # The same form came twice at once (a double click): the other one did it all.


def free_key(email: str) -> str:
    """The key of today's next letter to this address, "" if there were enough."""
    digest = salted_hmac("news.subscription", email, algorithm="sha256").hexdigest()[:40]
    keys = [f"asked:{timezone.localdate():%Y%m%d}:{digest}:{number}" for number in range(LETTERS_A_DAY)]
    used = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return next((key for key in keys if key not in used), "")


def rows_of(email: str, language: str) -> list[Subscription]:
    """All rows that belong together, the oldest first: its key is the one in the letters. They stay locked."""
    rows = Subscription.objects.select_for_update().filter(email=email, language=language)
    return list(rows.order_by("id"))


def find(key: str) -> list[Subscription]:
    """The rows to which ``key`` belongs; empty if there are none (any more)."""
    row = Subscription.objects.filter(key=key).first()
    return list(Subscription.objects.filter(email=row.email, language=row.language).order_by("id")) if row else []


def wish_of(rows: Collection[Subscription]) -> Wish:
    first, *_others = rows
    chosen = tuple(row.category_id for row in rows if row.category_id)
    return Wish(first.language, first.frequency, () if len(chosen) < len(rows) else chosen)


def write(email: str, wish: Wish, rows: list[Subscription]) -> Subscription:
    """Make the rows say what is wished; returns the first, which keeps its key: letters sent before stay good."""
    wanted: set[int | None] = set(wish.categories) or {None}
    first = rows[0] if rows else Subscription(email=email, language=wish.language)
    if not rows or first.category_id not in wanted:
        first.category_id = min(wanted, key=lambda category: category or 0)
    for row in rows[1:]:
        row.delete()
    first.frequency = wish.frequency
    if not first.confirmed_at:
        first.made_at = timezone.now()  # The time to confirm begins anew, for all rows together.
    first.save()
    Subscription.objects.bulk_create(
        Subscription(
            email=email,
            language=wish.language,
            category_id=category,
            frequency=wish.frequency,
            confirmed_at=first.confirmed_at,
        )
        for category in sorted(wanted - {first.category_id}, key=lambda category: category or 0)
    )
    return first


def confirm(key: str) -> bool:
    """Let the letters come; once more does nothing. False if there is no such subscription."""
    rows = find(key)
    Subscription.objects.filter(pk__in=[row.pk for row in rows], confirmed_at=None).update(confirmed_at=timezone.now())
    return bool(rows)


def change(key: str, frequency: str, categories: Iterable[int]) -> bool:
    with transaction.atomic():
        found = find(key)
        if not found:
            return False
        rows = rows_of(found[0].email, found[0].language)
        if rows:
            write(rows[0].email, Wish(rows[0].language, frequency, tuple(categories)), rows)
    return bool(rows)


def end(key: str) -> None:
    """Erase the subscription and what waits to be sent for it. A key that is not known (any more) does nothing."""
    rows = find(key)
    for row in rows[:1]:
        take_back_from(row.email, "news-", row.language)
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).delete()


def erase_unconfirmed() -> None:
    old = Now() - timedelta(hours=HOURS_TO_CONFIRM)
    Subscription.objects.filter(confirmed_at=None, made_at__lt=old).delete()
