"""Unsaved work is kept and offered again, for its owner alone; and a page says who else has it open."""

import json
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from news.desk import working_copies
from news.desk.presence import key_of
from news.models import Event, Report, WorkingCopy
from portal import presence
from portal.roles import APPEALS_OFFICER, PRESS_EDITOR
from tests.news import factories
from tests.news.desk import ADD, Desk, errors

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
NEW = "/admin/news/event/new/autosave/"
FIELDS = {
    "facts": {"starts_at_1": "16:30"},
    "reports": {"tg": {"title": "Сарлавҳаи нав", "body": "<p>Матни нав.</p>", "revision": "1"}},
}


@pytest.fixture
def editor(db):
    return Desk(factories.staff(PRESS_EDITOR, username="editor"))


@pytest.fixture
def other(db):
    return Desk(factories.staff(PRESS_EDITOR, username="other"))


@pytest.fixture
def event(db):
    made = factories.event()
    factories.report(made, "tg", status="draft", published_at=None, body="<p>Матн.</p>")
    return made


def change(event: Event) -> str:
    return f"/admin/news/event/{event.pk}/change/"


def address(event: Event) -> str:
    return f"/admin/news/event/{event.pk}/autosave/"


def token(desk: Desk) -> str:
    return desk.client.cookies["csrftoken"].value


def send(desk: Desk, url: str, sent: object, **more: object):
    body = sent if isinstance(sent, bytes) else json.dumps(sent)
    headers = {"x-csrftoken": token(desk)}
    return desk.client.post(url, body, content_type="application/json", headers=headers, **more)


def page(desk: Desk, url: str) -> str:
    return desk.client.get(url, headers=ENGLISH).content.decode()


def bar(shown: str) -> str:
    """The bar that offers unsaved text; empty when it is hidden."""
    found = shown[shown.index('<div class="desk__found"') :].split("</div>")[0]
    return "" if "hidden" in found.split(">")[0] else found


# Kept -----------------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_for_its_owner(editor, other, event):
    response = send(editor, address(event), FIELDS)
    assert response.status_code == 200
    assert WorkingCopy.objects.get().fields == FIELDS
    answer = editor.client.get(address(event))
    assert answer.json()["fields"] == FIELDS and answer["Cache-Control"].count("no-store") == 1
    assert "fields" not in other.client.get(address(event)).json()
    assert bar(page(editor, change(event))) and not bar(page(other, change(event)))


def test_one_copy_is_kept_for_each_person_and_event(editor, event):
    for title in ("Якум", "Дуюм"):
        send(editor, address(event), {"reports": {"tg": {"title": title}}})
        send(editor, NEW, {"reports": {"tg": {"title": title}}})
    assert WorkingCopy.objects.count() == 2
    assert {copy.fields["reports"]["tg"]["title"] for copy in WorkingCopy.objects.all()} == {"Дуюм"}


