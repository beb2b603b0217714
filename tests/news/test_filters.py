"""Lists narrowed by the address: every list with every combination of filters, chips, cursors, the jump to a date."""

import html
import re
from itertools import combinations, product

import pytest
from django.test import Client

from news.models import Event, Topic
from tests.news import factories
from tests.pageclient import PageClient, as_written

pytestmark = pytest.mark.django_db

ROW = re.compile(r'<h3 class="row__title"><a class="headline" href="/en/news/(\d+)/')
CHIP = re.compile(r'<a class="chip" href="([^"]+)">([^<]+) <span aria-hidden="true">×</span>')
VALUES = {"category": "visits", "topic": "water", "place": "khujand", "with": "photo"}
COMBINATIONS = [names for size in range(len(VALUES) + 1) for names in combinations(VALUES, size)]
# What each list is about besides its filters, as a predicate on the facts of an event.
LISTS = {
    "/en/news/": lambda facts: True,
    "/en/news/category/meetings/": lambda facts: "meetings" in facts["categories"],
    "/en/news/topic/energy/": lambda facts: "energy" in facts["topics"],
    "/en/news/place/dushanbe/": lambda facts: facts["place"] == "dushanbe",
    "/en/news/2022/": lambda facts: facts["day"].startswith("2022"),
    "/en/news/2022/1/": lambda facts: facts["day"].startswith("2022-01"),
    "/en/news/2022/1/10/": lambda facts: facts["day"] == "2022-01-10",
}
MATCHES = {
    "category": lambda facts: "visits" in facts["categories"],
    "topic": lambda facts: "water" in facts["topics"],
    "place": lambda facts: facts["place"] == "khujand",
    "with": lambda facts: facts["photo"],
}


def topic(slug):
    return Topic.objects.get_or_create(
        slug=slug, defaults={f"name_{code}": slug.title() for code in ("tg", "ru", "en")}
    )[0]


