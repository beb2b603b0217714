"""The socket that systemd hands over: whose it is, and that who stops leaves it to the others."""

import os
import socket
import subprocess
import sys

import pytest

from portal import listening

LEAVE = """
import os, socket, sys
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.dup2(int(sys.argv[1]), 3)
from portal import listening
taken = listening.handed_over()
granians = os.dup(3)
listening.take_no_more(taken)
print("left", flush=True)
sys.stdin.readline()
for fd in (3, granians):
    try:
        print("taken", socket.socket(fileno=fd).accept(), flush=True)
    except BlockingIOError:
        print("nothing", flush=True)
"""


@pytest.mark.parametrize("pid", ["", "1", "x"])
def test_a_socket_of_another_process_is_not_taken(monkeypatch, pid):
    monkeypatch.setenv("LISTEN_PID", pid)
    monkeypatch.setenv("LISTEN_FDS", "1")
    assert listening.handed_over() is None


def test_more_than_one_socket_is_refused(monkeypatch):
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_FDS", "2")
    with pytest.raises(ValueError, match="not 2"):
        listening.handed_over()


def test_who_stops_leaves_what_comes_to_the_others():
    with socket.create_server(("127.0.0.1", 0)) as shared:
        process = subprocess.Popen(
            [sys.executable, "-c", LEAVE, str(shared.fileno())], pass_fds=[shared.fileno()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout.readline() == "left\n"
        with socket.create_connection(shared.getsockname(), timeout=30) as visitor:
            visitor.sendall(b"GET")
            assert process.communicate("\n", timeout=30)[0] == "nothing\nnothing\n"
            shared.setblocking(True)
            shared.settimeout(30)
            with shared.accept()[0] as connection:
                assert connection.recv(3) == b"GET"


def test_readiness_is_told_where_systemd_asks_for_it(tmp_path, monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    listening.notify("READY=1")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(address := str(tmp_path / "n"))
        told.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        listening.notify("READY=1")
        assert told.recv(100) == b"READY=1"


def test_it_is_ready_when_all_workers_have_loaded():
    ready = listening.Readiness(2)
    load = ready.loading(lambda: "application")
    assert not ready.wait(lambda: True)
    assert (load(), load()) == ("application", "application")
    assert ready.wait(lambda: False)
