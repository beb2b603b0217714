"""Who gave an e-mail address is told of each step; a letter holds no word of the appeal and never the code."""

import pytest
from django.core import mail

from appeals import casework
from appeals.models import Appeal
from tests.appeals.citizen import TEXT, Citizen, errors, values

pytestmark = pytest.mark.django_db

ADDRESS = "jamshed@example.tj"


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_each_step_is_told_in_the_language_of_the_appeal(language, officer):
    number, code = Citizen(language).appeal(values(email=ADDRESS))
    appeal = Appeal.objects.get()
    casework.register(appeal, officer)
    casework.ask(appeal, officer, "Савол")
    casework.answer(appeal, officer, "Ҷавоб")
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]] * 4
    for letter in mail.outbox:
        assert number in letter.subject
        assert f"/{language}/appeals/track/" in letter.body
        said = letter.subject + letter.body
        assert all(word not in said for word in (code, code.replace("-", ""), TEXT, "Раҳимов", "Савол", "Ҷавоб"))
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
