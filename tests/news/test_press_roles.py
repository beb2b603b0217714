"""Who may do what at the press desk: an editor writes, a chief publishes, nobody else comes in."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from news.models import Event, Report
from portal.roles import APPEALS_OFFICER, PRESS_CHIEF, PRESS_EDITOR
from tests.news import factories
from tests.news.desk import ADD, Desk, errors, fields_of, report_fields

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


REASON = "The delegation leaves in ten minutes."


def desk_of(role, username):
    """The desk of somebody, in English: the log is written in the language of who acts."""
    desk = Desk(factories.staff(role, username=username))
    desk.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return desk


@pytest.fixture
def editor(db):
    return desk_of(PRESS_EDITOR, "editor")


@pytest.fixture
def chief(db):
    return desk_of(PRESS_CHIEF, "chief")


def new_event(**more):
    when = {"starts_at_0": "10.01.2022", "starts_at_1": "13:45", "categories": [str(factories.category().pk)]}
    return when | report_fields(2, "en", "Meeting with farmers") | more


def change_url(event):
    return f"/admin/news/event/{event.pk}/change/"


def messages(user):
    return [entry.get_change_message() for entry in LogEntry.objects.filter(user=user).order_by("pk")]


def test_an_editor_saves_a_draft(editor):
    response = editor.send(ADD, new_event())
    assert errors(response) == []
    report = Report.objects.get()
    assert (report.status, report.published_at, report.title) == ("draft", None, "Meeting with farmers")
    assert Client().get(report.get_absolute_url()).status_code == 404


def test_an_editor_sees_no_button_to_publish_and_a_word_why(editor):
    form = editor.open()
    assert "_save" in form.buttons and "_publish" not in form.buttons
    assert "reports-0-published_at_0" not in form.fields
    assert (
        "A press chief publishes the reports"
        in editor.client.get(ADD, headers={"accept-language": "en"}).content.decode()
    )


TAMPERED = {
    "the status": {"reports-2-status": "published"},
    "the status and a time": {
        "reports-2-status": "published", "reports-2-published_at_0": "01.01.2020", "reports-2-published_at_1": "10:00",
    },
    "the button": {"_publish": "1"},
    "everything": {
        "reports-2-status": "published", "reports-2-published_at_0": "01.01.2020", "reports-2-published_at_1": "10:00",
        "_publish": "1", "_continue": "1", "may_publish": "1", "urgent_reason": "It is urgent.",
    },
}  # fmt: skip


@pytest.mark.parametrize("tampered", TAMPERED.values(), ids=TAMPERED)
def test_an_editor_cannot_publish_a_new_report_by_tampering(tampered, editor):
    editor.send(ADD, new_event(**tampered))
    assert set(Report.objects.values_list("status", "published_at")) <= {("draft", None)}


@pytest.mark.parametrize("tampered", TAMPERED.values(), ids=TAMPERED)
def test_an_editor_cannot_publish_a_draft_by_tampering(tampered, editor):
    editor.send(ADD, new_event())
    tampered = {name.replace("reports-2", "reports-0"): value for name, value in tampered.items()}
    editor.send(change_url(Event.objects.get()), tampered | {"reports-0-title": "Changed title"})
    report = Report.objects.get()
    assert (report.status, report.published_at) == ("draft", None)


def test_an_editor_cannot_change_or_withdraw_a_published_report(editor):
    report = factories.report(body="<p>The words.</p>")
    before = Report.objects.values().get()
    typed = {
        "reports-0-title": "Changed", "reports-0-body": "Changed", "reports-0-lead": "Changed",
        "reports-0-language": "ru",
        "reports-0-status": "draft", "reports-0-published_at_0": "", "reports-0-published_at_1": "",
        "reports-0-DELETE": "on",
    }  # fmt: skip
    editor.send(change_url(report.event), typed)
    after = Report.objects.values().get()
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


def test_an_editor_cannot_delete_an_event(editor):
    event = factories.report().event
    url = f"/admin/news/event/{event.pk}/delete/"
    assert editor.client.get(url).status_code == 403
    token = editor.open(change_url(event)).fields["csrfmiddlewaretoken"]
    assert editor.client.post(url, {"post": "yes", "csrfmiddlewaretoken": token}).status_code == 403
    action = {
        "action": "delete_selected",
        "_selected_action": [str(event.pk)],
        "post": "yes",
        "csrfmiddlewaretoken": token,
    }
    editor.client.post("/admin/news/event/", action)
    assert Report.objects.exists()


def test_an_editor_adds_a_language_to_a_published_event_as_a_draft(editor):
    event = factories.report().event
    editor.send(change_url(event), report_fields(1, "ru", "Встреча с земледельцами", status="published"))
    assert event.reports.count() == 1
    editor.send(change_url(event), report_fields(1, "ru", "Встреча с земледельцами", status="draft"))
    assert dict(event.reports.values_list("language", "status")) == {"en": "published", "ru": "draft"}


def test_a_chief_publishes_what_an_editor_wrote(editor, chief):
    editor.send(ADD, new_event())
    report = Report.objects.get()
    response = chief.send(change_url(report.event), {}, "_publish")
    assert errors(response) == []
    report.refresh_from_db()
    assert report.is_public
    assert Client().get(report.get_absolute_url()).status_code == 200


def step(desk, report, name, **typed):
    """Open the page of a step and press its button."""
    url = f"/admin/news/event/{report.event_id}/step/{report.language}/{name}/"
    return desk.client.post(url, fields_of(desk.client.get(url), "step_form").fields | typed)


def test_a_chief_withdraws_a_report(chief):
    report = factories.report()
    assert step(chief, report, "withdraw").status_code == 302
    assert Client().get(report.get_absolute_url()).status_code == 410


def test_an_editor_publishes_in_an_emergency_with_a_reason_and_cannot_take_it_back(editor, chief):
    editor.send(ADD, new_event())
    report = Report.objects.get()
    step(editor, report, "publish", reason="")
    assert Client().get(report.get_absolute_url()).status_code == 404
    step(editor, report, "publish", reason=REASON)
    assert Client().get(report.get_absolute_url()).status_code == 200
    for name in ("withdraw", "hold", "back"):
        url = f"/admin/news/event/{report.event_id}/step/en/{name}/"
        token = editor.client.cookies["csrftoken"].value
        assert editor.client.post(url, {"csrfmiddlewaretoken": token, "revision": "99"}).status_code in (200, 403)
    assert Client().get(report.get_absolute_url()).status_code == 200
    assert REASON in chief.client.get("/admin/news/event/urgent/").content.decode()


WAITING = {
    "scheduled": {"published_at": factories.local("2099-01-01 10:00")},
    "under embargo": {"embargo": factories.local("2099-01-01 10:00")},
}


@pytest.mark.parametrize("waiting", WAITING)
def test_an_editor_cannot_end_the_waiting_of_what_a_chief_has_published(waiting, editor):
    values = WAITING[waiting].copy()
    event = factories.event(embargo_until=values.pop("embargo", None))
    report = factories.report(event, **values)
    typed = {
        "embargo_until_0": "", "embargo_until_1": "", "starts_at_0": "01.01.2020", "starts_at_1": "10:00",
        "reports-0-published_at_0": "", "reports-0-published_at_1": "", "reports-0-title": "Changed",
        "reports-0-status": "review", "_publish": "1", "urgent_reason": REASON,
    }  # fmt: skip
    before = Report.objects.values().get(), Event.objects.values("starts_at", "embargo_until").get()
    editor.send(change_url(event), typed)
    assert (Report.objects.values().get(), Event.objects.values("starts_at", "embargo_until").get()) == before
    assert Client().get(report.get_absolute_url()).status_code == 404


def test_an_editor_puts_an_event_under_embargo_and_a_chief_ends_it(editor, chief):
    editor.send(ADD, new_event(embargo_until_0="01.01.2099", embargo_until_1="10:00:00"))
    event = Event.objects.get()
    assert event.embargo_until == factories.local("2099-01-01 10:00")
    chief.send(change_url(event), {}, "_publish")
    report = Report.objects.get()
    assert Client().get(report.get_absolute_url()).status_code == 404
    chief.send(change_url(event), {"embargo_until_0": "", "embargo_until_1": ""})
    assert Client().get(report.get_absolute_url()).status_code == 200


def test_a_chief_publishes_at_a_later_time_and_the_button_does_not_hasten_it(chief):
    typed = {
        "reports-2-status": "published",
        "reports-2-published_at_0": "01.01.2099",
        "reports-2-published_at_1": "10:00",
        "urgent_reason": REASON,
    }
    assert errors(chief.send(ADD, new_event(**typed), "_publish")) == []
    report = Report.objects.get()
    assert report.published_at == factories.local("2099-01-01 10:00")
    assert Client().get(report.get_absolute_url()).status_code == 404


def test_a_chief_deletes_an_event(chief):
    event = factories.report().event
    url = f"/admin/news/event/{event.pk}/delete/"
    token = chief.open(change_url(event)).fields["csrfmiddlewaretoken"]
    assert chief.client.post(url, {"post": "yes", "csrfmiddlewaretoken": token}).status_code == 302
    assert not Event.objects.exists()


def test_a_lead_of_two_lines_is_taken(chief):
    response = chief.send(ADD, new_event(**{"reports-2-lead": "The first line.\nThe second line."}))
    assert errors(response) == []
    assert Report.objects.get().lead == "The first line.\nThe second line."


def test_a_headline_that_was_pasted_in_two_lines_becomes_one(chief):
    response = chief.send(ADD, new_event(**{"reports-2-title": "Meeting with\nfarmers"}))
    assert errors(response) == []
    assert Report.objects.get().title == "Meeting with farmers"


@pytest.mark.parametrize("title", ["", " \u00a0", "\u200b", "\ufeff"])
def test_a_report_without_a_headline_is_refused(title, chief):
    assert errors(chief.send(ADD, new_event(**{"reports-2-title": title})))
    assert not Report.objects.exists()


def test_two_reports_in_one_language_are_refused(chief):
    assert errors(chief.send(ADD, new_event(**report_fields(0, "en", "The same language again"))))
    assert not Event.objects.exists()


NEWS = [ADD, "/admin/news/event/", "/admin/news/category/", "/admin/news/place/", "/admin/news/partner/"]


@pytest.mark.parametrize("url", NEWS)
def test_who_is_not_logged_in_is_led_to_the_login_page(url):
    response = Client().get(url)
    assert response.status_code == 302 and response["Location"] == f"/admin/login/?next={url}"
    assert Client().post(ADD, new_event()).status_code == 302
    assert not Event.objects.exists()


@pytest.mark.parametrize("roles", [(), (APPEALS_OFFICER,)], ids=["staff without a role", "an appeals officer"])
def test_staff_of_another_room_have_no_access_to_the_news(roles):
    other = Desk(factories.staff(*roles, username="other"))
    event = factories.report().event
    for url in (*NEWS, change_url(event), f"/admin/news/event/{event.pk}/history/"):
        assert other.client.get(url).status_code == 403, url
    token = other.client.cookies["csrftoken"].value
    assert other.client.post(ADD, new_event() | {"csrfmiddlewaretoken": token}).status_code == 403
    assert Event.objects.count() == 1
    assert "/admin/news/" not in other.client.get("/admin/").content.decode()


def test_a_user_who_is_not_staff_cannot_come_in():
    user = factories.staff(PRESS_CHIEF)
    user.is_staff = False
    user.save()
    client = Client()
    client.force_login(user)
    assert client.get(ADD).status_code == 302


def test_the_press_has_no_access_to_appeals_or_users(chief):
    for url in ("/admin/appeals/appeal/", "/admin/auth/user/", "/admin/auth/group/"):
        assert chief.client.get(url).status_code in (403, 404), url


def test_every_change_is_in_the_log(editor, chief):
    editor.send(ADD, new_event())
    event = Event.objects.get()
    editor.send(change_url(event), {"reports-0-title": "A better title"})
    chief.send(change_url(event), {}, "_publish")
    step(chief, event.reports.get(), "withdraw")
    assert [entry.action_flag for entry in LogEntry.objects.order_by("pk")][:2] == [1, 2]
    assert all(entry.object_id == str(event.pk) for entry in LogEntry.objects.all())
    assert len(messages(editor.user)) == 2
    said = messages(chief.user)
    assert any("Published" in message for message in said)
    assert any("Withdrawn" in message for message in said)
    assert len(said) == 3  # saved, published, withdrawn


def test_the_history_of_an_event_can_be_read(editor):
    editor.send(ADD, new_event())
    page = editor.client.get(f"/admin/news/event/{Event.objects.get().pk}/history/")
    assert page.status_code == 200 and "editor" in page.content.decode()


def test_the_list_of_events_can_be_searched_and_filtered(editor):
    factories.report(factories.event(place=factories.place()), title="Meeting with farmers")
    factories.report(factories.event("2022-02-01 10:00"), title="Visit to a school", status="draft", published_at=None)
    page = editor.client.get("/admin/news/event/?q=farmers").content.decode()
    assert "Meeting with farmers" in page and "Visit to a school" not in page
    page = editor.client.get("/admin/news/event/?state=draft").content.decode()
    assert "Visit to a school" in page and "Meeting with farmers" not in page
