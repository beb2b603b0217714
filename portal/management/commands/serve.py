"""Run the production server (granian) with the portal in the foreground, until Ctrl-C or SIGTERM."""

import ctypes
import http.client
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from portal import listening
from portal.crew import Crew
from portal.listening import Readiness

if settings.METRICS_PORT:
    from portal import metrics

# A request in progress gets this long to finish when the server stops.
SECONDS_TO_FINISH = 5
PR_SET_PDEATHSIG = 1
# Open connections of a process. Browsers keep several for half a minute: 10,000 readers within a minute have as many.
CONNECTIONS = 8192
OTHER_FILES = 256  # the database, static files, caches, logs


class Command(BaseCommand):
    help = "Serve the portal with the production server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 4), help="processes")
        parser.add_argument("--threads", type=int, default=32, help="requests at a time in each process")
        parser.add_argument("--task-workers", type=int, default=1, help="processes for letters, pictures and the like")
        parser.add_argument("--prepare", action="store_true", help="first make everything ready")

    def handle(self, **options: Any) -> None:
        host, port, taken = options["host"], options["port"], listening.handed_over()
        address = host if taken else usable_address(host, port)
        site = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        if not os.environ.get("SITE_URL"):  # Letters lead to where the portal is: those of the workers, too.
            os.environ["SITE_URL"] = settings.SITE_URL = site
        if options["prepare"]:
            call_command("prepare", site=site, stdout=self.stdout)
        self.stdout.write(f"Starting {site} …")
        self.stdout.flush()
        connections.close_all()  # No connection is shared with the workers.
        server = make_server(address, port, options["workers"], options["threads"])
        readiness = Readiness(options["workers"])
        if taken:
            listening.serve_from(server, taken)
        stop_from_a_thread(server.signal_handler_interrupt)
        crews = [Crew(options["task_workers"], lambda: server.interrupt_signal)]
        if settings.METRICS_PORT:
            metrics.forget()
            crews.append(Crew(1, lambda: server.interrupt_signal, "metrics"))
        told = (server, crews, readiness, (address, port), site)
        beside = threading.Thread(target=self.run_beside, args=told, daemon=True)
        beside.start()
        try:
            load = readiness.loading(lambda: load_in_worker(taken))
            server.serve(target_loader=load, wrap_loader=False)
        finally:
            server.interrupt_signal = True
            beside.join(2 * SECONDS_TO_FINISH)
            self.stdout.write("Stopped.")
            self.stdout.flush()

    def run_beside(
        self, server: Server, crews: list[Crew], ready: Readiness, where: tuple[str, int], site: str
    ) -> None:
        """Say when the portal is ready; then keep the processes beside it until the server stops."""
        # Only when all workers are forked: a fork copies whatever another thread has half done.
        if ready.wait(lambda: server.interrupt_signal):
            self.tell_when_ready(server, where, site)
        keepers = [threading.Thread(target=crew.keep) for crew in crews]
        for keeper in keepers:
            keeper.start()
        for keeper in keepers:
            keeper.join()

    def tell_when_ready(self, server: Server, where: tuple[str, int], site: str) -> None:
        """Ask until an answer comes, then print the address: nobody should open it too early."""
        while not server.interrupt_signal:
            if answers(*where):
                self.stdout.write(f"Ready: {site}/  (Ctrl-C stops it)")
                self.stdout.flush()
                listening.notify("READY=1")
                return
            time.sleep(0.1)


def usable_address(host: str, port: int) -> str:
    """The numeric address of ``host``, on which ``port`` is free.

    The server shares its port among its processes, so a second server would not notice the first.
    """
    try:
        if not 0 < port < 2**16:
            raise OSError("ports go from 1 to 65535")
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(f"Port {port} on {host} cannot be used ({error}). Choose another: make run PORT=…") from None
    return str(address[0])


def room_for_connections() -> int:
    """How many connections a process may have open. The server raises its soft limit on open files itself."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if hard < 0 else max(1, min(CONNECTIONS, hard - OTHER_FILES))  # Below 0 stands for no limit.


def make_server(address: str, port: int, workers: int, threads: int) -> Server:
    return Server(
        "portal.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # This counts connections, idle ones too, and no further one is taken: the threads are the limit on the work.
        backpressure=room_for_connections(),
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.error,
    )


def stop_from_a_thread(stop: Callable[[], object]) -> None:
    """Call ``stop`` when a stop signal comes, from a thread of its own.

    granian's handlers set an event on which the same thread waits: a second signal, or one that comes while
    it begins to wait, hangs the process for ever. So these signals stay blocked, here and in every process
    that is forked later, and one thread takes the first of them.
    """
    signals = {signal.SIGINT, signal.SIGTERM}
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # A closed terminal stops the portal; under nohup not.
        signals.add(signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)

    def wait() -> None:
        signal.sigwait(signals)
        stop()

    threading.Thread(target=wait, daemon=True).start()


def load_in_worker(taken: socket.socket | None) -> Callable[..., Any]:
    """The first thing that a worker does: be stoppable, also while it starts, then load the application."""
    inherited = signal.getsignal(signal.SIGTERM)

    def stop() -> None:
        handler = signal.getsignal(signal.SIGTERM)
        if handler is inherited or not callable(handler):
            os._exit(0)  # granian has not yet come to taking requests.
        if taken:
            listening.take_no_more(taken)
        handler(signal.SIGTERM, None)

    stop_from_a_thread(stop)
    if sys.platform == "linux":  # The worker ends, too, when its parent is killed.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # Who comes back from the database has the next turn sooner. At 5 ms, Python's own, an appeal held the row from
    # which it has its number for ten turns of others, and a quarter fewer were taken in a second.
    sys.setswitchinterval(0.0005)
    from portal.wsgi import application

    return application


def answers(address: str, port: int) -> bool:
    hosts = settings.ALLOWED_HOSTS
    name = "localhost" if {"localhost", "*"} & set(hosts) else hosts[0].removeprefix(".")
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # nosec B104 # it is compared with
    connection = http.client.HTTPConnection(everywhere.get(address, address), port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
