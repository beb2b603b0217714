"""Who is slow, by a bad line or on purpose, takes nobody's place: nginx waits for him, the portal does not."""

import http.client
import socket
import ssl
from contextlib import ExitStack

import pytest

from tests.appeals.served import Visitor
from tests.deploy.site import PUBLIC, Site
from tests.faults.crowd import Crowd
from tests.faults.portal import eyes_for_sqlite

pytestmark = [pytest.mark.nginx, pytest.mark.slow, pytest.mark.long_fault]
COUNT = 500
HEAD = f"Host: {PUBLIC}\r\nCookie: csrftoken={'a' * 32}\r\n"
UPLOAD = (
    f"POST /tg/appeals/write/ HTTP/1.1\r\n{HEAD}Content-Type: multipart/form-data; boundary=X\r\n"
    'Content-Length: 5000000\r\n\r\n--X\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
)
HALF_A_HEAD = f"GET /tg/ HTTP/1.1\r\n{HEAD}X-Slow: "
LARGE_PAGE = f"GET /static/css/site.css HTTP/1.1\r\n{HEAD}\r\n" * 40


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    try:
        site.start()
        yield site
    finally:
        site.stop()


class Outside(Visitor):
    """A browser that comes by HTTPS through nginx, from the citizen's own address."""

    site: Site

    def connection(self):
        connection = http.client.HTTPConnection(PUBLIC)
        connection.sock = self.site.socket(PUBLIC, self.address)
        return connection

    def headers(self):
        return super().headers() | {"Origin": f"https://{PUBLIC}"}


def browsers(site):
    def browser(address):
        visitor = Outside(site.https, address)
        visitor.site = site
        return visitor

    return browser


def is_held(client):
    """The server waits for him: neither an answer has come nor the end."""
    client.settimeout(0)
    try:
        client.recv(1)
    except ssl.SSLWantReadError:
        return True
    except OSError:
        pass
    return False


def address(number):
    """Of somebody from elsewhere: a hundred connections of one network are all that nginx takes."""
    return f"127.{200 + number % 50}.{number // 50}.1"


@pytest.mark.parametrize(
    ("fault", "sent", "buffer"),
    [
        (f"{COUNT} half-open uploads", UPLOAD, 0),
        (f"{COUNT} slow heads of requests (slowloris)", HALF_A_HEAD, 0),
        (f"{COUNT} readers who do not read", LARGE_PAGE, 4096),
    ],
    ids=["uploads", "heads", "readers"],
)
def test_slow_clients_take_nobodys_place(site, fault, sent, buffer):
    crowd = Crowd(browsers(site), eyes_for_sqlite(site.portal))
    with crowd, crowd.meets(fault, "nothing, behind nginx") as now, ExitStack() as open_ones:
        slow = [open_ones.enter_context(site.socket(PUBLIC, address(number))) for number in range(COUNT)]
        for client in slow:
            if buffer:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            client.sendall(sent.encode())
        assert buffer or sum(is_held(client) for client in slow) > COUNT / 2
        crowd.until_sent(4)
        assert now.felt_nothing(crowd.ledger)
