"""The queues of the office: which appeals stand in each, how many, and in which order. Rules on the model alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import term
from .article21 import Crime
from .models import Appeal, Department, kept_calendar

Status = Appeal.Status
OPEN = (Status.RECEIVED, Status.REGISTERED, Status.WAITING, Status.FORWARDED)
# While the office waits for the applicant the clock stands still; at another authority it runs on.
RUNNING = (Status.REGISTERED, Status.FORWARDED)
SOON_DAYS = 3
# Nobody works through more: beyond it a count is "1000+".
CAP = 1000

# What a list never shows, and would carry in vain.
HEAVY = (
    "box", "sealed_key", "sealed_to_code", "grounds", "notes", "tracking_hash", "digest", "journal_head",
    "policy_version", "network_mark", "officer__password",
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """Whose queues these are, on which day (of Dushanbe), and what this person does in the office."""

    officer: int
    departments: frozenset[int]
    today: date
    registers: bool
    approves: bool
    answers: bool
    calendar: term.Calendar

    @property
    def first(self) -> str:
        """The queue in which this person begins; who does nothing with appeals looks at all of them."""
        return "todo" if self.answers or self.registers else "all"


def desk_of(user: AbstractBaseUser, departments: list[int] | None = None) -> Desk:
    """``departments``: those of the user, if they are known already."""
    if departments is None:
        departments = list(Department.objects.filter(members=user).values_list("pk", flat=True))
    return Desk(
        user.pk,
        frozenset(departments),
        term.local_day(timezone.now()),
        user.has_perm("appeals.register_appeal"),
        user.has_perm("appeals.approve_answer"),
        user.has_perm("appeals.answer_appeal"),
        kept_calendar(),
    )


def is_open(desk: Desk) -> Q:
    return Q(status__in=OPEN)


def crime(desk: Desk) -> Q:
    """Information about a crime that nobody has ruled on, or that was confirmed and not handed over."""
    told = Q(crime=Crime.CLAIMED) | Q(crime=Crime.CONFIRMED, crime_handed_at=None)
    return told & Q(status__in=OPEN)


def new(desk: Desk) -> Q:
    return Q(status=Status.RECEIVED, held="")


def held(desk: Desk) -> Q:
    return Q(status__in=OPEN) & ~Q(held="")


def soon(desk: Desk) -> Q:
    return Q(status__in=RUNNING, due_on__range=(desk.today, desk.today + timedelta(days=SOON_DAYS)))


def overdue(desk: Desk) -> Q:
    return Q(status__in=RUNNING, due_on__lt=desk.today)


def unregistered(desk: Desk) -> Q:
    """Not registered within the days of the office's own rule."""
    last = term.latest_start(desk.today, settings.APPEAL_REGISTER_DAYS, desk.calendar)
    midnight = datetime.combine(last + timedelta(days=1), time.min, term.ZONE)
    return Q(status=Status.RECEIVED, received_at__lt=midnight)


def waiting(desk: Desk) -> Q:
    return Q(status=Status.WAITING)


def passed(desk: Desk) -> Q:
    """The applicant's day has passed: nothing happens by itself, an officer decides."""
    return Q(status=Status.WAITING, wait_until__lt=desk.today)


def second(desk: Desk) -> Q:
    return Q(status__in=OPEN, prepared_by__isnull=False)


def mine(desk: Desk) -> Q:
    return Q(status__in=OPEN, officer=desk.officer)


def department(desk: Desk) -> Q:
    return Q(status__in=OPEN, department__in=desk.departments)


def nobody(desk: Desk) -> Q:
    return Q(status__in=(Status.RECEIVED, Status.REGISTERED, Status.WAITING), officer=None, department=None)


def waits_for_others(desk: Desk) -> Q:
    """Nothing can be done now: the applicant, another authority or a second person has the next word."""
    applicant = Q(status=Status.WAITING) & (Q(wait_until=None) | Q(wait_until__gte=desk.today))
    return applicant | Q(status=Status.FORWARDED, due_on__gte=desk.today) | Q(prepared_by__isnull=False)


