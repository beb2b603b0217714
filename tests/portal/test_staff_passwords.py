"""Which passwords somebody of the staff may choose, and that they are kept as they were typed."""

import io
from datetime import timedelta

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from portal import settings as portal_settings
from portal.models import SecurityEvent

from .staff import PASSWORD, app_code, browser, give_app, is_in, person, sign_in, signed_in

pytestmark = pytest.mark.django_db
GOOD = [
    "830172649158",  # digits alone
    "correct horse battery staple",
    "гурба бар шохи баланд",
    "x" + "яҷ9 " * 30 + "x",  # 122 characters
    "  спереди и сзади пробелы  ",
    "president eats green apples",
    "!!!!????....;;;;",
]
GIVEN = "lapis-lazuli-and-copper"
BAD = [
    "Elefant-Bot",  # 11 characters
    "passwordpassword",
    "qwertyuiop123",
    "Dushanbe-2026!",
    "Президент2026",
    "тоҷикистон1991",
    "Press.Service.2026",
    "Parvina-2026!!",
]


def change(client, new, old=PASSWORD):
    typed = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/admin/password_change/", typed)


@pytest.mark.parametrize("password", GOOD)
def test_any_kind_of_characters_will_do_and_every_one_counts(password):
    client = signed_in(person())
    assert change(client, password).status_code == 302
    for wrong in (password.swapcase(), password[:-1], password.strip()):
        if wrong != password:
            sign_in(elsewhere := browser(network="198.51.100.9"), password=wrong)
            assert not is_in(elsewhere)
    assert is_in(client)
    sign_in(again := browser(), password=password)
    assert is_in(again)


@pytest.mark.parametrize("password", BAD)
def test_what_is_tried_first_is_refused_beside_its_field(password):
    client = signed_in(person())
    page = change(client, password)
    assert page.status_code == 200 and "new_password2" in page.context["form"].errors
    sign_in(again := browser(), password=password)
    assert not is_in(again)


def test_a_new_password_asks_for_the_one_before():
    client = signed_in(person())
    assert "old_password" in change(client, GOOD[0], old="wrong").context["form"].errors
    assert "old_password" in change(client, GOOD[0], old="").context["form"].errors


def test_no_password_is_shown_and_managers_may_fill_it_in():
    pages = [browser().get("/admin/login/"), signed_in(person()).get("/admin/password_change/")]
    for page, fields in zip(pages, (1, 3), strict=True):
        text = page.content.decode()
        assert text.count('type="password"') == fields
        assert text.count('autocomplete="current-password"') == 1 and 'autocomplete="off"' not in text
        assert text.count('autocomplete="new-password"') == fields - 1
        assert "onpaste" not in text


def test_passwords_are_stored_by_a_slow_hash():
    assert not hasattr(portal_settings, "PASSWORD_HASHERS"), (
        "Django's own list; the tests' quick one is not production's"
    )
    assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    assert PBKDF2PasswordHasher.iterations >= 600_000


# A password that somebody else gave ----------------------------------------------------------------------------------


@pytest.fixture
def root(settings):
    settings.SECOND_FACTOR = "optional"
    return signed_in(User.objects.create_superuser("root", password=PASSWORD))


def give(root, user, password=GIVEN):
    typed = dict.fromkeys(("password1", "password2"), password) | {"usable_password": "true"}
    assert root.post(f"/admin/auth/user/{user.pk}/password/", typed).status_code == 302


def comes_in(password=GIVEN):
    """Signed in with password and app."""
    client = browser()
    sign_in(client, password=password)
    client.post("/admin/login/second/", {"code": app_code()})
    return client


def test_a_password_from_an_administrator_opens_nothing_but_the_page_for_a_new_one(root, settings):
    user = person()
    give_app(user)
    give(root, user)
    assert (user.security_events.first().kind, user.security_events.first().actor) == ("given", "root")
    settings.SECOND_FACTOR = "required"
    client = comes_in()
    for address in ("/admin/", "/admin/news/event/", "/admin/account/"):
        assert client.get(address)["Location"].startswith("/admin/password_change/?next="), address
    assert "Please choose a password of your own first" in client.get("/admin/", follow=True).content.decode()
    same = change(client, GIVEN, old=GIVEN)
    assert "present password" in str(same.context["form"].errors)
    assert change(client, GOOD[1], old=GIVEN).status_code == 302
    assert is_in(client)


def test_so_does_the_one_with_which_a_login_was_made(root, settings):
    # pragma: allowlist nextline secret - no password
    typed = {"username": "new", "usable_password": "true"} | dict.fromkeys(("password1", "password2"), GIVEN)
    assert root.post("/admin/auth/user/add/", typed).status_code == 302
    assert User.objects.get(username="new").security_events.get().kind == "given"


def test_the_first_login_has_to_choose_one_too(capsys):
    call_command("make_staff")
    assert User.objects.get().security_events.get().actor == "manage.py"


def test_who_gets_one_from_the_shell_has_to_choose_one_too(monkeypatch):
    user = person()
    monkeypatch.setattr("getpass.getpass", lambda prompt="": GIVEN)
    call_command("changepassword", "parvina", stdout=io.StringIO())
    user.refresh_from_db()
    assert user.check_password(GIVEN) and user.security_events.get().kind == "given"


@pytest.mark.parametrize(("days", "good"), [(6, True), (8, False)])
def test_it_is_good_for_a_week(root, settings, days, good):
    user = person()
    give_app(user)
    give(root, user)
    settings.SECOND_FACTOR = "required"
    old = timezone.now() - timedelta(days=days)
    with connection.cursor() as cursor:  # The record can only grow: this is done behind its back.
        cursor.execute("UPDATE portal_securityevent SET at = %s WHERE kind = 'given'", [old])
    page = sign_in(browser(), password=GIVEN)
    assert (page.status_code == 302) is good
    if not good:
        assert "ask your administrator for another" in page.content.decode()
        assert user.security_events.first().kind == "refused"


def test_an_own_password_stays_good(settings):
    user = person()
    give_app(user)
    settings.SECOND_FACTOR = "required"
    SecurityEvent.objects.create(kind="given", user=user)
    SecurityEvent.objects.create(kind="password", user=user)
    assert is_in(comes_in(PASSWORD))
