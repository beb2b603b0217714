"""Who changes the journals behind the portal's back is found out by a command."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from appeals import casework
from appeals.casework import chain
from appeals.models import Appeal, JournalEntry, Series
from tests.appeals.citizen import Citizen

pytestmark = pytest.mark.django_db


@pytest.fixture
def appeals(officer):
    """Three appeals, each with four entries."""
    for _ in range(3):
        Citizen().appeal()
    for appeal in Appeal.objects.all():
        casework.register(appeal, officer)
        casework.ask(appeal, officer, "Савол")
        casework.answer(appeal, officer, "Ҷавоб")
    return list(Appeal.objects.order_by("pk"))


def entry(appeal, place):
    return JournalEntry.objects.filter(pk=list(appeal.journal.all())[place].pk)


def test_what_nobody_touched_is_whole(appeals, capsys):
    call_command("verify_journal")
    assert capsys.readouterr().out == "Appeals: 3, journal entries: 12.\nEvery chain is whole.\n"


@pytest.mark.parametrize(
    "harm",
    [
        lambda appeal: entry(appeal, 1).update(action="opened"),
        lambda appeal: entry(appeal, 1).update(detail={"due_on": "2030-01-01"}),
        lambda appeal: entry(appeal, 0).delete(),
        lambda appeal: entry(appeal, 2).delete(),
        lambda appeal: entry(appeal, 3).delete(),
        lambda appeal: appeal.journal.all().delete(),
        lambda appeal: (appeal.journal.all().delete(), Appeal.objects.filter(pk=appeal.pk).update(journal_head="")),
        lambda appeal: Appeal.objects.filter(pk=appeal.pk).update(journal_head=F("digest")),
    ],
    ids=["changed", "detail changed", "first removed", "middle removed", "last removed", "all removed",
         "all removed with the head", "head changed"],
)  # fmt: skip
def test_the_harmed_journal_is_named_and_no_other(appeals, harm, capsys):
    harm(appeals[1])
    with pytest.raises(CommandError) as broken:
        call_command("verify_journal")
    assert str(broken.value) == f"Broken: {appeals[1].number}"
    assert broken.value.returncode == 1
    call_command("verify_journal", appeals[0].number, appeals[2].number)
    with pytest.raises(CommandError):
        call_command("verify_journal", appeals[1].number)


def test_a_step_after_the_end_was_cut_off_does_not_mend_the_chain(appeals, officer):
    entry(appeals[0], 3).delete()
    casework.read(appeals[0], officer)
    assert not casework.chain_is_whole(appeals[0])


def test_an_appeal_that_is_gone_with_its_journal_is_missed(appeals):
    appeals[2].journal.all().delete()
    appeals[2].files.all().delete()
    appeals[2].messages.all().delete()
    appeals[2].delete()
    with pytest.raises(CommandError, match=f"Appeals of {Series.objects.get().year} that are gone: 1"):
        call_command("verify_journal")


def test_a_number_that_was_never_given_is_said(appeals):
    with pytest.raises(CommandError, match="not appeals with all of these numbers"):
        call_command("verify_journal", "2001-000001")


def test_the_number_of_queries_does_not_grow_with_each_appeal(appeals):
    with CaptureQueriesContext(connection) as few:
        chain.verify_all()
    for _ in range(3):
        Citizen().appeal()
    with CaptureQueriesContext(connection) as more:
        chain.verify_all()
    assert len(more) == len(few)


def test_appeals_in_several_batches_are_all_checked(appeals, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 2)
    entry(appeals[2], 1).update(action="opened")
    found = chain.verify_all()
    assert (found.appeals, found.entries, found.broken) == (3, 12, [appeals[2].number])
