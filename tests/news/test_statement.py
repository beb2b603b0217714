"""Verifying a text: what the page confirms, since when, and what it never tells."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import formats, timezone

from news.models import Event, Report
from news.public_versions import public_versions
from news.statement import grouped, read_digest
from news.verification import report_number
from portal import throttle
from portal.caching import PUBLIC
from tests.news import factories

pytestmark = pytest.mark.django_db

BODY = "<p>The school for 1200 pupils was opened in the district today.</p>"
QUOTE = "school for 1200 pupils was opened"
NOW = timezone.now()
WITHDRAWN = {"status": Report.Status.WITHDRAWN}


def ago(days):
    return NOW - timedelta(days=days)


def backdate(report, *days):
    """Let the saved versions of a report have been saved so many days ago, the earliest first."""
    rows = list(report.history.order_by("history_id"))
    assert len(rows) == len(days)
    for row, number in zip(rows, days, strict=True):
        report.history.filter(pk=row.pk).update(history_date=ago(number))
    return report


def written(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


@pytest.fixture
def report(db):
    """A report that was published twenty days ago, as it is still."""
    return backdate(factories.report(body=BODY, published_at=ago(20)), 20)


def verdict(client, digest, language="en"):
    response = client.get(f"/{language}/news/verify/{digest}/")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def quoted(client, quote, named=""):
    return client.post("/en/news/verify/", {"quote": quote, "report": named})


# The digest -------------------------------------------------------------------------------------------------------


def test_a_text_that_stands_is_confirmed_with_the_day_since_when(report, client_page):
    page = verdict(client_page, report.digest)
    assert f"This text stands on the site unaltered since {written(ago(20))}." in page
    assert report.get_absolute_url() in page and 'content="noindex"' in page
    assert grouped(report.digest) in page


def test_a_save_that_leaves_the_words_leaves_the_day(report, client_page):
    report.body = BODY.replace("today", "<strong>today</strong>")
    report.save()
    assert f"unaltered since {written(ago(20))}." in verdict(client_page, report.digest)


def test_a_text_that_was_changed_says_from_when_to_when(report, client_page):
    old = report.digest
    report.body = BODY.replace("1200", "1300")
    report.save()
    backdate(report, 20, 5)
    page = verdict(client_page, old)
    assert f"This stood on the site from {written(ago(20))} to {written(ago(5))}. The text was changed since." in page
    assert report.get_absolute_url() in page and "1300" not in page
    assert f"unaltered since {written(ago(5))}." in verdict(client_page, report.digest)


def test_a_text_that_came_back_stands_since_it_came_back(report, client_page):
    report.body = BODY.replace("1200", "1300")
    report.save()
    report.body = BODY
    report.save()
    backdate(report, 20, 9, 3)
    assert f"unaltered since {written(ago(3))}." in verdict(client_page, report.digest)


@pytest.mark.parametrize("status", [Report.Status.WITHDRAWN, Report.Status.DRAFT])
def test_a_withdrawn_report_is_told_without_its_title(status, report, client_page):
    report.status = status
    report.save()
    backdate(report, 20, 2)
    page = verdict(client_page, report.digest)
    assert f"from {written(ago(20))} to {written(ago(2))}. The Press Service has withdrawn the report." in page
    assert report.title not in page and report.get_absolute_url() not in page


def test_a_text_that_was_withdrawn_and_published_again_stands_since_then(report, client_page):
    for status in (Report.Status.WITHDRAWN, Report.Status.PUBLISHED):
        report.status = status
        report.save()
    backdate(report, 20, 9, 4)
    assert f"unaltered since {written(ago(4))}." in verdict(client_page, report.digest)


def test_two_reports_with_the_same_text_are_both_told(report, client_page):
    other = factories.report(factories.event("2023-05-01 10:00"), body=BODY)
    page = verdict(client_page, report.digest)
    assert report.digest == other.digest
    assert report.get_absolute_url() in page and other.get_absolute_url() in page


NEVER_PUBLIC = {
    "a draft": {"status": Report.Status.DRAFT, "published_at": None},
    "in review": {"status": Report.Status.REVIEW, "published_at": None},
    "withdrawn before its time": {"status": Report.Status.WITHDRAWN, "published_at": ago(3)},
    "scheduled": {"published_at": NOW + timedelta(days=1)},
}


@pytest.mark.parametrize("state", [*NEVER_PUBLIC, "under embargo"])
def test_what_was_never_public_is_not_known(state, client_page):
    event = factories.event(embargo_until=NOW + timedelta(days=1) if state == "under embargo" else None)
    report = factories.report(event, body=BODY, **NEVER_PUBLIC.get(state, {}))
    for page in (
        verdict(client_page, report.digest),
        quoted(client_page, QUOTE).content.decode(),
        quoted(client_page, QUOTE, str(event.pk)).content.decode(),
    ):
        assert "No text with this digest" in page or "not found in any report" in page or "no report at this" in page
        assert report.title not in page and "stands on the site" not in page


def test_a_draft_costs_the_same_questions_as_nothing(report):
    draft = factories.report(factories.event(), "ru", status=Report.Status.DRAFT, published_at=None)
    for digest in (draft.digest, "0" * 64):
        with CaptureQueriesContext(connection) as captured:
            Client().get(f"/en/news/verify/{digest}/")
        assert len(captured) == 2


def test_a_report_from_before_versions_were_kept_stands_since_its_last_change(report, client_page):
    report.history.all().delete()
    assert f"unaltered since {written(report.updated_at)}." in verdict(client_page, report.digest)
    assert "word for word" in quoted(client_page, QUOTE, str(report.event_id)).content.decode()


def test_versions_saved_before_publishing_are_never_confirmed(client_page):
    report = factories.report(body="<p>A secret first draft of it.</p>", status=Report.Status.DRAFT, published_at=None)
    draft = report.digest
    report.body, report.status, report.published_at = BODY, Report.Status.PUBLISHED, ago(2)
    report.save()
    backdate(report, 9, 2)
    assert "No text with this digest" in verdict(client_page, draft)
    page = quoted(client_page, "A secret first draft", str(report.event_id)).content.decode()
    assert "do not stand in this report" in page and "This stood on the site" not in page


def test_a_version_replaced_before_its_hour_is_never_confirmed(client_page):
    """Published on Monday for Friday, changed on Wednesday: Monday's text was seen by nobody."""
    report = factories.report(body="<p>Words of Monday here.</p>", published_at=ago(2))
    monday = report.digest
    report.body = BODY
    report.save()
    backdate(report, 6, 4)
    assert "No text with this digest" in verdict(client_page, monday)
    assert f"unaltered since {written(ago(2))}." in verdict(client_page, report.digest)


