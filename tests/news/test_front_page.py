"""The front page by rule and by hand: what leads, what stands under it, and who decides."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from news.front import front_page
from news.models import FrontPin, Photo, Report
from portal.roles import PRESS_CHIEF, PRESS_EDITOR
from tests.news import factories
from tests.news.desk import Desk, fields_of
from tests.pageclient import PageClient

pytestmark = pytest.mark.django_db

LIST = "/admin/news/frontpin/"
EVENTS = "/admin/news/event/"


def make(number, photo=True, language="en", **values):
    """Event ``number`` of a row of days, with its report."""
    event = factories.event(f"2022-01-{number:02} 10:00")
    if photo:
        Photo.objects.bulk_create(
            [Photo(event=event, token=f"t{number}", image="originals/x.jpg", width=60, height=40)]
        )
    return factories.report(event, language, title=f"Event {number}", **values)


@pytest.fixture
def reports(db):
    """Twenty days with a report each, every third without a photo."""
    return {number: make(number, photo=number % 3 != 0) for number in range(1, 21)}


def pin(report, position=0, **values):
    return FrontPin.objects.create(event=report.event, position=position, **values)


def shown(language="en"):
    """Numbers of the lead, the second rank, and the list."""
    page = front_page(language)
    titles = [[page.lead] if page.lead else [], page.second, page.latest]
    return tuple([int(report.title.split()[1]) for report in each] for each in titles)


BY_RULE = ([20], [19, 17, 16, 14])


def test_by_rule_the_latest_with_a_photo_leads_and_the_next_four_stand_under_it(reports):
    assert shown()[:2] == BY_RULE
    assert shown()[2] == [18, 15, 13, 12, 11, 10, 9, 8, 7, 6]


def test_without_photos_the_latest_leads():
    for number in (1, 2, 3):
        make(number, photo=False)
    assert shown() == ([3], [], [2, 1])


def test_a_pinned_event_leads_even_an_old_one_without_a_photo(reports):
    pin(reports[3])
    assert shown()[:2] == ([3], [20, 19, 17, 16])
    page = PageClient().get("/en/").content.decode()
    assert re.search(r'<h2 class="lead-story__title">.*?>Event 3<', page)
    assert page.count(">Event 3<") == 1


def test_pins_of_the_second_rank_have_their_places_and_the_rule_fills_the_others(reports):
    pin(reports[5], 2)
    pin(reports[6], 4)
    assert shown()[:2] == ([20], [19, 5, 17, 6])


def test_all_five_by_hand(reports):
    for position, number in enumerate([2, 4, 6, 8, 10]):
        pin(reports[number], position)
    assert shown() == ([2], [4, 6, 8, 10], [20, 19, 18, 17, 16, 15, 14, 13, 12, 11])


def test_of_two_on_one_place_the_one_pinned_last_has_it_and_the_other_the_next_free_place(reports):
    pin(reports[4], 0)
    pin(reports[5], 0)
    assert shown()[:2] == ([5], [4, 20, 19, 17])


def test_an_event_stands_once_whatever_its_pin(reports):
    pin(reports[20], 3)
    lead, second, latest = shown()
    assert (lead, second) == ([19], [17, 16, 20, 14])
    everything = lead + second + latest
    assert len(everything) == len(set(everything))
    strip = [photo.report.title for photo in front_page("en").strip]
    assert not {f"Event {number}" for number in lead + second} & set(strip)


def test_the_only_report_leads_wherever_it_is_pinned():
    pin(make(1), 3)
    assert shown() == ([1], [], [])


WITHOUT_EFFECT = {
    "a draft": {"status": "draft"},
    "in review": {"status": "review"},
    "withdrawn": {"status": "withdrawn"},
    "published in the future": {"published_at": timezone.now() + timedelta(days=1)},
    "in another language": {"language": "ru"},
}


@pytest.mark.parametrize("position", range(5))
@pytest.mark.parametrize("values", WITHOUT_EFFECT.values(), ids=WITHOUT_EFFECT)
def test_a_pin_on_what_is_not_public_in_the_language_falls_back_to_the_rule(values, position, reports):
    pin(make(25, **values), position)
    assert shown()[:2] == BY_RULE
    assert "Event 25" not in PageClient().get("/en/").content.decode()


def test_a_pin_holds_until_its_time(reports):
    pinned = pin(reports[1], until=timezone.now() + timedelta(minutes=1))
    assert shown()[0] == [1]
    FrontPin.objects.filter(pk=pinned.pk).update(until=timezone.now() - timedelta(milliseconds=1))
    assert shown()[:2] == BY_RULE


def test_a_pin_holds_in_each_language_in_which_it_is_public(reports):
    factories.report(reports[1].event, "ru", title="Событие 1")
    pin(reports[1])
    assert shown("ru") == ([1], [], []) and shown("en")[0] == [1] and shown("tg") == ([], [], [])


def test_a_place_outside_the_page_is_refused_by_the_database(reports):
    with pytest.raises(IntegrityError), transaction.atomic():
        pin(reports[1], 5)


def test_an_event_that_is_deleted_takes_its_pin_with_it(reports):
    pin(reports[1])
    reports[1].event.delete()
    assert not FrontPin.objects.exists() and shown()[:2] == BY_RULE


@pytest.fixture
def chief(db):
    return Desk(factories.staff(PRESS_CHIEF, username="chief"))


@pytest.fixture
def editor(db):
    return Desk(factories.staff(PRESS_EDITOR, username="editor"))


def act(desk, *reports, action="pin_to_front_page"):
    desk.client.get(EVENTS)
    data = {"action": action, "_selected_action": [str(report.event_id) for report in reports]}
    return desk.client.post(
        EVENTS, data | {"csrfmiddlewaretoken": desk.client.cookies["csrftoken"].value}, follow=True,
        headers={"accept-language": "en"},
    )  # fmt: skip


def places():
    return {pin.event_id: pin.position for pin in FrontPin.objects.all()}


def test_a_chief_pins_events_to_the_first_free_places(chief, reports):
    pin(reports[1], 1)
    pin(reports[2], 0, until=timezone.now() - timedelta(days=1))  # Its time is over: its place is free.
    response = act(chief, reports[5], reports[7])
    assert "On the front page." in response.content.decode()
    wanted = {reports[1].event_id: 1, reports[2].event_id: 0}
    assert {key: value for key, value in places().items() if key not in wanted} == {
        reports[7].event_id: 0,
        reports[5].event_id: 2,
    }


def test_a_sixth_pin_is_refused_with_a_sentence(chief, reports):
    for position in range(5):
        pin(reports[position + 1], position)
    before = places()
    assert "All five places are taken" in act(chief, reports[10]).content.decode()
    assert places() == before


def test_pinning_again_keeps_one_pin(chief, reports):
    pin(reports[1], 3, until=timezone.now() - timedelta(days=1))
    act(chief, reports[1])
    assert places() == {reports[1].event_id: 0}


def test_a_chief_moves_pins_in_the_list_and_sees_where_they_show(chief, reports):
    factories.report(reports[4].event, "ru")
    first, second = pin(reports[4], 0), pin(make(25, status="draft", published_at=None), 1)
    page = chief.client.get(LIST, headers={"accept-language": "en"}).content.decode()
    assert "English, Русский" in page
    assert "nowhere: no report is published" in page
    form = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "_save": "Save",
        "form-0-id": first.pk, "form-0-position": "1",
        "form-1-id": second.pk, "form-1-position": "0",
        "csrfmiddlewaretoken": chief.client.cookies["csrftoken"].value,
    }  # fmt: skip
    assert chief.client.post(LIST, form).status_code == 302
    assert places() == {reports[4].event_id: 1, second.event_id: 0}
    FrontPin.objects.filter(pk=first.pk).update(until=timezone.now())
    page = chief.client.get(LIST, headers={"accept-language": "en"}).content.decode()
    assert "nowhere: its time is over" in page


def test_a_chief_adds_and_takes_off_a_pin(chief, reports):
    form = fields_of(chief.client.get(f"{LIST}add/"), "frontpin_form").fields
    response = chief.client.post(f"{LIST}add/", form | {"event": str(reports[4].event_id), "position": "2"})
    assert response.status_code == 302 and places() == {reports[4].event_id: 2}
    url = f"{LIST}{FrontPin.objects.get().pk}/delete/"
    chief.client.get(url)
    chief.client.post(url, {"post": "yes", "csrfmiddlewaretoken": chief.client.cookies["csrftoken"].value})
    assert not FrontPin.objects.exists()


def test_an_editor_decides_nothing_on_the_front_page(editor, reports):
    pinned = pin(reports[1])
    for url in (LIST, f"{LIST}add/", f"{LIST}{pinned.pk}/change/", f"{LIST}{pinned.pk}/delete/"):
        assert editor.client.get(url).status_code == 403
    assert "pin_to_front_page" not in editor.client.get(EVENTS).content.decode()
    act(editor, reports[2])
    assert places() == {reports[1].event_id: 0}


def test_the_list_of_pins_costs_a_fixed_number_of_queries(chief, reports, django_assert_max_num_queries):
    for position in range(5):
        pin(reports[position + 1], position)
    with django_assert_max_num_queries(12):
        assert chief.client.get(LIST).status_code == 200


def test_a_report_that_is_published_after_it_was_pinned_leads_at_once(reports):
    late = make(25, status="draft", published_at=None)
    pin(late)
    assert shown()[:2] == BY_RULE
    late.status = Report.Status.PUBLISHED
    late.save()
    assert shown()[0] == [25]
    assert "Event 25" in Client().get("/en/").content.decode()
