"""Previews at the desk: two widths in frames, links that are made, counted and ended."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from news import previews
from news.models import DraftReading, PreviewLink
from portal.roles import APPEALS_OFFICER, PRESS_CHIEF, PRESS_EDITOR
from tests.news import factories
from tests.news.desk import Desk, fields_of
from tests.news.test_previews import STATES, TITLE, link_to, make
from tests.pageclient import find_faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make()


def desk_of(*roles, username="aziza"):
    desk = Desk(factories.staff(*roles, username=username))
    desk.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return desk


def staff_url(report, page=""):
    return f"/admin/news/event/{report.event_id}/preview/{report.language}/{page}"


# At the desk ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [*STATES, "published"])
def test_staff_see_every_state_in_two_widths(state):
    report, desk = make(state), desk_of(PRESS_EDITOR)
    frames = desk.client.get(staff_url(report))
    html = frames.content.decode()
    assert frames.status_code == 200
    assert re.findall(r'<iframe src="([^"]+)" width="(\d+)"', html) == [
        (staff_url(report, "page/"), "360"), (staff_url(report, "page/"), "1280"),
    ]  # fmt: skip
    page = desk.client.get(staff_url(report, "page/"))
    assert page.status_code == 200 and TITLE in page.content.decode()
    assert find_faults(page.content.decode()) == []
    assert "aziza" in page.content.decode().partition("preview-mark")[2]
    assert (
        "no-store" in page["Cache-Control"] and "private" in page["Cache-Control"] and "noindex" in page["X-Robots-Tag"]
    )


def test_only_the_page_in_the_frame_may_stand_in_a_frame_of_ours(draft):
    desk = desk_of(PRESS_EDITOR)
    frames, page = desk.client.get(staff_url(draft)), desk.client.get(staff_url(draft, "page/"))
    assert "frame-src 'self'" in frames["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in frames["Content-Security-Policy"] and frames["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"] and page["X-Frame-Options"] == "SAMEORIGIN"
    for policy in (frames["Content-Security-Policy"], page["Content-Security-Policy"]):
        assert "script-src 'self'" in policy and "unsafe" not in policy
    for url in (staff_url(draft, "links/"), "/admin/"):
        response = desk.client.get(url)
        assert response["X-Frame-Options"] == "DENY" and "frame-src" not in response["Content-Security-Policy"]


def test_a_reading_by_staff_is_recorded_once_for_both_frames_and_not_when_it_is_public(draft):
    desk = desk_of(PRESS_EDITOR)
    for page in ("", "page/", "page/"):
        desk.client.get(staff_url(draft, page))
    assert list(DraftReading.objects.values_list("report", "user", "link")) == [(draft.pk, desk.user.pk, None)]
    DraftReading.objects.update(read_at=timezone.now() - timedelta(minutes=2))
    desk.client.get(staff_url(draft, "page/"))
    assert DraftReading.objects.count() == 2
    public = make("published")
    desk.client.get(staff_url(public))
    desk.client.get(staff_url(public, "page/"))
    assert DraftReading.objects.count() == 2


def test_the_languages_of_a_preview_lead_to_each_other(draft):
    russian = factories.report(draft.event, "ru", status="draft", published_at=None)
    page = desk_of(PRESS_EDITOR).client.get(staff_url(draft, "page/")).content.decode()
    assert f'href="{staff_url(russian, "page/")}"' in page


def test_previews_at_the_desk_are_for_press_staff(draft):
    officer = desk_of(APPEALS_OFFICER)
    for page in ("", "page/", "links/"):
        assert officer.client.get(staff_url(draft, page)).status_code == 403, page
        assert Client().get(staff_url(draft, page)).status_code == 302, page
        assert desk_missing(officer, page) in (403, 404)
    assert not DraftReading.objects.exists()


def desk_missing(desk, page):
    return desk.client.get(f"/admin/news/event/999999/preview/tg/{page}").status_code


def test_a_report_that_is_not_there_has_no_preview(draft):
    desk = desk_of(PRESS_CHIEF)
    for url in (staff_url(draft).replace("/en/", "/ru/"), staff_url(draft).replace("/en/", "/xx/")):
        assert desk.client.get(url).status_code == 404


# Links at the desk ----------------------------------------------------------------------------------------------------


def send(desk, report, typed):
    url = staff_url(report, "links/")
    return desk.client.post(url, fields_of(desk.client.get(url), "link_form").fields | typed)


@pytest.mark.parametrize(("lifetime", "hours"), [("hour", 1), ("day", 24), ("3days", 72), ("week", 168)])
def test_an_editor_makes_a_link_for_a_time(lifetime, hours, draft):
    desk = desk_of(PRESS_EDITOR)
    assert send(desk, draft, {"purpose": "The ministry", "lifetime": lifetime}).status_code == 302
    link = PreviewLink.objects.get()
    assert (link.purpose, link.made_by, link.report) == ("The ministry", desk.user, draft)
    assert abs(link.expires_at - timezone.now() - timedelta(hours=hours)) < timedelta(seconds=20)
    shown = re.search(
        r'value="http://testserver(/preview/[^"]+)"', desk.client.get(staff_url(draft, "links/")).content.decode()
    )
    assert Client().get(shown[1]).status_code == 200
    assert "The ministry" in LogEntry.objects.get().get_change_message()


@pytest.mark.parametrize(
    "typed",
    [{"purpose": ""}, {"purpose": " \u200b"}, {"purpose": "x" * 151}, {"purpose": "a\x00b"}, {"lifetime": "year"}, {"lifetime": ""}],
)  # fmt: skip
def test_a_link_that_is_filled_in_badly_is_not_made_and_the_page_says_why(typed, draft):
    response = send(desk_of(PRESS_EDITOR), draft, {"purpose": "The ministry", "lifetime": "day"} | typed)
    assert response.status_code == 200 and "errorlist" in response.content.decode()
    assert not PreviewLink.objects.exists()


def test_the_number_of_open_links_is_bounded(draft, monkeypatch):
    monkeypatch.setattr(previews, "MOST_OPEN", 2)
    desk = desk_of(PRESS_EDITOR)
    for _each in range(3):
        response = send(desk, draft, {"purpose": "The ministry", "lifetime": "day"})
    assert "Too many links" in response.content.decode() and PreviewLink.objects.count() == 2
    previews.revoke(PreviewLink.objects.first())
    assert send(desk, draft, {"purpose": "The ministry", "lifetime": "day"}).status_code == 302


def test_the_list_says_how_often_and_when_a_link_was_opened(draft):
    desk, link = desk_of(PRESS_EDITOR), link_to(draft)
    for _each in range(2):
        Client().get(previews.address(link))
    DraftReading.objects.update(read_at=factories.local("2026-01-02 03:04"))
    page = desk.client.get(staff_url(draft, "links/")).content.decode()
    assert re.search(r"<td[^>]*>2, last 02\.01\.2026 03:04</td>", page)


def revoke(desk, link):
    token = desk.client.cookies["csrftoken"].value
    return desk.client.post(staff_url(link.report, "links/"), {"csrfmiddlewaretoken": token, "revoke": str(link.pk)})


def test_a_link_is_ended_by_its_maker_or_a_chief_at_once(draft):
    maker, other, chief = (
        desk_of(PRESS_EDITOR),
        desk_of(PRESS_EDITOR, username="other"),
        desk_of(PRESS_CHIEF, username="chief"),
    )
    for who, status in ((maker, 302), (other, 403), (chief, 302)):
        link = previews.make(draft, maker.user, "The ministry", "day")
        assert revoke(who, link).status_code == status
        assert Client().get(previews.address(link)).status_code == (410 if status == 302 else 200)
    assert LogEntry.objects.count() == 2


def test_a_link_of_another_report_is_not_ended_here(draft):
    desk, other = desk_of(PRESS_CHIEF), make("review")
    link, token = link_to(other), desk.client.cookies["csrftoken"].value
    for number in (str(link.pk), "", "x", "9" * 40):
        response = desk.client.post(staff_url(draft, "links/"), {"csrfmiddlewaretoken": token, "revoke": number})
        assert response.status_code == 404, number
    assert Client().get(previews.address(link)).status_code == 200


def test_ending_twice_keeps_the_first_moment(draft):
    link = link_to(draft)
    previews.revoke(link)
    link.refresh_from_db()
    first = link.revoked_at
    previews.revoke(link)
    link.refresh_from_db()
    assert link.revoked_at == first


def test_making_and_ending_need_the_token_of_the_form(draft):
    desk, link = desk_of(PRESS_CHIEF), link_to(draft)
    for sent in ({"purpose": "x", "lifetime": "day"}, {"revoke": str(link.pk)}):
        assert desk.client.post(staff_url(draft, "links/"), sent).status_code == 403
    assert PreviewLink.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_of_links_costs_the_same_for_any_number(number, draft, django_assert_num_queries):
    for _each in range(number):
        Client().get(previews.address(link_to(draft)))
    desk = desk_of(PRESS_CHIEF)
    desk.client.get(staff_url(draft, "links/"))
    with django_assert_num_queries(7):
        assert desk.client.get(staff_url(draft, "links/")).content.decode().count("/preview/") >= number
