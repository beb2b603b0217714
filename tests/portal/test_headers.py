"""Every answer of the portal carries its security headers; the pages keep to them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from appeals.models import DraftFile
from tests.appeals.citizen import Citizen, picture, values
from tests.appeals.office_routes import Office, reveal
from tests.news import factories
from tests.published_criteria import faults

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

OFFICE = (
    "default-src 'none'; script-src 'self'; object-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PUBLIC = f"{OFFICE}; require-trusted-types-for 'script'; trusted-types portal-worker portal-rows"
FILE = "default-src 'none'; sandbox; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
WORKER = (
    "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
# Kind of answer: address, status, policy.
KINDS = {
    "choice of language": ("/", 302, PUBLIC),
    "home": ("/tg/", 200, PUBLIC),
    "list": ("/ru/news/", 200, PUBLIC),
    "text edition": ("/en/text/news/", 200, PUBLIC),
    "search": ("/en/search/?q=a", 200, PUBLIC),
    "preferences": ("/en/preferences/", 200, PUBLIC),
    "rules of appeals": ("/en/appeals/", 200, PUBLIC),
    "form": ("/en/appeals/write/", 200, PUBLIC),
    "tracking": ("/tg/appeals/track/", 200, PUBLIC),
    "nothing to check yet": ("/en/appeals/check/", 302, PUBLIC),
    "feed": ("/tg/feeds/rss.xml", 200, PUBLIC),
    "sitemap": ("/sitemap.xml", 200, PUBLIC),
    "robots": ("/robots.txt", 200, PUBLIC),
    "manifest": ("/manifest.webmanifest", 200, PUBLIC),
    "worker": ("/sw.js", 200, WORKER),
    "health": ("/healthz", 200, PUBLIC),
    "no page": ("/en/nothing/", 404, PUBLIC),
    "no photo": ("/media/photos/x/60.jpeg", 404, PUBLIC),
    "no static file": ("/static/nothing.css", 404, PUBLIC),
    "a CAPTCHA that was used": ("/captcha/abc.png", 410, PUBLIC),
    "an address without its slash": ("/en/news", 301, PUBLIC),
    "sign-in": ("/admin/login/", 200, OFFICE),
    "the office for a stranger": ("/admin/", 302, OFFICE),
}
COMPANIONS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


@pytest.fixture
def by_https(settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 31536000, True
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


def well_headed(response, policy):
    assert response.headers["Content-Security-Policy"] == policy
    assert {name: response.headers[name] for name in COMPANIONS} == COMPANIONS
    assert faults(response.headers) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_carries_the_whole_set(client, by_https, kind):
    address, status, policy = KINDS[kind]
    response = client.get(address, secure=True)
    assert response.status_code == status
    well_headed(response, policy)


def test_the_api_alone_may_be_read_by_pages_of_others(client, by_https):
    response = client.get("/api/v1/reports/", secure=True)
    assert faults(response.headers) == ["others may embed it", "others may read it"]
    assert not response.cookies and "Access-Control-Allow-Credentials" not in response.headers


def test_so_do_refusals(by_https, monkeypatch):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    broken = {"content_type": "multipart/form-data; boundary=x", "data": b"--x"}
    large = {"CONTENT_LENGTH": str(2**40)}
    for response, status in (
        (client.post("/en/appeals/track/", secure=True), 403), (client.options("/en/news/", secure=True), 405),
        (client.get("/en/", headers={"host": "evil.example"}, secure=True), 400),
        (client.post("/en/appeals/track/", **broken, secure=True), 403),
        (client.post("/en/appeals/write/", b"", content_type="text/plain", secure=True, **large), 413),
    ):  # fmt: skip
        assert response.status_code == status
        well_headed(response, PUBLIC)
    monkeypatch.setattr("portal.views.render_page", None)
    response = client.get("/en/", secure=True)
    assert response.status_code == 500
    well_headed(response, PUBLIC)


def test_the_redirect_to_https_is_no_exception(client, by_https):
    response = client.get("/en/news/?a=1")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/en/news/?a=1")
    assert faults(response.headers, https=False) == []


def test_the_pages_of_the_staff_and_files_that_were_sent(client, request):
    office = Office.furnished()
    photo = factories.photo(factories.report().event)
    draft = Citizen(client=Client())
    draft.write(values(attachments=[picture()]))
    file = DraftFile.objects.get()
    request.getfixturevalue("by_https")
    for each in (client, draft.client):
        each.handler.load_middleware()  # It has read the settings of before.
    client.force_login(User.objects.create_superuser("root"))
    for address in ("/admin/", f"/admin/appeals/appeal/{office.appeal.pk}/change/"):
        well_headed(client.get(address, secure=True), OFFICE)
    sent = draft.client.get(f"/tg/appeals/files/{file.pk}/", secure=True)
    assert sent.status_code == 200
    well_headed(sent, FILE)
    # Newspapers may show a photo that is public.
    shown = client.get(f"/media/photos/{photo.token}/60.jpeg", secure=True)
    assert (shown.status_code, faults(shown.headers)) == (200, ["others may embed it"])


def test_the_judge_sees_what_is_wrong():
    good = {"Content-Security-Policy": PUBLIC} | COMPANIONS
    assert faults(good) == []
    for name, value in (
        ("Content-Security-Policy", ""), ("Content-Security-Policy", PUBLIC.replace("base-uri 'none'", "")),
        ("Content-Security-Policy", PUBLIC.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")),
        ("Content-Security-Policy", PUBLIC.replace("script-src 'self'", "script-src cdn.example")),
        ("Content-Security-Policy", PUBLIC.replace("frame-ancestors 'none'", "frame-ancestors *")),
        ("Strict-Transport-Security", "max-age=300; includeSubDomains"), ("Strict-Transport-Security", "max-age=31536000"),
        ("X-Content-Type-Options", ""), ("Referrer-Policy", "unsafe-url"), ("Server", "nginx/1.22"),
        ("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"),
    ):  # fmt: skip
        assert len(faults(good | {name: value})) >= 1, (name, value)


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("page", ["", "news/", "appeals/", "appeals/write/"])
def test_pages_are_well_made(client_page, language, page):
    client_page.get(f"/{language}/{page}")


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_check_page_and_the_receipt_are_well_made(client_page, language):
    citizen = Citizen(language, client_page)
    citizen.write()
    client_page.get(citizen.url("check/"))
    citizen.appeal()
    client_page.get(citizen.url("receipt/"))


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_form_with_errors_is_well_made(client_page, language):
    response = client_page.post(f"/{language}/appeals/write/", {})
    assert response.status_code == 200


def test_the_admin_has_no_inline_code(client):
    client.force_login(User.objects.create_superuser("root"))
    for address in ("", "news/event/", "news/event/add/", "appeals/appeal/"):
        page = client.get(f"/admin/{address}").content.decode()
        assert "<style" not in page
        assert " onclick=" not in page
        assert all(
            "src=" in tag or "json" in tag for tag in page.split("<script")[1:] for tag in [tag.partition(">")[0]]
        )


def test_the_pages_of_the_office_are_well_made(client_page):
    office = Office.furnished()
    client_page.force_login(User.objects.create_superuser("root"))
    reveal(client_page, office.appeal)
    for address in (
        "", "account/", "news/event/add/", "appeals/appeal/", "appeals/appeal/enter/",
        "appeals/appeal/find/", "appeals/appeal/statistics/", "appeals/erasureproposal/add/", "appeals/journalentry/",
        f"appeals/appeal/{office.appeal.pk}/change/",
    ):  # fmt: skip
        assert client_page.get(f"/admin/{address}").status_code == 200, address


def test_cookies_are_secure_where_the_connection_is(settings):
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = settings.HTTPS = True
    citizen = Citizen(client=Client(headers={"host": "testserver"}))
    citizen.client.get(citizen.url("write/"), secure=True)
    citizen.write()
    assert all(cookie["secure"] for cookie in citizen.client.cookies.values())


def test_pages_are_sent_compressed(client):
    page = client.get("/tg/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert page["ETag"].startswith("W/")
