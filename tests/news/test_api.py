"""The interface for the media: what is public, as JSON, for programs on any site."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news import api, openapi
from news.models import Photo, Report
from portal.caching import PUBLIC
from tests.news import factories

pytestmark = pytest.mark.django_db

LIST = "/api/v1/reports/"
HOST = "http://testserver"
AWKWARD = 'Ҷ ғ ӯ: <b>"R&D"</b> ]]> 🏔'


def fetch(path, status=200, **headers):
    response = Client().get(path, headers=headers)
    assert response.status_code == status, response.content
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Content-Type"] == "application/json"
    assert not response.cookies
    return response.json()


def titles(path):
    return [report["title"] for report in fetch(path)["reports"]]


def faults(value, schema):
    """What of ``value`` is not as ``schema`` says: the part of JSON Schema that our description uses."""
    if "$ref" in schema:
        schema = openapi.DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "oneOf" in schema:
        tried = [faults(value, one) for one in schema["oneOf"]]
        return [] if tried.count([]) == 1 else sum(tried, [])
    kinds = {"string": str, "integer": int, "array": list, "object": dict, "null": type(None)}
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, tuple(kinds[name] for name in wanted)):
        return [f"{value!r} is no {wanted}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{value!r} is none of {schema['enum']}"]
    if isinstance(value, list):
        return [fault for each in value for fault in faults(each, schema["items"])]
    if isinstance(value, dict) and "properties" in schema:
        if set(value) != set(schema["properties"]) or set(schema["required"]) != set(value):
            return [f"keys {sorted(value)}, described {sorted(schema['properties'])}"]
        return [fault for key in value for fault in faults(value[key], schema["properties"][key])]
    return []


@pytest.fixture
def full(db):
    event = factories.event("2022-01-10 13:45", place=factories.place())
    factories.photo(
        event, factories.picture((1500, 1000)), caption_tg="Дар саҳро", alt_en="A field", credit="Press Service"
    )
    factories.report(event, "tg")
    return factories.report(event, title=AWKWARD, lead="In Dushanbe.", body='<p><a href="/en/">Home</a></p>')


def test_the_answers_are_as_described(full):
    factories.report(factories.event("2022-01-09 10:00"))
    schemas = openapi.DOCUMENT["components"]["schemas"]
    page = fetch(f"{LIST}?language=en")
    assert len(page["reports"]) == 2 and faults(page, schemas["Page"]) == []
    for summary in page["reports"]:
        assert faults(fetch(summary["api_url"].removeprefix(HOST)), schemas["Report"]) == []
    assert faults(fetch(f"{LIST}?language=xx", 400), schemas["Error"]) == []
    assert faults({"reports": [{}], "next": 1}, schemas["Page"]), "the check can go red"


def test_the_description_is_served_and_names_addresses_that_answer(full):
    document = fetch("/api/v1/openapi.json")
    assert document["openapi"].startswith("3.1") and document["info"]["version"]
    [server] = document["servers"]
    for path, methods in document["paths"].items():
        assert list(methods) == ["get"]
        fetch(server["url"] + path.format(id=full.event_id, language="en"))
    listed = {each["name"] for each in document["paths"]["/reports/"]["get"]["parameters"]}
    assert listed == {"language", "category", "since", "until", "cursor"}


def test_a_report_is_told_whole(full):
    report = fetch(f"{LIST}{full.event_id}/en/")
    token = Photo.objects.get().token
    assert report["title"] == AWKWARD and report["id"] == full.event_id
    assert report["starts_at"] == "2022-01-10T13:45:00+05:00" and report["place"] == "Dushanbe city"
    assert report["categories"] == [{"slug": "meetings", "name": "Meetings"}]
    assert report["url"] == HOST + full.get_absolute_url()
    assert report["body_html"].startswith("<p>In Dushanbe.</p>") and f'href="{HOST}/en/"' in report["body_html"]
    assert report["photo"] == report["photos"][0] == {
        "url": f"{HOST}/media/photos/{token}/1200.jpeg", "width": 1200, "height": 800,
        "largest_url": f"{HOST}/media/photos/{token}/1500.jpeg",
        "caption": "Дар саҳро", "description": "A field", "credit": "Press Service",
    }  # fmt: skip
    assert report["versions"] == {code: f"{HOST}{LIST}{full.event_id}/{code}/" for code in ("en", "tg")}


def test_names_are_in_the_language_of_the_report_whatever_the_visitor_speaks(full):
    for accepted in ("en", "ru"):
        [report] = fetch(f"{LIST}?language=tg", **{"accept-language": accepted})["reports"]
        assert report["place"] == "шаҳри Душанбе" and report["categories"][0]["name"] == "Вохӯриҳо"


def test_the_photos_may_be_shown_on_other_sites(full):
    url = fetch(f"{LIST}{full.event_id}/en/")["photo"]["url"].removeprefix(HOST)
    assert Client().get(url)["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_without_a_language_reports_are_in_tajik(full):
    assert titles(LIST) == [factories.TITLES["tg"]]


@pytest.mark.parametrize(
    "values",
    [
        {"status": Report.Status.DRAFT},
        {"status": Report.Status.DRAFT, "published_at": None},
        {"published_at": timezone.now() + timedelta(hours=1)},
        {"language": "ru"},
    ],
    ids=["withdrawn", "draft", "future", "another language"],
)
def test_what_is_not_public_is_not_told(values, full):
    report = factories.report(factories.event("2022-01-11 10:00"), title="In question", **values)
    public = values.get("language") == "ru"
    assert titles(f"{LIST}?language=en") == [AWKWARD]
    fetch(f"{LIST}{report.event_id}/en/", 404)
    Report.objects.filter(event=full.event_id, language="tg").update(**values | {"language": "ru"})
    assert ("ru" in fetch(f"{LIST}{full.event_id}/en/")["versions"]) == public


def test_a_list_can_be_narrowed():
    visits = factories.category("visits", "Visits")
    factories.report(factories.event("2022-01-31 23:59", visits), title="January")
    factories.report(factories.event("2022-02-01 00:00"), title="February")
    english = f"{LIST}?language=en"
    assert titles(f"{english}&since=2022-02-01") == ["February"]
    assert titles(f"{english}&until=2022-02-01") == ["January"]
    assert titles(f"{english}&until=2022-02-01T00:00:01%2B05:00") == ["February", "January"]
    assert titles(f"{english}&since=2022-01-31T18:59:30Z") == ["February"]
    assert titles(f"{english}&category=visits") == ["January"]
    assert titles(f"{english}&category=visits&since=2022-02-01") == []


def test_the_pages_of_a_list_bring_every_report_once(monkeypatch):
    monkeypatch.setattr(api, "PAGE_SIZE", 3)
    moment = factories.local("2022-01-10 09:35")
    for number in range(7):
        factories.report(factories.event(moment), title=f"Act {number}")
    path, found = f"{LIST}?language=en&category=meetings&since=2022-01-01", []
    while path:
        page = fetch(path)
        found += [report["title"] for report in page["reports"]]
        assert page["next"] is None or ("category=meetings" in page["next"] and "since=2022-01-01" in page["next"])
        path = page["next"] and page["next"].removeprefix(HOST)
    assert found == [f"Act {number}" for number in range(6, -1, -1)]


def test_an_empty_site_has_an_empty_list():
    assert fetch(LIST) == {"reports": [], "next": None}


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("language=xx", "xx"), ("language=<b>", "<b>"), ("category=nothing", "nothing"), ("cursor=x", "cursor"),
        ("since=yesterday", "since"), ("since=2022-02-30", "since"), ("until=2022-01-01T25:00", "until"),
        ("since=0001-01-01", "since"), ("until=9999-12-31T23:59:59-05:00", "until"), ("cursor=%00", "cursor"),
        ("category=%00", "category"), ("since=%00", "since"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_answered_with_a_sentence(query, word):
    factories.report(language="tg")
    response = Client().get(f"{LIST}?{query}")
    assert response.status_code == 400 and "public" not in response["Cache-Control"]
    sentence = fetch(f"{LIST}?{query}", 400, **{"accept-language": "en"})["error"]
    assert word in sentence and sentence.endswith(".")


@pytest.mark.parametrize("path", ["1/en/", "999999999999999999/en/", "1/xx/", "1/%00/"])
def test_a_report_that_is_not_there_is_answered_with_a_sentence(path):
    assert fetch(LIST + path, 404)["error"].endswith(".")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_is_written_and_other_sites_may_only_read(method, full):
    for path in (LIST, f"{LIST}{full.event_id}/en/", "/api/v1/openapi.json"):
        response = getattr(Client(enforce_csrf_checks=True), method)(path)
        assert response.status_code == 405 and response["Allow"] == "GET, HEAD"
        assert response.json()["error"] and "Access-Control-Allow-Origin" not in response.headers


def test_what_did_not_change_is_answered_with_304(full):
    for path in (f"{LIST}?language=en", f"{LIST}{full.event_id}/en/", "/api/v1/openapi.json"):
        first = Client().get(path)
        again = Client().get(path, headers={"if-none-match": first["ETag"]})
        assert first["Cache-Control"] == again["Cache-Control"] == PUBLIC
        assert again.status_code == 304 and not again.content
        assert again["Access-Control-Allow-Origin"] == "*"
        assert again["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert Client().head(path)["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("number", [10, 200])
def test_an_answer_costs_a_fixed_number_of_queries(number):
    reports = factories.many_reports(number)
    Photo.objects.bulk_create(
        Photo(event=report.event, token=f"t{step}", image="originals/x.jpg", width=1200, height=800)
        for step, report in enumerate(reports)
    )
    paths = {
        f"{LIST}?language=en": 3,
        f"{LIST}?language=en&category=meetings&since=2020-01-01": 4,
        f"{LIST}{reports[3].event_id}/en/": 5,
        "/api/v1/openapi.json": 0,
    }
    for path, queries in paths.items():
        with CaptureQueriesContext(connection) as captured:
            fetch(path)
        assert len(captured) == queries, path
