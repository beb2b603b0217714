"""An embargo covers everything: every public address that the portal has, those of tomorrow too, tells nothing of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from news import images, workflow
from news.models import Event, FrontPin, Report, Topic, Video
from portal.roles import PRESS_CHIEF
from tests.news import factories

pytestmark = pytest.mark.django_db

TITLES = {"tg": "Сафари махфӣ ба Қизилсу", "ru": "Неназванная поездка в Кызылсу", "en": "Unannounced trip to Qizilsu"}
CAPTION = "The airfield at Qizilsu before dawn"
# Not for readers at all, or it needs what a reader is given by mail; ``test_previews`` answers for previews.
CLOSED = ("admin/", "captcha/", "preview/")


@pytest.fixture
def scene(db):
    """An event with everything an event can have, in three languages, and a public neighbour in all its lists."""
    section, here = factories.category(), factories.place()
    farming = Topic.objects.create(slug="farming", name_tg="Кишоварзӣ", name_ru="Земледелие", name_en="Farming")
    # Of today: the sitemap for news, the calendar and the front page show what is new.
    now = timezone.localtime().replace(microsecond=0)
    secret = factories.event(now - timedelta(minutes=10), section, place=here)
    neighbour = factories.event(now - timedelta(minutes=20), section, place=here)
    for event in (secret, neighbour):
        event.topics.add(farming)
        factories.photo(event, caption_en=CAPTION if event == secret else "A field", alt_en="A field")
    neighbour.related.add(secret)
    FrontPin.objects.create(event=secret)
    Video.objects.create(event=secret, url="https://example.org/qizilsu", megabytes=23, title_en="Landing at Qizilsu")
    for language, title in TITLES.items():
        factories.report(neighbour, language, title=f"{language}: the neighbour", body="<p>Known to all.</p>")
        factories.report(secret, language, title=title, lead="Qizilsu lead.", body="<p>The words about Qizilsu.</p>")
    return secret, neighbour


def put_under_embargo(event):
    Event.objects.filter(pk=event.pk).update(embargo_until=timezone.now() + timedelta(hours=1))


def needles(event):
    """What would give it away: its words, its address, its number, its photo."""
    photo = event.photos.get()
    slugs = [report.slug for report in event.reports.all()]
    digests = [report.digest for report in event.reports.all()]
    words = ["qizilsu", "қизилсу", "кызылсу", "airfield", *slugs, *digests, photo.token]
    return [word.lower() for word in words] + [f"/news/{event.pk}/", f"/reports/{event.pk}/", f"report/{event.pk}/"]


# Every address -----------------------------------------------------------------------------------------------------


def leaves(resolver=None, prefix=""):
    """Each pattern of the portal's addresses, with the text before it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def values(event):
    """What can stand in the places of an address: of each name, every value that has to do with the event."""
    day, photo = timezone.localtime(event.starts_at), event.photos.get()
    reports = list(event.reports.all())
    return {
        "event_id": [event.pk],
        "report_id": [report.pk for report in reports],
        "language": ["tg", "ru", "en"],
        "slug": ["meetings", "farming", "dushanbe", *(report.slug for report in reports), "x"],
        "category": ["meetings"],
        "topic": ["farming"],
        "year": [day.year],
        "month": [day.month],
        "day": [day.day],
        "section": ["pages", day.year],
        "token": [photo.token],
        "width": images.widths(photo.width),
        "kind": list(images.FORMATS),
        "digest": [report.digest for report in reports] + ["0" * 64],
        "key": ["unknown"],
        "rest": [
            "", "news/", "search/?q=qizilsu", f"news/{day.year}/", f"news/{day.year}/{day.month}/", "news/place/dushanbe/",
            *(f"news/{event.pk}/{report.slug}/" for report in reports),
        ],
        "file_id": [1],
    }  # fmt: skip


PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
QUERIES = {"/search/": ["?q=qizilsu", "?q=the+words", "?q=airfield"], "/reports/": ["?language=en", "?language=tg"], "/news/": ["", "?with=photo", "?missing={event}", "?before=99991231T000000000000-1"]}  # fmt: skip


