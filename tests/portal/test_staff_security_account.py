"""“Account and security”: setting up, codes, confirming who one is; and the texts of these pages."""

import json
import math
import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from portal.staff import factors
from portal.staff.proof import needs_proof, recently_proved

from .staff import PASSWORD, SEED, app_code, browser, give_app, is_in, pass_time, person, sign_in, signed_in

pytestmark = pytest.mark.django_db
APP, CODES, CONFIRM = "/admin/account/app/", "/admin/account/codes/", "/admin/account/confirm/"


def with_app(user):
    """A browser in which ``user`` has signed in with both factors, and has a code still to use."""
    give_app(user)
    client = browser()
    sign_in(client)
    assert client.post("/admin/login/second/", {"code": app_code()}).status_code == 302
    return client


def test_the_picture_is_drawn_in_the_page_and_the_key_is_beside_it():
    client = signed_in(person())
    page = client.get(APP).content.decode()
    assert "<svg" in page and "data:" not in page and " style=" not in page
    seed = factors.unseal(client.session["app_seed"])
    assert factors.readable(seed) in page
    assert factors.address(seed, client.get(APP).wsgi_request.user).startswith("otpauth://totp/")
    assert str(seed) not in str(dict(client.session)), "sealed in the session too"


@pytest.mark.parametrize("code", ["000000", "", "abc", "1" * 13, "٠٠٠٠٠٠"])
def test_an_app_counts_only_after_its_first_code(code):
    user = person()
    client = signed_in(user)
    client.get(APP)
    before = client.session["app_seed"]
    page = client.post(APP, {"code": code})
    assert page.status_code == 200 and "errorlist" in page.content.decode()
    assert not user.factors.exists()
    assert factors.unseal(client.session["app_seed"]) == factors.unseal(before), "the picture stays as it was scanned"


def test_codes_are_shown_once_and_new_ones_end_the_old():
    user = person()
    client = signed_in(user)
    client.get(APP)
    seed = factors.unseal(client.session["app_seed"])
    page = client.post(APP, {"code": app_code(seed=seed)})
    old = re.findall(r"<code>((?:[a-z2-9]{4}-){6}[a-z2-9]{4})</code>", page.content.decode())
    assert len(set(old)) == 10 and "no-store" in page["Cache-Control"]
    assert old[0] not in client.get("/admin/account/").content.decode()
    assert "Codes left: 10" in client.get("/admin/account/").content.decode()
    new = re.findall(r"<code>([a-z2-9-]{34})</code>", client.post(CODES).content.decode())
    assert factors.use_code(user, old[0]) == "" and factors.use_code(user, new[0]) == "code"


def test_with_the_last_factor_its_recovery_codes_go():
    user = person()
    client = with_app(user)
    factors.new_codes(user)
    client.post(f"/admin/account/remove/{user.factors.get(kind='app').pk}/")
    assert not user.factors.exists() and is_in(client)
    assert user.security_events.first().kind == "removed"


def test_nobody_removes_the_factor_of_another():
    other = person("rustam")
    give_app(other)
    assert signed_in(person()).post(f"/admin/account/remove/{other.factors.get().pk}/").status_code == 404
    assert other.factors.exists()


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "x", "\x00", '{"id": "a", "rawId": "a", "response": {}, "type": "public-key"}']
)
def test_a_made_up_passkey_is_refused_without_a_fault(answer):
    user = person()
    client = signed_in(user)
    page = client.get("/admin/account/passkey/").content.decode()
    options = json.loads(re.search(r'<script id="passkey-options"[^>]*>(.*?)</script>', page)[1])
    assert options["publicKey"]["rp"]["id"] == "testserver"
    assert client.post("/admin/account/passkey/", {"name": "key", "credential": answer}).status_code == 200
    give_app(user)
    fresh = browser()
    sign_in(fresh)
    assert fresh.post("/admin/login/second/", {"credential": answer}).status_code == 200
    assert not user.factors.filter(kind="passkey").exists() and not is_in(fresh)


# Confirming who one is -----------------------------------------------------------------------------------------------

GRAVE = [APP, "/admin/account/passkey/"]


