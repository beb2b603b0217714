"""An appeal whose time is over is erased when two people have said so, and never otherwise."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from appeals import casework, receipt, vault
from appeals.models import Appeal, ErasureItem, ErasureProposal
from portal.models import Message as Letter
from tests.appeals.citizen import TEXT, Citizen, crime, picture, values
from tests.appeals.ended import answered, approved, ended, person, yesterday

pytestmark = pytest.mark.django_db
# Here the command ends by emptying the database's log: that needs the database outside a transaction.
with_command = pytest.mark.django_db(transaction=True)
KEPT = (
    "number", "digest", "language", "applicant", "kind", "region", "status", "verdict", "grounds", "notes", "crime",
    "policy_version", "received_at", "registered_at", "due_on", "ended_at", "satisfied",
)  # fmt: skip


def erased(appeal: Appeal) -> bool:
    appeal.refresh_from_db()
    return appeal.erased_at is not None


# What is erased and what stays ----------------------------------------------------------------------------------------


@with_command
def test_words_files_messages_and_keys_are_erased_and_the_statistics_stay(capsys):
    appeal, _code = answered(values(attachments=[picture()]))
    before = Appeal.objects.values(*KEPT).get()
    assert appeal.files.count() == 2 and appeal.messages.count() == 1
    proposal = approved()
    call_command("erase_appeals")
    assert appeal.number in capsys.readouterr().out
    assert erased(appeal)
    assert Appeal.objects.values(*KEPT).get() == before
    assert (bytes(appeal.box), bytes(appeal.sealed_key), bytes(appeal.sealed_to_code)) == (b"", b"", b"")
    assert not appeal.files.exists() and not appeal.messages.exists()
    proposal.refresh_from_db()
    assert proposal.status == "done" and proposal.done_at


@with_command
def test_the_journal_says_who_proposed_and_who_approved_and_stays_whole():
    appeal, _code = answered()
    proposal = approved()
    call_command("erase_appeals")
    entry = appeal.journal.last()
    people = {"proposed_by": proposal.proposed_by_id, "approved_by": proposal.decided_by_id}
    assert (entry.action, entry.actor.username, entry.detail) == (
        "erased",
        "second",
        {"proposal": proposal.pk} | people,
    )
    assert casework.chain_is_whole(appeal)


@with_command
def test_the_code_opens_nothing_any_more_and_the_answer_is_that_to_a_wrong_code():
    appeal, code = answered()
    applicant, stranger = Client(), Client()
    asked = {"number": appeal.number, "code": code}
    assert applicant.post("/en/appeals/track/", asked).status_code == 302
    assert applicant.get("/en/appeals/case/").status_code == 200
    approved()
    call_command("erase_appeals")
    assert applicant.get("/en/appeals/case/").status_code == 302, "an open case is closed"
    said = [stranger.post("/en/appeals/track/", asked | {"code": tried}) for tried in (code, receipt.new_code())]
    for page in said:
        assert page.status_code == 200
        assert "There is no appeal with this number and this code" in page.content.decode()


@with_command
def test_a_receipt_is_genuine_after_the_erasure():
    appeal, _code = answered()
    approved()
    call_command("erase_appeals")
    page = Client().get("/en/appeals/verify/", {"number": appeal.number, "digest": appeal.digest}).content.decode()
    assert "<strong>Genuine.</strong>" in page


@with_command
def test_letters_that_wait_are_erased_and_those_of_other_appeals_are_not(settings):
    settings.TASKS_EAGER = False
    appeal, _code = answered(values(email="jamshed@example.tj"))
    other, _code = answered(values(email="other@example.tj"), days_ago=3)
    assert Letter.objects.filter(to="jamshed@example.tj").count() == 3
    approved()
    call_command("erase_appeals")
    assert erased(appeal) and not erased(other)
    assert not Letter.objects.filter(to="jamshed@example.tj").exists()
    assert Letter.objects.filter(to="other@example.tj", sent_at=None, failed_at=None).count() == 3


def test_two_letters_about_the_same_kind_of_step_are_both_sent(officer):
    Citizen().appeal(values(email="jamshed@example.tj"))
    appeal = Appeal.objects.get()
    casework.register(appeal, officer)
    mail.outbox.clear()
    casework.ask(appeal, officer, "Як")
    Appeal.objects.update(status="registered")
    casework.ask(appeal, officer, "Ду")
    assert len(mail.outbox) == 2


@with_command
def test_sealing_anew_passes_over_what_is_erased(settings, capsys):
    old, new = "a1" * 32, "b2" * 32
    settings.OFFICE_KEYS = [old]
    answered()
    approved()
    call_command("erase_appeals")
    Citizen().appeal()
    settings.OFFICE_KEYS = [new, old]
    call_command("reseal_appeals")
    assert "Sealed to the present key: 1" in capsys.readouterr().out


@with_command
def test_nothing_can_be_done_with_an_erased_appeal():
    appeal, _code = answered()
    approved()
    call_command("erase_appeals")
    boss = person("boss")
    for step in (
        lambda: casework.answer(appeal, boss, "Ҷавоб"),
        lambda: casework.replace_code(appeal, boss, "Шиноснома"),
        lambda: casework.put_on_hold(appeal, boss, "Суд"),
    ):
        with pytest.raises(casework.Refused):
            step()
    with pytest.raises(vault.Unreadable):
        casework.read(appeal, boss)


# When it is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "told", "days_ago", "is_due"),
    [
        ("answered", False, 1825, False),
        ("answered", False, 1826, True),
        ("not_examined", False, 1095, False),
        ("not_examined", False, 1096, True),
        ("withdrawn", False, 365, False),
        ("withdrawn", False, 366, True),
        ("answered", True, 3650, False),
        ("answered", True, 3651, True),
        ("registered", False, 9999, False),
    ],
)
def test_only_what_ended_and_whose_term_is_over_is_proposed(outcome, told, days_ago, is_due):
    appeal, _code = answered(crime() if told else None, days_ago, sign=not told)
    Appeal.objects.update(status=outcome)
    assert list(casework.due(yesterday())) == ([appeal] if is_due else [])
    if not is_due:
        with pytest.raises(casework.Refused):
            casework.propose(person("first"), yesterday())


@pytest.mark.parametrize(
    "change",
    [
        {"status": "registered", "ended_at": None},
        {"on_hold_since": timezone.now()},
        {"ended_at": timezone.now() - timedelta(days=1825)},
        {"ended_at": timezone.now() - timedelta(days=30)},
    ],
    ids=["open again", "on hold", "not due until tomorrow", "ended again"],
)
@with_command
def test_what_is_approved_is_judged_again_when_it_is_erased(change):
    appeal, _code = answered()
    proposal = approved()
    Appeal.objects.update(**change)
    with pytest.raises(casework.Refused):
        casework.erase(appeal, proposal)
    call_command("erase_appeals")
    assert not erased(appeal)
    assert ErasureItem.objects.get().result == ErasureItem.Result.LEFT
    assert appeal.files.exists()


def test_nothing_is_erased_without_two_people():
    appeal, _code = answered()
    first = person("first")
    proposal = casework.propose(first, yesterday())
    with pytest.raises(casework.Refused, match="Two people"):
        casework.erase(appeal, proposal)
    with pytest.raises(casework.Refused, match="Somebody else"):
        casework.approve(proposal, first)
    assert list(casework.work_off()) == []
    assert not erased(appeal)


def test_the_list_is_fixed_when_it_is_proposed():
    appeal, _code = answered()
    proposal = casework.propose(person("first"), yesterday())
    later, _code = answered()
    casework.approve(proposal, person("second"))
    proposal.refresh_from_db()
    with pytest.raises(casework.Refused):
        casework.erase(later, proposal)
    casework.erase(appeal, proposal)
    assert erased(appeal) and not erased(later)


def test_what_is_proposed_is_not_proposed_again_until_it_is_declined():
    answered()
    first, second = person("first"), person("second")
    proposal = casework.propose(first, yesterday())
    with pytest.raises(casework.Refused):
        casework.propose(second, yesterday())
    casework.decline(proposal, second, "Хато")
    with pytest.raises(casework.Refused, match="decided already"):
        casework.approve(proposal, second)
    assert casework.propose(second, yesterday()).items.count() == 1


def test_a_proposal_about_which_nobody_decides_expires():
    answered()
    first, second = person("first"), person("second")
    proposal = casework.propose(first, yesterday())
    ErasureProposal.objects.update(proposed_at=timezone.now() - timedelta(days=14))
    casework.expire()
    assert ErasureProposal.objects.get().status == "proposed"
    ErasureProposal.objects.update(proposed_at=timezone.now() - timedelta(days=15))
    with pytest.raises(casework.Refused, match="time to decide"):
        casework.approve(proposal, second)
    casework.expire()
    assert ErasureProposal.objects.get().status == "expired"
    assert casework.propose(second, yesterday())


def test_a_day_that_is_not_over_cannot_be_chosen():
    ended(answered()[0], 9999)
    with pytest.raises(casework.Refused, match="a day that is over"):
        casework.propose(person("first"), yesterday() + timedelta(days=1))


# The hold -------------------------------------------------------------------------------------------------------------


def test_a_hold_makes_an_approval_void_also_after_it_is_lifted():
    appeal, _code = answered()
    proposal, boss = approved(), person("boss")
    casework.put_on_hold(appeal, boss, "Парванда дар суд")
    assert not casework.due(yesterday()).exists()
    casework.lift_hold(appeal, boss)
    with pytest.raises(casework.Refused):
        casework.erase(appeal, proposal)
    assert list(casework.due(yesterday())) == [appeal], "it can be proposed anew"
    assert list(appeal.journal.values_list("action", flat=True))[-2:] == ["legal_hold", "hold_lifted"]


def test_the_reason_of_a_hold_is_encrypted_and_the_applicant_never_sees_it():
    appeal, code = answered()
    casework.put_on_hold(appeal, person("boss"), "Парванда дар суд")
    assert "Парванда" in str(casework.read(appeal, person("reader")).notes)
    assert "Парванда" not in str(list(appeal.journal.values_list("detail")))
    client = Client()
    client.post("/tg/appeals/track/", {"number": appeal.number, "code": code})
    page = client.get("/tg/appeals/case/").content.decode()
    assert TEXT in page and "Парванда" not in page


def test_rights_are_asked_for_each_step():
    appeal, _code = answered()
    officer = person("o", "Appeals officer")
    proposal = casework.propose(person("first"), yesterday())
    for step in (
        lambda: casework.put_on_hold(appeal, officer, "Суд"),
        lambda: casework.lift_hold(appeal, officer),
        lambda: casework.propose(officer, yesterday()),
        lambda: casework.approve(proposal, officer),
        lambda: casework.decline(proposal, officer, "Не"),
    ):
        with pytest.raises(PermissionDenied):
            step()
