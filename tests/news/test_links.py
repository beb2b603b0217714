"""Links that lead nowhere: those of our own by looking, those to others by trying, and nothing that is not public."""

import ipaddress
import socket
import ssl
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from io import StringIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import call_command

from news import link_check, link_fetch
from news.link_check import broken_links, check_external_links, check_internal_links, check_report
from news.link_fetch import Prober, is_public
from news.link_finding import broken_internal_links, external_links
from news.links import REASONS, BrokenLink, OldAddress
from portal.roles import PRESS_CHIEF, PRESS_EDITOR
from portal.tasks import TASKS

from . import factories
from .desk import Desk, report_fields


def linking(*addresses, **values):
    body = "".join(f'<p><a href="{address}">there</a></p>' for address in addresses)
    return factories.report(body=body, **values)


# Links into this site -------------------------------------------------------------------------------------------------


@pytest.fixture
def site(db):
    """A public report with a photo, a draft, and one in Russian alone."""
    public = factories.report(factories.event(place=factories.place()))
    factories.photo(public.event)
    draft = factories.report(status="draft")
    russian = factories.report(language="ru")
    OldAddress.objects.create(path="/en/node/1", event=public.event, language="en")
    OldAddress.objects.create(path="/en/node/2", event=draft.event, language="en")
    return {"public": public, "draft": draft, "russian": russian, "photo": public.event.photos.get()}


def test_links_that_lead_somewhere(site):
    public, token = site["public"], site["photo"].token
    good = [
        public.get_absolute_url(),
        public.get_absolute_url().rstrip("/"),
        public.get_absolute_url() + "?print=1#text",
        f"http://localhost{public.get_absolute_url()}",
        f"/en/news/{public.event_id}/an-older-title/",
        site["russian"].get_absolute_url(),
        "/", "/en/", "/en/news/", "/ru/news", "/en/news/2022/1/", "/en/news/category/meetings/", "/tg/news/place/dushanbe/",
        "/en/search/?q=x", "/en/appeals/", "/en/feeds/rss.xml", "/robots.txt", "/static/css/site.css",
        f"/media/photos/{token}/60.jpeg", "/en/node/1", "/en/node/1/", "?page=2", "../../", "#below", "mailto:a@b.tj", "tel:+992",
        f"/en/text/news/{public.event_id}/{public.slug}/",
    ]  # fmt: skip
    assert broken_internal_links(linking(*good)) == []


def test_links_that_lead_nowhere(site):
    draft, russian = site["draft"], site["russian"]
    bad = [
        draft.get_absolute_url(),
        f"https://localhost{draft.get_absolute_url()}",
        f"/en/news/{russian.event_id}/{russian.slug}/",
        "/en/news/999999/no-such-event/",
        "/en/news/999999999999999999/x/",
        "/en/news/2022/13/", "/en/news/category/unheard-of/", "/en/no-such-page/", "/no-such-page", "/admin/", "/admin",
        "/static/css/gone.css", "/static/../../etc/passwd", "/media/photos/gone/60.jpeg", "/en/node/2", "/en/node/3",
        "gone", "/%00", "/en/" + "text/" * 300, f"/en/text/news/{draft.event_id}/x/",
    ]  # fmt: skip
    assert broken_internal_links(linking(*bad)) == bad


@pytest.mark.parametrize("way", ["embargo", "withdrawal"])
def test_a_link_breaks_with_what_it_leads_to(site, way):
    public = site["public"]
    here = linking(public.get_absolute_url())
    assert broken_internal_links(here) == []
    if way == "embargo":
        public.event.embargo_until = factories.local("2090-01-01 00:00")
        public.event.save()
    else:
        public.status = "withdrawn"
        public.save()
    assert broken_internal_links(here) == [public.get_absolute_url()]
    assert check_internal_links().broken == 1 == broken_links().count()
    assert {link.reason for link in broken_links()} == {"not_here"}
    public.event.embargo_until = None
    public.event.save()
    public.status = "published"
    public.save()
    assert check_internal_links().broken == 0 == BrokenLink.objects.count()


def test_which_links_are_others(db):
    body = '<a href="https://un.org/a">a</a><a href="//un.org/b">b</a><a href="/en/">c</a><a href="http://127.0.0.1/">d</a>'
    assert external_links(body) == ["https://un.org/a", "//un.org/b"], "this machine is the site itself"


