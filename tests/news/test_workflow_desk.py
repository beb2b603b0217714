"""The workflow at the desk: the pages of its steps, the form of the event, the review of what was urgent, the list."""

from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from news import workflow
from news.models import Event, Report
from news.workflow import State
from portal.roles import APPEALS_OFFICER, PRESS_CHIEF, PRESS_EDITOR
from tests.news.desk import ADD, errors, fields_of, report_fields
from tests.news.factories import category, event, local, report, staff
from tests.news.test_workflow import REASON, change, desk_of, edit, in_state, state_of, step, step_url, written_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db):
    return staff(PRESS_EDITOR, username="editor")


@pytest.fixture
def chief(db):
    return staff(PRESS_CHIEF, username="chief")


@pytest.fixture
def draft(db):
    return report(event(), "tg", status="draft", published_at=None)


# The pages of the steps -----------------------------------------------------------------------------------------------


def test_the_way_of_a_report_over_the_desk(editor, chief):
    one = written_by(editor)
    writer, boss = desk_of(editor), desk_of(chief)
    assert step(writer, one, "review").status_code == 302
    assert state_of(one) == State.REVIEW
    step(boss, one, "back", {"note": "The place in the second paragraph is wrong."})
    assert state_of(one) == State.DRAFT
    assert "The place in the second paragraph is wrong." in writer.client.get(change(one)).content.decode()
    step(writer, one, "review")
    step(boss, one, "schedule", {"at_0": "01.01.2099", "at_1": "10:00:30"})
    one.refresh_from_db()
    assert one.published_at == local("2099-01-01 10:00:30")
    page = boss.client.get(change(one)).content.decode()
    assert "scheduled for 01.01.2099 10:00, Dushanbe time (UTC+5)" in page
    step(boss, one, "publish")
    assert Client().get(one.get_absolute_url()).status_code == 200
    assert (
        "its address they will read that it was withdrawn"
        in boss.client.get(step_url(one, "withdraw")).content.decode()
    )
    assert state_of(one) == State.PUBLISHED, "to look at the page withdraws nothing"
    step(boss, one, "withdraw")
    assert Client().get(one.get_absolute_url()).status_code == 410
    step(boss, one, "publish")
    assert Client().get(one.get_absolute_url()).status_code == 200
    assert LogEntry.objects.filter(object_id=str(one.event_id)).count() == 7


def test_urgent_publishing_on_its_page_needs_a_reason(editor):
    one, desk = written_by(editor), desk_of(editor)
    for reason in ("", "  ", "\u200b", "a\x00b", "x" * 301):
        response = step(desk, one, "publish", {"reason": reason})
        assert response.status_code == 200 and "errorlist" in response.content.decode(), reason
        assert state_of(one) == State.DRAFT
    assert step(desk, one, "publish", {"reason": REASON}).status_code == 302
    assert state_of(one) == State.PUBLISHED


def test_a_step_is_not_taken_with_a_text_that_was_not_looked_at(chief, editor):
    one, desk = written_by(editor, "review"), desk_of(chief)
    page = desk.client.get(step_url(one, "publish"))
    sent = fields_of(page, "step_form").fields
    edit(one, editor, "<p>Something that the chief has not read.</p>")
    response = desk.client.post(step_url(one, "publish"), sent)
    assert "saved again after you opened this page" in response.content.decode()
    assert state_of(one) == State.REVIEW
    assert desk.client.post(step_url(one, "publish"), fields_of(response, "step_form").fields).status_code == 302
    assert state_of(one) == State.PUBLISHED


