"""The first page of the desk: what waits, what comes, what is read; for the press alone, at a fixed cost."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from news import workflow
from news.calendars import today
from news.desk.dashboard import SHOWN
from news.models import BrokenLink, DailyReads, Event, Report
from news.publishing_chart import HEIGHT, WIDTH, month_chart
from portal import scales
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


def page(desk, language="en"):
    response = desk.client.get("/admin/", headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


def card(desk, key):
    """A card as the page shows it: its words, and where its rows lead."""
    found = re.search(rf'<section class="desk-card desk-card--{key}.*?</section>', page(desk), re.DOTALL)[0]
    return found, re.findall(r'href="([^"]+)"', found)


def draft(status="draft", **values):
    return factories.report(values.pop("event", None), status=status, published_at=None, **values)


def change(event):
    return f"/admin/news/event/{event.pk}/change/"


def ago(**step):
    return timezone.now() - timedelta(**step)


def test_what_waits_for_review_is_listed_the_longest_waiting_first(editor):
    first, second = draft("review", title="The first"), draft("review", title="The second")
    draft(title="Being written")
    said, links = card(editor, "review")
    assert links == [change(first.event), change(second.event)]
    assert "The first" in said and "English." in said and "Being written" not in said


def test_what_is_scheduled_is_listed_with_its_time(editor):
    later = factories.report(published_at=factories.local("2099-02-01 09:30"))
    sooner = factories.report(published_at=factories.local("2099-01-01 10:15"))
    factories.report()
    said, links = card(editor, "scheduled")
    assert links == [change(sooner.event), change(later.event)]
    assert "01.01.2099 10:15" in said and "Dushanbe time" in said


def test_what_is_under_embargo_is_listed(editor):
    event = factories.event(embargo_until=factories.local("2099-01-01 10:00"))
    factories.report(event)
    factories.report(factories.event(embargo_until=ago(days=1)), title="It is over")
    said, links = card(editor, "embargo")
    assert links == [change(event)] and "until 01.01.2099 10:00" in said and "It is over" not in said


def test_an_urgent_publication_is_listed_until_it_is_reviewed(editor, chief):
    report = draft("review")
    workflow.publish(report, editor.user, "The plane lands at noon.")
    said, links = card(chief, "urgent")
    assert links == [change(report.event)] and "The plane lands at noon." in said
    workflow.mark_reviewed(report, chief.user)
    said, links = card(chief, "urgent")
    assert links == [] and "Nothing at the moment." in said


def test_missing_languages_of_the_last_days_are_listed(editor):
    event = factories.event(ago(days=3))
    factories.report(event, "tg")
    draft(event=event, language="ru")
    noted = factories.event(ago(days=3), languages_note="A telegram.")
    factories.report(noted, "tg")
    old = factories.event(ago(days=40))
    factories.report(old, "tg")
    whole = factories.event(ago(days=3))
    for language in ("tg", "ru", "en"):
        factories.report(whole, language)
    draft(event=factories.event(ago(days=3)))
    said, links = card(editor, "missing")
    assert links == [change(event)]
    assert "Русский (draft), English" in said


def test_the_list_of_events_shows_the_same_events_with_missing_languages(editor):
    for number in range(SHOWN + 2):
        factories.report(factories.event(ago(days=2, hours=number)), "tg", title=f"Lacking {number}")
    factories.report(factories.event(ago(days=50)), "tg", title="Old one")
    said, links = card(editor, "missing")
    assert f"All ({SHOWN + 2})" in said
    listed = editor.client.get(links[-1]).content.decode()
    assert "Lacking 0" in listed and f"Lacking {SHOWN + 1}" in listed and "Old one" not in listed


def test_a_broken_link_leads_to_the_report_that_holds_it(editor):
    report = factories.report()
    BrokenLink.objects.create(report=report, url="https://gone.example/a?b=1&c=2", reason="no_host")
    said, links = card(editor, "broken")
    assert links == [change(report.event)]
    assert "https://gone.example/a?b=1&amp;c=2" in said and "There is no site with this name." in said


def test_the_most_read_of_a_week_are_listed_with_their_numbers(editor):
    read, less, before = (
        factories.report(title="Much read"),
        factories.report(title="Less"),
        factories.report(title="Before"),
    )
    for report, days, count in ((read, 0, 700), (read, 6, 800), (less, 1, 1499), (before, 7, 99_999)):
        DailyReads.objects.create(report=report, day=today() - timedelta(days=days), count=count)
    said, links = card(editor, "read")
    assert links == [change(read.event), change(less.event)]
    assert "opened: 1,500" in said and "Before" not in said


@pytest.mark.parametrize("state", ["review", "scheduled"])
def test_a_long_list_is_cut_and_leads_to_all_of_it(state, editor):
    for number in range(SHOWN + 3):
        if state == "review":
            draft("review", title=f"Waiting {number}")
        else:
            factories.report(title=f"Waiting {number}", published_at=timezone.now() + timedelta(hours=number + 1))
    said, links = card(editor, state)
    assert len(links) == SHOWN + 1 and f"All ({SHOWN + 3})" in said
    listed = editor.client.get(links[-1])
    assert listed.status_code == 200 and listed.content.decode().count("Waiting") >= SHOWN + 3


def test_a_title_with_markup_is_only_text(editor):
    draft("review", title="<script>alert(1)</script>")
    said, _links = card(editor, "review")
    assert "<script>" not in said and "&lt;script&gt;" in said


@pytest.mark.parametrize("roles", [(), (APPEALS_OFFICER,)])
def test_staff_of_another_room_see_the_page_as_it_was(roles):
    draft("review", title="Not for you")
    other = Desk(factories.staff(*roles, username="other"))
    shown = page(other)
    assert "desk-card" not in shown and "Not for you" not in shown
    assert "Recent actions" in shown


def test_an_editor_sees_the_list_of_models_too(editor):
    assert "/admin/news/place/" in page(editor) and 'href="/admin/news/event/add/"' in page(editor)


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_an_empty_desk_is_a_whole_page_in_every_language(language, editor, client_page):
    client_page.force_login(editor.user)
    client_page.cookies["django_language"] = language
    assert client_page.get("/admin/").status_code == 200


def fill(number):
    """So many events of every kind."""
    now = timezone.now()
    events = Event.objects.bulk_create(
        Event(starts_at=now - timedelta(hours=step), embargo_until=now + timedelta(days=1) if step % 5 == 0 else None)
        for step in range(number)
    )
    kinds = [
        {"status": "review"},
        {"status": "published", "published_at": now + timedelta(days=1)},
        {"status": "published", "published_at": now - timedelta(days=2)},
        {"status": "published", "published_at": now, "urgent_reason": "It could not wait."},
        {"status": "draft"},
    ]
    reports = Report.objects.bulk_create(
        Report(event=event, language=language, title=f"Event {step}", body="<p>Text.</p>", **kinds[step % 5])
        for step, event in enumerate(events)
        for language in ("tg", "en")
    )
    BrokenLink.objects.bulk_create(
        BrokenLink(report=report, url="https://x.example/", reason="404") for report in reports
    )
    DailyReads.objects.bulk_create(DailyReads(report=report, day=today(), count=5) for report in reports)


def queries(desk):
    page(desk)
    with CaptureQueriesContext(connection) as asked:
        page(desk)
    return len(asked)


def test_the_page_costs_the_same_whatever_the_archive_holds(chief):
    fill(10)
    few = queries(chief)
    fill(500)
    assert queries(chief) == few
    assert few <= 18


# The chart --------------------------------------------------------------------------------------------------------


def test_the_chart_counts_what_was_published_each_day_in_each_language(editor):
    month = today().replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    noon = factories.local(f"{before:%Y-%m}-01 12:00")
    event = factories.event(noon)
    for language in ("tg", "ru"):
        factories.report(event, language, published_at=noon)
    factories.report(factories.event(noon), "tg", published_at=noon)
    # The last minute of the month before belongs to neither chart.
    factories.report(factories.event(noon), "tg", published_at=noon - timedelta(hours=12, minutes=1))
    draft(event=factories.event(noon))
    shown = page(editor)
    assert f"<title>{before:%d.%m.%Y}: 3</title>" in shown
    row = re.search(rf'<th scope="row">{before:%d.%m.%Y}</th>(.*?)</tr>', shown)[1]
    assert re.findall(r"<td>(\d+)</td>", row) == ["2", "1", "0", "3"]
    assert "Nothing was published in this month." in shown


def test_a_day_begins_at_midnight_in_dushanbe(editor):
    before = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    factories.report(published_at=factories.local(f"{before:%Y-%m}-02 00:30"))
    assert f"<title>{before.replace(day=2):%d.%m.%Y}: 1</title>" in page(editor)


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_numbers_of_the_drawing_are_numbers_in_every_language(language, editor):
    factories.report(published_at=ago(minutes=1))
    shown = editor.client.get("/admin/", headers={"accept-language": language}).content.decode()
    places = re.findall(r'<rect class="chart__en" x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"', shown)
    assert places and all(float(number) >= 0 for place in places for number in place)
    assert not re.search(r'viewBox="[^"]*,', shown)


@pytest.mark.parametrize("month", [1, 2, 11, 12])
def test_every_bar_stays_within_the_drawing(month):
    counts = {(date(2026, month, day), code): day * 3 for day in range(1, 29) for code in ("tg", "ru", "en")}
    with translation.override("en"):
        chart = month_chart(2026, month, counts, 28 * 9)
    assert chart.total == sum(counts.values()) and len(chart.lines) <= 6
    for day in chart.days:
        for bar in day.bars:
            assert bar.x >= 0 and bar.x + bar.width <= WIDTH and bar.y >= 0 and bar.y + bar.height <= HEIGHT
        assert sum(bar.height for bar in day.bars) == pytest.approx(
            day.total * (chart.floor - 8) / chart.lines[-1][1], abs=0.05
        )


@pytest.mark.parametrize(
    ("top", "step"), [(0, 1), (1, 1), (5, 1), (6, 2), (10, 2), (11, 5), (25, 5), (26, 10), (999, 200)]
)
def test_a_scale_has_at_most_five_steps(top, step):
    assert scales.step(top) == step
