"""Behind nginx readers and those who write are answered by processes of their own."""

from __future__ import annotations

import getpass
import http.client
import json
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy import render
from tests.browser.portal import free_port
from tests.deploy.site import OFFICE, PUBLIC, Listener, certificate, nginx_path

pytestmark = pytest.mark.nginx

READ = ["/tg/", "/ru/news/", "/tg/search/?q=a", "/media/photos/a/800.jpeg", "/en/text/"]
WRITTEN = ["/tg/appeals/", "/ru/appeals/write/", "/tg/appeals/check/", "/tg/appeals/track/", "/captcha/a.png",
           "/tg/appeals/write/files/", "/en/subscribe/"]  # fmt: skip


class Pair:
    """nginx before two listeners in the place of the portal's instances; each tells its port."""

    def __init__(self, folder: Path) -> None:
        self.https, self.readers, self.writers = free_port(), Listener(), Listener()
        pem, key = certificate(folder)
        values = {
            "PUBLIC_HOST": PUBLIC, "OFFICE_HOST": OFFICE, "ADDRESS": "127.0.0.1", "IPV6": "#",
            "PUBLIC_UPSTREAM": f"127.0.0.1:{self.readers.server_port}",
            "APPEALS_UPSTREAM": f"127.0.0.1:{self.writers.server_port}",
            "OFFICE_UPSTREAM": f"127.0.0.1:{self.readers.server_port}", "HTTP_PORT": free_port(),
            "HTTPS_PORT": self.https, "CERTIFICATE": pem, "CERTIFICATE_KEY": key, "ACME_ROOT": folder / "acme",
            "STATIC_ROOT": folder / "static", "MEDIA_ROOT": folder / "media", "BODY_LIMIT_MB": 160,
            "CHANGED_FLAG": folder / "changed",
            "NGINX_USER": getpass.getuser(), "PID": folder / "pid", "LOGS": folder / "logs",
            "CACHE": folder / "cache", "BODIES": folder / "bodies",
        }  # fmt: skip
        for name in ("logs", "cache", "bodies", "acme"):
            (folder / name).mkdir()
        render.render({name: str(value) for name, value in values.items()}, folder / "etc")
        command = [str(nginx_path()), "-c", str(folder / "etc" / "nginx.conf"), "-e", str(folder / "logs" / "error")]
        self.nginx = subprocess.Popen([*command, "-g", "daemon off;"])
        end = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", self.https)):
            assert time.monotonic() < end and self.nginx.poll() is None
            time.sleep(0.05)
        self.context = ssl.create_default_context(cafile=str(pem))

    def line(self, source: str = "127.0.0.1", timeout: float = 30) -> ssl.SSLSocket:
        bare = socket.create_connection(("127.0.0.1", self.https), timeout, (source, 0))
        return self.context.wrap_socket(bare, server_hostname=PUBLIC)

    def asks(self, path: str) -> str:
        """To whom a request for ``path`` comes."""
        connection = http.client.HTTPConnection(PUBLIC)
        connection.sock = self.line()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            said = json.loads(answer.read())
            assert answer.status == 200 and said["path"] == path
            return {self.readers.server_port: "readers", self.writers.server_port: "writers"}[said["port"]]
        finally:
            connection.close()

    def stop(self) -> None:
        self.nginx.terminate()
        self.nginx.wait(timeout=30)
        end(self.readers)
        end(self.writers)

    def sends(self, path: str, source: str) -> ssl.SSLSocket:
        """A connection on which ``path`` is asked for, and nothing is read yet."""
        line = self.line(source)
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {PUBLIC}\r\n\r\n".encode())
        line.setblocking(False)
        return line


def said(line: ssl.SSLSocket) -> bytes | None:
    """The first line of the answer, if there is one by now."""
    try:
        return line.recv(1000).partition(b"\r\n")[0]
    except ssl.SSLWantReadError:
        return None


def end(instance: Listener) -> None:
    instance.shutdown()
    instance.server_close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.stop()


def test_who_reads_does_not_stand_behind_who_writes(pair):
    assert {path: pair.asks(path) for path in READ} == dict.fromkeys(READ, "readers")
    assert {path: pair.asks(path) for path in WRITTEN} == dict.fromkeys(WRITTEN, "writers")


def test_too_many_who_begin_are_told_so_at_once_and_nobody_else_is(pair):
    pair.writers.shutdown()  # It takes connections still, and answers nobody.
    pair.writers.socket.listen(2000)
    with ExitStack() as lines:

        def send(path: str, number: int) -> ssl.SSLSocket:
            return lines.enter_context(pair.sends(path, f"127.0.{1 + number // 8}.{1 + number % 8}"))

        begun, told, deadline = [send("/tg/appeals/write/", number) for number in range(403)], {}, time.monotonic() + 30
        # nginx has several processes: who is one too many need not be who sent last.
        while len(told) < 3 and time.monotonic() < deadline:
            told |= {line: answer for line in begun if line not in told and (answer := said(line)) is not None}
        checking = send("/tg/appeals/check/", 403)
        assert pair.asks("/tg/") == "readers"
        time.sleep(0.5)
        told |= {line: answer for line in begun if line not in told and (answer := said(line)) is not None}
        assert list(told.values()) == [b"HTTP/1.1 503 Service Temporarily Unavailable"] * 3, "400 go on waiting"
        assert said(checking) is None, "who is about to send is let in"