def addresses(event):
    """Every public address of the portal that can be made with the event's values, by the pattern it comes from."""
    known, found = values(event), {}
    for route in leaves():
        plain = route.replace("^", "").replace("\\Z", "").replace("$", "").replace("\\.", ".")
        plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", plain)
        if plain.startswith(CLOSED):
            continue
        paths = [plain]
        while any("<" in path for path in paths):
            name = PLACE.search(next(path for path in paths if "<" in path))
            assert name[2] in known, f"teach this test what <{name[2]}> in {route} may be"
            paths = [PLACE.sub(str(value), path, count=1) for path in paths for value in known[name[2]]]
        found[route] = ["/" + path for path in paths]
    return {route: list(spread(paths, event)) for route, paths in found.items()}


def spread(paths, event):
    """The same in the three languages, and with questions."""
    for path in paths:
        for language in ("tg", "ru", "en"):
            there = re.sub(r"^/(?:tg|ru|en)/", f"/{language}/", path)
            if there == path and language != "tg" and not re.match(r"/(?:tg|ru|en)/", path):
                continue
            yield there
            for end, queries in QUERIES.items():
                if there.endswith(end):
                    yield from (there + query.format(event=event.pk) for query in queries if query)


def body(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    # What the reader asked comes back to him: it gives nothing away.
    return content.decode("utf-8", "replace").lower()


def told(response, event, url):
    """What of the secret stands in an answer: in its text or in the address it leads to."""
    text = body(response) + response.get("Location", "").lower() + response.get("Link", "").lower()
    asked = url.lower()
    return [word for word in needles(event) if word in text and word not in asked]


def test_no_public_address_tells_of_an_event_under_embargo(scene):
    secret, _neighbour = scene
    put_under_embargo(secret)
    client, seen = Client(), 0
    for route, paths in addresses(secret).items():
        for url in paths:
            response = client.get(url)
            assert response.status_code != 500, url
            assert told(response, secret, url) == [], f"{url} ({route}) tells of what is under embargo"
            if str(secret.pk) in url.split("/") and response.status_code == 200:
                assert "qizilsu" not in body(response), url
            seen += 1
    assert seen > 60


def test_its_own_addresses_answer_as_those_of_an_event_that_does_not_exist(scene):
    """A status of its own would tell that there is something at a guessed address."""
    secret, _neighbour = scene
    put_under_embargo(secret)
    Report.objects.filter(event=secret, language="ru").update(status="withdrawn")
    client = Client()
    own = {url for paths in addresses(secret).values() for url in paths if f"/{secret.pk}/" in url and "?" not in url}
    assert len(own) > 10
    for url in own:
        nobody = url.replace(f"/{secret.pk}/", "/987654321/", 1)
        assert client.get(url).status_code == client.get(nobody).status_code, url


@pytest.mark.parametrize(
    "surface",
    [
        "/en/", "/en/news/", "/en/news/{year}/", "/en/news/{year}/{month}/", "/en/news/{year}/{month}/{day}/",
        "/en/news/category/meetings/", "/en/news/topic/farming/", "/en/news/place/dushanbe/",
        "/en/search/?q=words+qizilsu", "/en/feeds/rss.xml", "/en/feeds/atom.xml", "/en/feeds/feed.json",
        "/en/feeds/meetings/rss.xml", "/en/feeds/topic/farming/rss.xml", "/sitemap-{year}.xml", "/sitemap-news.xml",
        "/api/v1/reports/?language=en", "/en/text/news/", "{neighbour}",
    ],
)  # fmt: skip
def test_when_the_embargo_ends_the_same_addresses_tell_it(surface, scene, monkeypatch):
    """So that the test above could fail; and the end comes to the second, by the clock alone."""
    secret, neighbour = scene
    put_under_embargo(secret)
    secret.refresh_from_db()
    day = timezone.localtime(secret.starts_at)
    address = neighbour.reports.get(language="en").get_absolute_url()
    url = surface.format(year=day.year, month=day.month, day=day.day, neighbour=address)
    for moment, public in ((secret.embargo_until - timedelta(microseconds=1), False), (secret.embargo_until, True)):
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda moment=moment: moment)
            response = Client().get(url)
            assert response.status_code == 200
            assert bool(told(response, secret, url)) == public, (url, public)


