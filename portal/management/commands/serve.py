"""Run the production server (granian) with the portal in the foreground, until Ctrl-C or SIGTERM."""

import ctypes
import http.client
import os
import signal
import socket
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

STOPS = {signal.SIGINT, signal.SIGTERM}
# A request in progress gets this long to finish when the server stops.
SECONDS_TO_FINISH = 5
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    help = "Serve the portal with the production server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 4), help="processes")
        parser.add_argument("--threads", type=int, default=16, help="requests at a time in each process")
        parser.add_argument("--prepare", action="store_true", help="first make everything ready")

    def handle(self, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_taken_port(host, port)
        site = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        if options["prepare"]:
            call_command("prepare", site=site, stdout=self.stdout)
        self.stdout.write(f"Starting {site} …")
        self.stdout.flush()
        connections.close_all()  # No connection is shared with the workers.
        make_forks_stoppable()
        server = make_server(host, port, options["workers"], options["threads"])
        ready = threading.Thread(target=self.tell_when_ready, args=(server, host, port, site), daemon=True)
        ready.start()
        try:
            server.serve()
        finally:
            self.stdout.write("Stopped.")
            self.stdout.flush()

    def tell_when_ready(self, server: Server, host: str, port: int, site: str) -> None:
        """Ask until an answer comes, then print the address: nobody should open it too early."""
        while not server.interrupt_signal:
            time.sleep(0.1)
            # Only when all workers are forked: a fork copies whatever another thread has half done.
            if len(server.wrks) == server.workers and answers(host, port):
                self.stdout.write(f"Ready: {site}/  (Ctrl-C stops it)")
                self.stdout.flush()
                return


def refuse_taken_port(host: str, port: int) -> None:
    """The server shares its port among its processes, so a second server would not notice the first."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"Port {port} on {host} cannot be used ({error}). Choose another: make run PORT={port + 1}"
        ) from None


def make_server(host: str, port: int, workers: int, threads: int) -> Server:
    server = Server(
        "portal.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # This counts connections, and a browser keeps several open: the threads are the limit on the work.
        backpressure=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
    )
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        # A closed terminal stops the portal; granian would restart its workers.
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    return server


def make_forks_stoppable() -> None:
    """Let a stop that comes while a worker starts end that worker.

    A new process has its parent's handlers, which only make a note, until it installs its own: a SIGTERM in
    between would be lost and the parent would wait. So signals wait during the fork, and the worker begins
    with the system's default. On Linux a worker also ends when its parent is killed.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def in_worker() -> None:
        for number in STOPS:
            signal.signal(number, signal.SIG_DFL)
        if libc:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)

    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, STOPS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS),
        after_in_child=in_worker,
    )


def answers(host: str, port: int) -> bool:
    name = settings.ALLOWED_HOSTS[0].removeprefix(".").replace("*", "localhost")
    connection = http.client.HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