def test_a_text_under_embargo_counts_from_its_end(report, client_page):
    Event.objects.filter(pk=report.event_id).update(embargo_until=ago(7))
    assert f"unaltered since {written(ago(7))}." in verdict(client_page, report.digest)


def test_an_embargo_that_was_lifted_early_hides_what_was_replaced_under_it(report, client_page):
    """The event keeps no history: that it was under an embargo is told by the desk's record alone."""
    hidden = report.digest
    report.body = BODY.replace("1200", "1300")
    report.save()
    backdate(report, 20, 15)
    user = factories.User.objects.create(username="chief")
    LogEntry.objects.create(
        user=user, content_type=ContentType.objects.get_for_model(Event), object_id=str(report.event_id),
        action_flag=CHANGE, change_message='[{"changed": {"fields": ["Embargo until"]}}]', action_time=ago(10),
    )  # fmt: skip
    assert "No text with this digest" in verdict(client_page, hidden)
    assert f"unaltered since {written(ago(10))}." in verdict(client_page, report.digest)


@pytest.mark.parametrize("versions", [1, 40])
def test_the_answer_costs_a_fixed_number_of_questions(versions, report):
    ContentType.objects.get_for_model(Event)
    for number in range(versions):
        report.body = f"<p>{QUOTE} {number}.</p>"
        report.save()
    with CaptureQueriesContext(connection) as captured:
        Client().get(f"/en/news/verify/{report.digest}/")
    assert len(captured) == 4
    with CaptureQueriesContext(connection) as captured:
        page = quoted(Client(), QUOTE, str(report.event_id)).content.decode()
    assert "word for word" in page and len(captured) == 4


def test_nothing_is_known_of_a_report_without_history():
    assert public_versions([99]) == {} and public_versions([]) == {}


@pytest.mark.parametrize("typed", ["SHA-256 {}", "{}", " {}\n", "{}…"])
def test_a_digest_is_read_as_it_is_printed(typed):
    digest = "5eb289f8f940f97d6c7b49505437aabc749298e297b82fc70832923e5b4b306f"  # pragma: allowlist secret - a digest
    shown = typed.format(grouped(digest).upper())
    assert read_digest(shown) == (None if "…" in typed else digest)


@pytest.mark.parametrize("typed", ["", "x", "g" * 64, "0" * 63, "0" * 65, "\x00", "0" * 100_000, "<script>"])
def test_what_is_no_digest_is_said_beside_the_field(typed, client_page):
    response = client_page.get("/en/news/verify/", {"digest": typed})
    assert response.status_code == 200
    assert ("field-error" in response.content.decode()) == bool(typed)


