"""Addresses of the former site lead to the reports that stood there."""

import pytest
from django.core.exceptions import ValidationError

from news.links import OldAddress
from news.models import Report
from news.old_addresses import normal_path
from portal.roles import PRESS_CHIEF, PRESS_EDITOR

from . import factories
from .desk import Desk, errors, fields_of

ADD = "/admin/news/oldaddress/add/"
PATHS = ["/en/node/123", "/event/news/50153", "/ru/taxonomy/term/5/68", "/node/7", "/index.php", "/tg/Хабар/Вохӯрӣ"]


def old(path="/en/node/123", language="en", **values):
    report = factories.report(language=language, **values)
    OldAddress.objects.create(path=path, event=report.event, language=language)
    return report


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("tail", ["", "/", "?page=2", "/?page=2"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_an_old_address_leads_for_good_to_the_report(client, path, tail, method):
    report = old(path)
    response = getattr(client, method)(path + tail)
    assert (response.status_code, response["Location"]) == (301, report.get_absolute_url())
    assert not response.cookies
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_each_language_has_its_own(client, language):
    event = factories.event()
    reports = {code: factories.report(event, code) for code in ("tg", "ru", "en")}
    for code in reports:
        OldAddress.objects.create(path=f"/{code}/node/5", event=event, language=code)
    response = client.get(f"/{language}/node/5", headers={"accept-language": "ru"})
    assert response["Location"] == reports[language].get_absolute_url()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/EN/node/123", "/en/node/1234", "/en/node", "/en/node/123/x", "/x/en/node/123", "//en/node/123"]
)
def test_another_address_is_not_found(client, path):
    old()
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_the_present_title_is_where_it_leads(client):
    report = old()
    report.title = "A new title"
    report.save()
    assert client.get("/en/node/123")["Location"].endswith(f"/{report.event_id}/a-new-title/")


@pytest.mark.django_db
@pytest.mark.parametrize("status", [Report.Status.DRAFT, Report.Status.REVIEW])
def test_what_is_not_public_is_not_found(client_page, status):
    report = old(status=status)
    factories.report(report.event, "ru")
    assert client_page.get("/en/node/123", status=404).status_code == 404


@pytest.mark.django_db
def test_what_is_under_embargo_is_not_found(client_page):
    report = old()
    report.event.embargo_until = factories.local("2090-01-01 00:00")
    report.event.save()
    client_page.get("/en/node/123", status=404)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_what_was_withdrawn_is_gone_in_the_words_of_its_language(client_page, language):
    old("/event/news/50153", language, status="withdrawn")
    response = client_page.get("/event/news/50153", status=410)
    assert response["Content-Language"] == language
    assert f'<html lang="{language}"' in response.content.decode()
    assert response["Cache-Control"] == "no-store" and response["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_a_page_that_is_there_costs_nothing_and_goes_first(client, django_assert_num_queries):
    report = factories.report()
    other = old(report.get_absolute_url().rstrip("/"))
    OldAddress.objects.create(path="/healthz", event=other.event, language="en")
    assert client.get(report.get_absolute_url()).status_code == 200
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_a_missing_page_costs_two_questions_and_an_old_address_three(client, django_assert_num_queries):
    old()
    for number in range(40):
        old(f"/en/node/9{number}")
    with django_assert_num_queries(2):
        client.get("/en/node/5")
    with django_assert_num_queries(3):
        client.get("/en/node/123")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/node/%00", "/en/" + "x" * 5000, "/%FF%FE", "/en/node/%ED%A0%80", "/'; DROP TABLE--"]
)
def test_an_odd_address_is_only_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_slashes_and_languages_are_still_put_right(client):
    report = factories.report()
    assert client.get(report.get_absolute_url().rstrip("/"))["Location"] == report.get_absolute_url()
    assert client.get("/news/")["Location"] == "/tg/news/"


@pytest.mark.django_db
def test_nothing_is_sent_on_that_was_not_asked_for_by_reading(client):
    old()
    assert client.post("/en/node/123").status_code == 404


# Kept -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" /en/node/123/ ", "/en/node/123"),
        ("https://president.tj/en/node/123?page=2#top", "/en/node/123"),
        ("/tg/%D0%A5%D0%B0%D0%B1%D0%B0%D1%80", "/tg/Хабар"),
    ],
)
def test_an_address_is_kept_as_requests_name_it(typed, kept):
    assert normal_path(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "/", "node/123", "javascript:alert(1)", "//evil", "/%00", "/%FF", "/" + "x" * 300, "https://[bad/"],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValidationError):
        normal_path(typed)


@pytest.mark.django_db
def test_the_chief_adds_one_and_is_told_what_is_wrong(client):
    report = factories.report()
    desk = Desk(factories.staff(PRESS_CHIEF))

    def send(path):
        form = fields_of(desk.client.get(ADD), "oldaddress_form").fields
        typed = {"path": path, "event": str(report.event_id), "language": "en", "_save": "1"}
        return errors(desk.client.post(ADD, form | typed))

    assert send("https://president.tj/en/node/9/") == []
    assert client.get("/en/node/9")["Location"] == report.get_absolute_url()
    assert send("/en/node/9"), "the same address twice"
    assert send("node"), "no address"
    assert "/en/node/9" in desk.client.get("/admin/news/oldaddress/?q=node").content.decode()


@pytest.mark.django_db
def test_an_editor_reads_the_list_and_adds_nothing():
    old()
    desk = Desk(factories.staff(PRESS_EDITOR))
    assert "/en/node/123" in desk.client.get("/admin/news/oldaddress/").content.decode()
    assert desk.client.get("/admin/news/oldaddress/add/").status_code == 403


@pytest.mark.django_db
def test_the_list_costs_the_same_for_many_rows(django_assert_max_num_queries):
    desk = Desk(factories.staff(PRESS_CHIEF))
    for number in range(30):
        old(f"/en/node/{number}")
    with django_assert_max_num_queries(12):
        desk.client.get("/admin/news/oldaddress/")
