"""Headers and cookies as they leave nginx, by the published criteria."""

import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from tests.deploy.site import OFFICE, PUBLIC, Site
from tests.fuzz.wire import Request, send
from tests.news.factories import PASSWORD
from tests.published_criteria import cookie_faults, faults

pytestmark = pytest.mark.nginx


def test_every_kind_of_answer_has_the_best_mark(site):
    style = re.search(r"/static/css/[^\"]+", site.ask("/en/").text)[0]
    for path, status in (
        ("/en/", 200), ("/", 302), ("/en/appeals/write/", 200), (style, 200), ("/static/img/emblem.svg", 200), ("/sw.js", 200),
        ("/en/nothing/", 404), ("/admin/", 404), ("/en/%2e%2e/", 404), ("/static/nothing.css", 404), ("/robots.txt", 200),
    ):  # fmt: skip
        answer = site.ask(path)
        assert (path, answer.status, faults(answer.headers)) == (path, status, [])
        assert not any(len(answer.headers.get_all(name)) > 1 for name in answer.headers if name != "Set-Cookie"), path
    for path, headers in (("/en/", {"content_length": "x"}), ("/en/appeals/write/", {"content_length": str(2**40)})):
        answer = site.ask(path, method="POST", **headers)
        assert answer.status in {400, 413} and faults(answer.headers) == []
    assert faults(site.ask("/en/news/", method="TRACE").headers) == []


def test_http_leads_to_https_on_the_same_host_first(site):
    answer = send(
        site.http, Request(f"GET /en/?a=1 HTTP/1.1\r\nHost: {OFFICE}\r\nConnection: close\r\n\r\n".encode(), "")
    )
    assert (answer.status, answer.get(b"location")) == (301, f"https://{OFFICE}/en/?a=1".encode())


class Browser:
    """Keeps cookies, and what was wrong with them. The office is asked behind nginx's back: a listener is in its place."""

    def __init__(self, site: Site) -> None:
        self.site, self.cookies, self.set, self.faults = site, {}, set(), []

    def ask(self, method: str, path: str, values: dict[str, str] | None = None) -> tuple[int, str]:
        body = urlencode(values or {}).encode()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {PUBLIC}\r\nX-Forwarded-Proto: https\r\nReferer: https://{PUBLIC}/\r\n"
            f"Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        answer = send(self.site.portal.port, Request(head.encode() + body, path))
        for name, value in answer.headers:
            if name == b"set-cookie":
                self.keep(value.decode())
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)', answer.body.decode(errors="replace"))
        return answer.status, token[1] if token else ""

    def keep(self, header: str) -> None:
        self.faults += [f"{header}: {fault}" for fault in cookie_faults(header)]
        for name, morsel in SimpleCookie(header).items():
            self.set.add(name)
            self.cookies[name] = morsel.value

    def send(self, path: str, form: str = "", **values: str) -> int:
        """Fill in the form at ``form``, or at ``path`` itself."""
        _status, token = self.ask("GET", form or path)
        return self.ask("POST", path, values | {"csrfmiddlewaretoken": token})[0]


def test_no_cookie_can_be_set_by_another_host_or_read_by_a_script(site):
    site.do("chief().pk")
    browser = Browser(site)
    assert browser.send("/en/appeals/write/", surname="Rahimov", text="Water", stay="1") == 200
    assert browser.send("/en/preferences/", size="1", spacing="0", colours="0", pictures="0", face="0") == 302
    assert browser.send("/en/preferences/", ordinary="1") == 302
    assert browser.send("/admin/login/", username="chief", password=PASSWORD) == 302
    assert browser.send("/admin/language/", "/en/preferences/", language="ru") in {204, 302}
    assert browser.faults == []
    names = ("csrftoken", "appeal_draft", "view", "sessionid", "django_language")
    assert browser.set >= {f"__Host-{name}" for name in names} | {"__Secure-staff_device"}