def test_a_typed_digest_leads_to_its_address(report, client):
    response = client.get("/en/news/verify/", {"digest": grouped(report.digest)})
    assert response.status_code == 302 and response.url == f"/en/news/verify/{report.digest}/"


# The quotation ----------------------------------------------------------------------------------------------------


def test_a_quotation_is_found_in_whichever_language_it_is(client_page):
    found = factories.report(factories.event(), "ru", body="<p>Сегодня в районе открыта школа на 1200 мест.</p>")
    page = quoted(client_page, "«в районе открыта школа…»").content.decode()
    assert "These words stand on the site word for word since" in page
    assert found.get_absolute_url() in page and "<mark>в районе открыта школа</mark>" in page


@pytest.mark.parametrize("form", ["{}", "/en/news/{}/some-slug/", "https://president.tj/tg/news/{}/x/?utm=1#top"])
def test_a_named_report_is_looked_at(form, report, client_page):
    page = quoted(client_page, QUOTE, form.format(report.event_id)).content.decode()
    assert f"word for word since {written(ago(20))}." in page


def test_a_quotation_stands_since_the_version_that_brought_it(report, client_page):
    report.body = BODY + "<p>A new library stands beside it.</p>"
    report.save()
    backdate(report, 20, 6)
    page = quoted(client_page, "new library stands beside", str(report.event_id)).content.decode()
    assert f"word for word since {written(ago(6))}." in page
    page = quoted(client_page, QUOTE, str(report.event_id)).content.decode()
    assert f"word for word since {written(ago(20))}." in page


def test_a_quotation_of_an_earlier_text_is_told_as_such(report, client_page):
    report.body = BODY.replace("1200", "1300")
    report.save()
    backdate(report, 20, 6)
    page = quoted(client_page, QUOTE, str(report.event_id)).content.decode()
    assert f"from {written(ago(20))} to {written(ago(6))}. The text was changed since." in page


def test_a_quotation_that_differs_is_shown_beside_the_nearest_words(report, client_page):
    page = quoted(client_page, QUOTE.replace("1200", "5000"), str(report.event_id)).content.decode()
    assert "These words do not stand in this report." in page

    assert "<del>" in page and "<ins>" in page and "5000" in page


def test_a_quotation_is_confirmed_only_word_for_word(report, client_page):
    for quote in (QUOTE.replace("1200", "1201"), QUOTE.replace("was", "was not"), QUOTE[:-2] + "e"):
        assert "stand on the site" not in quoted(client_page, quote).content.decode()


def test_the_form_sets_no_cookie_and_needs_none(report):
    client = Client(enforce_csrf_checks=True)
    response = quoted(client, QUOTE)
    assert response.status_code == 200 and not response.cookies and not client.cookies
    assert "no-store" in response["Cache-Control"]
    page = client.get("/en/news/verify/")
    assert page["Cache-Control"] == PUBLIC and not page.cookies and "csrf" not in page.content.decode()


@pytest.mark.parametrize(
    ("quote", "named"),
    [
        ("", ""), ("one two", ""), ("x" * 20_001, ""), ("a b c\x00", ""), ("a b c", "nothing"), ("a b c", "999999"),
        ("a b c", "9" * 400), ("a b \ud800", "1"),
    ],
)  # fmt: skip
def test_what_cannot_be_verified_is_said_beside_the_field(quote, named, client_page):
    response = quoted(client_page, quote.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), named)
    assert response.status_code == 200 and "field-error" in response.content.decode()


def test_nothing_that_is_quoted_breaks_out_of_the_page(report, client_page):
    page = quoted(client_page, '<script>alert("one two")</script> school for 1200', str(report.event_id))
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("57", 57), ("/tg/news/57/x/", 57), ("https://a.tj/ru/news/57/", 57), ("news", None), ("", None),
     ("https://57/", None), ("x57", None), ("javascript:57", None), ("1" * 19, None)],
)  # fmt: skip
def test_the_number_of_a_report_is_read_from_its_address(typed, number):
    assert report_number(typed) == number


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_page_stands_in_three_languages(language, report, client_page):
    assert client_page.get(f"/{language}/news/verify/").status_code == 200
    assert report.get_absolute_url() in verdict(client_page, report.digest, language)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_the_page_is_only_asked(method, client):
    assert getattr(client, method)("/en/news/verify/").status_code == 405


def test_quotations_are_looked_for_only_so_often(report, client, monkeypatch):
    monkeypatch.setattr(throttle.time, "time", lambda: 1_000_000.0)
    quotation = "Five words of this report"
    answers = [quoted(client, quotation) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert answers[-1]["Retry-After"] == "2" and "try again" in answers[-1].content.decode()
    assert client.get("/en/news/verify/").status_code == 200, "the page and the digest are not limited"