def test_the_desk_is_told_at_once(site):
    desk = Desk(factories.staff(PRESS_CHIEF))
    section = factories.category()
    typed = report_fields(0, "en", "A title", '<p><a href="/en/news/999999/gone/">a</a> <a href="/en/">b</a></p>')
    page = {"starts_at_0": "2022-01-10", "starts_at_1": "13:45", "categories": [str(section.pk)], **typed}
    response = desk.send("/admin/news/event/add/", page)
    assert response.status_code == 302
    shown = desk.client.get("/admin/news/event/").content.decode()
    assert "/en/news/999999/gone/" in shown
    assert BrokenLink.objects.count() == 0, "a draft is nobody's page yet"


def test_a_link_that_was_mended_or_taken_out_leaves_the_list(site):
    report = linking("/en/gone/", "https://nowhere.example/")
    BrokenLink.objects.create(report=report, url="https://nowhere.example/", reason="no_host")
    assert check_report(report) == ["/en/gone/"]
    assert set(broken_links().values_list("url", flat=True)) == {"/en/gone/", "https://nowhere.example/"}
    report.body = "<p>No links.</p>"
    report.save()
    assert check_report(report) == [] == list(broken_links())


def test_the_list_is_read_and_not_written(site):
    report = linking("/en/gone/")
    check_report(report)
    desk = Desk(factories.staff(PRESS_EDITOR))
    page = desk.client.get("/admin/news/brokenlink/").content.decode()
    assert "/en/gone/" in page and str(report.event_id) in page
    assert desk.client.get("/admin/news/brokenlink/add/").status_code == 403
    row = BrokenLink.objects.get()
    assert desk.client.get(f"/admin/news/brokenlink/{row.pk}/change/").status_code == 200
    assert desk.client.post(f"/admin/news/brokenlink/{row.pk}/delete/", {"post": "yes"}).status_code == 403


# What is public -------------------------------------------------------------------------------------------------------

PRIVATE = """127.0.0.1 127.1.2.3 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.2.1 198.18.0.1
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
    ::127.0.0.1 fe80::1 fc00::1 fd00:ec2::254 fec0::1 ff02::1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1
    2002:7f00:1::1 2002:a00:1::1 2001:0:7f00:1::1 2001:db8::1 100::1""".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "193.111.11.4", "2a00:1450:4001:830::200e", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_an_address_that_is_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.fixture
def no_connection(monkeypatch):
    """Nobody is called: a call fails the test."""

    def called(*given, **options):
        raise AssertionError(f"{given} was called")

    monkeypatch.setattr(socket, "create_connection", called)


INSIDE = """http://127.0.0.1/ http://10.1.2.3/ http://[::1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/
    http://169.254.169.254/latest/meta-data/ http://localhost/ https://localhost/ http://localhost./ http://2130706433/
    http://0x7f.1/ http://127.1/ http://0/ http://[fe80::1%25lo]/ http://[64:ff9b::7f00:1]/ http://①②⑦.⓪.⓪.①/
    http://193.111.11.4:22/ http://193.111.11.4:6379/""".split()


@pytest.mark.parametrize("url", INSIDE)
def test_nothing_inside_is_called(url, no_connection):
    assert Prober().reason(url) in {"not_public", "bad_address", "no_host"}


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://un.org/", "ftp://un.org/", "javascript:alert(1)", "http://", "http://user:secret@un.org/",
     "http://un.org@127.0.0.1/", "http://[/", "http://un.org:99999/", "http://un.org:x/", "http://a..b/", f"http://{'a' * 64}.tj/", "//un.org/"],
)  # fmt: skip
def test_what_no_browser_should_open_is_not_tried(url, no_connection):
    assert Prober().reason(url) == "bad_address"


def test_a_name_with_one_address_inside_is_not_called(monkeypatch, no_connection):
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, 80)) for found in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **options: answers)
    assert Prober().reason("http://two.example/") == "not_public"


def test_a_name_that_changes_its_address_leads_to_the_one_that_was_judged(monkeypatch):
    looked_up, called = [], []

    def look_up(host, port, **options):
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8" if len(looked_up) == 1 else "127.0.0.1", port))]

    def call(address, **options):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", call)
    assert Prober().reason("http://rebinding.example/") == "not_public", "the second question is judged anew"
    assert called == [("8.8.8.8", 80)]


def test_a_machine_without_ipv6_tries_the_next_address(server, monkeypatch):
    found = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", server.port, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port)),
    ]
    real = socket.create_connection

    def call(address, **options):
        if ":" in address[0]:
            raise OSError("Network is unreachable")
        monkeypatch.undo()
        return real(address, **options)

    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **options: found)
    monkeypatch.setattr(socket, "create_connection", call)
    prober = Prober(lambda address: address.is_loopback, frozenset({server.port}))
    assert prober.reason(server.url("/good", "both.example")) == ""