def test_keeping_changes_nothing_of_the_report(editor, event):
    before = Report.objects.values().get()
    send(editor, address(event), FIELDS)
    assert Report.objects.values().get() == before
    assert Report.history.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"{", b"[]", b"null", b"1", b'"text"', b"\xff\xfe", b"[" * 5000, {"reports": []}, {"reports": {"de": {}}},
        {"reports": {"tg": []}}, {"reports": {"tg": {"status": "published"}}}, {"facts": {"categories": "1"}},
        {"facts": {"starts_at_0": 1}}, {"facts": {"starts_at_0": "1" * 41}}, {"reports": {"tg": {"title": None}}},
        {"reports": {"tg": {"title": "x" * 2001}}}, {"reports": {"tg": {"body": "x" * 600_001}}}, {"facts": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_never_typed_into_the_form_is_refused(sent, editor, event):
    assert send(editor, address(event), sent).status_code == 400
    assert not WorkingCopy.objects.exists()


def test_characters_that_no_database_holds_are_left_out(editor, event):
    body = b'{"reports": {"tg": {"title": "a\\u0000b\\ud800c", "body": "\xd0\xb8\xcc\x84"}}}'
    assert send(editor, address(event), body).status_code == 200
    assert WorkingCopy.objects.get().fields["reports"]["tg"] == {"title": "abc", "body": "ӣ"}


def test_a_body_without_end_is_refused(editor, event):
    assert send(editor, address(event), b" " * 3_000_000 + b"{}").status_code in (400, 413)
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize("url", [NEW, "/admin/news/event/999999/autosave/"])
def test_nothing_is_kept_for_who_may_not_write(url, editor):
    officer = Desk(factories.staff(APPEALS_OFFICER, username="officer"))
    assert send(officer, url, FIELDS).status_code in (403, 404)
    assert officer.client.get(url).status_code in (403, 404)
    assert not WorkingCopy.objects.exists()


def test_nothing_is_kept_for_an_event_that_is_not_there(editor):
    assert send(editor, "/admin/news/event/999999/autosave/", FIELDS).status_code == 404


def test_after_a_logout_the_answer_leads_to_the_login_and_a_new_login_gives_a_token(editor, event):
    editor.open(change(event))
    editor.client.post("/admin/logout/", {"csrfmiddlewaretoken": token(editor)})
    assert send(editor, address(event), FIELDS).status_code == 302
    assert editor.client.get(address(event)).status_code == 302
    editor.client.force_login(editor.user)
    fresh = editor.client.get(address(event)).json()
    assert fresh["user"] == editor.user.pk
    headers = {"x-csrftoken": fresh["token"]}
    kept = editor.client.post(address(event), json.dumps(FIELDS), content_type="application/json", headers=headers)
    assert kept.status_code == 200


def test_keeping_needs_a_token(editor, event):
    sent = editor.client.post(address(event), json.dumps(FIELDS), content_type="application/json")
    assert sent.status_code == 403


def test_two_pages_of_one_person_cannot_make_two_copies(editor, event):
    for of in (event, None):
        WorkingCopy.objects.create(user=editor.user, event=of)
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkingCopy.objects.create(user=editor.user, event=of)


# Offered --------------------------------------------------------------------------------------------------------------


def test_restoring_without_javascript_fills_the_form_and_saves_nothing(editor, event):
    send(editor, address(event), FIELDS)
    shown = editor.open(change(event) + "?restore=1").fields
    assert shown["reports-0-title"] == "Сарлавҳаи нав"
    assert shown["reports-0-body"] == "<p>Матни нав.</p>"
    assert (shown["starts_at_0"], shown["starts_at_1"]) == ("10.01.2022", "16:30")
    assert Report.objects.get().body == "<p>Матн.</p>"


def test_restoring_a_new_event_fills_its_languages(editor):
    sent = {"facts": {"starts_at_0": "10.01.2022", "starts_at_1": "16:30"}, "reports": {"ru": {"title": "Встреча"}}}
    send(editor, NEW, sent)
    assert bar(page(editor, ADD))
    shown = editor.open(ADD + "?restore=1").fields
    assert shown["reports-1-title"] == "Встреча"
    assert (shown["starts_at_0"], shown["starts_at_1"][:5]) == ("10.01.2022", "16:30")


@pytest.mark.parametrize("moment", [("32.13.2022", "16:30"), ("x", "y"), ("", "16:30"), ("10.01.2022", "")])
def test_half_a_date_is_no_fault(moment, editor, event):
    send(editor, address(event), {"facts": {"starts_at_0": moment[0], "starts_at_1": moment[1], "place": "x"}})
    assert editor.client.get(change(event) + "?restore=1").status_code == 200


def test_restored_text_does_not_go_over_what_others_saved_since(editor, other, event):
    send(editor, address(event), FIELDS)
    assert errors(other.send(change(event), {"reports-0-title": "Сарлавҳаи дигар"})) == []
    restored = editor.open(change(event) + "?restore=1").fields
    response = editor.client.post(change(event), restored | {"_save": "1"}, headers=ENGLISH)
    assert response.status_code == 200 and "Save mine over it" in response.content.decode()
    assert Report.objects.get().title == "Сарлавҳаи дигар"


def test_text_that_is_saved_by_now_is_not_offered(editor, event):
    stored = Report.objects.get()
    same = {"title": f" {stored.title} ", "body": "Матн.", "lead": ""}
    send(editor, address(event), {"reports": {"tg": same}})
    assert not bar(page(editor, change(event)))


def test_saving_forgets_the_copy_and_leaves_those_of_others(editor, other, event):
    send(editor, address(event), FIELDS)
    send(editor, NEW, FIELDS)
    send(other, address(event), FIELDS)
    assert errors(editor.send(change(event), {"reports-0-title": "Сарлавҳаи нав"})) == []
    left = set(WorkingCopy.objects.values_list("user__username", "event"))
    assert left == {("editor", None), ("other", event.pk)}


def test_a_save_that_is_refused_keeps_the_copy(editor, event):
    send(editor, address(event), FIELDS)
    assert errors(editor.send(change(event), {"reports-0-title": ""}))
    assert WorkingCopy.objects.exists()


def test_discarding_forgets_the_copy(editor, other, event):
    send(editor, address(event), FIELDS)
    send(other, address(event), FIELDS)
    url = f"/admin/news/event/{event.pk}/discard/"
    assert editor.client.get(url).status_code == 405
    assert editor.client.post(url).status_code == 403
    response = editor.client.post(url, {"csrfmiddlewaretoken": token(editor)})
    assert response.status_code == 302 and response["Location"] == change(event)
    assert WorkingCopy.objects.get().user == other.user


def test_a_copy_of_another_shape_is_left_aside(editor, event):
    WorkingCopy.objects.create(user=editor.user, event=event, fields={"reports": [1]})
    assert not bar(page(editor, change(event)))
    assert editor.client.get(change(event) + "?restore=1").status_code == 200


def test_copies_are_forgotten_after_a_week(editor, event):
    for of, days in ((event, 8), (None, 6)):
        copy = WorkingCopy.objects.create(user=editor.user, event=of, fields=FIELDS)
        WorkingCopy.objects.filter(pk=copy.pk).update(saved_at=timezone.now() - timedelta(days=days))
    assert not bar(page(editor, change(event))), "too old to be offered, even before it is erased"
    working_copies.forget_old_copies()
    assert [copy.event for copy in WorkingCopy.objects.all()] == [None]


def test_the_worker_knows_that_it_has_to_forget():
    from portal.tasks import TASKS

    __import__("news.tasks")
    assert TASKS["news.desk.working_copies.forget_old_copies"].is_periodic


# Who else is there ----------------------------------------------------------------------------------------------------


def beat(desk: Desk, event: Event, **sent: str):
    return desk.client.post(
        f"/admin/news/event/{event.pk}/presence/", {"csrfmiddlewaretoken": token(desk)} | sent, headers=ENGLISH
    )


def test_who_has_the_event_open_is_told_to_the_others_and_not_to_oneself(editor, other, event):
    assert beat(editor, event).json()["others"] == []
    found = beat(other, event).json()["others"]
    assert len(found) == 1 and found[0].startswith("editor (since ")
    assert "editor" in page(other, change(event)).split("data-others>")[1].split("</p>")[0]


def test_opening_the_page_is_enough_to_be_seen(editor, other, event):
    editor.open(change(event))
    assert "editor" in page(other, change(event)).split("data-others>")[1].split("</p>")[0]


def test_who_leaves_is_gone_at_once_and_who_falls_silent_after_a_minute(editor, other, event, monkeypatch):
    beat(editor, event)
    beat(editor, event, leaving="1")
    assert beat(other, event).json()["others"] == []
    beat(editor, event)
    later = time.time() + presence.SECONDS + 1
    monkeypatch.setattr(presence.time, "time", lambda: later)
    assert beat(other, event).json()["others"] == []


def test_since_stays_the_moment_of_the_first_beat(editor, other, event, monkeypatch):
    start = time.time()
    for seconds in (0, 20, 40, 60, 80):
        monkeypatch.setattr(presence.time, "time", lambda now=start + seconds: now)
        beat(editor, event)
    known = presence.present(key_of(event.pk))[editor.user.pk]
    assert known.since == start and known.seen == start + 80


def test_the_record_of_who_is_there_does_not_grow_without_end(editor, event):
    crowd = {number: presence.Present(number, "x", time.time(), time.time()) for number in range(1000, 1500)}
    cache.set(key_of(event.pk), crowd, 60)
    beat(editor, event)
    assert len(presence.present(key_of(event.pk))) <= presence.MOST + 1


def test_names_are_shown_as_text(editor, event):
    other = factories.staff(PRESS_EDITOR, username="other")
    other.first_name, other.last_name = "<script>alert(1)", "</script>"
    other.save()
    Desk(other).open(change(event))
    assert "<script>alert" not in page(editor, change(event))


def test_a_beat_tells_of_newer_versions(editor, event):
    assert beat(editor, event).json()["revisions"] == {"tg": 1}
    Report.objects.get().save()
    assert beat(editor, event).json()["revisions"] == {"tg": 2}


def test_beats_need_the_right_a_token_and_a_post(editor, event):
    url = f"/admin/news/event/{event.pk}/presence/"
    assert editor.client.get(url).status_code == 405
    assert editor.client.post(url).status_code == 403
    assert Client().post(url).status_code == 302
    officer = Desk(factories.staff(APPEALS_OFFICER, username="officer"))
    assert beat(officer, event).status_code == 403
    assert (
        editor.client.post("/admin/news/event/999/presence/", {"csrfmiddlewaretoken": token(editor)}).status_code == 404
    )


def test_the_page_after_logging_out_makes_the_browser_forget(editor):
    editor.open(ADD)
    response = editor.client.post("/admin/logout/", {"csrfmiddlewaretoken": token(editor)})
    assert "js/desk-forget.js" in response.content.decode()
