"""How many connections the production server has open at a time: idle ones must not keep others out."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time

import pytest

from portal.management.commands import serve
from tests.browser.portal import free_port

# The server alone, one process, with an application that answers "ok".
SERVER = """
import sys
from django.conf import settings

settings.configure(METRICS_PORT=0)
from portal.management.commands.serve import make_server

def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

make_server("127.0.0.1", int(sys.argv[1]), 1, 2).serve(target_loader=lambda: application, wrap_loader=False)
"""
READERS = 1200  # idle at a time; a limit of 1024 would let the others wait for half a minute
SECONDS_TO_ANSWER = 15


@pytest.mark.parametrize(("hard", "room"), [(524288, 8192), (-1, 8192), (1024, 768), (100, 1)])
def test_files_are_left_for_other_things_than_connections(monkeypatch, hard, room):
    monkeypatch.setattr(serve.resource, "getrlimit", lambda _what: (100, hard))
    assert serve.room_for_connections() == room


@pytest.fixture
def many_files():
    """This process may have as many connections open, too."""
    before = soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = READERS + 300
    if 0 <= hard < needed:
        pytest.skip(f"this machine allows a process {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed) if soft >= 0 else soft, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture
def port():
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", SERVER, str(port)], start_new_session=True) as process:
        try:
            end = time.monotonic() + 60
            while socket.socket().connect_ex(("127.0.0.1", port)):
                assert time.monotonic() < end and process.poll() is None
                time.sleep(0.05)
            yield port
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_readers_who_keep_their_connection_keep_nobody_out(many_files, port):
    kept = []
    try:
        for _ in range(READERS):
            kept.append(socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_ANSWER))
            kept[-1].sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert kept[-1].recv(1000).startswith(b"HTTP/1.1 200"), len(kept)
    finally:
        for connection in kept:
            connection.close()
