"""Around a report: how long it takes to read, and what to read next."""

import re

import pytest

from news.body import clean_body, reading_minutes
from news.models import Topic
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
