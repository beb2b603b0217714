"""What is public means one thing: every public surface against every state of a report."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from news.models import Event, FrontPin, Photo, Report, Topic
from tests.news import factories

pytestmark = pytest.mark.django_db

TITLE = "The report in question"


def hour(difference):
    return timezone.now() + timedelta(hours=difference)


STATES = {
    "published": {"status": Report.Status.PUBLISHED, "published_at": -1},
    "a draft": {"status": Report.Status.DRAFT, "published_at": None},
    "a draft that was public": {"status": Report.Status.DRAFT, "published_at": -1},
    "in review": {"status": Report.Status.REVIEW, "published_at": None},
    "scheduled": {"status": Report.Status.PUBLISHED, "published_at": 1},
    "under embargo": {"status": Report.Status.PUBLISHED, "published_at": -1, "embargo": 1},
    "withdrawn": {"status": Report.Status.WITHDRAWN, "published_at": -1},
    "published in another language": {"status": Report.Status.PUBLISHED, "published_at": -1, "language": "ru"},
}


def make(state, event):
    values = STATES[state].copy()
    moment = values.pop("published_at")
    values["published_at"] = None if moment is None else hour(moment)
    if embargo := values.pop("embargo", None):
        event.embargo_until = hour(embargo)
        event.save()
    return factories.report(event, title=TITLE, lead="A lead in question.", **values)


@pytest.fixture
def scene(db):
    """An event with a photo, published neighbours before and after it, all in one category."""
    meetings = factories.category()
    before = factories.report(factories.event("2022-01-09 11:00", meetings), title="The day before")
    event = factories.event("2022-01-10 13:45", meetings, place=factories.place())
    farming = Topic.objects.create(slug="farming", name_tg="Кишоварзӣ", name_ru="Земледелие", name_en="Farming")
    farming.events.add(event, before.event)
    Event.objects.filter(pk=before.event.pk).update(place=event.place)
    factories.photo(event, caption_tg="Акси баҳсталаб")
    after = factories.report(factories.event("2022-01-11 09:00", meetings), title="The day after")
    for day in range(1, 8):  # Enough with photos for the strip of the front page, which is the last to be filled.
        later = factories.event(f"2022-02-0{day} 09:00", factories.category("visits", "Visits"))
        Photo.objects.bulk_create([Photo(event=later, image="originals/x.jpg", width=60, height=40)])
        factories.report(later, title=f"Later event {day}")
    return {"event": event, "before": before, "after": after}


def path_of(surface, scene):
    event, before, after = scene["event"], scene["before"], scene["after"]
    return {
        "home": "/en/",
        "list": "/en/news/",
        "category": "/en/news/category/meetings/",
        "topic": "/en/news/topic/farming/",
        "place": "/en/news/place/dushanbe/",
        "filtered list": "/en/news/?topic=farming&place=dushanbe&with=photo",
        "day": "/en/news/2022/1/10/",
        "front page with a pin": "/en/?pinned",
        "archive of the year": "/en/news/2022/",
        "archive of the month": "/en/news/2022/1/",
        "search": "/en/search/?q=lead+question",
        "rss": "/en/feeds/rss.xml",
        "atom": "/en/feeds/meetings/atom.xml",
        "json feed": "/en/feeds/feed.json",
        "api": "/api/v1/reports/?language=en",
        "next of the event before": before.get_absolute_url(),
        "previous of the event after": after.get_absolute_url(),
        "its own page": f"/en/news/{event.pk}/the-report-in-question/",
    }[surface]


SURFACES = [
    "home", "list", "category", "topic", "place", "filtered list", "day", "front page with a pin",
    "archive of the year", "archive of the month", "search", "rss", "atom",
    "json feed", "api", "next of the event before", "previous of the event after", "its own page",
]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("surface", SURFACES)
def test_a_surface_shows_a_report_only_when_it_is_public_in_its_language(surface, state, scene):
    report = make(state, scene["event"])
    if surface == "front page with a pin":
        FrontPin.objects.create(event=scene["event"])
    response = Client().get(path_of(surface, scene))
    page = response.content.decode().replace("<mark>", "").replace("</mark>", "")
    shown = state == "published"
    if surface == "its own page":
        other_language = state == "published in another language"
        assert response.status_code == (
            200 if shown else 302 if other_language else 410 if state == "withdrawn" else 404
        )
    else:
        assert response.status_code == 200
        assert (report.get_absolute_url() in page) == shown
        assert (f"/news/{scene['event'].pk}/" in page) == shown
    assert (TITLE in page) == shown
    assert ("in question" in page) == shown


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("path", ["/sitemap-2022.xml", "/sitemap-news.xml"])
def test_a_sitemap_of_all_languages_shows_only_public_reports(path, state, scene):
    report = make(state, scene["event"])
    page = Client().get(path).content.decode()
    shown = state in {"published", "published in another language"}
    assert (report.get_absolute_url() in page) == shown
    assert (f"/news/{scene['event'].pk}/" in page) == shown
    assert scene["event"].photos.get().token not in page or shown


@pytest.mark.parametrize("state", STATES)
def test_the_strip_of_photos_shows_the_photo_only_of_a_public_report(state, scene):
    make(state, scene["event"])
    page = Client().get("/en/").content.decode()
    strip = page.partition('class="strip"')[2].partition("</section>")[0]
    assert "Later event" in strip
    assert (scene["event"].photos.get().token in strip) == (state == "published")
    assert (scene["event"].photos.get().token in page) == (state == "published")


@pytest.mark.parametrize(
    "state", [state for state in STATES if state not in {"published in another language", "under embargo"}]
)
def test_a_language_version_is_offered_only_when_it_is_public(state, scene):
    russian = factories.report(scene["event"], "ru")
    report = make(state, scene["event"])
    page = Client().get(russian.get_absolute_url()).content.decode()
    public = state == "published"
    assert (f'hreflang="en" href="http://testserver{report.get_absolute_url()}"' in page) == public
    assert (f'<a href="{report.get_absolute_url()}" lang="en"' in page) == public
    assert (f'<a href="/en/news/?missing={report.event_id}" lang="en"' in page) != public
    assert TITLE not in page


@pytest.mark.parametrize("state", STATES)
def test_more_of_the_category_shows_only_public_reports(state, scene):
    make(state, scene["event"])
    meetings = factories.category()
    for day in (12, 13):
        farther = factories.report(factories.event(f"2022-01-{day} 09:00", meetings), title=f"Farther {day}")
    page = Client().get(farther.get_absolute_url()).content.decode()
    more = page.partition('<ul class="more">')[2]
    assert "The day after" in more
    assert (TITLE in more) == (state == "published")


@pytest.mark.parametrize("state", STATES)
def test_a_report_that_is_not_public_does_not_stand_before_its_public_neighbours(state, scene):
    report = make(state, scene["event"])
    visits = factories.category("visits", "Visits")
    for neighbour in ("before", "after"):
        scene[neighbour].event.categories.set([visits])
    public = state == "published"
    later = Client().get(scene["after"].get_absolute_url()).context["previous_report"]
    earlier = Client().get(scene["before"].get_absolute_url()).context["next_report"]
    assert later == (report if public else scene["before"])
    assert earlier == (report if public else scene["after"])


def test_a_neighbour_is_not_repeated_among_more_of_the_category(scene):
    report = make("published", scene["event"])
    continued = Client().get(report.get_absolute_url()).content.decode().partition(">Continue</h2>")[2]
    assert (continued.count(">The day before<"), continued.count(">The day after<")) == (1, 1)


def test_a_report_becomes_public_at_its_time(scene):
    report = make("scheduled", scene["event"])
    assert Client().get(report.get_absolute_url()).status_code == 404
    Report.objects.filter(pk=report.pk).update(published_at=timezone.now() - timedelta(milliseconds=1))
    assert Client().get(report.get_absolute_url()).status_code == 200


def test_a_withdrawn_report_is_gone_at_once(scene):
    report = make("published", scene["event"])
    assert Client().get(report.get_absolute_url()).status_code == 200
    report.status = Report.Status.DRAFT
    report.save()
    assert Client().get(report.get_absolute_url()).status_code == 404
    assert TITLE not in Client().get("/en/").content.decode()


def test_the_other_languages_of_a_list_do_not_show_it(scene):
    make("published", scene["event"])
    for language in ("tg", "ru"):
        for path in ("", "news/", "news/category/meetings/", "news/2022/", "news/2022/1/"):
            assert TITLE not in Client().get(f"/{language}/{path}").content.decode()
