"""Around a report: how long it takes to read, and what to read next."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.body import clean_body, reading_minutes
from news.models import Topic, Video
from tests.news import factories
from tests.pageclient import PageClient


@pytest.mark.parametrize(
    ("number", "minutes"), [(0, None), (1, None), (400, None), (401, 2), (539, 3), (540, 3), (1800, 10), (12000, 67)]
)
def test_reading_time_is_counted_from_the_words(number, minutes):
    assert reading_minutes(clean_body("Калима " * number)) == minutes


def test_marks_are_not_words():
    assert reading_minutes(clean_body("\n\n".join(["<p><strong>Суханронӣ</strong> <em>буд</em></p>"] * 200))) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "said"), [(400, None), (600, "Reading time: 3 min")])
def test_the_page_of_a_long_report_says_how_long_it_takes(words, said):
    report = factories.report(body="Word " * words)
    found = re.search(
        r'<p class="reading-time">([^<]+)</p>', PageClient().get(report.get_absolute_url()).content.decode()
    )
    assert (found and found[1]) == said


@pytest.fixture
def topics(db):
    return [Topic.objects.create(slug=slug, name_tg=slug, name_ru=slug, name_en=slug) for slug in ("water", "energy")]


def make(day, *topics, category=None, title=None, **values):
    event = factories.event(f"2022-01-{day:02} 10:00", category or factories.category())
    event.topics.set(topics)
    return factories.report(event, title=title or f"Day {day}", **values)


def more(report):
    return [each.title for each in PageClient().get(report.get_absolute_url()).context["more_reports"]]


def test_the_same_topics_come_first_then_the_same_category_newest_first(topics):
    visits = factories.category("visits", "Visits")
    here = make(10, *topics)
    make(9), make(11)  # The neighbours in time stand above, and not here again.
    make(2, topics[0], category=visits)
    make(4, topics[1], category=visits)
    for day in (20, 21, 22):
        make(day)
    make(23, category=visits)
    assert more(here) == ["Day 4", "Day 2", "Day 22", "Day 21"]


def test_a_neighbour_on_the_same_topic_is_not_repeated(topics):
    here = make(10, *topics)
    for day in (8, 9, 11, 12):
        make(day, *topics)
    assert more(here) == ["Day 12", "Day 8"]


def test_many_on_the_same_topic_leave_no_room_for_others(topics):
    here = make(10, *topics)
    for day in range(1, 9):
        make(day, *topics)
    for day in range(20, 25):
        make(day)
    assert more(here) == ["Day 7", "Day 6", "Day 5", "Day 4"]


@pytest.mark.parametrize("values", [{"status": "draft", "published_at": None}, {"language": "ru"}])
def test_what_is_not_public_in_the_language_is_not_related(values, topics):
    here = make(10, *topics)
    make(9), make(11)
    make(5, *topics, **values)
    make(6, *topics)
    assert more(here) == ["Day 6"]


def test_without_topics_the_category_alone_counts(db):
    here = make(10)
    for day in (1, 2, 9, 11, 20):
        make(day)
    make(21, category=factories.category("visits", "Visits"))
    assert more(here) == ["Day 20", "Day 2", "Day 1"]


@pytest.fixture
def trip(db):
    return Topic.objects.create(slug="trip", name_tg="Сафар", name_ru="Визит", name_en="Visit", visit=True)


def test_the_editors_choice_comes_first_in_its_order_then_the_visit_then_topics_then_the_category(topics, trip):
    visits = factories.category("visits", "Visits")
    here = make(10, topics[0], trip)
    make(9), make(11)  # The neighbours in time.
    chosen = [make(day, category=visits) for day in (3, 25, 1)]
    for report in chosen:
        here.event.related.add(report.event)
    make(24, topics[0], category=visits)
    make(2, trip, category=visits)
    make(26)
    assert more(here) == ["Day 3", "Day 25", "Day 1", "Day 2"]
    here.event.related.remove(chosen[1].event, chosen[2].event)
    assert more(here) == ["Day 3", "Day 2", "Day 24", "Day 26"]


def test_older_events_of_the_visit_stand_before_newer_ones_on_the_topic(topics, trip):
    here = make(10, *topics, trip)
    make(9), make(11)
    for day in (1, 2, 3):
        make(day, trip)
    for day in range(20, 28):
        make(day, *topics)
    assert more(here) == ["Day 3", "Day 2", "Day 1", "Day 27"]


def test_a_topic_that_is_no_visit_gives_no_precedence(topics, trip):
    here = make(10, topics[0])
    make(9), make(11)
    make(1, topics[0], trip)
    make(20, topics[0])
    assert more(here) == ["Day 20", "Day 1"]


def test_a_choice_leads_one_way(topics):
    here, there = make(10), make(20, category=factories.category("visits", "Visits"))
    here.event.related.add(there.event)
    make(9), make(11), make(19), make(21)
    assert more(here)[0] == "Day 20"
    assert "Day 10" not in more(there)


@pytest.mark.parametrize(
    "values", [{"status": "draft", "published_at": None}, {"status": "withdrawn"}, {"language": "ru"}]
)
def test_a_choice_that_is_not_public_in_the_language_is_not_shown(values, topics):
    here = make(10)
    make(9), make(11)
    here.event.related.add(make(5, title="A secret", **values).event)
    make(6)
    assert more(here) == ["Day 6"]


def test_many_choices_are_shown_up_to_the_number_of_places(topics):
    here = make(10)
    make(9), make(11)
    for day in (1, 2, 3, 4, 5, 6, 7):
        here.event.related.add(make(day, category=factories.category("visits", "Visits")).event)
    here.event.related.add(here.event)  # Chosen by mistake: a report does not lead to itself.
    assert more(here) == ["Day 1", "Day 2", "Day 3", "Day 4"]


@pytest.mark.parametrize("number", [3, 60])
def test_related_reports_and_films_cost_no_query_more(number, topics, trip):
    here = make(10, *topics, trip)
    for step in range(number):
        event = make(1 + step % 28, *topics, trip, title=f"Event {step}").event
        here.event.related.add(event)
        Video.objects.create(event=here.event, url=f"https://example.org/{step}")
    factories.partners()
    with CaptureQueriesContext(connection) as captured:
        assert PageClient().get(here.get_absolute_url()).status_code == 200
    assert len(captured) == 5
