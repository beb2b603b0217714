"""A passkey in a real browser: added, used to sign in, used to confirm, removed again."""

import re
from contextlib import contextmanager

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Not an address that only names it as the place to go on to.
ACCOUNT = re.compile(r"^[^?]*/admin/account/$")
KEY = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}


@contextmanager
def security_key(page):
    """Chromium's own, which holds a finger on itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | {"automaticPresenceSimulation": True}})
    yield


def sign_in(page, password):
    page.fill("#id_username", "staff")
    page.fill("#id_password", password)
    page.click("#login-form [type=submit]")


def test_a_passkey_is_added_used_and_removed(browser_page, running_portal):
    # Browsers give passkeys to names, not to numbers.
    page = browser_page(base_url=running_portal.url.replace("127.0.0.1", "localhost"))
    troubles = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    with security_key(page):
        page.goto("/admin/login/?next=/admin/account/passkey/")
        sign_in(page, running_portal.password)
        page.fill("#id_name", "Blue key")
        page.click("#passkey-form button")
        page.wait_for_selector("#codes li")  # The key answers in its own time.
        assert page.locator("#codes li").count() == 10
        page.click("#logout-form button")
        page.goto("/admin/login/?next=/admin/account/")
        sign_in(page, running_portal.password)
        page.wait_for_url("**/admin/login/second/**")
        page.click("form[data-passkey] button")
        page.wait_for_url(ACCOUNT)
        page.goto("/admin/account/confirm/?next=/admin/account/")
        page.click("form[data-passkey] button")
        page.wait_for_url(ACCOUNT)
        assert "Blue key" in page.inner_text("main")
        page.click("form[action*='/remove/'] button")
        page.wait_for_url(ACCOUNT)
        assert "Blue key" not in page.inner_text("main")
    assert troubles == []
