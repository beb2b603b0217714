"""The supervisors' pages: proposing, approving, declining, holding; and the page with a new tracking code."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from appeals.models import Appeal, ErasureProposal
from tests.appeals.citizen import TEXT
from tests.appeals.ended import answered, person, yesterday

pytestmark = pytest.mark.django_db
PROPOSALS = "/admin/appeals/erasureproposal/"
APPEALS = "/admin/appeals/appeal/"


def desk(name: str, role: str = "Appeals supervisor") -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person(name, role))
    return client


def text(page) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.content.decode()).split())


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_erase_and_every_page_says_so():
    appeal, _code = answered()
    first, second = desk("first"), desk("second")
    shown = text(first.get(f"{PROPOSALS}add/"))
    assert "Outcome Appeals answered 1" in shown
    proposal = first.post(f"{PROPOSALS}add/", {"until": yesterday()})["Location"].removesuffix("change/")
    assert "Somebody else has to approve" in text(first.get(f"{proposal}change/"))
    assert "Somebody else has to approve" in text(first.post(f"{proposal}approve/"))
    page = text(second.get(f"{proposal}change/"))
    assert "Erased: 0. Waiting: 1. Left as they are: 0." in page and appeal.number in page
    assert second.post(f"{proposal}approve/").status_code == 302
    call_command("erase_appeals")
    assert "Erased: 1. Waiting: 0." in text(second.get(f"{proposal}change/"))
    assert "erased" in text(second.get(PROPOSALS))
    page = second.get(f"{APPEALS}{appeal.pk}/change/")
    assert TEXT not in page.content.decode()
    assert "What was sent and written is erased." in text(page)
    assert f'href="{proposal}change/"' in page.content.decode()
    assert '<strong id="status">erased</strong>' in page.content.decode()
    assert 'field-state">answered' not in second.get(f"{APPEALS}?queue=all").content.decode()


def test_a_proposal_is_declined_with_a_reason():
    answered()
    first, second = desk("first"), desk("second")
    proposal = first.post(f"{PROPOSALS}add/", {"until": yesterday()})["Location"].removesuffix("change/")
    refused = second.post(f"{proposal}decline/", {"reason": ""})
    assert refused.status_code == 200 and 'id="id_reason_error"' in refused.content.decode()
    second.post(f"{proposal}decline/", {"reason": "Бояд боз санҷида шавад"})
    page = text(first.get(f"{proposal}change/"))
    assert "declined" in page and "Бояд боз санҷида шавад" in page


@pytest.mark.parametrize("until", ["", "soon", "2999-01-01"])
def test_an_odd_day_gets_a_sentence_beside_its_field(until):
    answered()
    page = desk("first").post(f"{PROPOSALS}add/", {"until": until})
    assert page.status_code == 200 and 'id="id_until_error"' in page.content.decode()
    assert not ErasureProposal.objects.exists()


def test_a_hold_is_put_and_lifted_on_the_appeal_s_page():
    appeal, _code = answered()
    boss = desk("boss")
    page = f"{APPEALS}{appeal.pk}/"
    refused = boss.post(f"{page}hold/", {"reason": " "})
    assert refused.status_code == 200 and 'id="id_reason_error"' in refused.content.decode()
    boss.post(f"{page}hold/", {"reason": "Парванда дар суд"})
    shown = text(boss.get(f"{page}change/"))
    assert "on hold since" in shown and "Парванда дар суд" in shown
    again = boss.post(f"{page}hold/", {"reason": "Боз"})
    assert "on hold already" in text(again)
    boss.post(f"{page}lift/")
    assert "on hold since" not in text(boss.get(f"{page}change/"))


@pytest.mark.parametrize(
    ("role", "may_see", "may_act"),
    [
        ("Appeals supervisor", True, True),
        ("Auditor", True, False),
        ("Appeals officer", False, False),
        ("Press chief", False, False),
    ],
)
def test_each_role_sees_and_does_what_is_its_own(role, may_see, may_act):
    appeal, _code = answered()
    place = desk("first").post(f"{PROPOSALS}add/", {"until": yesterday()})["Location"].removesuffix("change/")
    client = desk("who", role)
    assert (client.get(PROPOSALS).status_code == 200) == may_see
    assert (client.get(f"{place}change/").status_code == 200) == may_see
    assert (client.get(f"{PROPOSALS}add/").status_code == 200) == may_act
    assert (client.post(f"{APPEALS}{appeal.pk}/hold/", {"reason": "Суд"}).status_code == 302) == may_act
    assert (client.post(f"{place}approve/").status_code == 302) == may_act
    proposal = ErasureProposal.objects.get()
    assert (proposal.status == "approved") == may_act
    for address in (f"{place}delete/", f"{place}history/"):
        client.post(address, {"post": "yes"})
    assert ErasureProposal.objects.exists()


def test_deciding_needs_a_post_with_a_token():
    answered()
    place = desk("first").post(f"{PROPOSALS}add/", {"until": yesterday()})["Location"].removesuffix("change/")
    second = person("second")
    for strict, expected in ((False, 405), (True, 403)):
        client = Client(enforce_csrf_checks=strict)
        client.force_login(second)
        done = client.post(f"{place}approve/") if strict else client.get(f"{place}approve/")
        assert done.status_code == expected
    assert ErasureProposal.objects.get().status == "proposed"


def test_a_new_tracking_code_is_on_its_page_alone():
    appeal, _old = answered()
    boss = desk("boss")
    page = boss.post(f"{APPEALS}{appeal.pk}/step/", {"step": "replace_code", "text": "Шиноснома А 1234567"})
    code = re.search(r'id="new-code">([^<]+)', page.content.decode())[1]
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    kept = [cookie.OutputString() for cookie in boss.cookies.values()]
    kept += [str(session.get_decoded()) for session in Session.objects.all()]
    assert not any(code in where for where in kept)
    assert code not in boss.get(f"{APPEALS}{appeal.pk}/change/").content.decode()
    opened = Client().post("/en/appeals/track/", {"number": appeal.number, "code": code})
    assert opened.status_code == 302
    assert Appeal.objects.filter(tracking_hash__contains=code).count() == 0