def todo(desk: Desk) -> Q:
    """What this person has to do: her own, what lies unassigned before her, and what no one may leave lying."""
    unassigned = Q(department__in=desk.departments, officer=None)
    own = Q(officer=desk.officer) | unassigned
    if desk.registers:
        own |= nobody(desk)
    wanted = crime(desk) | (own & ~waits_for_others(desk))
    wanted |= overdue(desk) & (Q(officer=None) | Q(officer=desk.officer) | Q(department__in=desk.departments))
    if desk.approves:
        wanted |= Q(prepared_by__isnull=False) & ~Q(prepared_by=desk.officer)
    return Q(status__in=OPEN) & wanted


@dataclass(frozen=True)
class Queue:
    """``only_open``: it holds open appeals alone, and the most urgent stand on top; otherwise the newest."""

    name: str
    title: str | Promise
    where: Callable[[Desk], Q]
    only_open: bool = True


QUEUES = {
    queue.name: queue
    for queue in (
        Queue("todo", _("To do"), todo),
        Queue("crime", _("Crime information"), crime),
        Queue("overdue", _("Overdue"), overdue),
        Queue("soon", _("Due within 3 days"), soon),
        Queue("new", _("To be registered"), new),
        Queue("held", _("Held by the filter"), held),
        Queue("mine", _("Mine"), mine),
        Queue("department", _("My department's"), department),
        Queue("nobody", _("Nobody's"), nobody),
        Queue("second", _("Answers for a second person"), second),
        Queue("waiting", _("Waiting for the applicant"), waiting),
        Queue("passed", _("The applicant's day has passed"), passed),
        Queue("forwarded", _("At other authorities"), lambda desk: Q(status=Status.FORWARDED)),
        Queue("joined", _("Joined"), lambda desk: Q(status=Status.JOINED), only_open=False),
        Queue("not_examined", _("Not examined"), lambda desk: Q(status=Status.NOT_EXAMINED), only_open=False),
        Queue("answered", _("Answered"), lambda desk: Q(status=Status.ANSWERED), only_open=False),
        Queue("all", _("All"), lambda desk: Q(), only_open=False),
    )
}


def order(queue: Queue, desk: Desk) -> list[Any]:
    """Crime information first, then what is late, then by the last day; what waits for the applicant at the end."""
    if not queue.only_open:
        return ["-id"]
    rank = Case(
        When(crime(desk), then=Value(0)),
        When(overdue(desk) | unregistered(desk), then=Value(1)),
        When(waiting(desk) & ~passed(desk), then=Value(3)),
        default=Value(2),
        output_field=IntegerField(),
    )
    # Without a day: not registered yet, and to be so within days.
    return [rank.asc(), F("due_on").asc(nulls_first=True), "id"]


class Capped(Subquery):
    """How many rows a query finds, as far as it is limited; the same number for every row beside which it stands."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()
    contains_aggregate = True


def counts(desk: Desk, here: QuerySet[Appeal] | None = None, most: int = CAP) -> dict[str, int]:
    """How many appeals stand in each queue; more than ``CAP`` is ``CAP + 1``. One question, however many there are.

    ``here``: another list, counted beside them as ``"here"``, up to ``most``.
    """
    asked = {
        f"in_{queue.name}": Count("pk", filter=queue.where(desk))
        if queue.only_open
        else Capped(Appeal.objects.filter(queue.where(desk)).order_by().values("pk")[: CAP + 1])
        for queue in QUEUES.values()
    }
    if here is not None:
        asked["here"] = Capped(here.select_related(None).order_by().values("pk")[:most])
    numbers = Appeal.objects.filter(status__in=OPEN).aggregate(**asked)
    found = {name: min(numbers[f"in_{name}"], CAP + 1) for name in QUEUES}
    return found if here is None else found | {"here": numbers["here"] or 0}


def rows(queryset: QuerySet[Appeal], part: QuerySet[Appeal]) -> QuerySet[Appeal]:
    """The rows of ``part``, a slice of ``queryset``, as a list shows them.

    Which rows these are is found in the narrow indexes; only they themselves are fetched from the wide table.
    """
    found = Appeal.objects.filter(pk__in=part.select_related(None).values("pk"))
    return found.order_by(*queryset.query.order_by).select_related("officer", "department").defer(*HEAVY)
