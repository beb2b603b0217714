"""From draft through review to the public, back from it: which step, from where, by whom, with what reason."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from news import workflow
from news.desk.report_steps import take
from news.models import Event, Report
from news.workflow import Refused, State, Step
from portal.roles import APPEALS_OFFICER, PRESS_CHIEF, PRESS_EDITOR
from tests.news.desk import Desk, errors, fields_of
from tests.news.factories import event, report, staff

pytestmark = pytest.mark.django_db

REASON = "The delegation leaves in ten minutes."
IN_AN_HOUR = timedelta(hours=1)


@pytest.fixture
def editor(db):
    return staff(PRESS_EDITOR, username="editor")


@pytest.fixture
def chief(db):
    return staff(PRESS_CHIEF, username="chief")


@pytest.fixture
def draft(db):
    return report(event(), "tg", status="draft", published_at=None)


def desk_of(user):
    """The user's browser, with the desk in English."""
    desk = Desk(user)
    desk.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return desk


def change(one: Report) -> str:
    return f"/admin/news/event/{one.event_id}/change/"


def step_url(one: Report, step: str) -> str:
    return f"/admin/news/event/{one.event_id}/step/{one.language}/{step}/"


def state_of(one: Report) -> State:
    return workflow.state_of(Report.objects.select_related("event").get(pk=one.pk))


def in_state(state: State, language: str = "tg") -> Report:
    """A report in this state, as a program might have brought it."""
    now, of = timezone.now(), event()
    if state == State.EMBARGOED:
        of.embargo_until = now + IN_AN_HOUR
        of.save()
    status = "published" if state in {State.SCHEDULED, State.EMBARGOED} else state.value
    moments = {State.SCHEDULED: now + IN_AN_HOUR, State.DRAFT: None, State.REVIEW: None}
    return report(of, language, status=status, published_at=moments.get(state, now - IN_AN_HOUR))


def written_by(user, status="draft", **values):
    """A draft that ``user`` wrote, as the desk records it."""
    one = Report(event=event(), language="tg", title="Сарлавҳа", body="<p>Матн.</p>", status=status, **values)
    one._history_user = user
    one.save()
    return one


def edit(one, user, body):
    one.refresh_from_db()
    one.body = body
    one._history_user = user
    one.save()
    return one


def step(desk, one, name, typed=None):
    """Open the page of a step and press its button."""
    url = step_url(one, name)
    page = desk.client.get(url)
    assert page.status_code == 200, page
    return desk.client.post(url, fields_of(page, "step_form").fields | (typed or {}))


# Which step, from where, by whom ------------------------------------------------------------------------------------

BEING_WRITTEN = {State.DRAFT, State.REVIEW}
AFTER = {
    Step.SEND_TO_REVIEW: State.REVIEW, Step.SEND_BACK: State.DRAFT, Step.PUBLISH: State.PUBLISHED,
    Step.SCHEDULE: State.SCHEDULED, Step.HOLD: State.REVIEW, Step.WITHDRAW: State.WITHDRAWN,
}  # fmt: skip
CHIEF = {
    Step.SEND_TO_REVIEW: {State.DRAFT},
    Step.SEND_BACK: {State.REVIEW},
    Step.PUBLISH: BEING_WRITTEN | {State.SCHEDULED, State.WITHDRAWN},
    Step.SCHEDULE: BEING_WRITTEN | {State.SCHEDULED, State.WITHDRAWN},
    Step.HOLD: {State.SCHEDULED, State.EMBARGOED},
    Step.WITHDRAW: {State.PUBLISHED},
}
MAY = {
    PRESS_CHIEF: CHIEF,
    PRESS_EDITOR: {
        Step.SEND_TO_REVIEW: {State.DRAFT}, Step.SEND_BACK: {State.REVIEW}, Step.PUBLISH: BEING_WRITTEN,
        Step.SCHEDULE: set(), Step.HOLD: set(), Step.WITHDRAW: set(),
    },
    APPEALS_OFFICER: {step: set() for step in Step},
    None: {step: set() for step in Step},
}  # fmt: skip


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("role", list(MAY))
def test_a_step_is_taken_only_by_whom_and_from_where_it_may_be(role, step, state):
    user = staff(*([role] if role else []))
    one = in_state(state)
    before = Report.objects.values().get()
    at = timezone.now() + 2 * IN_AN_HOUR if step == Step.SCHEDULE else None
    allowed = state in MAY[role][step]
    assert (step in workflow.open_steps(one, user)) == allowed
    if allowed:
        take(step, one, user, at=at, reason=REASON)
        assert state_of(one) == AFTER[step]
        entry = LogEntry.objects.get()
        assert (entry.user, entry.object_id) == (user, str(one.event_id)) and len(entry.get_change_message()) > 10
        version = one.history.latest()
        assert (version.history_user, version.history_change_reason) == (user, step.value)
    else:
        with pytest.raises((PermissionDenied, Refused)):
            take(step, one, user, at=at, reason=REASON)
        assert Report.objects.values().get() == before
        assert not LogEntry.objects.exists()


@pytest.mark.parametrize("state", list(State))
def test_the_condition_on_rows_is_the_state_of_each(state):
    rows = {each: in_state(each).pk for each in State}
    assert list(Report.objects.filter(workflow.in_state(state)).values_list("pk", flat=True)) == [rows[state]]
    assert state_of(Report.objects.get(pk=rows[state])) == state


def test_a_report_that_waits_for_its_time_and_for_the_end_of_an_embargo_is_scheduled():
    one = in_state(State.SCHEDULED)
    Event.objects.update(embargo_until=timezone.now() + 2 * IN_AN_HOUR)
    assert state_of(one) == State.SCHEDULED
    assert Report.objects.filter(workflow.in_state(State.SCHEDULED)).exists()
    assert not Report.objects.filter(workflow.in_state(State.EMBARGOED)).exists()


