"""Limits that a household never meets, a trap that nobody real falls into, and appeals that are held for staff."""

import re
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from appeals import casework, gate
from appeals.models import Appeal, Draft
from portal import throttle
from tests.appeals.citizen import TEXT, Citizen, errors, field, picture, values

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LIST = "/admin/appeals/appeal/"
HASTE = gate.HASTE


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = time.time()

    monkeypatch.setattr(throttle.time, "time", lambda: Clock.now)
    return Clock


def test_ten_people_behind_one_address_meet_no_limit(clock):
    """Each writes for a quarter of an hour, saves four times a minute, mistypes three times, and sends."""
    people = [Citizen() for _ in range(10)]
    rounds = 15
    for minute in range(rounds):
        for person in people:
            for _ in range(4 if minute in {0, rounds - 1} else 1):  # The bucket is emptiest after a full minute.
                assert person.client.post(person.url("write/save/"), values()).status_code == 200
        clock.now += 60
    for person in people:
        assert person.write().status_code == 302
        for _ in range(3):
            wrong = person.client.post(person.url("check/"), person.captcha(wrong=True) | {"send": "1"})
            assert "do not match" in errors(wrong)["captcha"]
    for person in people:
        assert person.send(picture()).status_code == 302
    assert set(Appeal.objects.values_list("held", flat=True)) == {""}


def until_refused(act, most: int):
    for done in range(most):
        response = act()
        if response.status_code == 429:
            return done, response
    raise AssertionError(f"nobody stopped it within {most}")


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_program_that_saves_without_pause_is_told_to_wait_and_keeps_its_text(language, clock):
    citizen = Citizen(language)
    citizen.write(values(stay="1"))
    stored = Draft.objects.get().box
    done, response = until_refused(lambda: citizen.write(values(stay="1")), 30)
    assert done == 20
    assert bytes(Draft.objects.get().box) != bytes(stored)
    typed = values(stay="1", text=f"{TEXT} Боз як ҷумла.")
    response = citizen.write(typed)
    assert (response.status_code, response["Retry-After"]) == (429, "5")
    assert field(response, "text") == typed["text"]
    assert field(response, "surname") == "Раҳимов"
    assert gate_sentence(language, 5) in response.content.decode()
    clock.now += 5
    assert citizen.write(typed).status_code == 200
    assert Draft.objects.count() == 1


def gate_sentence(language: str, wait: float) -> str:
    with override(language):
        return throttle.sentence(wait)


def test_a_long_wait_is_told_in_minutes():
    assert gate_sentence("en", 99.2).endswith("in: 2 min.")
    assert gate_sentence("en", 0.2).endswith("in: 1 s.")


def test_a_program_that_refuses_cookies_makes_no_drafts_without_end(clock):
    done, response = until_refused(lambda: Citizen().write(values(stay="1")), 60)
    assert done == Draft.objects.count() == 40
    assert field(response, "text") == TEXT


def test_pictures_are_limited(clock):
    citizen = Citizen()
    citizen.write()
    done, response = until_refused(lambda: citizen.client.get(citizen.url("check/")), 120)
    assert done == 100
    assert gate_sentence("en", 3) in response.content.decode()
    assert "captcha_1" not in response.content.decode()
    assert TEXT in response.content.decode()
    clock.now += 3
    assert citizen.client.get(citizen.url("check/")).status_code == 200


def test_answers_are_limited_for_each_draft_even_right_ones(clock):
    citizen = Citizen()
    citizen.write()
    check = citizen.url("check/")
    done, response = until_refused(lambda: citizen.client.post(check, {"send": "1", "captcha_1": "1"}), 20)
    assert (done, response["Retry-After"]) == (12, "20")
    assert citizen.send(picture()).status_code == 429
    assert Appeal.objects.count() == 0
    clock.now += 20
    assert citizen.send().status_code == 302, "the signature was kept"


def test_answers_are_limited_for_each_network():
    def guess():
        citizen = Citizen()
        citizen.write()
        for _ in range(4):
            response = citizen.client.post(citizen.url("check/"), {"send": "1", "captcha_1": "1"})
        return response

    done, _response = until_refused(guess, 20)
    assert done == 15
    other = Citizen(client=Client(REMOTE_ADDR="10.9.8.7"))
    other.appeal()


def test_sending_is_limited_and_the_draft_stays(monkeypatch, clock):
    monkeypatch.setattr(gate, "SENDS_OF_A_NETWORK", {"burst": 1, "seconds": 20})
    Citizen().appeal()
    citizen = Citizen()
    citizen.write()
    response = citizen.send(picture())
    assert (response.status_code, response["Retry-After"]) == (429, "20")
    assert TEXT in response.content.decode()
    clock.now += 20
    assert citizen.send().status_code == 302


def test_a_cache_that_fails_stops_nobody(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"LOCATION": tmp_path / "file"}}
    Citizen().appeal(look=True)


def test_who_comes_without_an_address_is_not_counted_with_all_others(rf):
    request = rf.get("/", REMOTE_ADDR="")
    assert not any(gate.before_sending(request) for _ in range(200))


