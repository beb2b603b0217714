"""What nginx keeps away from the portal: too much, too slow, too often, under a false name; and what it writes down."""

import json
import select
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.deploy.site import OFFICE, PUBLIC, Site, until

pytestmark = pytest.mark.nginx
MEGABYTE = 2**20


def sent(site: Site, path: str = "/admin/", **headers: str) -> dict[str, str]:
    """The headers that reach the portal."""
    return {name.lower(): value for name, value in json.loads(site.ask(path, OFFICE, **headers).body)["headers"]}


def test_nothing_that_a_visitor_claims_about_himself_reaches_the_portal(site):
    claims = {
        "x_forwarded_for": "6.6.6.6", "x_forwarded_host": "evil.example", "x_forwarded_proto": "http", "x_real_ip": "6.6.6.6",
        "forwarded": "for=6.6.6.6", "x_request_id": "chosen", "x_forwarded_port": "1",
    }  # fmt: skip
    got = sent(site, **claims)
    assert got["x-forwarded-for"] == "127.0.0.1" and got["x-forwarded-proto"] == "https" and got["host"] == OFFICE
    assert not {"x-forwarded-host", "x-real-ip", "forwarded", "x-forwarded-port"} & set(got)
    assert "6.6.6.6" not in str(got) and got["x-request-id"] != "chosen"


def test_a_foreign_host_name_gets_no_answer(site):
    with site.socket(PUBLIC) as connection:
        connection.sendall(b"GET /en/ HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert connection.recv(100) == b""
    with pytest.raises(OSError, match=r"(?i)unrecognized.name"):
        site.socket("evil.example")


def test_an_answer_and_its_line_in_the_log_have_one_number(site):
    answer = site.ask("/en/search/?q=Rahimov", referer="https://portal.test/en/?secret")
    number = answer.headers["X-Request-ID"]
    line = until(lambda: next((line for line in site.log_lines() if line["id"] == number), None), 5)
    assert len(number) == 32 and line["path"] == "/en/search/" and line["status"] == answer.status
    assert line["network"] == "127.0.0.0" and "Rahimov" not in str(line) and "secret" not in str(line)


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/tg/appeals/track/?number=12", "/tg/appeals/track/"), ("/tg/%61ppeals/", "/tg/appeals/"),
        ("/en/subscribe/confirm/key1/", "/en/subscribe/confirm/…"), ("/captcha/0a1b.png", "/captcha/…"),
    ],
)  # fmt: skip
def test_the_log_does_not_tell_who_came_to_write(site, path, logged):
    number = site.ask(path).headers["X-Request-ID"]
    line = until(lambda: next((line for line in site.log_lines() if line["id"] == number), None), 5)
    assert line["path"] == logged and line["network"] == "" and "127.0.0" not in str(line)


def test_no_log_holds_what_was_asked_or_by_whom(site):
    until(site.log_lines, 5)
    for log in site.logs.iterdir():
        assert "Rahimov" not in log.read_text(errors="replace") and "client: 127" not in log.read_text(errors="replace")


def test_too_large_an_upload_gets_the_sites_own_page(site):
    limits = [("/tg/appeals/write/", PUBLIC, 64), ("/admin/news/event/add/", OFFICE, 160)]
    for path, host, limit in limits:
        over = site.ask(path, host, "POST", content_length=str(limit * MEGABYTE + 1))
        assert over.status == 413 and over.body == site.error_page("tg", 413) and over.headers["Retry-After"] is None
    assert site.ask("/admin/", OFFICE, "POST", body=b"a" * MEGABYTE).status == 200


@pytest.mark.slow
def test_who_sends_too_slowly_is_cut_off_and_takes_nobodys_place(site):
    slow_head, slow_body = site.socket(), site.socket()
    with slow_head, slow_body:
        slow_head.sendall(b"GET /en/ HTTP/1.1\r\nHost: portal.test\r\nX: ")
        slow_body.sendall(b"POST /en/search/ HTTP/1.1\r\nHost: portal.test\r\nContent-Length: 100\r\n\r\nabc")
        start = time.monotonic()
        for connection, seconds in ((slow_head, 10), (slow_body, 15)):
            assert read(connection) == b""
            assert seconds - 2 < time.monotonic() - start < seconds + 20


def test_one_address_holds_a_hundred_requests_at_most(site):
    opened, end = 0, time.monotonic() + 90
    refused: list[bytes] = []
    with ExitStack() as stack:
        waiting: set[ssl.SSLSocket] = set()
        while not refused:  # Those that wait for too long are cut off meanwhile; then it takes some more.
            assert time.monotonic() < end
            connection = stack.enter_context(site.socket(PUBLIC, "127.0.0.7"))
            connection.sendall(b"POST /en/ HTTP/1.1\r\nHost: portal.test\r\nContent-Length: 9\r\n\r\n")
            connection.setblocking(False)
            waiting.add(connection)
            opened += 1
            for connection in select.select(waiting, [], [], 0)[0]:
                try:
                    refused += [said for said in (read(connection),) if said]
                    waiting.remove(connection)
                except ssl.SSLWantReadError:
                    pass  # It was TLS itself that said something.
        assert opened > 100 and refused[0].startswith(b"HTTP/1.1 429 ")
        assert site.ask("/en/", source="127.0.0.8").status == 200
    until(lambda: site.ask("/en/", source="127.0.0.7").status == 200, 20)