@pytest.fixture
def archive(db):
    """Events of many kinds: each combination of sections, topics, place, photo and day has its chance."""
    categories = {"meetings": factories.category(), "visits": factories.category("visits", "Visits")}
    places = {"dushanbe": factories.place(), "khujand": factories.place("khujand", "Khujand city"), None: None}
    days = ["2022-01-10", "2022-01-11", "2022-02-01", "2023-01-10"]
    facts = {}
    for number in range(96):
        fact = {
            "day": days[number % 4],
            "categories": [["meetings"], ["visits"], ["meetings", "visits"]][number % 3],
            "topics": [[], ["water"], ["energy"], ["water", "energy"]][number // 4 % 4],
            "place": ["dushanbe", "khujand", None][number // 3 % 3],
            "photo": number // 2 % 3 != 0,
        }
        sections = [categories[slug] for slug in fact["categories"]]
        event = factories.event(f"{fact['day']} {number % 24:02}:30", *sections, place=places[fact["place"]])
        event.topics.set([topic(slug) for slug in fact["topics"]])
        if fact["photo"]:
            event.photos.model.objects.bulk_create(
                [event.photos.model(event=event, token=f"t{number}", image="originals/x.jpg", width=60, height=40)]
            )
        factories.report(event, title=f"Event {number}")
        facts[event.pk] = fact
    return facts


def get(url):
    response = PageClient().get(url)
    assert response.status_code == 200, url
    return as_written(response.content.decode())


def address(path, names):
    return path + ("?" + "&".join(f"{name}={VALUES[name]}" for name in names) if names else "")


def walk(url):
    """The events on all pages from ``url`` on."""
    found = []
    for _step in range(10):
        page = get(url)
        found += [int(number) for number in ROW.findall(page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if not following:
            return found
        url = html.unescape(following[1])
    raise AssertionError("the walk does not end")


@pytest.mark.parametrize("path", LISTS)
def test_every_combination_of_filters_shows_what_matches_all_of_them_on_all_pages(path, archive):
    moments = dict(Event.objects.values_list("pk", "starts_at"))
    some = 0
    for names in COMBINATIONS:
        wanted = [
            pk for pk, facts in archive.items() if LISTS[path](facts) and all(MATCHES[name](facts) for name in names)
        ]
        wanted.sort(key=lambda pk: (moments[pk], pk), reverse=True)
        assert walk(address(path, names)) == wanted, names
        some += bool(wanted)
    assert some >= 5


@pytest.mark.parametrize("path", LISTS)
def test_each_chip_leads_to_the_list_without_that_filter(path, archive):
    chips = CHIP.findall(get(address(path, VALUES)))
    assert [label for _url, label in chips] == ["Visits", "Water", "Khujand city", "With photos"]
    for name, (url, _label) in zip(VALUES, chips, strict=True):
        rest = [other for other in VALUES if other != name]
        assert html.unescape(url) == address(path, rest)


def test_the_last_chip_leads_to_the_plain_list(archive):
    assert CHIP.findall(get("/en/news/?topic=water"))[0][0] == "/en/news/"
    assert 'class="chip' not in get("/en/news/")


def test_older_and_newer_pages_keep_the_filters(archive):
    url = "/en/news/?category=visits&with=photo"
    older = html.unescape(re.search(r'rel="next" href="([^"]+)"', get(url))[1])
    assert re.fullmatch(r"/en/news/\?category=visits&with=photo&before=[0-9T]+-\d+", older)
    newer = html.unescape(re.search(r'rel="prev" href="([^"]+)"', get(older))[1])
    assert re.fullmatch(r"/en/news/\?category=visits&with=photo&after=[0-9T]+-\d+", newer)
    assert ROW.findall(get(newer)) == ROW.findall(get(url))


def test_two_sections_at_once_are_both_asked_for(archive):
    both = {pk for pk, facts in archive.items() if facts["categories"] == ["meetings", "visits"]}
    assert set(walk("/en/news/category/meetings/?category=visits")) == both
    assert 'class="chip"' not in get("/en/news/category/visits/?category=visits")


UNKNOWN = ["category=nothing", "topic=nothing", "place=nothing", "with=sound", "topic=%00", "place=' OR 1=1"]


def test_an_unknown_value_is_not_found(archive):
    """Like the next one and the one about dates, a loop: making the archive takes longer than all their pages."""
    for path, query in product(LISTS, UNKNOWN):
        assert Client().get(f"{path}?{query}").status_code == 404, (path, query)


def test_a_list_of_something_unknown_is_not_found(archive):
    for path in ("topic/nothing/", "place/nothing/", "category/nothing/", "with/photo/"):
        assert Client().get(f"/en/news/{path}").status_code == 404, path


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_a_place_or_topic_that_nothing_public_has_is_not_given_away(state, archive):
    event = factories.event("2026-01-01 10:00", place=factories.place("vienna", "Vienna"))
    event.topics.set([topic("secret-visit")])
    report = factories.report(event, status=state, published_at=None)
    for _twice in range(2):
        page = get("/en/news/")
        assert "Vienna" not in page and "Secret" not in page
        for path in ("?place=vienna", "place/vienna/", "?topic=secret-visit", "topic/secret-visit/"):
            assert Client().get(f"/en/news/{path}").status_code == 404
        report.event.reports.update(status="published", published_at="2199-01-01T00:00Z")


def test_a_place_of_another_language_has_a_list_in_each(archive):
    factories.report(factories.event("2026-01-01 10:00", place=factories.place("vienna", "Vienna")), "ru")
    assert "There are no reports here yet." in get("/en/news/place/vienna/")
    assert 'href="/ru/news/place/vienna/"' in get("/en/news/place/vienna/")


def test_the_form_shows_what_is_chosen_and_leads_to_the_same_list(archive):
    page = get("/en/news/2022/?place=khujand&with=photo")
    assert '<form class="filters__form" action="/en/news/2022/">' in page
    assert '<option value="khujand" selected>Khujand city</option>' in page
    assert '<option value="photo" selected>With photos</option>' in page
    assert page.count(" selected") == 2


def test_the_form_of_a_category_chooses_among_all(archive):
    page = get("/en/news/category/meetings/?topic=water")
    assert '<form class="filters__form" action="/en/news/">' in page
    assert '<option value="meetings" selected>' in page and '<option value="water" selected>' in page


def test_a_sent_form_is_given_a_short_address(archive):
    response = Client().get("/en/news/?category=&topic=water&place=&with=photo")
    assert (response.status_code, response["Location"]) == (302, "/en/news/?topic=water&with=photo")
    assert Client().get("/en/news/2022/?place=")["Location"] == "/en/news/2022/"


def test_filters_that_match_nothing_say_so_and_can_be_removed(archive):
    Event.objects.filter(place__slug="khujand").update(place=factories.place())
    factories.report(factories.event("2024-05-05 10:00", place=factories.place("khujand")), "ru")
    page = get("/en/news/?place=khujand")
    assert "No reports here match all the filters." in page and CHIP.findall(page)


@pytest.mark.parametrize("language", ["en", "tg", "ru"])
@pytest.mark.parametrize("typed", ["2026-11-20", "20.11.2026"])
def test_a_date_leads_to_its_day(language, typed):
    response = Client().get(f"/{language}/news/", {"date": typed})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/news/2026/11/20/")


def test_a_date_keeps_the_filters_and_the_category_of_the_page(archive):
    page = get("/en/news/category/meetings/?topic=water")
    form = page.partition('<form class="jump"')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', form))
    assert hidden == {"category": "meetings", "topic": "water"}
    response = Client().get("/en/news/", hidden | {"date": "2022-01-10"})
    assert response["Location"] == "/en/news/2022/1/10/?category=meetings&topic=water"


WRONG_DATES = ["", "x", "2026-02-30", "31.13.2026", "0001-01-01", "9999-12-31", "2026-11", "%00"]


def test_a_wrong_date_gets_a_sentence_beside_the_field(archive):
    for path, typed in product(("/en/news/?", "/en/news/2022/?topic=water&"), WRONG_DATES):
        page = get(f"{path}date={typed}")
        assert 'aria-invalid="true" aria-describedby="jump-error"' in page, (path, typed)
        assert '<p class="jump__error" id="jump-error">There is no such date.' in page, (path, typed)
        assert ROW.findall(page), (path, typed)


@pytest.mark.parametrize("language", ["en", "ru", "tg"])
def test_names_stand_in_the_order_of_the_alphabet(language):
    names = {"one": "ғор", "two": "гул", "three": "ӯҳда", "four": "чашма", "five": "ҷӯй", "six": "дарё"}
    for slug, name in names.items():
        made = factories.place(slug)
        made.name_tg = made.name_ru = made.name_en = name
        made.save()
        factories.report(factories.event(place=made), language)
    page = get(f"/{language}/news/")
    options = re.findall(r'<option value="(\w+)">', page.partition('name="place"')[2].partition("</select>")[0])
    assert [names[slug] for slug in options] == ["гул", "ғор", "дарё", "ӯҳда", "чашма", "ҷӯй"]


@pytest.fixture
def around_midnight(db):
    """A minute before and after two midnights in Dushanbe; in UTC all four are at seven in the evening."""
    moments = ["2022-01-09 23:59", "2022-01-10 00:00", "2022-01-10 23:59", "2022-01-11 00:00"]
    return [factories.report(factories.event(moment)).event_id for moment in moments]


def test_a_day_is_a_day_of_dushanbe(around_midnight):
    first, second, third, fourth = around_midnight
    assert walk("/en/news/2022/1/9/") == [first]
    assert walk("/en/news/2022/1/10/") == [third, second]
    assert walk("/en/news/2022/1/11/") == [fourth]
    assert walk("/en/news/2022/1/12/") == []


@pytest.mark.parametrize(
    "path", ["2022/2/30/", "2022/1/0/", "2022/1/32/", "2022/13/1/", "9999/12/31/", "0001/1/1/", f"2022/1/{'9' * 5000}/"]
)
def test_a_day_that_does_not_exist_is_not_found(path):
    assert Client().get(f"/en/news/{path}").status_code == 404


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/en/news/2022/", "2022"), ("/tg/news/2022/", "2022"),
        ("/en/news/2022/1/", "January 2022"), ("/ru/news/2022/1/", "Январь 2022 г."),
        ("/tg/news/2022/1/", "Январи соли 2022"),
        ("/en/news/2022/1/10/", "10 January 2022"), ("/tg/news/2022/1/10/", "10 январи соли 2022"),
    ],
)  # fmt: skip
def test_a_period_is_named_in_the_heading(path, heading):
    assert re.search(rf"<h1[^>]*>{re.escape(heading)}</h1>", get(path))


def test_a_list_is_narrowed_to_events_with_films():
    with_film = factories.report(factories.event("2022-03-01 10:00"), title="An event with a film")
    factories.report(factories.event("2022-03-02 10:00"), title="An event without")
    with_film.event.videos.create(url="https://example.org/film", megabytes=5)
    page = get("/en/news/2022/?with=video")
    assert "An event with a film" in page
    assert "An event without" not in page
    assert "With films" in page
