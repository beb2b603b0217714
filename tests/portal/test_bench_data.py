"""The data set of ``make bench``: rows that the database makes are such as the portal itself would make."""

import pytest
from django.test import Client

from appeals.models import Appeal, JournalEntry, Series
from bench import data
from news.models import Photo, Report
from news.search import search
from news.search_index import SearchEntry

pytestmark = pytest.mark.django_db
REPORTS, APPEALS = 60, 40


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "TEXTS", 20)
    monkeypatch.setattr(data, "BASE_APPEALS", 20)
    monkeypatch.setattr(data, "analyse", lambda: None)  # Not within the transaction of a test.
    assert data.fill(REPORTS, APPEALS)


def test_every_report_is_public_and_has_its_page(filled: None, client: Client):
    assert Report.objects.published().in_language("tg").count() == REPORTS
    newest = Report.objects.published().newest_first().first()
    page = client.get(newest.get_absolute_url())
    assert page.status_code == 200
    assert newest.title in page.content.decode()
    assert newest.event_id == REPORTS


def test_a_report_has_the_entry_that_search_would_make_of_it(filled: None):
    for report in Report.objects.all()[:5]:
        made, entry = SearchEntry.objects.get(pk=report.pk), SearchEntry.of(report)
        assert (made.title, made.lead, made.body) == (entry.title, entry.lead, entry.body)


def test_the_common_word_is_everywhere_and_the_rare_one_in_few(filled: None):
    assert search("tg", data.COMMON).total == REPORTS
    assert search("tg", data.RARE).total == REPORTS // 20


def test_the_copies_of_appeals_have_numbers_and_journals_of_their_own(filled: None):
    assert Appeal.objects.count() == APPEALS
    assert Appeal.objects.values("number").distinct().count() == APPEALS
    original = Appeal.objects.order_by("pk").first()
    copy = Appeal.objects.get(pk=original.pk + 20)
    assert copy.received_at == original.received_at
    assert copy.journal.count() == original.journal.count() > 0
    assert sum(Series.objects.values_list("last", flat=True)) >= APPEALS


def test_new_rows_get_numbers_behind_those_that_were_made(filled: None):
    appeal, last = Appeal.objects.first(), JournalEntry.objects.latest("pk").pk
    entry = JournalEntry.objects.create(appeal=appeal, at=appeal.received_at, action="opened", previous_hash="x")
    assert entry.pk == last + 1
    assert Photo.objects.count() == REPORTS


def test_a_data_set_that_is_there_is_used_again(filled: None):
    assert not data.fill(REPORTS, APPEALS)


def test_a_database_with_something_else_is_left_alone(filled: None):
    with pytest.raises(SystemExit, match=f"holds {REPORTS} reports"):
        data.fill(REPORTS + 1, APPEALS)