def read(connection: ssl.SSLSocket) -> bytes:
    """What came; nothing if it was cut."""
    try:
        return connection.recv(100)
    except ConnectionError:
        return b""


def test_passwords_are_tried_only_so_often(site):
    statuses = [site.ask("/admin/login/", OFFICE, "POST", body=b"", source="127.0.0.3").status for _ in range(16)]
    assert statuses[:10] == [200] * 10 and statuses[-1] == 429
    refused = site.ask("/admin/login/", OFFICE, "POST", body=b"", source="127.0.0.3")
    assert refused.body == site.error_page("tg", 429) and refused.headers["Retry-After"] == "60"
    assert site.ask("/admin/login/", OFFICE, source="127.0.0.3").status == 200, "reading the page is no attempt"
    assert site.ask("/admin/login/", OFFICE, "POST", body=b"", source="127.0.0.4").status == 200


@pytest.mark.parametrize(
    ("path", "source", "burst"),
    [
        ("/en/appeals/track/", "127.0.0.5", 20), ("/en/appeals/resume/", "127.0.0.15", 20),
        ("/en/appeals/verify/", "127.0.0.16", 20), ("/en/appeals/write/files/", "127.0.0.6", 30),
    ],
)  # fmt: skip
def test_codes_and_files_are_sent_only_so_often(site, path, source, burst):
    statuses = [site.ask(path, method="POST", body=b"", source=source).status for _ in range(burst + 30)]
    assert 429 not in statuses[:burst] and 429 in statuses


def framed(site: Site, where: str, framing: str) -> bytes:
    """What is said to a request whose end is told in such a way."""
    request = f"POST /en/appeals/ HTTP/1.1\r\nHost: {PUBLIC}\r\n{framing}\r\n\r\n0\r\n\r\n"
    bare = site.socket() if where == "nginx" else socket.create_connection(("127.0.0.1", site.portal.port), timeout=60)
    with bare as connection:
        connection.sendall(request.encode())
        return connection.recv(12)


@pytest.mark.parametrize("where", ["nginx", "portal"])
@pytest.mark.parametrize(
    "framing", [
        "Content-Length: 4\r\nContent-Length: 5", "Content-Length: +4", "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    ],
)  # fmt: skip
def test_a_request_whose_end_is_unclear_is_refused(site, where, framing):
    """Two who read one connection could see two different requests in it."""
    assert framed(site, where, framing) in (b"HTTP/1.1 400", b"HTTP/1.1 501", b"")


def test_of_two_lengths_nginx_takes_none_and_the_portal_heeds_the_chunks(site):
    both = "Content-Length: 4000\r\nTransfer-Encoding: chunked"
    assert framed(site, "nginx", both) == b"HTTP/1.1 400"
    assert framed(site, "portal", both).startswith(b"HTTP/1.1 "), "answered without waiting for 4000 bytes"


@pytest.mark.parametrize("host", [PUBLIC, OFFICE])
def test_trace_is_answered_by_nobody(site, host):
    assert site.ask("/", host, "TRACE").status == 405


@pytest.mark.parametrize(
    ("paths", "source"),
    [
        (["/en/search/?q=water", "/tg/text/search/?q=water"], "127.0.0.17"),
        (["/captcha/abc.png", "/captcha/abc.wav?lang=tg"], "127.0.0.18"),
    ],
)
def test_searches_and_captchas_are_asked_for_only_so_often(site, paths, source):
    """Five in a second and a burst, of all together: however slow this machine is, many at a time are too many."""

    def ask(number: int) -> int:
        return site.ask(paths[number % len(paths)], source=source).status

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(ask, range(250)))
    assert statuses[:20].count(429) == 0 and 429 in statuses
    assert site.ask(paths[0], source="127.0.0.19").status != 429, "others are not kept waiting"


def test_the_state_of_the_portal_is_told_on_this_machine_alone(site):
    assert site.ask("/readyz").text == "ok\n"
    assert site.ask("/readyz", source="127.0.0.9").status == site.ask("/healthz", source="127.0.0.9").status == 403


def test_who_sends_much_to_a_wrong_address_is_told_so_and_not_that_the_portal_is_down(site):
    sent = [site.ask("/en/nothing/", method="POST", body=b"a" * 8 * MEGABYTE).status for _ in range(6)]
    kind = "multipart/form-data; boundary=X"
    sent += [site.ask("/en/news/", method="POST", body=b"a" * 8 * MEGABYTE, content_type=kind).status for _ in range(6)]
    assert sent == [404] * 6 + [400] * 6
