"""From draft through review to readers, and back from them: which step may follow, by whom, with what reason.

One function takes each step: in one transaction, on the report as it is now, and recorded twice: in the report's
history and, as a sentence, in the log of its event. What somebody wrote alone, somebody else publishes; who cannot
wait gives a reason, and the publication is listed until a press chief has looked at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .body import words
from .models import Event, Report

WRITE = "news.change_report"
PUBLISH = "news.publish_report"
REASON_LENGTH = 300


class State(models.TextChoices):
    """A report's status together with the clock: what is published may still wait for its time."""

    DRAFT = "draft", gettext_lazy("draft")
    REVIEW = "review", gettext_lazy("in review")
    SCHEDULED = "scheduled", gettext_lazy("scheduled")
    EMBARGOED = "embargoed", gettext_lazy("under embargo")
    PUBLISHED = "published", gettext_lazy("published")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")


class Step(models.TextChoices):
    SEND_TO_REVIEW = "review", gettext_lazy("Send to review")
    SEND_BACK = "back", gettext_lazy("Send back to the writer")
    PUBLISH = "publish", gettext_lazy("Publish now")
    SCHEDULE = "schedule", gettext_lazy("Publish at a set time")
    HOLD = "hold", gettext_lazy("Hold back")
    WITHDRAW = "withdraw", gettext_lazy("Withdraw")


_BEING_WRITTEN = frozenset({State.DRAFT, State.REVIEW})
# From where each step leads on. What readers have not seen is held back, and they are told nothing;
# what they have seen is withdrawn, and its page says so.
FROM = {
    Step.SEND_TO_REVIEW: frozenset({State.DRAFT}),
    Step.SEND_BACK: frozenset({State.REVIEW}),
    Step.PUBLISH: _BEING_WRITTEN | {State.SCHEDULED, State.WITHDRAWN},
    Step.SCHEDULE: _BEING_WRITTEN | {State.SCHEDULED, State.WITHDRAWN},
    Step.HOLD: frozenset({State.SCHEDULED, State.EMBARGOED}),
    Step.WITHDRAW: frozenset({State.PUBLISHED}),
}
FOR_WRITERS = frozenset({Step.SEND_TO_REVIEW, Step.SEND_BACK})


class Refused(Exception):
    """A step that may not be taken, in a sentence; ``field`` is what should be filled in otherwise."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


def state_of(report: Report, now: datetime | None = None) -> State:
    now = now or timezone.now()
    if report.status != Report.Status.PUBLISHED:
        return State(report.status)
    if report.published_at > now:
        return State.SCHEDULED
    embargo = report.event.embargo_until
    return State.EMBARGOED if embargo and embargo > now else State.PUBLISHED


def in_state(state: State, now: datetime | None = None) -> Q:
    """The condition on reports that ``state_of`` gives ``state``."""
    now = now or timezone.now()
    embargoed = Q(event__embargo_until__gt=now)
    published = Q(status=Report.Status.PUBLISHED)
    return {
        State.SCHEDULED: published & Q(published_at__gt=now),
        State.EMBARGOED: published & Q(published_at__lte=now) & embargoed,
        State.PUBLISHED: published & Q(published_at__lte=now) & (Q(event__embargo_until=None) | ~embargoed),
    }.get(state, Q(status=state.value))


def public_from(report: Report) -> datetime:
    """When readers see a published report, or began to: its time, or the end of the embargo if that is later."""
    return max(filter(None, (report.published_at, report.event.embargo_until)))


def open_steps(report: Report, user: Any, now: datetime | None = None) -> list[Step]:
    """The steps that ``user`` may take from here, in the order of the workflow; publishing perhaps with a reason."""
    state = state_of(report, now)
    return [step for step in Step if state in FROM[step] and _has_right(step, state, user)]


def _has_right(step: Step, state: State, user: Any) -> bool:
    """A chief takes every step; a writer sends to review and back, and in an emergency publishes what is written."""
    if user.has_perm(PUBLISH):
        return True
    urgent = step == Step.PUBLISH and state in _BEING_WRITTEN
    return (step in FOR_WRITERS or urgent) and user.has_perm(WRITE)


def writers(report: Report) -> set[int | None]:
    """Who changed the text since it was last published (ever, if it never was); None stands for a program."""
    versions = report.history.order_by("-history_date", "-history_id").values_list("status", "digest", "history_user")
    found = set()
    rows = list(versions)
    for (status, digest, user), older in zip(rows, [*rows[1:], None], strict=True):
        if status == Report.Status.PUBLISHED:
            break
        if older is None or older[1] != digest:
            found.add(user)
    return found


def needs_reason(report: Report, user: Any) -> bool:
    """Whether publishing would be urgent: without the right to publish, or without a second pair of eyes."""
    return not user.has_perm(PUBLISH) or (report.pk is None or writers(report) == {user.pk})


def check_publication(report: Report, user: Any, reason: str, at: datetime | None, alone: bool) -> None:
    """Refuse to publish nothing, to publish in the past, or to do it ``alone`` without a reason. Raises ``Refused``."""
    if not (report.lead.strip() or words(report.body).strip()):
        raise Refused(_("There is no text to publish yet."))
    if at and at <= timezone.now():
        raise Refused(_("This time has passed. Leave it empty to publish now."), "at")
    if not alone or reason:
        return
    if user.has_perm(PUBLISH):
        raise Refused(
            _("Nobody but you has worked on this text. Let a colleague look at it, or say why it is urgent."), "reason"
        )
    raise Refused(_("A press chief publishes. If it cannot wait, say why it is urgent."), "reason")


def send_to_review(report: Report, user: Any, note: str = "") -> Report:
    with transaction.atomic():
        report = _begin(Step.SEND_TO_REVIEW, report, user)
        report.status = Report.Status.REVIEW
        return _record(report, user, Step.SEND_TO_REVIEW, _("Sent to review: %s") % _language(report), note)


def send_back(report: Report, user: Any, note: str = "") -> Report:
    """From review to its writer again, with a word of what to mend."""
    with transaction.atomic():
        report = _begin(Step.SEND_BACK, report, user)
        report.status = Report.Status.DRAFT
        return _record(report, user, Step.SEND_BACK, _("Sent back to the writer: %s") % _language(report), note)


def publish(report: Report, user: Any, reason: str = "") -> Report:
    """Show it to readers now. What was withdrawn keeps the time at which it was first published."""
    with transaction.atomic():
        report = _begin(Step.PUBLISH, report, user)
        again = report.status == Report.Status.WITHDRAWN and report.published_at
        _approve(report, user, reason, None)
        report.published_at = min(report.published_at, timezone.now()) if again else timezone.now()
        said = _("Published: %s") % _language(report)
        return _record(report, user, Step.PUBLISH, said, reason and _("Urgent: %s") % reason)


def schedule(report: Report, user: Any, at: datetime, reason: str = "") -> Report:
    """Show it to readers from ``at`` on: no program has to run then, the clock is part of the question."""
    with transaction.atomic():
        report = _begin(Step.SCHEDULE, report, user)
        _approve(report, user, reason, at)
        report.published_at = at
        said = _("To be published on %(time)s, Dushanbe time: %(language)s") % {
            "time": f"{timezone.localtime(at):%d.%m.%Y %H:%M:%S}",
            "language": _language(report),
        }
        return _record(report, user, Step.SCHEDULE, said, reason and _("Urgent: %s") % reason)


def hold(report: Report, user: Any, note: str = "") -> Report:
    """Back to review before readers saw it; they are told nothing."""
    with transaction.atomic():
        report = _begin(Step.HOLD, report, user)
        report.status, report.published_at = Report.Status.REVIEW, None
        return _record(report, user, Step.HOLD, _("Held back: %s") % _language(report), note)


def withdraw(report: Report, user: Any, note: str = "") -> Report:
    """Take it away from readers, who are told so at its address."""
    with transaction.atomic():
        report = _begin(Step.WITHDRAW, report, user)
        report.status = Report.Status.WITHDRAWN
        return _record(report, user, Step.WITHDRAW, _("Withdrawn: %s") % _language(report), note)


def unreviewed() -> QuerySet[Report]:
    """What was published urgently and no press chief has looked at since, the latest first."""
    return Report.objects.exclude(urgent_reason="").filter(urgent_reviewed_at=None).order_by("-published_at", "-pk")


def urgent_publishers(reports: Iterable[Report]) -> dict[int, Any]:
    """Who published each of ``reports`` with the reason that it bears, by the report's number; one query."""
    reasons = {report.pk: report.urgent_reason for report in reports}
    steps = Report.history.filter(id__in=reasons, history_change_reason__in=(Step.PUBLISH, Step.SCHEDULE))
    found: dict[int, Any] = {}
    for version in steps.exclude(urgent_reason="").defer("body").select_related("history_user").order_by("history_id"):
        if version.urgent_reason == reasons[version.id]:
            found[version.id] = version.history_user
    return found