def test_every_surface_of_the_event_itself_is_known_to_this_test(scene):
    """The walk over the addresses finds what it must: else it would prove nothing."""
    secret, _neighbour = scene
    found = [url for paths in addresses(secret).values() for url in paths]
    client = Client()
    telling = {re.sub(r"\d{2,}", "#", url) for url in found if told(client.get(url), secret, url)}
    photo = secret.photos.get()
    slug = secret.reports.get(language="en").slug
    for needed in (
        f"/en/news/{secret.pk}/{slug}/",
        f"/en/news/{secret.pk}/press-kit/",
        f"/api/v1/reports/{secret.pk}/en/",
    ):
        assert needed in found
        assert client.get(needed).status_code == 200, needed
    assert images.rendition_url(photo.token, photo.width, "jpeg") in found
    assert len(telling) > 15, telling


def test_an_address_that_was_noted_while_it_was_public_shows_nothing(scene):
    """Pictures and cards too: their content has no words to look for, so their status is asked."""
    secret, _neighbour = scene
    client, photo = Client(), secret.photos.get()
    pages = [report.get_absolute_url() for report in secret.reports.all()]
    pages += [f"/en/news/{secret.pk}/press-kit/", f"/api/v1/reports/{secret.pk}/en/", "/en/feeds/rss.xml", "/en/"]
    own = re.compile(
        rf"/(?:{photo.token}|news/{secret.pk}|reports/{secret.pk}|cards/(?:{'|'.join(str(each.pk) for each in secret.reports.all())}))(?![0-9])"
    )
    noted = {
        found
        for page in pages
        for found in re.findall(r"/(?:media|api|tg|ru|en)/[^\s\"'<>\\),#]+", client.get(page).content.decode())
        if own.search(found)
    }
    pictures = {url for url in noted if client.get(url)["Content-Type"].startswith("image/")}
    assert len(pictures) >= 3 and len(noted) > len(pictures) + 3
    put_under_embargo(secret)
    assert {url: client.get(url).status_code for url in noted} == dict.fromkeys(noted, 404)


def test_the_previous_and_the_next_step_over_it(scene):
    secret, neighbour = scene
    put_under_embargo(secret)
    later = factories.report(factories.event(timezone.localtime(), factories.category()), title="Later")
    assert Client().get(later.get_absolute_url()).context["previous_report"].event == neighbour


def test_a_stranger_learns_nothing_from_search(scene):
    secret, _neighbour = scene
    put_under_embargo(secret)
    page = Client().get("/en/search/?q=qizilsy").content.decode()
    assert "Did you mean" not in page or "qizilsu" not in page.lower()
    for query in ("qizilsu", "unannounced trip", '"words about"'):
        response = Client().get("/en/search/", {"q": query})
        assert f"/news/{secret.pk}/" not in response.content.decode()


def test_an_embargo_that_is_set_on_a_public_event_hides_it_at_once_and_its_end_shows_it(scene):
    secret, _neighbour = scene
    report = secret.reports.get(language="en")
    assert Client().get(report.get_absolute_url()).status_code == 200
    put_under_embargo(secret)
    assert Client().get(report.get_absolute_url()).status_code == 404
    Event.objects.filter(pk=secret.pk).update(embargo_until=timezone.now())
    assert Client().get(report.get_absolute_url()).status_code == 200


def test_withdrawing_and_holding_back_under_embargo_tell_nothing_afterwards(scene):
    secret, _neighbour = scene
    put_under_embargo(secret)
    report = secret.reports.get(language="en")
    workflow.hold(report, factories.staff(PRESS_CHIEF))
    Event.objects.filter(pk=secret.pk).update(embargo_until=None)
    response = Client().get(report.get_absolute_url())
    assert response.status_code == 302, "the other languages are public: their list says so"
    assert TITLES["en"] not in Client().get(response["Location"]).content.decode()
