"""Unusually many appeals at once: of one network, of one text, about one topic. Supervisors look; nothing is refused.

An appeal's network is kept as a mark for a few days: a keyed hash, with the day in it, so that the marks of two days
cannot be compared. ``ALERTS`` is the list of what is looked for; each gives the bursts that begin after a moment.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDay, TruncHour
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import outbox
from portal.roles import APPEALS_SUPERVISOR

from . import term
from .blind_index import unpack
from .models import Appeal, Sketch, Topic

# Fewer than this in an hour, or in a day, are never called unusual.
LEAST_IN_AN_HOUR, LEAST_IN_A_DAY = 10, 20
LEAST_OF_A_TEXT = 10
MOST_TEXTS = 20_000  # As many as are compared in a second.
DAYS_SHOWN = DAYS_TO_KEEP_MARKS = 7
DAYS_FOR_THE_USUAL = 28
MOST_SHOWN = 10
SAMPLE = 5


@dataclass(frozen=True)
class Alert:
    """A burst: how many appeals, in the hour or day that begins at ``start``, and how many are usual.

    ``sentence`` names no person and no network; ``appeals`` are the first of them, by row and number.
    """

    start: datetime
    hours: int
    count: int
    usual: float
    sentence: str
    appeals: tuple[tuple[int, str], ...]


def network_mark(network: str, at: datetime | None = None) -> str:
    """The mark of a network on the day of ``at``; "" for none."""
    if not network:
        return ""
    day = term.local_day(at or timezone.now())
    return salted_hmac(f"appeals.network_mark {day}", network, algorithm="sha256").hexdigest()[:16]


def forget_networks() -> int:
    """Erase the marks of networks that are older than a week; returns how many."""
    old = Appeal.objects.filter(received_at__lt=timezone.now() - timedelta(days=DAYS_TO_KEEP_MARKS))
    return old.exclude(network_mark="").update(network_mark="")


def is_unusual(count: int, usual: float, least: int) -> bool:
    """More than chance makes of what is usual: four standard deviations of a Poisson distribution above it."""
    return count >= least and count > usual + 4 * math.sqrt(usual)


def of_networks(now: datetime) -> Iterable[Alert]:
    """Many from one network. The usual number is what the others that send anything send in a day."""
    marked = _received(now, DAYS_SHOWN).exclude(network_mark="")
    whole = marked.aggregate(appeals=Count("pk"), networks=Count("network_mark", distinct=True))

    def usual(_mark: object, _hours: int, count: int) -> float:
        return (whole["appeals"] - count) / max(1, whole["networks"] - 1)

    return _bursts(marked, "network_mark", usual, lambda _mark: _("one network"))


def of_topics(now: datetime) -> Iterable[Alert]:
    """Many about one topic, as officers have found; the usual number is that of the four weeks before."""
    about = _received(now, DAYS_SHOWN).filter(topic__isnull=False)
    before = _received(now - timedelta(days=DAYS_SHOWN), DAYS_FOR_THE_USUAL)
    usual = dict(before.order_by().values_list("topic").annotate(Count("pk")))
    names = {topic.pk: topic.name for topic in Topic.objects.all()}
    return _bursts(
        about,
        "topic",
        lambda topic, hours, _count: usual.get(topic, 0) * hours / (24 * DAYS_FOR_THE_USUAL),
        lambda topic: _("the topic “%(topic)s”") % {"topic": names[topic]},
    )


def of_texts(now: datetime) -> Iterable[Alert]:
    """Many of nearly the same text in a day, by the smallest mark of their sketches; they are compared by nothing else.

    Near copies share that mark as often as they are alike, so a burst is seen, and its count may be a little low.
    """
    recent = Sketch.objects.filter(appeal__received_at__range=(now - timedelta(days=DAYS_SHOWN), now))
    rows = recent.order_by("-appeal").values_list("appeal", "appeal__number", "appeal__received_at", "marks")
    alike: dict[tuple[date, int], list[tuple[int, str]]] = defaultdict(list)
    for pk, number, at, packed in rows[:MOST_TEXTS]:
        if marks := unpack(bytes(packed)):
            alike[term.local_day(at), min(marks)].append((pk, number))
    for (day, _mark), found in alike.items():
        if len(found) >= LEAST_OF_A_TEXT:
            start, name = datetime.combine(day, time.min, term.ZONE), _("nearly the same text")
            sentence = _sentence(name, start, 24, len(found), 1)
            yield Alert(start, 24, len(found), 1, sentence, tuple(sorted(found)[:SAMPLE]))


# Another sign of a burst is one more function here.
ALERTS: list[Callable[[datetime], Iterable[Alert]]] = [of_networks, of_topics, of_texts]


def alerts(now: datetime | None = None) -> list[Alert]:
    """The bursts of the last days, the latest first."""
    now = now or timezone.now()
    found = [alert for look in ALERTS for alert in look(now)]
    return sorted(found, key=lambda alert: (alert.start, alert.count), reverse=True)[:MOST_SHOWN]


def _received(now: datetime, days: int) -> QuerySet[Appeal]:
    return Appeal.objects.filter(received_at__gt=now - timedelta(days=days), received_at__lte=now)


def _bursts(
    appeals: QuerySet[Appeal],
    column: str,
    usual: Callable[[object, int, int], float],
    name: Callable[[object], str],
) -> Iterable[Alert]:
    """The days with unusually many of one value, and the hours of other days."""
    seen = set()
    for hours, trunc, least in ((24, TruncDay, LEAST_IN_A_DAY), (1, TruncHour, LEAST_IN_AN_HOUR)):
        by_time = appeals.annotate(start=trunc("received_at", tzinfo=term.ZONE))
        rows = by_time.order_by().values_list(column, "start").annotate(count=Count("pk")).filter(count__gte=least)
        for value, start, count in rows:
            expected = usual(value, hours, count)
            if not is_unusual(count, expected, least) or (value, term.local_day(start)) in seen:
                continue
            seen.add((value, term.local_day(start)))
            within = {"received_at__gte": start, "received_at__lt": start + timedelta(hours=hours), column: value}
            sample = appeals.filter(**within).order_by("pk").values_list("pk", "number")
            sentence = _sentence(name(value), start, hours, count, expected)
            yield Alert(start, hours, count, expected, sentence, tuple(sample[:SAMPLE]))


def _sentence(source: str, start: datetime, hours: int, count: int, usual: float) -> str:
    facts = {
        "day": date_format(start, "SHORT_DATE_FORMAT"),
        "hour": f"{start:%H:%M}",
        "count": count,
        "usual": max(1, round(usual)),
        "source": source,
    }
    if hours == 1:
        return _("%(day)s, in the hour from %(hour)s: %(source)s, appeals: %(count)s. Usual: %(usual)s.") % facts
    return _("%(day)s: %(source)s, appeals: %(count)s. Usual: %(usual)s.") % facts


def tell_supervisors() -> None:
    """Write to the supervisors of today's and yesterday's bursts, at most once a day."""
    today = term.local_day(timezone.now())
    supervisors = get_user_model().objects.filter(groups__name=APPEALS_SUPERVISOR, is_active=True).exclude(email="")
    language = settings.LANGUAGE_CODE
    with override(language):
        fresh = [alert for alert in alerts() if term.local_day(alert.start) >= today - timedelta(days=1)]
        if not fresh:
            return
        address = settings.SITE_URL + reverse("admin:appeals_appeal_statistics")
        lines = [_("Unusually many appeals came at once:"), "", *(f"– {alert.sentence}" for alert in fresh), ""]
        text = "\n".join([*lines, _("See: %(address)s") % {"address": address}, ""])
        subject = _("Unusually many appeals")
    outbox.post_many(
        outbox.Letter(user.email, subject, text, language, kind="burst", key=f"burst:{user.pk}:{today}")
        for user in supervisors
    )