@pytest.mark.parametrize("address", GRAVE)
def test_five_minutes_after_signing_in_one_is_asked_again_and_comes_back(address):
    client = signed_in(person())
    assert client.get(address).status_code == 200
    pass_time(minutes=6)
    asked = client.get(f"{address}?a=b")
    assert asked["Location"].startswith(CONFIRM)
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 200
    back = client.post(asked["Location"], {"password": PASSWORD})
    assert back["Location"] == f"{address}?a=b"
    assert client.get(address).status_code == 200


def test_a_code_or_the_password_will_do():
    user = person()
    client = with_app(user)
    for given in ({"code": app_code(1)}, {"password": PASSWORD}):
        pass_time(minutes=6)
        assert client.get(APP).status_code == 302
        assert client.post(CONFIRM, given).status_code == 302
        assert client.get(APP).status_code == 200
    assert list(user.security_events.filter(kind="confirmed").values_list("detail", flat=True)) == ["password", "app"]


def test_confirming_changes_the_cookie_and_the_one_before_is_nobody_s():
    client = signed_in(person())
    stolen = browser()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post(CONFIRM, {"password": PASSWORD})
    assert client.get(APP).status_code == 200
    assert stolen.get("/admin/").status_code == 302


def test_a_recovery_code_is_too_long_to_be_guessed():
    assert (codes := factors.new_codes(person())) and len(set(codes)) == 10
    assert len(factors.plain(codes[0])) * math.log2(len(factors.ALPHABET)) >= 128


def test_a_button_that_was_pressed_leads_back_to_its_page():
    client = with_app(person())
    pass_time(minutes=6)
    asked = client.post(CODES, headers={"referer": "http://testserver/admin/account/?x=1"})
    assert asked["Location"] == f"{CONFIRM}?next=%2Fadmin%2Faccount%2F%3Fx%3D1"
    page = client.get(asked["Location"]).content.decode()
    assert "press the button again" in page


@pytest.mark.parametrize("referer", ["https://evil.example/admin/", "", "http://testserver//evil.example/"])
def test_confirming_leads_to_no_other_site(referer):
    client = with_app(person())
    pass_time(minutes=6)
    asked = client.post(CODES, headers={"referer": referer})
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == "/admin/"


def test_guessing_is_stopped_here_too():
    client = signed_in(person())
    for _ in range(5):
        client.post(CONFIRM, {"password": "wrong"})
    assert "Please wait" in client.post(CONFIRM, {"password": PASSWORD}).content.decode()


def test_a_session_of_which_nothing_is_known_has_proved_nothing(client):
    client.force_login(person())
    assert client.get("/admin/").status_code == 200
    assert client.get(APP)["Location"].startswith(CONFIRM)


def test_other_apps_use_the_same_question():
    @needs_proof
    def export(_request):
        return HttpResponse("names")

    client = signed_in(person())
    request = client.get("/admin/").wsgi_request
    assert recently_proved(request) and export(request).content == b"names"
    pass_time(minutes=6)
    request = client.get("/admin/account/").wsgi_request
    assert not recently_proved(request) and export(request).status_code == 302
    nobody = RequestFactory().get("/admin/x/")
    nobody.user = type("Nobody", (), {"is_authenticated": False})()
    assert not recently_proved(nobody)


# The pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_pages_are_in_each_language_without_inline_code(language):
    user = person()
    client = with_app(user)
    client.cookies["django_language"] = language
    addresses = ["/admin/", "/admin/account/", APP, "/admin/account/passkey/", CONFIRM, "/admin/account/begin/"]
    for address in addresses:
        page = client.get(address)
        text = page.content.decode()
        assert page.status_code == 200 and f'lang="{language}"' in text
        assert " style=" not in text and " onclick=" not in text and "<style" not in text
        assert "no-store" in page["Cache-Control"]
    assert factors.plain(SEED.hex()) not in text


def test_the_login_page_can_be_read_in_each_language():
    client = browser(language="tg")
    page = client.get("/admin/login/").content.decode()
    assert all(f'value="{code}" lang="{code}"' in page for code in ("tg", "ru", "en"))
