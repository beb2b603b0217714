"""The listening socket that systemd hands over, and keeps while one of the portal's instances is started anew.

All instances take connections from one queue, which never closes: nobody is refused, and what waits in it is taken by
the others, or by this one when it is back. See docs/operations.md.
"""

from __future__ import annotations

import os
import select
import socket
import stat
import time
from collections.abc import Callable
from typing import Any

from granian.net import SocketHolder
from granian.server import Server

FIRST_HANDED_OVER = 3
# A connection without a request in it is nobody's yet: a server that stops closes those that it has already taken.
SECONDS_TO_SAY_SOMETHING = 5

# A connection of which nothing was read yet is closed when granian stops.
SECONDS_TO_BE_READ = 0.3


def handed_over() -> socket.socket | None:
    """The socket that was handed to this very process, as sd_listen_fds(3) says; it must be one alone."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    if (count := os.environ.get("LISTEN_FDS")) != "1":
        raise ValueError(f"One socket can be handed over, not {count}.")
    taken = socket.socket(fileno=FIRST_HANDED_OVER)
    taken.setblocking(False)
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SECONDS_TO_SAY_SOMETHING)
    return taken


def serve_from(server: Server, taken: socket.socket) -> None:
    """Have the server's workers take connections from this socket, instead of one of their own each."""

    def share() -> None:
        server._ssp, server._sso, server._sfd = None, None, taken.fileno()
        server._shd = SocketHolder(taken.fileno(), False, server.backlog)

    server._init_shared_socket = share


def take_no_more(listener: socket.socket) -> None:
    """Leave what comes now to the other instances, before the server of this process stops.

    What granian takes in the moment in which it is told to stop, it may close unread. So its descriptors of the shared
    socket are given another one, to which nobody connects, and what it has taken by then is read first.
    """
    own, nobody = os.fstat(listener.fileno()), socket.socket(socket.AF_UNIX)
    nobody.bind("")
    nobody.listen()
    nobody.setblocking(False)
    for name in os.listdir("/proc/self/fd"):
        try:
            found = os.fstat(int(name))
        except OSError:
            continue  # That of the list itself.
        if stat.S_ISSOCK(found.st_mode) and (found.st_dev, found.st_ino) == (own.st_dev, own.st_ino):
            os.dup2(nobody.fileno(), int(name), inheritable=False)
    time.sleep(SECONDS_TO_BE_READ)


class Readiness:
    """Whether all workers have loaded the application: asked of themselves, for any instance answers on the port."""

    def __init__(self, workers: int) -> None:
        self.missing, (self.reader, self.writer) = workers, os.pipe()

    def loading(self, load: Callable[[], Any]) -> Callable[[], Any]:
        """``load``, which tells when it has loaded; called in each worker."""

        def loaded() -> Any:
            application = load()
            os.write(self.writer, b".")
            return application

        return loaded

    def wait(self, stopping: Callable[[], object]) -> bool:
        """Until all workers are ready, or until the server stops."""
        while self.missing > 0 and not stopping():
            if select.select([self.reader], [], [], 0.1)[0]:
                self.missing -= len(os.read(self.reader, self.missing))
        return self.missing <= 0


def notify(state: str) -> None:
    """Tell systemd, as sd_notify(3) does; without systemd nothing."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.sendto(state.encode(), address.replace("@", "\0", 1) if address.startswith("@") else address)
