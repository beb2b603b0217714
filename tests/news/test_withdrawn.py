"""What readers see of a report that was withdrawn, corrected, or never published."""

import pytest
from django.test import Client
from django.utils import timezone

from news import workflow
from portal.roles import PRESS_CHIEF
from tests.news.factories import event, report, staff
from tests.news.test_workflow import IN_AN_HOUR, change, desk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(db):
    return staff(PRESS_CHIEF, username="chief")


@pytest.fixture
def draft(db):
    return report(event(), "tg", status="draft", published_at=None)


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_withdrawn_report_is_gone_with_a_sentence(client_page, language, chief):
    one = report(event(), language)
    address = one.get_absolute_url()
    workflow.withdraw(one, chief)
    response = client_page.get(address)
    assert response.status_code == 410
    page = response.content.decode()
    assert one.title not in page
    assert f'<html lang="{language}"' in page
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", ["draft", "review"])
def test_what_was_never_published_is_not_found(status):
    one = report(event(), "en", status=status, published_at=None)
    assert Client().get(one.get_absolute_url()).status_code == 404


def test_a_withdrawn_report_that_readers_never_saw_is_not_found():
    """Else a guessed address would tell that something was planned there."""
    one = report(event(), "en", status="withdrawn", published_at=timezone.now() + IN_AN_HOUR)
    assert Client().get(one.get_absolute_url()).status_code == 404
    under_embargo = report(event(embargo_until=timezone.now() + IN_AN_HOUR), "en", status="withdrawn")
    assert Client().get(under_embargo.get_absolute_url()).status_code == 404


def test_a_correction_is_shown_to_readers_with_its_date(client_page, chief):
    one = report(event(), "en")
    desk = desk_of(chief)
    desk.send(change(one), {"reports-0-correction": "The number of schools is twelve, not ten."})
    desk.send(change(one), {"reports-0-correction": "The name of the district was mended."})
    page = client_page.get(one.get_absolute_url()).content.decode()
    later, earlier = page.index("The name of the district"), page.index("The number of schools")
    assert later < earlier
    one.refresh_from_db()
    assert len(one.corrections) == 2


def test_a_draft_has_nothing_to_correct(draft, chief):
    fields = desk_of(chief).open(change(draft)).fields
    assert "reports-0-correction" not in fields


def test_saving_without_a_correction_shows_none(client_page, chief):
    one = report(event(), "en")
    desk_of(chief).send(change(one), {"reports-0-lead": "Another lead."})
    assert "Corrections" not in client_page.get(one.get_absolute_url()).content.decode()
