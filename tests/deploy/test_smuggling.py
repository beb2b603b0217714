"""One request is one request for nginx and for the portal; what is asked under a false name or ending is kept for nobody."""

import re
import socket
import time

import pytest

from tests.deploy.site import PUBLIC, Site

pytestmark = pytest.mark.nginx
INNER = b"GET /en/smuggled/ HTTP/1.1\r\nHost: portal.test\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
HEAD = b"POST /en/appeals/track/ HTTP/1.1\r\nHost: portal.test\r\nX-Forwarded-Proto: https\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
# Two lengths: what one reader takes for the body's rest, another would take for the next request.
TWO_LENGTHS = {
    "CL.TE": HEAD + b"Content-Length: %d\r\n" % (5 + len(INNER)) + CHUNKED + b"\r\n0\r\n\r\n" + INNER,
    "TE.CL": HEAD + CHUNKED + b"Content-Length: 4\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(INNER), INNER),
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(INNER) + INNER,
    "two lengths in one": HEAD + b"Content-Length: 0, %d\r\n\r\n" % len(INNER) + INNER,
    "a length with a sign": HEAD + b"Content-Length: +0\r\n\r\n" + INNER,
    "a length in hexadecimal": HEAD + b"Content-Length: 0x0\r\n\r\n" + INNER,
    "an unknown coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + INNER,
    "chunked twice": HEAD + CHUNKED + CHUNKED + b"\r\n0\r\n\r\n" + INNER,
    "a name with a blank": HEAD + b"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n" + INNER,
    "a folded line": HEAD + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n\r\n" + INNER,
    "a wrong size of a chunk": HEAD + CHUNKED + b"\r\n-1\r\n\r\n" + INNER,
    "a size of a chunk that runs over": HEAD + CHUNKED + b"\r\n10000000000000000\r\n\r\n" + INNER,
}
# The portal's own server takes this for one request, and what follows for the next; nginx refuses it.
TAKEN = {"chunked twice"}


def answers(connection: socket.socket, sent: bytes, seconds: float = 4) -> list[bytes]:
    """The status lines of all that comes until the connection is closed or silent."""
    received, end = b"", time.monotonic() + seconds
    connection.settimeout(seconds)
    try:
        connection.sendall(sent)
        while (left := end - time.monotonic()) > 0:
            connection.settimeout(left)
            part = connection.recv(2**16)
            if not part:
                break
            received += part
    except OSError:
        pass
    return re.findall(rb"HTTP/1\.1 (\d{3})", received)


@pytest.mark.parametrize("name", TWO_LENGTHS)
def test_a_request_of_two_lengths_is_refused_by_nginx(site, name):
    with site.socket(PUBLIC) as connection:
        got = answers(connection, TWO_LENGTHS[name])
    assert b"404" not in got, "what was hidden in it was answered"
    assert got[:1] in ([b"400"], [b"501"], []) and len(got) <= 1


@pytest.mark.parametrize("name", TWO_LENGTHS)
def test_nor_does_the_portal_itself_answer_what_is_hidden(site, name):
    with socket.create_connection(("127.0.0.1", site.portal.port)) as connection:
        got = answers(connection, TWO_LENGTHS[name])
    assert len(got) <= (2 if name in TAKEN else 1) and got[:1] in ([b"400"], [b"403"], [b"501"], [])


def test_a_next_request_is_answered_in_its_turn(site):
    """The measure of the tests above: a request behind one that is whole is seen."""
    whole = HEAD + b"Content-Length: 0\r\n\r\n"
    with site.socket(PUBLIC) as connection:
        assert answers(connection, whole + INNER) == [b"403", b"404"]
    with socket.create_connection(("127.0.0.1", site.portal.port)) as connection:
        assert answers(connection, whole + INNER) == [b"403", b"404"]


UNKEYED = {
    "x_forwarded_host": "evil.example", "x_host": "evil.example", "forwarded": "host=evil.example;proto=http",
    "x_forwarded_server": "evil.example", "x_forwarded_prefix": "//evil.example", "x_forwarded_port": "1234",
    "x_original_url": "/en/evil.example/", "x_rewrite_url": "/en/evil.example/", "x_http_method_override": "POST",
    "origin": "https://evil.example", "referer": "https://evil.example/", "accept_language": "tg", "x_forwarded_scheme": "http",
    "cookie": "django_language=tg; a=evil.example", "user_agent": "evil.example", "range": "bytes=0-1", "x_forwarded_proto": "http",
}  # fmt: skip


def test_no_header_poisons_what_is_kept(site: Site):
    site.do("write('Poisoned?')")
    for number, (name, value) in enumerate(UNKEYED.items()):
        path = f"/en/news/?missing={number}"  # An address of its own: this request is the first.
        first = site.ask(path, **{name: value})
        kept = site.ask(path)
        assert first.status in {200, 206}, name
        assert kept.status == 200 and "evil.example" not in kept.text and '<html lang="en"' in kept.text, name
        assert f'href="https://{PUBLIC}/' in kept.text and ":1234" not in kept.text, name


def test_a_kept_page_has_one_host_however_it_was_asked_for(site):
    with site.socket(PUBLIC) as connection:
        line = b"GET https://portal.test/en/news/?missing=host HTTP/1.1\r\nHost: portal.test:8443\r\nConnection: close\r\n\r\n"
        assert answers(connection, line) in ([b"200"], [b"400"])
    assert ":8443" not in site.ask("/en/news/?missing=host").text
    with site.socket(PUBLIC) as connection:
        line = b"GET https://evil.example/en/news/?missing=host2 HTTP/1.1\r\nHost: portal.test\r\nConnection: close\r\n\r\n"
        assert answers(connection, line) in ([], [b"400"])


ENDINGS = ("x.css", "x.js?v=1", ";x.css", "%3bx.css", "%3fx.css", "%23x.css", "..%2fx.css", "%2f..%2f..%2fnews/", "/../../news/x.css",
           "%0ax.css", "%00.css", "%2e%2e/static/x.css", "?x=/static/x.css", "press-kit.zip", "\\x.css", "//x.css")  # fmt: skip


@pytest.mark.parametrize("page", ["case/", "receipt/", "check/", "write/", "track/"])
def test_no_ending_makes_a_page_of_ones_own_a_file_that_is_kept(site, page):
    for ending in ENDINGS:
        path = f"/tg/appeals/{page}{ending}"
        for _ in range(2):
            answer = site.ask(path, cookie="__Host-appeal_case=a; __Host-appeal_draft=" + "a" * 43)
            assert answer.cache != "HIT" and "public" not in answer.headers.get("Cache-Control", ""), path
        assert answer.status in {200, 301, 302, 400, 404}, path
        if answer.status < 400:
            assert "no-store" in answer.headers["Cache-Control"] or answer.status == 301, path
