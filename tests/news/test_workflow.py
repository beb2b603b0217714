"""From draft through review to the public, back from it, and corrections that readers see."""

import pytest
from django.test import Client

from news.models import Report
from tests.news.desk import Desk, errors
from tests.news.factories import event, report, staff

pytestmark = pytest.mark.django_db


def change(one: Report) -> str:
    return f"/admin/news/event/{one.event_id}/change/"


@pytest.fixture
def draft():
    return report(event(), "tg", status="draft", published_at=None)


def status_of(one: Report) -> str:
    one.refresh_from_db()
    return one.status


def test_an_editor_sends_a_report_to_review_and_no_further(draft):
    desk = Desk(staff("Press editor"))
    assert errors(desk.send(change(draft), {"reports-0-status": "review"})) == []
    assert status_of(draft) == "review"
    for forbidden in ("published", "withdrawn"):
        desk.send(change(draft), {"reports-0-status": forbidden})
        assert status_of(draft) == "review"


@pytest.mark.parametrize("status", ["draft", "review"])
def test_a_chief_publishes_from_any_stage_of_writing(status):
    one = report(event(), "tg", status=status, published_at=None)
    assert errors(Desk(staff("Press chief")).send(change(one), {}, "_publish")) == []
    assert status_of(one) == "published"


def test_publishing_all_leaves_a_withdrawn_report_withdrawn():
    one = report(event(), "tg", status="withdrawn")
    Desk(staff("Press chief")).send(change(one), {}, "_publish")
    assert status_of(one) == "withdrawn"


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_withdrawn_report_is_gone_with_a_sentence(client_page, language):
    one = report(event(), language)
    address = one.get_absolute_url()
    assert errors(Desk(staff("Press chief")).send(change(one), {"reports-0-status": "withdrawn"})) == []
    response = client_page.get(address)
    assert response.status_code == 410
    page = response.content.decode()
    assert one.title not in page
    assert f'<html lang="{language}"' in page
    assert response["Cache-Control"] == "no-store"


def test_a_withdrawn_report_can_be_published_again():
    one = report(event(), "en", status="withdrawn")
    Desk(staff("Press chief")).send(change(one), {"reports-0-status": "published"})
    assert Client().get(one.get_absolute_url()).status_code == 200


def test_an_editor_changes_nothing_of_a_withdrawn_report():
    one = report(event(), "en", status="withdrawn")
    Desk(staff("Press editor")).send(change(one), {"reports-0-status": "draft", "reports-0-title": "Another"})
    assert status_of(one) == "withdrawn"
    assert one.title != "Another"


@pytest.mark.parametrize("status", ["draft", "review"])
def test_what_was_never_published_is_not_found(status):
    one = report(event(), "en", status=status, published_at=None)
    assert Client().get(one.get_absolute_url()).status_code == 404


def test_a_correction_is_shown_to_readers_with_its_date(client_page):
    one = report(event(), "en")
    desk = Desk(staff("Press chief"))
    desk.send(change(one), {"reports-0-correction": "The number of schools is twelve, not ten."})
    desk.send(change(one), {"reports-0-correction": "The name of the district was mended."})
    page = client_page.get(one.get_absolute_url()).content.decode()
    later, earlier = page.index("The name of the district"), page.index("The number of schools")
    assert later < earlier
    one.refresh_from_db()
    assert len(one.corrections) == 2


def test_a_draft_has_nothing_to_correct(draft):
    fields = Desk(staff("Press chief")).open(change(draft)).fields
    assert "reports-0-correction" not in fields


def test_saving_without_a_correction_shows_none(client_page):
    one = report(event(), "en")
    Desk(staff("Press chief")).send(change(one), {"reports-0-lead": "Another lead."})
    assert "Corrections" not in client_page.get(one.get_absolute_url()).content.decode()