def test_very_long_and_odd_links_are_no_fault(site):
    odd = [
        "/" + "ӯ" * 1500,
        "/" + "x" * 5000,
        "/en/" + "x" * 1900,
        "https://[bad/",
        "http://a..b/",
        "/%ff%fe",
        "///",
        "\\\\x",
    ]
    report = linking(*odd)
    assert "/en/" + "x" * 1900 in check_report(report)
    assert BrokenLink.objects.filter(report=report).count() == len(check_report(report))


# Trying ---------------------------------------------------------------------------------------------------------------


class Site(ThreadingHTTPServer):
    """A server on this machine; ``answers`` tells each path's status and headers, ``asked`` who asked for what."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {"/good": 200, "/gone": 404, "/broken": 500, "/members": 403, "/slow-down": 429}
        self.asked, self.at_once, self.most_at_once = [], 0, 0

    @property
    def port(self):
        return self.server_address[1]

    def url(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        if self.path == "/drip":
            return self.drip()
        if self.path == "/no-head" and self.command == "HEAD":
            return self.send_error(405)
        self.server.at_once += 1
        self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
        time.sleep(0.01)
        self.server.at_once -= 1
        step = self.path.removeprefix("/round/")
        if self.path.startswith("/round/") and int(step):
            return self.redirect(f"/round/{int(step) - 1}")
        if self.path.startswith("/to?"):
            return self.redirect(self.path.removeprefix("/to?"))
        self.send_response(self.server.answers.get(self.path, 200))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"x" * 10_000_000)
        return None

    do_GET = do_HEAD

    def redirect(self, where):
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def drip(self):
        """A byte now and then: each comes in time, the answer never."""
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while True:
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *given):
        pass

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # We hang up before the ten megabytes are over.


@pytest.fixture
def server():
    with running(Site()) as made:
        yield made


@contextmanager
def running(made):
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


def local_prober(server):
    """One that may call this machine's server, and no other address or port."""
    return Prober(lambda address: str(address) == "127.0.0.1", frozenset({server.port}))


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/good", ""), ("/gone", "404"), ("/broken", "500"), ("/members", ""), ("/slow-down", ""), ("/no-head", ""),
        ("/round/3", ""), ("/round/4", "redirects"), ("/хабар с пробелом", ""), ("/to?/good", ""), ("/to?/gone", "404"),
        ("/to?http://10.0.0.1/", "not_public"),
        ("/to?http://169.254.169.254/latest/", "not_public"), ("/to?http://[::1]/", "not_public"),
        ("/to?file:///etc/passwd", "bad_address"), ("/to?//user@127.0.0.1/", "bad_address"),
    ],
)  # fmt: skip
def test_what_a_site_answers(server, path, reason):
    assert local_prober(server).reason(server.url(path)) == reason


def test_the_server_on_this_machine_is_refused_unless_a_test_allows_it(server):
    assert Prober(ports=frozenset({server.port})).reason(server.url("/good")) == "not_public"
    assert Prober().reason(server.url("/good")) == "not_public"
    assert server.asked == []


def test_a_redirect_to_this_machine_is_refused(server):
    """The first answer comes from an allowed address; what it sends one to is judged like any other."""
    with running(Site()) as inner:
        assert local_prober(server).reason(server.url(f"/to?{inner.url('/good')}")) == "not_public"
        assert inner.asked == []