def test_pages_of_steps_refuse_who_may_not_and_what_is_not_there(editor, chief, draft):
    desk = desk_of(editor)
    token = desk.client.cookies["csrftoken"].value
    for name in ("schedule", "withdraw", "hold"):
        sent = {"csrfmiddlewaretoken": token, "revision": str(draft.revision), "at_0": "01.01.2099", "at_1": "10:00"}
        assert desk.client.get(step_url(draft, name)).status_code == 302
        assert desk.client.post(step_url(draft, name), sent).status_code == 403, name
    assert state_of(draft) == State.DRAFT
    for url in (
        step_url(draft, "nothing"),
        step_url(draft, "review").replace("/tg/", "/xx/"),
        "/admin/news/event/999999999999999999/step/tg/review/",
    ):
        assert desk.client.get(url).status_code == 404, url
    assert desk.client.post(step_url(draft, "review"), {}).status_code == 403, "without the token of the form"
    officer = desk_of(staff(APPEALS_OFFICER, username="officer"))
    assert officer.client.get(step_url(draft, "review")).status_code == 403
    assert Client().get(step_url(draft, "review")).status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"revision": "x"},
        {"revision": "9" * 50},
        {"revision": "1", "at_0": "99.99.9999", "at_1": "\ud800"},
        {"revision": "1", "at_0": "01.01.99999"},
    ],
)
def test_bad_input_on_a_page_of_a_step_is_answered_on_it(sent, chief, draft):
    desk = desk_of(chief)
    sent = sent | {"csrfmiddlewaretoken": desk.client.cookies["csrftoken"].value}
    body = urlencode(sent, errors="surrogatepass")
    response = desk.client.post(step_url(draft, "schedule"), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200 and "errornote" in response.content.decode()
    assert state_of(draft) == State.DRAFT


def test_pages_of_the_workflow_are_kept_by_nobody(chief, draft):
    desk = desk_of(chief)
    for url in (step_url(draft, "publish"), "/admin/news/event/urgent/"):
        assert "no-store" in desk.client.get(url)["Cache-Control"]


# The form of the event ------------------------------------------------------------------------------------------------


def test_an_editor_sends_a_report_to_review_and_no_further(draft, editor):
    desk = desk_of(editor)
    assert errors(desk.send(change(draft), {"reports-0-status": "review"})) == []
    assert state_of(draft) == State.REVIEW
    for forbidden in ("published", "withdrawn"):
        desk.send(change(draft), {"reports-0-status": forbidden})
        assert state_of(draft) == State.REVIEW
    desk.send(change(draft), {"reports-0-status": "draft"})
    assert state_of(draft) == State.DRAFT


@pytest.mark.parametrize("status", ["draft", "review"])
def test_a_chief_publishes_from_any_stage_of_writing(status, chief):
    one = report(event(), "tg", status=status, published_at=None)
    assert errors(desk_of(chief).send(change(one), {}, "_publish")) == []
    assert state_of(one) == State.PUBLISHED


def new_event(**more):
    when = {"starts_at_0": "10.01.2022", "starts_at_1": "13:45", "categories": [str(category().pk)]}
    return when | report_fields(2, "en", "Meeting with farmers") | more


def test_one_person_writes_and_publishes_on_one_screen_with_a_reason():
    desk = desk_of(staff(PRESS_EDITOR, PRESS_CHIEF))
    response = desk.send(ADD, new_event(), "_publish")
    assert any("Nobody but you" in said for said in errors(response))
    assert not Event.objects.exists(), "nothing is saved, and the typed text stays on the page"
    assert "Meeting with farmers" in response.content.decode()
    assert desk.send(ADD, new_event(urgent_reason=REASON), "_publish").status_code == 302
    one = Report.objects.get()
    assert one.is_public and one.urgent_reason == REASON
    assert {version.history_user for version in one.history.all()} == {desk.user}


def test_a_chief_who_rewrites_everything_on_the_form_is_among_the_writers(chief):
    one = written_by(chief)
    said = errors(desk_of(chief).send(change(one), {"reports-0-body": "Матни дигар."}, "_publish"))
    assert any("Nobody but you" in sentence for sentence in said) and state_of(one) == State.DRAFT


def test_the_reason_marks_only_what_was_written_alone(chief, editor):
    one = written_by(editor)
    mine = Report(event=one.event, language="ru", title="Заголовок", body="<p>Текст.</p>")
    mine._history_user = chief
    mine.save()
    desk_of(chief).send(change(one), {"urgent_reason": REASON}, "_publish")
    assert dict(Report.objects.values_list("language", "urgent_reason")) == {"tg": "", "ru": REASON}
    assert set(Report.objects.values_list("status", flat=True)) == {"published"}


def test_a_reason_that_cannot_be_stored_is_refused_beside_its_field(chief):
    one = written_by(chief)
    response = desk_of(chief).send(change(one), {"urgent_reason": "x" * 301}, "_publish")
    assert errors(response) and "300" in response.content.decode()
    assert state_of(one) == State.DRAFT


def test_publishing_all_leaves_a_withdrawn_report_withdrawn(chief):
    one = report(event(), "tg", status="withdrawn")
    desk_of(chief).send(change(one), {}, "_publish")
    assert state_of(one) == State.WITHDRAWN


def test_the_form_holds_back_and_moves_a_scheduled_report(chief):
    one, desk = in_state(State.SCHEDULED), desk_of(chief)
    typed = {"reports-0-published_at_0": "01.01.2099", "reports-0-published_at_1": "10:00:00"}
    assert errors(desk.send(change(one), typed)) == []
    one.refresh_from_db()
    assert one.published_at == local("2099-01-01 10:00")
    emptied = {"reports-0-published_at_0": "", "reports-0-published_at_1": ""}
    assert any("Publish now" in said for said in errors(desk.send(change(one), emptied)))
    desk.send(change(one), {"reports-0-status": "review"})
    assert state_of(one) == State.REVIEW


def test_a_time_without_the_wish_to_publish_is_not_lost_without_a_word(chief, draft):
    typed = {"reports-0-published_at_0": "01.01.2099", "reports-0-published_at_1": "10:00:00"}
    assert any("choose the status" in said for said in errors(desk_of(chief).send(change(draft), typed)))


def test_the_form_does_not_take_away_what_readers_see(chief):
    one = report(event(), "en")
    for status in ("draft", "review", "withdrawn"):
        desk_of(chief).send(change(one), {"reports-0-status": status})
        assert state_of(one) == State.PUBLISHED


def test_an_editor_changes_nothing_of_a_withdrawn_report(editor):
    one = report(event(), "en", status="withdrawn")
    desk_of(editor).send(change(one), {"reports-0-status": "draft", "reports-0-title": "Another"})
    one.refresh_from_db()
    assert state_of(one) == State.WITHDRAWN and one.title != "Another"


# The review of what was urgent ----------------------------------------------------------------------------------------


def review(desk, one):
    token = desk.client.cookies["csrftoken"].value
    return desk.client.post(
        "/admin/news/event/urgent/", {"csrfmiddlewaretoken": token, "report": str(one.pk)}, follow=True
    )


def test_another_chief_reviews_what_was_urgent(chief, editor):
    other = staff(PRESS_CHIEF, username="other")
    one = workflow.publish(written_by(chief), chief, REASON)
    mine, theirs = desk_of(chief), desk_of(other)
    assert REASON in mine.client.get("/admin/news/event/urgent/").content.decode()
    assert "You published it yourself" in review(mine, one).content.decode()
    assert review(desk_of(editor), one).status_code == 403
    assert list(workflow.unreviewed()) == [one]
    page = review(theirs, one).content.decode()
    assert "Nothing waits for a review." in page and REASON in page, "what was reviewed stays readable"
    one.refresh_from_db()
    assert one.urgent_reviewed_at and one.is_public
    assert "does not wait" in review(theirs, one).content.decode()
    assert LogEntry.objects.filter(user=other).count() == 1


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 40, "-1"])
def test_a_review_of_nothing_is_not_found(number, chief):
    desk = desk_of(chief)
    token = desk.client.cookies["csrftoken"].value
    assert (
        desk.client.post("/admin/news/event/urgent/", {"csrfmiddlewaretoken": token, "report": number}).status_code
        == 404
    )


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_of_urgent_publications_costs_the_same_for_any_number(
    number, chief, editor, django_assert_num_queries
):
    for _each in range(number):
        workflow.publish(written_by(editor), editor, REASON)
    desk = desk_of(chief)
    desk.client.get("/admin/news/event/urgent/")
    with django_assert_num_queries(7):
        assert desk.client.get("/admin/news/event/urgent/").content.decode().count(REASON) == number


# The list of events ---------------------------------------------------------------------------------------------------


def test_the_list_of_events_is_filtered_by_state_and_says_times(chief):
    rows = {state: in_state(state) for state in State}
    desk = desk_of(chief)
    for state, one in rows.items():
        page = desk.client.get(f"/admin/news/event/?state={state.value}").content.decode()
        shown = {each for each, row in rows.items() if f"/admin/news/event/{row.event_id}/change/" in page}
        assert shown == {state}, state
        if state == State.SCHEDULED:
            assert f"scheduled for {timezone.localtime(one.published_at):%d.%m.%Y %H:%M}, Dushanbe time (UTC+5)" in page
        if state == State.EMBARGOED:
            until = timezone.localtime(Event.objects.get(pk=one.event_id).embargo_until)
            assert f"under embargo until {until:%d.%m.%Y %H:%M}, Dushanbe time (UTC+5)" in page
    assert desk.client.get("/admin/news/event/?state=nonsense").status_code in (200, 302)