def test_what_was_withdrawn_keeps_the_time_of_its_first_publication(chief):
    one = in_state(State.WITHDRAWN)
    first = one.published_at
    workflow.publish(one, chief)
    one.refresh_from_db()
    assert one.published_at == first and one.is_public


def test_nothing_is_published_without_a_text(chief):
    one = report(event(), "tg", status="draft", published_at=None, body="<p> </p>")
    with override("en"), pytest.raises(Refused, match="There is no text to publish"):
        workflow.publish(one, chief)


# The second pair of eyes ----------------------------------------------------------------------------------------------


def needs(one, user):
    return workflow.needs_reason(Report.objects.get(pk=one.pk), user)


def test_who_wrote_alone_needs_a_reason_and_a_colleague_does_not(chief):
    other = staff(PRESS_CHIEF, username="other")
    one = written_by(chief)
    assert needs(one, chief) and not needs(one, other)
    with pytest.raises(Refused) as refused:
        workflow.publish(one, chief)
    assert refused.value.field == "reason" and state_of(one) == State.DRAFT
    workflow.publish(one, other)
    assert state_of(one) == State.PUBLISHED and Report.objects.get().urgent_reason == ""


def test_a_comma_in_a_colleagues_text_needs_no_reason(chief, editor):
    one = edit(written_by(editor), chief, "<p>Матни дигар.</p>")
    assert not needs(one, chief)
    workflow.publish(one, chief)
    assert state_of(one) == State.PUBLISHED


def test_a_step_or_a_change_of_markup_does_not_make_somebody_a_writer(chief, editor):
    one = workflow.send_to_review(written_by(chief), editor)
    edit(one, editor, "<p><strong>Матн.</strong></p>")
    assert needs(one, chief)


def test_a_new_text_after_publication_is_looked_at_again(chief, editor):
    one = written_by(editor)
    workflow.publish(one, chief)
    workflow.withdraw(one, chief)
    assert not needs(one, chief), "the same text was seen by two"
    edit(one, chief, "<p>Матни нав.</p>")
    assert needs(one, chief)


def test_an_urgent_publication_does_not_lose_its_reason_by_going_round(chief):
    one = written_by(chief)
    workflow.publish(one, chief, REASON)
    workflow.withdraw(one, chief)
    workflow.publish(one, chief)
    assert list(workflow.unreviewed()) == [one]


def test_a_new_text_that_two_saw_is_not_urgent_any_more(chief, editor):
    one = written_by(editor)
    workflow.publish(one, editor, REASON)
    workflow.withdraw(one, chief)
    edit(one, editor, "<p>Матни нав.</p>")
    workflow.publish(one, chief)
    assert not workflow.unreviewed().exists()


def test_the_reason_of_an_editor_is_kept_recorded_and_listed(editor):
    one = written_by(editor)
    with pytest.raises(Refused):
        workflow.publish(one, editor)
    workflow.publish(one, editor, REASON)
    one.refresh_from_db()
    assert one.is_public and one.urgent_reason == REASON and one.urgent_reviewed_at is None
    assert REASON in LogEntry.objects.get().get_change_message()
    assert list(workflow.unreviewed()) == [one]


def test_an_editor_does_not_publish_what_was_withdrawn_not_even_urgently(editor):
    one = in_state(State.WITHDRAWN)
    with pytest.raises(PermissionDenied):
        workflow.publish(one, editor, REASON)


# The time -------------------------------------------------------------------------------------------------------------


def test_a_report_is_public_from_its_second_on_without_any_worker(monkeypatch, chief):
    at = timezone.now().replace(microsecond=0) + IN_AN_HOUR
    one = workflow.schedule(report(event(), "en", status="draft", published_at=None), chief, at)
    address = one.get_absolute_url()
    for moment, status in ((at - timedelta(seconds=1), 404), (at - timedelta(microseconds=1), 404), (at, 200)):
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda moment=moment: moment)
            assert Client().get(address).status_code == status, moment
            assert (one.title in Client().get("/en/").content.decode()) == (status == 200), moment
            assert workflow.state_of(one) == (State.PUBLISHED if status == 200 else State.SCHEDULED)


def test_the_later_of_time_and_embargo_counts(chief):
    now = timezone.now()
    one = in_state(State.EMBARGOED)
    assert workflow.public_from(one) == one.event.embargo_until
    one.published_at = now + 3 * IN_AN_HOUR
    assert workflow.public_from(one) == one.published_at


def test_a_time_that_has_passed_is_refused_on_every_way(chief, draft):
    with pytest.raises(Refused) as refused:
        workflow.schedule(draft, chief, timezone.now() - timedelta(seconds=1))
    assert refused.value.field == "at"
    desk = desk_of(chief)
    past = {"at_0": "01.01.2020", "at_1": "10:00"}
    assert "This time has passed" in step(desk, draft, "schedule", past).content.decode()
    typed = {
        "reports-0-status": "published",
        "reports-0-published_at_0": "01.01.2020",
        "reports-0-published_at_1": "10:00",
    }
    assert any("This time has passed" in said for said in errors(desk.send(change(draft), typed)))
    assert state_of(draft) == State.DRAFT


def test_a_held_back_report_tells_readers_nothing_ever(chief):
    for state in (State.SCHEDULED, State.EMBARGOED):
        one = in_state(state)
        workflow.hold(one, chief)
        Event.objects.update(embargo_until=None)
        assert Client().get(one.get_absolute_url()).status_code == 404
        one.refresh_from_db()
        assert one.published_at is None