# Held appeals ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(client, officer):
    client.force_login(officer)
    return client


def test_nobody_is_shown_the_trap():
    page = Citizen().client.get("/tg/appeals/write/").content.decode()
    trap = re.search(r"<div hidden>.*?</div>", page, re.DOTALL)[0]
    assert f'name="{gate.HONEYPOT}"' in trap
    assert 'tabindex="-1" autocomplete="off"' in trap
    assert page.count(f'name="{gate.HONEYPOT}"') == 1


def test_who_fills_in_the_trap_gets_a_number_like_anybody_and_is_held(mailoutbox):
    caught, other = Citizen(), Citizen()
    caught.write(values(comment="Buy now", stay="1", email="caught@example.org"))
    assert "Buy now" not in caught.client.get(caught.url("write/")).content.decode()
    number, _code = caught.appeal(values(email="caught@example.org"))
    other.appeal(values(email="other@example.org"))
    appeal = Appeal.objects.get(number=number)
    assert (appeal.held, appeal.journal.get().detail["held"]) == ("honeypot", ["honeypot"])
    assert Appeal.objects.exclude(number=number).get().held == ""
    first, second = (letter.body for letter in mailoutbox)
    assert first.replace(number, "N") == second.replace(other.receipt()[0], "N")


def test_who_sends_within_seconds_is_held_and_who_takes_longer_is_not(monkeypatch):
    monkeypatch.setattr(gate, "HASTE", HASTE)
    quick, slow = Citizen(), Citizen()
    quick.appeal()
    slow.write()
    later = timezone.now() + timedelta(seconds=HASTE)
    monkeypatch.setattr(gate.timezone, "now", lambda: later)
    slow.send(picture())
    assert list(Appeal.objects.order_by("id").values_list("held", flat=True)) == ["haste", ""]


def test_the_time_counts_from_the_first_saving(monkeypatch):
    citizen = Citizen()
    citizen.write(values(stay="1"))
    early = timezone.now()
    citizen.write()
    monkeypatch.setattr(gate, "HASTE", 60)
    later = early + timedelta(seconds=60)
    monkeypatch.setattr(gate.timezone, "now", lambda: later)
    citizen.send(picture())
    assert Appeal.objects.get().held == ""


def test_unusually_many_from_one_network_are_taken_and_held(monkeypatch):
    monkeypatch.setattr(gate, "UNUSUALLY_MANY", {"burst": 2, "seconds": 120})
    for _ in range(3):
        Citizen().appeal()
    Citizen(client=Client(REMOTE_ADDR="10.9.8.7")).appeal()
    assert list(Appeal.objects.order_by("id").values_list("held", flat=True)) == ["", "", "many", ""]


@pytest.fixture
def held():
    citizen = Citizen()
    citizen.write(values(comment="x"))
    citizen.send(picture())
    return Appeal.objects.get()


def test_a_held_appeal_is_registered_only_after_release(held, officer):
    with pytest.raises(casework.Refused, match="release it first"):
        casework.register(held, officer)
    casework.release(held, officer)
    with pytest.raises(casework.Refused, match="is not held"):
        casework.release(held, officer)
    casework.register(held, officer)
    entries = list(held.journal.values_list("action", "actor__username", "detail"))
    assert entries[1] == ("released", "officer", {"held": ["honeypot"]})
    assert casework.chain_is_whole(held)


def test_release_needs_the_right(held, django_user_model):
    with pytest.raises(PermissionDenied):
        casework.release(held, django_user_model.objects.create_user("stranger", is_staff=True))


def test_staff_see_why_an_appeal_is_held_and_release_it(held, staff):
    Citizen().appeal()
    english = {"Accept-Language": "en"}
    page = staff.get(f"{LIST}{held.pk}/change/", headers=english).content.decode()
    assert "a field that nobody is shown was filled in" in page
    assert 'value="Register"' not in page
    assert held.number in staff.get(LIST + "?queue=held", headers=english).content.decode()
    assert held.number not in staff.get(LIST + "?queue=new", headers=english).content.decode()
    staff.post(f"{LIST}{held.pk}/release/")
    held.refresh_from_db()
    assert held.held == ""
    page = staff.get(f"{LIST}{held.pk}/change/", headers=english).content.decode()
    assert 'value="Register"' in page
    assert "Released to be registered" in page


def test_many_are_released_at_once(held, staff):
    staff.post(LIST, {"action": "release_selected", "_selected_action": [held.pk], "confirm": "1"})
    held.refresh_from_db()
    assert held.held == ""


def test_the_citizen_does_not_see_that_the_appeal_is_held():
    citizen = Citizen()
    citizen.write(values(comment="x"))
    citizen.send(picture())
    number, code = citizen.receipt()
    citizen.client.post(citizen.url("track/"), {"number": number, "code": code})
    page = citizen.client.get(citizen.url("case/")).content.decode()
    assert number in page
    assert "held" not in page.lower()
