"""What a report's page says to search engines and to link previews."""

import io
import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from PIL import Image
from pyld import jsonld

from news.models import Photo
from tests.news import factories
from tests.pageclient import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

HOST = "http://testserver"
AWKWARD = 'Ҷ ғ ӯ: </script><script src="/x.js"></script> <!-- "R&D" ]]> 🏔'


class Metas(HTMLParser):
    """The content of every ``<meta property>`` and ``<meta name>``, in order."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "meta" and "content" in given:
            self.found.append((given.get("property") or given.get("name"), given["content"]))

    def __getitem__(self, name):
        [content] = self.all(name)
        return content

    def all(self, name):
        return [content for key, content in self.found if key == name]


def data_of(html):
    page = Page()
    page.feed(html)
    [data] = page.structured_data
    assert data["@context"] == "https://schema.org"
    return data


def graph(html):
    return {node["@type"]: node for node in data_of(html)["@graph"]}


@pytest.fixture
def fetch(client_page):
    return lambda report: client_page.get(report.get_absolute_url()).content.decode()


@pytest.fixture
def full(db):
    event = factories.event("2022-01-10 13:45", place=factories.place())
    factories.photo(event, factories.picture((1500, 1000)), alt_en="Farmers & a “field”")
    factories.report(event, "tg")
    return factories.report(event, title="Meeting with farmers", lead="In Dushanbe.")


def test_a_report_is_a_news_article(full, fetch):
    nodes = graph(fetch(full))
    assert set(nodes) == {"NewsArticle", "Event", "BreadcrumbList"}
    article = nodes["NewsArticle"]
    url = HOST + full.get_absolute_url()
    assert article["headline"] == "Meeting with farmers" and article["description"] == "In Dushanbe."
    assert article["url"] == article["mainEntityOfPage"]["@id"] == url
    assert article["inLanguage"] == "en" and article["articleSection"] == ["Meetings"]
    assert article["datePublished"] == full.published_at.isoformat() <= article["dateModified"]
    assert article["contentLocation"] == {"@type": "Place", "name": "Dushanbe city", "address": "Dushanbe city"}
    assert article["isPartOf"]["@type"] == "WebSite" and article["isPartOf"]["url"] == f"{HOST}/en/"
    for role in ("author", "publisher"):
        assert article[role]["@type"] == "Organization" and article[role]["name"].startswith("Press Service")
        assert article[role]["logo"]["url"].startswith(f"{HOST}/static/img/touch-icon")
    token = Photo.objects.get().token
    assert article["image"] == [
        {"@type": "ImageObject", "url": f"{HOST}/media/photos/{token}/1200.jpeg", "width": 1200, "height": 800}
    ]


def test_the_event_is_told_beside_its_article(full, fetch):
    nodes = graph(fetch(full))
    event, article = nodes["Event"], nodes["NewsArticle"]
    assert event["name"] == "Meeting with farmers" and event["inLanguage"] == "en"
    assert event["startDate"] == "2022-01-10T13:45:00+05:00"
    assert event["location"] == article["contentLocation"] and event["image"] == article["image"]
    assert event["organizer"]["@type"] == "GovernmentOrganization"
    assert event["about"] == [{"@type": "Thing", "name": "Meetings"}]
    assert article["about"] == {"@id": event["@id"]} and event["subjectOf"] == {"@id": article["@id"]}
    assert "correction" not in article


def test_corrections_are_told(full, fetch):
    full.correct('The name "R&D" </script> was mended.')
    full.save()
    [told] = graph(fetch(full))["NewsArticle"]["correction"]
    assert told == {
        "@type": "CorrectionComment",
        "text": 'The name "R&D" </script> was mended.',
        "datePublished": full.corrections[0]["at"],
    }


# From schema.org: the types in use with what they are kinds of, and where each property may stand.
KINDS = {
    "NewsArticle": "Article", "Article": "CreativeWork", "WebPage": "CreativeWork", "WebSite": "CreativeWork",
    "ImageObject": "MediaObject", "MediaObject": "CreativeWork", "CorrectionComment": "Comment", "Comment": "CreativeWork",
    "CreativeWork": "Thing", "Event": "Thing", "Place": "Thing", "GovernmentOrganization": "Organization",
    "Organization": "Thing", "BreadcrumbList": "ItemList", "ItemList": "Intangible", "ListItem": "Intangible",
    "Intangible": "Thing", "Thing": None,
}  # fmt: skip
DOMAINS = {
    "name": {"Thing"}, "url": {"Thing"}, "image": {"Thing"}, "description": {"Thing"}, "mainEntityOfPage": {"Thing"},
    "subjectOf": {"Thing"}, "headline": {"CreativeWork"}, "datePublished": {"CreativeWork"},
    "dateModified": {"CreativeWork"}, "inLanguage": {"CreativeWork", "Event"}, "isAccessibleForFree": {"CreativeWork", "Event", "Place"},
    "author": {"CreativeWork"}, "publisher": {"CreativeWork"}, "isPartOf": {"CreativeWork"}, "articleSection": {"Article"},
    "about": {"CreativeWork", "Event"}, "contentLocation": {"CreativeWork"}, "correction": {"CreativeWork"},
    "text": {"CreativeWork"}, "logo": {"Organization", "Place"}, "address": {"Place", "Organization"},
    "width": {"MediaObject"}, "height": {"MediaObject"}, "startDate": {"Event", "CreativeWork"}, "eventStatus": {"Event"},
    "organizer": {"Event"}, "location": {"Event", "Organization"}, "itemListElement": {"ItemList"},
    "position": {"CreativeWork", "ListItem"}, "item": {"ListItem"},
}  # fmt: skip
SCHEMA = "https://schema.org/"


def kinds_of(name):
    while name:
        yield name
        name = KINDS[name]


def strangers(node, where="graph"):
    """Keys and types that the vocabulary does not have, or has elsewhere; letter for letter."""
    if isinstance(node, list):
        return [stranger for part in node for stranger in strangers(part, where)]
    if not isinstance(node, dict):
        return []
    kind, found = node.get("@type"), []
    if kind is None and set(node) != {"@id"}:
        found.append(f"{where}: no type")
    elif kind is not None and kind not in KINDS:
        found.append(f"{where}: {kind}")
    for key, value in node.items():
        if key.startswith("@"):
            continue
        if not DOMAINS.get(key, set()) & set(kinds_of(kind if kind in KINDS else "Thing")):
            found.append(f"{where}: {kind}.{key}")
        found += strangers(value, f"{where}.{key}")
    return found


def test_every_key_is_of_the_vocabulary_and_stands_where_it_may(full, fetch):
    full.correct("A name was mended.")
    full.save()
    assert strangers(data_of(fetch(full))["@graph"]) == []


def test_a_key_that_is_wrong_is_seen():
    assert strangers({"@type": "NewsArticle", "Headline": "x"}) and strangers({"@type": "Event", "headline": "x"})
    assert strangers({"@type": "Newsarticle"}) and strangers({"@type": "Event", "image": [{"width": 1}]})
    assert not strangers({"@type": "Event", "name": "x", "image": [{"@type": "ImageObject", "width": 1}]})


def no_network(url, options=None):
    """What schema.org answers to a reader of linked data, cut to what matters: every word is of the vocabulary."""
    assert url == SCHEMA.rstrip("/")
    ids = {name: {"@id": SCHEMA + name, "@type": "@id"} for name in ("url", "item", "mainEntityOfPage", "eventStatus")}
    return {
        "document": {"@context": {"@vocab": SCHEMA} | ids},
        "documentUrl": url,
        "contextUrl": None,
        "contentType": "application/ld+json",
    }


def test_an_independent_reader_of_linked_data_understands_it(full, fetch):
    data = data_of(fetch(full))
    nodes = jsonld.flatten(jsonld.expand(data, {"documentLoader": no_network}))
    by_kind = {node["@type"][0].removeprefix(SCHEMA): node for node in nodes if "@type" in node}
    article, event = by_kind["NewsArticle"], by_kind["Event"]
    assert article["@id"] == HOST + full.get_absolute_url() and article[f"{SCHEMA}headline"] == [{"@value": full.title}]
    assert article[f"{SCHEMA}about"] == [{"@id": event["@id"]}] and event[f"{SCHEMA}subjectOf"] == [
        {"@id": article["@id"]}
    ]
    assert event[f"{SCHEMA}startDate"] == [{"@value": "2022-01-10T13:45:00+05:00"}]
    assert len(by_kind["BreadcrumbList"][f"{SCHEMA}itemListElement"]) == 3
    triples = jsonld.to_rdf(data, {"format": "application/n-quads", "documentLoader": no_network})
    assert f"<{event['@id']}> <{SCHEMA}organizer>" in triples


def test_the_picture_has_the_size_that_the_page_says(full, fetch):
    [image] = graph(fetch(full))["NewsArticle"]["image"]
    content = Client().get(image["url"].removeprefix(HOST)).getvalue()
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (image["width"], image["height"])


def test_a_report_without_place_and_photo_leaves_them_out(fetch):
    nodes = graph(fetch(factories.report()))
    assert not {"image", "contentLocation"} & set(nodes["NewsArticle"])
    assert not {"image", "location"} & set(nodes["Event"])


def test_a_headline_is_cut_to_what_search_engines_take(fetch):
    title = "Ҷаласа " * 40
    assert len(graph(fetch(factories.report(title=title)))["NewsArticle"]["headline"]) <= 110


def test_no_title_breaks_out_of_the_data(fetch):
    page = fetch(factories.report(title=AWKWARD))
    assert graph(page)["NewsArticle"]["headline"] == AWKWARD
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]
    assert not set("<>&") & set(block)
    assert '<script src="/x.js">' not in page


def test_the_way_to_the_report_is_the_one_that_the_page_shows(full, fetch):
    page = fetch(full)
    steps = graph(page)["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    told = [(step["item"].removeprefix(HOST), step["name"]) for step in steps]
    shown = page.partition('<nav class="breadcrumb"')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', shown) == told
    assert told == [("/en/", "Home"), ("/en/news/", "Events"), ("/en/news/category/meetings/", "Meetings")]


def test_only_a_report_has_structured_data(full, client_page):
    for path in ("/en/", "/en/news/", "/en/appeals/", "/en/news/99/x/"):
        assert "ld+json" not in client_page.get(path).content.decode()


def test_a_link_preview_shows_the_report(full, fetch):
    metas = Metas(fetch(full))
    assert metas["og:site_name"] == "President of the Republic of Tajikistan"
    assert metas["og:type"] == "article" and metas["og:title"] == "Meeting with farmers"
    assert metas["og:description"] == metas["description"] == "In Dushanbe."
    assert metas["og:url"] == HOST + full.get_absolute_url()
    assert re.fullmatch(rf"{HOST}/media/cards/{full.pk}-[0-9a-f]{{32}}\.jpeg", metas["og:image"])
    assert (metas["og:image:width"], metas["og:image:height"]) == ("1200", "630")
    assert metas["og:image:type"] == "image/jpeg"
    assert metas["og:image:alt"] == "President of the Republic of Tajikistan, 10 January 2022: Meeting with farmers"
    assert Client().get(metas["og:image"].removeprefix(HOST)).status_code == 200
    assert metas["og:locale"] == "en_GB" and metas.all("og:locale:alternate") == ["tg_TJ"]
    assert metas["twitter:card"] == "summary_large_image"
    assert metas["article:published_time"][:16] < metas["article:modified_time"]


@pytest.mark.parametrize(("language", "locale"), [("tg", "tg_TJ"), ("ru", "ru_RU"), ("en", "en_GB")])
def test_the_site_has_a_card_of_its_own(language, locale, client_page):
    report = factories.report(language=language, title=AWKWARD)
    for path in (f"/{language}/", f"/{language}/news/", report.get_absolute_url()):
        metas = Metas(client_page.get(path).content.decode())
        own = f"{HOST}/media/cards/{report.pk}-" if path == report.get_absolute_url() else f"{HOST}/static/img/card.png"
        assert metas["og:image"].startswith(own)
        assert (metas["og:image:width"], metas["og:image:height"]) == ("1200", "630")
        assert metas["og:locale"] == locale and metas["og:title"]
        assert len(metas.all("og:locale:alternate")) == (0 if "/news/" in path and path[-6:] != "/news/" else 2)
    assert metas["og:title"] == AWKWARD


def test_the_card_is_a_small_picture_of_the_size_that_pages_say(settings):
    path = settings.BASE_DIR / "static" / "img" / "card.png"
    with Image.open(path) as card:
        assert card.size == (1200, 630) and card.format == "PNG"
    assert path.stat().st_size < 60_000


def test_a_page_that_is_not_there_has_no_preview(client_page):
    assert not Metas(client_page.get("/en/news/99/x/").content.decode()).all("og:title")


@pytest.mark.browser
def test_the_policy_of_the_site_lets_the_data_stand(browser_page):
    page, said = browser_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/en/news/")
    page.locator(".rows a.headline").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator('script[type="application/ld+json"]').count() == 1
    assert page.locator(".breadcrumb a").count() >= 2
    assert said == []
