"""Who gave an e-mail address is told of each step; a letter holds no word of the appeal and never the code."""

from datetime import date
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from django.core import mail

from appeals import casework, letters, tracking
from appeals.article21 import Verdict
from appeals.casework import Action
from appeals.content import Content
from appeals.models import Appeal, Department
from tests.appeals.citizen import TEXT, Citizen, errors, values

pytestmark = pytest.mark.django_db

ADDRESS = "jamshed@example.tj"


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_each_step_is_told_in_the_language_of_the_appeal(language, officer):
    number, code = Citizen(language).appeal(values(email=ADDRESS))
    appeal = Appeal.objects.get()
    casework.register(appeal, officer)
    casework.ask(appeal, officer, "Савол")
    casework.answer(appeal, officer, "Таъмир мешавад")
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]] * 4
    for letter in mail.outbox:
        assert number in letter.subject
        assert f"/{language}/appeals/track/" in letter.body
        said = letter.subject + letter.body
        assert all(word not in said for word in (code, code.replace("-", ""), TEXT, "Раҳимов", "Савол", "Таъмир"))
    assert len({letter.body for letter in mail.outbox}) == 4


def test_without_an_address_nothing_is_sent(officer):
    Citizen().appeal()
    casework.register(Appeal.objects.get(), officer)
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["a)b@host", "a@host.", "a@" + "b" * 64 + ".tj", "a b@c.tj", "a@b", "x@127.0.0.1"])
def test_an_address_to_which_nothing_can_be_sent_is_told_beside_its_field(address):
    assert "email" in errors(Citizen().write(values(email=address)))


def test_a_step_that_is_refused_sends_nothing(officer):
    Citizen().appeal(values(email=ADDRESS))
    mail.outbox.clear()
    with pytest.raises(casework.Refused):
        casework.answer(Appeal.objects.get(), officer, "Ҷавоб")
    assert mail.outbox == []


OUTCOMES = {
    "received, examined": (Action.RECEIVED, Verdict.EXAMINED),
    "received, for an officer": (Action.RECEIVED, Verdict.FOR_OFFICER),
    "received, anonymous with a crime": (Action.RECEIVED, Verdict.ANONYMOUS_CRIME),
} | {str(action): (action, Verdict.EXAMINED) for action in letters.STEPS}
# Who reads somebody's mail must not learn that the appeal told of a crime.
CRIME = ("ҷино", "преступ", "crime")


def letter(appeal, action, verdict, language):
    appeal.language, appeal.verdict = language, verdict
    appeal.due_on = appeal.wait_until = date(2026, 12, 27)
    mail.outbox.clear()
    letters.tell(appeal, Content(email=ADDRESS, text=TEXT, surname="Раҳимов"), action)
    return mail.outbox.pop()


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_each_outcome_has_a_letter_of_its_own(language, officer):
    number, code = Citizen().appeal(values(email=ADDRESS))
    appeal = Appeal.objects.get()
    written = {name: letter(appeal, *outcome, language) for name, outcome in OUTCOMES.items()}
    assert (
        len({one.subject for one in written.values()}) == len({one.body for one in written.values()}) == len(OUTCOMES)
    )
    for name, one in written.items():
        said = one.subject + one.body
        assert number in one.subject, name
        assert number in one.body, name
        assert f"/{language}/appeals/track/" in one.body
        assert all(word not in said for word in (code, TEXT, "Раҳимов", "%(", ADDRESS)), name
        assert not any(word in said.lower() for word in CRIME), name
        assert str(make_header(decode_header(one.message()["Subject"]))) == one.subject


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_no_letter_is_left_in_another_language(language, officer):
    Citizen().appeal(values(email=ADDRESS))
    appeal = Appeal.objects.get()
    for name, outcome in OUTCOMES.items():
        others = [letter(appeal, *outcome, other).subject for other in {"tg", "ru", "en"} - {language}]
        assert letter(appeal, *outcome, language).subject not in others, name


def test_tajik_letters_survive_in_the_header(officer):
    Citizen().appeal(values(email=ADDRESS))
    sent = letter(Appeal.objects.get(), Action.NOT_EXAMINED, Verdict.EXAMINED, "tg")
    received = message_from_bytes(sent.message().as_bytes())
    subject = str(make_header(decode_header(received["Subject"])))
    assert subject == sent.subject
    assert "қарор" in subject


def test_every_step_that_the_applicant_does_not_take_himself_is_told(registrar):
    """From the first to the last, through ``casework``; and what needs care: taken back, opened again, a new code."""
    number, code = Citizen().appeal(values(email=ADDRESS))
    appeal, key = Appeal.objects.get(), tracking.open_case(number, code).key
    mail.outbox.clear()
    casework.register(appeal, registrar)
    casework.assign(appeal, registrar, Department.objects.create(name_tg="Раёсат"))
    casework.extend(appeal, registrar, 5, "Сабаб")
    casework.ask(appeal, registrar, "Савол")
    casework.add(appeal, key, "Ҷавоби ман")
    casework.answer(appeal, registrar, "Ҷавоб")
    casework.rate(appeal, key, False, "Кай?")
    casework.replace_code(appeal, registrar, "Шиноснома")
    casework.withdraw(appeal, key, "")
    told = [one.subject for one in mail.outbox]
    assert len(told) == len(set(told)) == 8
    assert all(word not in one.body for one in mail.outbox for word in ("Раёсат", "Сабаб", "Савол", "Кай?", "Шинос"))


def test_the_letter_of_a_question_leads_to_what_is_to_be_mended(officer):
    Citizen().appeal(values(email=ADDRESS))
    casework.register(Appeal.objects.get(), officer)
    casework.ask(Appeal.objects.get(), officer, "Савол", "address")
    assert "/en/appeals/track/?next=mend" in mail.outbox[-1].body
