"""Every version of a report is kept: read, compared and brought back at the desk, by who may."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import DraftReading, PreviewLink, Report
from portal.roles import APPEALS_OFFICER, PRESS_CHIEF, PRESS_EDITOR
from tests.news import factories
from tests.news.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db):
    return Desk(factories.staff(PRESS_EDITOR, username="editor"))


@pytest.fixture
def chief(db):
    return Desk(factories.staff(PRESS_CHIEF, username="chief"))


def save(report, user=None, **changes):
    """A new version of ``report``, as somebody saved it."""
    for name, value in changes.items():
        setattr(report, name, value)
    report._history_user = user
    report.save()
    return report


def written(editor=None, **values):
    """A draft that was saved three times: with one word wrong, right, and with another title."""
    report = factories.report(
        title="Meeting", body="<p>One too three.</p>", status="draft", published_at=None, **values
    )
    user = editor and editor.user
    save(report, user, body="<p>One two three.</p>")
    return save(report, user, title="Meeting with farmers")


def url(report, more=""):
    return f"/admin/news/event/{report.event_id}/history/{report.language}/{more}"


def page(desk, report, query=""):
    response = desk.client.get(url(report) + query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def numbers(report):
    """The versions, the earliest first."""
    return list(report.history.order_by("history_id").values_list("history_id", flat=True))


def restore(desk, report, version, revision=None):
    token = desk.client.get(url(report)).context["csrf_token"]
    typed = {"version": version, "csrfmiddlewaretoken": str(token)}
    typed["revision"] = Report.objects.get(pk=report.pk).revision if revision is None else revision
    return desk.client.post(url(report, "restore/"), typed)


def said(desk, report):
    response = desk.client.get(url(report), headers={"accept-language": "en"})
    return [str(message) for message in response.context["messages"]]


def test_each_version_says_who_changed_what_when(editor):
    report = written(editor)
    save(report, None, status="review")
    shown = page(editor, report)
    assert "The report was begun." in shown
    assert "Changed: text" in shown and "Changed: title" in shown
    assert "Status: draft → in review" in shown
    assert shown.count("editor</td>") >= 2 and "program" in shown
    times = [f"{timezone.localtime(one.history_date):%d.%m.%Y %H:%M:%S}" for one in report.history.all()]
    assert all(time in shown for time in times)


def test_a_change_of_markup_alone_is_a_change_of_the_text(editor):
    report = written()
    save(report, editor.user, body="<p>One <strong>two</strong> three.</p>")
    shown = page(editor, report)
    assert shown.count("Changed: text") == 2


def test_a_correction_and_an_urgent_reason_are_told(chief):
    report = factories.report()
    report.correct("The number was wrong.")
    save(report, chief.user, urgent_reason="It could not wait.")
    shown = page(chief, report)
    assert "Correction for readers: The number was wrong." in shown and "Urgent: It could not wait." in shown


def test_what_was_done_to_the_event_stands_between_the_versions(editor):
    report = written()
    LogEntry.objects.log_actions(editor.user.pk, [report.event], 2, "Photo “Hall” was added.", single_object=True)
    other = factories.report(factories.event("2022-03-01 10:00"))
    LogEntry.objects.log_actions(editor.user.pk, [other.event], 2, "Of another event.", single_object=True)
    shown = page(editor, report)
    assert "Photo “Hall” was added." in shown and "Of another event." not in shown


def test_two_versions_are_compared_by_words(editor):
    report = written()
    first, second, third = numbers(report)
    shown = page(editor, report, f"?old={first}&new={second}")
    assert "too<span" in shown and '<ins><span class="visually-hidden">[inserted: </span>two<span' in shown
    assert "farmers<span" not in shown
    assert page(editor, report, f"?old={third}&new={first}").count("<ins>") == 3, (
        "always from the older; and the legend"
    )
    assert "The title, the lead and the text are the same." in page(editor, report, f"?old={first}&new={first}")


def test_one_version_is_compared_with_the_one_before_it(editor):
    report = written()
    first, second, _third = numbers(report)
    assert "too<span" in page(editor, report, f"?new={second}")
    assert "nothing: it is the first version" in page(editor, report, f"?new={first}")


def test_the_difference_is_in_the_language_of_the_desk(editor):
    report = written()
    _first, second, _third = numbers(report)
    shown = editor.client.get(url(report) + f"?new={second}", headers={"accept-language": "en"}).content.decode()
    assert "[deleted: " in shown and 'lang="en"' in shown


BAD = ["0", "-1", "x", "1e3", "٣", "9" * 30, "", " ", "1;2", "\x00", "99999999"]


@pytest.mark.parametrize("number", BAD)
def test_a_version_that_is_not_there_is_said(number, editor):
    report = written()
    shown = editor.client.get(url(report), {"old": numbers(report)[0], "new": number})
    assert shown.status_code == 200 and "<ins>" not in shown.content.decode()
    assert editor.client.get(url(report), {"page": number}).status_code == 200
    before = Report.objects.values().get()
    assert restore(editor, report, number).status_code == 302
    assert restore(editor, report, numbers(report)[0], number).status_code == 302
    assert Report.objects.values().get() == before


def test_a_version_of_another_report_is_not_shown_and_not_restored(editor):
    report, other = written(), factories.report(title="Something else", status="draft", published_at=None)
    foreign = numbers(other)[0]
    assert "Something else" not in page(editor, report, f"?old={foreign}&new={numbers(report)[0]}")
    restore(editor, report, foreign)
    assert Report.objects.get(pk=report.pk).title == "Meeting with farmers"


def test_a_version_is_restored_as_a_new_one_and_the_step_can_be_undone(editor):
    report = written()
    first, _second, third = numbers(report)
    assert restore(editor, report, first).status_code == 302
    now = Report.objects.get()
    assert (now.title, now.body, now.status) == ("Meeting", "<p>One too three.</p>", "draft")
    assert len(numbers(report)) == 4
    newest = now.history.first()
    assert newest.history_user == editor.user
    assert any("was restored" in message for message in said(editor, report))
    assert "The version of" in page(editor, report) and "was restored." in page(editor, report)
    entry = LogEntry.objects.filter(user=editor.user).latest("pk")
    assert entry.object_id == str(report.event_id) and "Restored" in entry.get_change_message()
    restore(editor, report, third)
    now = Report.objects.get()
    assert (now.title, now.body) == ("Meeting with farmers", "<p>One two three.</p>")


def test_restoring_changes_the_text_alone(chief):
    report = written(language="ru")
    report.correct("One thing was wrong.")
    report.source_digest = "a" * 64
    save(report, chief.user, status="published", published_at=timezone.now() - timedelta(hours=1))
    restore(chief, report, numbers(report)[0])
    now = Report.objects.get()
    assert now.is_public and now.title == "Meeting" and now.correction_list
    assert (now.published_at, now.source_digest) == (report.published_at, "")


def test_a_restored_text_is_searched_and_addressed(chief):
    report = written()
    restore(chief, report, numbers(report)[0])
    now = Report.objects.get()
    assert now.slug == "meeting" and now.digest == report.history.last().digest


def test_the_present_text_is_not_restored_once_more(editor):
    report = written()
    restore(editor, report, numbers(report)[2])
    assert "The report already says this." in said(editor, report)
    assert len(numbers(report)) == 3
    shown = page(editor, report)
    assert shown.count("present text") == 1 and shown.count('name="version"') == 2


def test_what_somebody_saved_meanwhile_is_not_written_over(editor):
    report = written()
    seen = report.revision
    save(report, None, title="A still better title")
    restore(editor, report, numbers(report)[0], seen)
    assert Report.objects.get().title == "A still better title"
    assert any("Somebody saved" in message for message in said(editor, report))


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_an_editor_does_not_restore_over_what_was_published(status, editor, chief):
    report = written()
    save(report, chief.user, status=status, published_at=timezone.now())
    shown = page(editor, report)
    assert 'name="version"' not in shown and "A press chief restores" in shown
    assert restore(editor, report, numbers(report)[0]).status_code == 403
    assert Report.objects.get().title == "Meeting with farmers"
    assert restore(chief, report, numbers(report)[0]).status_code == 302
    assert Report.objects.get().title == "Meeting"


def test_restoring_needs_a_post_with_the_token_of_the_page(editor):
    report = written()
    assert editor.client.get(url(report, "restore/")).status_code == 405
    typed = {"version": numbers(report)[0], "revision": report.revision}
    assert editor.client.post(url(report, "restore/"), typed).status_code == 403
    assert Report.objects.get().title == "Meeting with farmers"


@pytest.mark.parametrize("roles", [(), (APPEALS_OFFICER,)])
def test_staff_of_another_room_see_no_history(roles, editor):
    report = written()
    other = Desk(factories.staff(*roles, username="other"))
    assert other.client.get(url(report)).status_code == 403
    token = other.client.cookies["csrftoken"].value
    typed = {"version": numbers(report)[0], "revision": report.revision, "csrfmiddlewaretoken": token}
    assert other.client.post(url(report, "restore/"), typed).status_code == 403
    assert Report.objects.get().title == "Meeting with farmers"


def test_who_is_not_logged_in_sees_no_history(client):
    report = written()
    assert client.get(url(report)).status_code == 302
    assert client.post(url(report, "restore/"), {"version": "1"}).status_code == 302


@pytest.mark.parametrize("language", ["ru", "xx", "%3Cscript%3E"])
def test_a_report_that_is_not_there_has_no_history(language, editor):
    report = written()
    assert editor.client.get(f"/admin/news/event/{report.event_id}/history/{language}/").status_code == 404


def test_the_history_of_the_event_itself_stays_where_it_was(editor):
    assert editor.client.get(f"/admin/news/event/{written().event_id}/history/").status_code == 200


def test_no_cache_keeps_a_history(editor):
    assert "no-store" in editor.client.get(url(written()))["Cache-Control"]


def test_who_read_a_draft_is_shown_to_those_who_may_know(editor, chief):
    report = written()
    link = PreviewLink.objects.create(
        report=report, purpose="The Ministry", expires_at=timezone.now() + timedelta(days=1), made_by=chief.user
    )
    DraftReading.objects.create(report=report, link=link)
    DraftReading.objects.create(report=report, user=editor.user)
    shown = page(chief, report)
    assert "Read before it was public" in shown and "The Ministry" in shown
    assert "Read before it was public" not in page(editor, report)


def test_a_text_with_markup_in_its_words_is_only_text(editor):
    report = written()
    save(report, editor.user, title="<script>alert(1)</script>", lead="<img src=x onerror=alert(1)>")
    shown = page(editor, report, f"?new={numbers(report)[-1]}")
    assert "<script>alert" not in shown and "<img src=x" not in shown and "&lt;script&gt;" in shown


def test_a_long_history_is_turned_over_by_pages(editor):
    report = written()
    for number in range(60):
        save(report, editor.user, title=f"Title {number}")
    first, second = page(editor, report), page(editor, report, "?page=2")
    assert first.count('name="new"') == 50 and second.count('name="new"') == 13
    assert "The report was begun." in second and "The report was begun." not in first
    assert second.count("present text") == 0
    last_of_first = report.history.order_by("-history_id")[49]
    assert f'value="{last_of_first.history_id}"' in first
    assert "Saved without a change." not in first, "the last of a page is compared with the first of the next"


@pytest.mark.parametrize("number", [3, 45])
def test_a_history_costs_the_same_however_long_it_is(number, chief, django_assert_num_queries):
    report = written(chief)
    for step in range(number):
        save(report, chief.user, title=f"Title {step}")
        LogEntry.objects.log_actions(chief.user.pk, [report.event], 2, f"Step {step}", single_object=True)
        DraftReading.objects.create(report=report, user=chief.user)
    page(chief, report)
    # Session, user, rights (2), report, number of versions, versions, log, languages, readings.
    with django_assert_num_queries(10):
        chief.client.get(url(report))


def test_the_texts_of_the_versions_are_not_read_for_the_list(chief):
    report = written()
    with CaptureQueriesContext(connection) as asked:
        page(chief, report)
    history = [
        query["sql"] for query in asked if "news_historicalreport" in query["sql"] and "COUNT(" not in query["sql"]
    ]
    assert history and all('"news_historicalreport"."body",' not in sql for sql in history)