def test_the_request_is_short_and_says_who_asks(server):
    local_prober(server).reason(server.url("/gone?слово=ӯ#part"))
    methods = [(method, path) for method, path, _headers in server.asked]
    path = "/gone?%D1%81%D0%BB%D0%BE%D0%B2%D0%BE=%D3%AF"
    assert methods == [("HEAD", path)], "the path with a question is another, and answers 200"
    headers = server.asked[0][2]
    assert headers["Host"] == f"127.0.0.1:{server.port}" and headers["User-Agent"] == link_fetch.USER_AGENT
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_a_server_that_drips_is_cut_off(server, monkeypatch):
    monkeypatch.setattr(link_fetch, "TOTAL_SECONDS", 0.3)
    started = time.monotonic()
    assert local_prober(server).reason(server.url("/drip")) == "timeout"
    assert time.monotonic() - started < 5


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(link_fetch, "STEP_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        prober = Prober(lambda address: True, frozenset({port}))
        assert prober.reason(f"http://127.0.0.1:{port}/") == "timeout"
        started = time.monotonic()
        assert prober.reason(f"https://127.0.0.1:{port}/") in {"timeout", "no_answer"}, "nor in the handshake"
        assert time.monotonic() - started < 5


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert Prober(lambda address: True, frozenset({port})).reason(f"http://127.0.0.1:{port}/") == "no_answer"


def test_no_such_name(monkeypatch):
    def unknown(*given, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert Prober().reason("https://unknown.example/") == "no_host"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of our own for ``right.example``, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "right.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("right.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "right.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.mark.parametrize(
    ("host", "trusted", "reason"),
    [("right.example", True, ""), ("wrong.example", True, "certificate"), ("right.example", False, "certificate")],
)
def test_a_certificate_must_be_trusted_and_of_the_right_name(certificate, monkeypatch, host, trusted, reason):
    here = Site()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    here.socket = context.wrap_socket(here.socket, server_side=True, do_handshake_on_connect=False)
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *given, **options: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))],
    )
    with running(here):
        prober = local_prober(here)
        if trusted:
            prober._context.load_verify_locations(certificate)
        assert prober.reason(f"https://{host}:{here.port}/good") == reason


# The nightly check ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_leads_nowhere_is_kept_renewed_and_taken_off_when_mended():
    report = linking("https://one.example/a", "https://two.example/b", "https://three.example/c")
    linking("https://one.example/a", language="en")
    linking("https://draft.example/", status="draft")
    tried = Counter()

    def probe(url, broken=("https://one.example/a",)):
        tried[url] += 1
        return "404" if url in broken else ""

    outcome = check_external_links(probe, pause=0)
    assert (outcome.tried, outcome.broken) == (3, 1)
    assert set(tried.values()) == {1}, "each once, though two reports link to one; no draft is looked at"
    assert list(broken_links().values_list("url", "reason")) == [("https://one.example/a", "404")] * 2
    row = report.broken_links.get()
    check_external_links(probe, pause=0)
    again = report.broken_links.get()
    assert again.pk == row.pk and again.found_at == row.found_at and again.checked_at > row.checked_at
    assert check_external_links(lambda url: "", pause=0).broken == 0 == BrokenLink.objects.count()


@pytest.mark.django_db
def test_one_address_of_a_site_at_a_time(server, settings):
    linking(*(server.url(f"/page/{number}") for number in range(12)))
    factories.report(body=f'<p><a href="{server.url("/gone")}">x</a></p>')
    prober = Prober(lambda address: True, frozenset({server.port}))
    settings.ALLOWED_HOSTS = ["portal.example"]  # This machine would count as the site itself.
    outcome = check_external_links(prober.reason, pause=0)
    assert (outcome.tried, outcome.broken, server.most_at_once) == (13, 1, 1)
    assert broken_links().get().reason == "404"


@pytest.mark.django_db
def test_the_check_ends_in_time_and_begins_with_what_was_broken(monkeypatch):
    report = linking(*(f"https://one.example/{number}" for number in range(30)))
    BrokenLink.objects.create(report=report, url="https://one.example/17", reason="404")
    tried = []

    def slow(url):
        tried.append(url)
        time.sleep(0.05)
        return ""

    check_external_links(slow, seconds=0.2, pause=0)
    assert tried[0] == "https://one.example/17" and 1 < len(tried) < 10


@pytest.mark.django_db
def test_a_report_that_is_deleted_meanwhile_is_no_fault(monkeypatch):
    report = linking("https://one.example/")
    addresses = link_check._addresses()
    report.event.delete()
    monkeypatch.setattr(link_check, "_addresses", lambda: addresses)
    assert check_external_links(lambda url: "404", pause=0).broken == 1
    assert BrokenLink.objects.count() == 0


@pytest.mark.django_db
def test_the_command_names_what_leads_nowhere(site):
    report = linking("/en/gone/")
    out = StringIO()
    call_command("check_links", internal=True, stdout=out)
    assert f"{report.get_absolute_url()} → '/en/gone/'" in out.getvalue()


def test_a_worker_checks_every_night():
    import_module("news.tasks")
    assert str(TASKS["news.tasks.check_links"].at) == "03:30:00"


def test_every_reason_is_a_sentence():
    for reason in [*REASONS, "404"]:
        assert BrokenLink(reason=reason).reason_text.endswith(".")
