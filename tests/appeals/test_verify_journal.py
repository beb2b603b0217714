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
from tests.intruder import owning_the_database

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


HARM = {
    "changed": (lambda appeal: entry(appeal, 1).update(action="opened"), 2, chain.Fault.CHANGED),
    "detail": (lambda appeal: entry(appeal, 1).update(detail={"due_on": "2030-01-01"}), 2, chain.Fault.CHANGED),
    "rewritten": (lambda appeal: rewrite(appeal, 1), 3, chain.Fault.PREDECESSOR),
    "first removed": (lambda appeal: entry(appeal, 0).delete(), 1, chain.Fault.PREDECESSOR),
    "middle removed": (lambda appeal: entry(appeal, 2).delete(), 3, chain.Fault.PREDECESSOR),
    "last removed": (lambda appeal: entry(appeal, 3).delete(), 3, chain.Fault.CUT_OFF),
    "all removed": (lambda appeal: appeal.journal.all().delete(), 0, chain.Fault.EMPTY),
    "all removed with the head": (
        lambda appeal: (appeal.journal.all().delete(), set_head(appeal, "")), 0, chain.Fault.EMPTY,
    ),
    "head emptied": (lambda appeal: set_head(appeal, ""), 4, chain.Fault.FOREIGN_HEAD),
    "head of an older entry": (
        lambda appeal: set_head(appeal, appeal.journal.all()[1].hash), 4, chain.Fault.FOREIGN_HEAD,
    ),
    "head of nothing": (lambda appeal: set_head(appeal, F("digest")), 4, chain.Fault.CUT_OFF),
}  # fmt: skip


def set_head(appeal, head):
    Appeal.objects.filter(pk=appeal.pk).update(journal_head=head)


def rewrite(appeal, place):
    """As an intruder who knows the hash, but not that the next entry holds it."""
    row = entry(appeal, place)
    changed = row.get()
    changed.action = "opened"
    row.update(action="opened", hash=changed.computed_hash())


@pytest.mark.parametrize(("harm", "place", "fault"), HARM.values(), ids=HARM)
def test_the_first_broken_link_is_named_and_no_other_appeal(appeals, harm, place, fault):
    with owning_the_database():
        harm(appeals[1])
    left = list(appeals[1].journal.values_list("pk", flat=True))
    where = f", entry {place} (id {left[place - 1]})" if place else ""
    with pytest.raises(CommandError) as broken:
        call_command("verify_journal")
    assert str(broken.value) == f"Broken: {appeals[1].number}{where}: {fault}"
    assert broken.value.returncode == 1
    call_command("verify_journal", appeals[0].number, appeals[2].number)
    with pytest.raises(CommandError):
        call_command("verify_journal", appeals[1].number)


def test_a_step_after_the_end_was_cut_off_does_not_mend_the_chain(appeals, officer):
    with owning_the_database():
        entry(appeals[0], 3).delete()
    casework.read(appeals[0], officer)
    assert not casework.chain_is_whole(appeals[0])


def test_an_appeal_that_is_gone_with_its_journal_is_missed(appeals):
    with owning_the_database():
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
    with owning_the_database():
        entry(appeals[2], 1).update(action="opened")
    found = chain.verify_all()
    assert (found.appeals, found.entries, [one.number for one in found.broken]) == (3, 12, [appeals[2].number])