def mark_reviewed(report: Report, user: Any) -> Report:
    """A press chief who did not publish it has looked at an urgent publication. Raises ``Refused``."""
    if not user.has_perm(PUBLISH):
        raise PermissionDenied
    with transaction.atomic():
        report = _locked(report)
        if not report.urgent_reason or report.urgent_reviewed_at:
            raise Refused(_("It does not wait for a review any more."))
        if urgent_publishers([report]).get(report.pk) == user:
            raise Refused(_("You published it yourself: another press chief looks at it."))
        report.urgent_reviewed_at = timezone.now()
        said = _("Urgent publication reviewed: %s") % _language(report)
        return _record(report, user, "reviewed", said)


def _locked(report: Report) -> Report:
    """The report as it is now, kept from others until the transaction ends."""
    # Of the report alone: a place may be absent, and an outer join cannot be locked.
    return Report.objects.select_for_update(of=("self",)).select_related("event").get(pk=report.pk)


def _begin(step: Step, report: Report, user: Any) -> Report:
    """The report as it is now, if ``user`` may take ``step`` from there."""
    report = _locked(report)
    state = state_of(report)
    if not _has_right(step, state, user):
        raise PermissionDenied
    if state not in FROM[step]:
        raise Refused(
            _("This step cannot follow: the report is now in the state “%(state)s”.") % {"state": state.label}
        )
    return report


def _approve(report: Report, user: Any, reason: str, at: datetime | None) -> None:
    """Let it be published: with the reason if it is urgent; a new text that two saw needs none any more."""
    wrote = writers(report)
    check_publication(report, user, reason, at, not user.has_perm(PUBLISH) or wrote == {user.pk})
    if reason or wrote:
        report.urgent_reason, report.urgent_reviewed_at = reason, None
    report.status = Report.Status.PUBLISHED


def _record(report: Report, user: Any, step: str, sentence: str, note: str = "") -> Report:
    """Save it with who did it and why, and write the sentence into the log of the event."""
    report._history_user = user
    report._change_reason = str(step)
    report.save()
    said = f"{sentence}. {note}" if note else sentence
    LogEntry.objects.log_actions(user.pk, [report.event], CHANGE, said, single_object=True)
    return report


def _language(report: Report) -> str:
    return report.get_language_display()


def latest_steps(event: Event, number: int = 4) -> Iterable[LogEntry]:
    """The last that was done to ``event`` and its reports, the latest first."""
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Event), object_id=str(event.pk))
    return entries.select_related("user").order_by("-action_time", "-pk")[:number]
