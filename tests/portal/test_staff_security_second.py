"""The second step of signing in: codes that pass once, recovery codes, and what is closed without them."""

import pytest

from portal.models import Factor, SecurityEvent
from portal.staff import factors

from .staff import CHROME, app_code, browser, give_app, give_code, is_in, kinds, person, sign_in, signed_in

pytestmark = pytest.mark.django_db


def test_the_password_alone_opens_nothing_where_there_is_a_second_factor():
    user = person()
    give_app(user)
    client = browser()
    assert sign_in(client, then="/admin/news/")["Location"] == "/admin/login/second/?next=%2Fadmin%2Fnews%2F"
    assert not is_in(client)
    assert client.get("/admin/account/").status_code == 302
    assert give_code(client, app_code(), "/admin/news/")["Location"] == "/admin/news/"
    assert is_in(client)
    assert kinds(user) == ["signed_in", "new_device"]


@pytest.mark.parametrize("later", [0, 1])
def test_a_code_passes_once(later):
    give_app(person())
    code = app_code(later)
    first, second = browser(), browser(CHROME)
    sign_in(first)
    sign_in(second)
    assert give_code(first, f" {code[:3]} {code[3:]}").status_code == 302
    page = give_code(second, code)
    assert page.status_code == 200 and "was used already" in page.content.decode()
    assert not is_in(second)


def test_a_code_before_the_last_one_that_passed_is_refused():
    user = person()
    give_app(user)
    now, next_one = app_code(0), app_code(1)
    assert factors.use_code(user, next_one) == "app"
    assert factors.use_code(user, now) == ""


@pytest.mark.parametrize("code", ["000000", "", "٠٠٠٠٠٠", "12345", "aaaaa-aaaaa", "x" * 61, "\x00"])
def test_no_wrong_code_passes_and_none_is_a_fault(code):
    give_app(person())
    client = browser()
    sign_in(client)
    assert give_code(client, code).status_code == 200
    assert not is_in(client)


def test_guessing_codes_is_stopped():
    user = person()
    give_app(user)
    client = browser()
    sign_in(client)
    for _ in range(5):
        give_code(client, "000000")
    # Signing in anew, and from elsewhere, gives no more tries.
    client = browser(network="198.51.100.9")
    sign_in(client)
    page = give_code(client, app_code())
    assert "Please wait 5 min." in page.content.decode() and not is_in(client)


def test_a_recovery_code_passes_once_and_only_for_its_owner():
    user, other = person(), person("rustam")
    give_app(user)
    give_app(other)
    codes = factors.new_codes(user)
    assert factors.use_code(other, codes[0]) == ""
    client = browser()
    sign_in(client)
    assert give_code(client, codes[0].upper()).status_code == 302
    again = browser(CHROME)
    sign_in(again)
    assert give_code(again, codes[0]).status_code == 200 and not is_in(again)
    assert SecurityEvent.objects.filter(user=user, kind="signed_in").first().detail == "code"


def test_the_database_alone_gives_no_code():
    user = person()
    give_app(user)
    codes = factors.new_codes(user)
    kept = str(list(Factor.objects.values()))
    assert "twenty" not in kept and not any(code.replace("-", "") in kept for code in codes)


def test_a_new_secret_key_leaves_the_factors_working_as_long_as_the_old_one_is_named(settings):
    user = person()
    give_app(user)
    code = factors.new_codes(user)[0]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 50
    assert factors.use_code(user, code) == "code"
    assert factors.use_code(user, app_code()) == "app"
    settings.SECRET_KEY_FALLBACKS = []
    assert factors.use_code(user, app_code(1)) == ""


@pytest.mark.parametrize("change", ["password", "is_active", "late"])
def test_between_the_two_steps_nothing_may_change(change):
    user = person()
    give_app(user)
    client = browser()
    sign_in(client)
    if change == "password":
        user.set_password("Another-Horse-9")
        user.save()
    elif change == "is_active":
        user.is_active = False
        user.save()
    else:
        session = client.session
        session["second_factor"] |= {"at": session["second_factor"]["at"] - 601}
        session.save()
    assert give_code(client, app_code())["Location"].startswith("/admin/login/")
    assert not is_in(client)


# Required ------------------------------------------------------------------------------------------------------------

CLOSED = [
    "/admin/",
    "/admin/news/event/",
    "/admin/password_change/",
    "/admin/account/",
    "/admin/account/codes/",
    "/admin/nothing/",
    "/admin/jsi18n/",
]


@pytest.mark.parametrize("address", CLOSED)
def test_where_it_is_required_who_has_none_gets_nothing_but_the_setting_up(settings, address):
    settings.SECOND_FACTOR = "required"
    client = signed_in(person())
    assert client.get(address)["Location"].startswith("/admin/account/begin/?next=")
    assert client.post(address)["Location"].startswith("/admin/account/begin/?next=")


def test_where_it_is_required_it_is_set_up_at_the_first_sign_in(settings):
    settings.SECOND_FACTOR = "required"
    client = signed_in(person())
    page = client.get("/admin/", follow=True).content.decode()
    assert "Set up a second factor" in page and "/admin/news/event/" not in page
    client.get("/admin/account/app/")
    seed = factors.unseal(client.session["app_seed"])
    page = client.post("/admin/account/app/", {"code": app_code(seed=seed)}).content.decode()
    assert page.count("<li><code>") == 10
    assert is_in(client)


def test_a_session_from_before_the_factor_must_give_it_too():
    user = person()
    before = signed_in(user)
    give_app(user)
    for address in CLOSED:
        assert before.get(address)["Location"].startswith("/admin/login/second/?next=")
    assert before.get("/admin/account/app/")["Location"].startswith("/admin/login/second/")
    assert give_code(before, app_code())["Location"] == "/admin/"
    assert is_in(before)
