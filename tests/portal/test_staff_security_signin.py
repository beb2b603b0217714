"""Signing in at /admin/: limits, the same reply for everybody, the second factor, the letter about a new browser."""

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache.backends.base import BaseCache
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, override

from portal.models import Message, SecurityEvent

from .staff import CHROME, app_code, browser, give_app, give_code, is_in, kinds, person, sign_in, signed_in

pytestmark = pytest.mark.django_db
WRONG = "not-the-password"
WAIT = "Too many attempts. Please wait %(minutes)s min. and try again: your login is not blocked."


class Counting(MD5PasswordHasher):
    """A hasher as good as the tests' own that counts how often it works."""

    count = 0

    def encode(self, password, salt):
        Counting.count += 1
        return super().encode(password, salt)


class Broken(BaseCache):
    def __init__(self, *_args):
        super().__init__({})

    def get(self, *_args, **_options):
        raise OSError("no cache")

    set = delete = add = get


def test_without_a_second_factor_the_password_opens_and_the_front_page_reminds():
    client = signed_in(person())
    page = client.get("/admin/").content.decode()
    assert "A second factor protects it better" in page
    assert 'href="/admin/account/"' in page


@pytest.mark.parametrize("login", ["parvina", "nobody", "closed", "reader"])
def test_the_reply_to_a_wrong_password_does_not_tell_who_exists(login, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    person()
    person("closed", is_active=False)
    person("reader").__class__.objects.filter(username="reader").update(is_staff=False)
    Counting.count = 0
    page = sign_in(browser(), login, WRONG)
    assert page.status_code == 200
    assert "Please enter the correct username and password for a staff account." in page.content.decode()
    assert Counting.count == 1, "as much work for a login that there is as for one that there is not"
    assert kinds() == ["refused"]


def test_what_was_typed_for_an_unknown_login_is_not_kept():
    sign_in(browser(), "my-secret-password", WRONG)
    event = SecurityEvent.objects.get()
    assert (event.login, event.user) == ("", None)
    assert event.place == "203.0.113.0/24" and "203.0.113.77" not in str(vars(event))


@pytest.mark.parametrize("login", ["parvina", "nobody"])
@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_guessing_a_password_is_stopped_and_the_page_says_for_how_long(login, language):
    person()
    for number in range(5):
        assert (
            "Please wait"
            not in sign_in(browser(network=f"198.51.100.{number}", language="en"), login, WRONG).content.decode()
        )
    client = browser(language=language)
    client.cookies["django_language"] = language
    page = sign_in(client, login)
    assert page.status_code == 200 and not is_in(client), "the right password is not even looked at"
    with override(language):
        assert gettext(WAIT) % {"minutes": 1} in page.content.decode()
    assert kinds()[0] == "throttled"


def test_a_network_that_tries_many_logins_is_stopped():
    client = browser()
    pages = [sign_in(client, f"login{number}", WRONG).content.decode() for number in range(42)]
    assert "Please wait" not in pages[39] and "Please wait" in pages[41]
    for number in range(10):
        sign_in(client, f"another{number}", WRONG)
    assert kinds().count("throttled") == 5, "a flood does not fill the record"


def test_a_stranger_cannot_lock_somebody_out_of_the_own_browser():
    own = signed_in(person())
    own.post("/admin/logout/")
    for number in range(6):
        sign_in(browser(network=f"198.51.100.{number}"), "parvina", WRONG)
    assert sign_in(own)["Location"] == "/admin/"


def test_without_the_cache_everybody_still_gets_in(settings):
    person()
    settings.CACHES = portal_settings.CACHES | {"default": {"BACKEND": f"{__name__}.Broken"}}
    assert sign_in(browser())["Location"] == "/admin/"


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(then):
    user = person()
    assert sign_in(browser(), then=then)["Location"] == "/admin/"
    give_app(user)
    client = browser()
    assert sign_in(client, then=then)["Location"] == "/admin/login/second/?next=%2Fadmin%2F"
    assert give_code(client, app_code(), then)["Location"] == "/admin/"


# The letter ----------------------------------------------------------------------------------------------------------


def test_a_new_browser_is_told_by_letter_once():
    user = person(email="parvina@example.tj")
    client = signed_in(user)
    client.post("/admin/logout/")
    sign_in(client)
    assert Message.objects.filter(kind="new device").count() == 1
    sign_in(browser(CHROME))
    assert Message.objects.filter(kind="new device").count() == 2


def test_the_letter_names_browser_and_network_in_the_language_used_before(mailoutbox):
    user = person(email="parvina@example.tj")
    sign_in(browser(language="en"))
    sign_in(browser(CHROME, language="ru"))
    first, second = mailoutbox
    assert first.to == ["parvina@example.tj"]
    assert Message.objects.order_by("pk").first().language == "tg", "not known the first time"
    assert "Chrome, Linux" in second.body and "203.0.113.0/24" in second.body and "203.0.113.77" not in second.body
    assert second.subject == "Sign-in from a new browser" and "/admin/account/" in second.body
    assert user.security_events.filter(kind="new_device").count() == 2


@pytest.mark.parametrize("address", ["", "a)b@host"])
def test_without_a_good_address_there_is_no_letter(address):
    person(email=address)
    assert sign_in(browser()).status_code == 302
    assert not Message.objects.exists()


@pytest.mark.parametrize("cookie", ["made-up", "made-up:signature:here", ""])
def test_a_made_up_cookie_is_no_known_browser(cookie):
    user = person()
    client = browser()
    client.cookies["staff_device"] = cookie
    sign_in(client)
    assert "new_device" in kinds(user)


def test_the_cookie_of_a_known_browser_stays_in_the_admin():
    client = browser()
    person()
    cookie = sign_in(client).cookies["staff_device"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Lax")
    assert "parvina" not in cookie.value


def test_no_door_of_another_kind_is_open():
    for name in ("account_login", "account_signup", "mfa_index", "password_reset"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_forms_without_their_token_are_refused():
    from django.test import Client

    person()
    client = Client(enforce_csrf_checks=True)
    for address in (
        "/admin/login/",
        "/admin/login/second/",
        "/admin/account/sessions/",
        "/admin/account/alive/",
        "/admin/logout/",
    ):
        assert client.post(address, {"username": "parvina"}).status_code == 403
