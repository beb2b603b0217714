"""A portal that really runs: ``make run`` in a process of its own."""

import fcntl
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).resolve().parents[2]
# Nothing of this run's own surroundings may change how the portal starts.
NOT_PASSED_ON = {
    "ALLOWED_HOSTS", "CI", "DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS",
    "PORTAL_ENV", "PORTAL_TEST_KINDS",
}  # fmt: skip
SECONDS_TO_START = 600


@dataclass
class Portal:
    """A running portal: its address, its data folder, and what it has said so far."""

    url: str
    data_dir: Path
    process: "subprocess.Popen[bytes]"
    log: Path
    password: str = field(default="", repr=False)

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> tuple[str, float]:
        """Stop it as Ctrl-C in its terminal would; returns all it said, and the seconds it took."""
        started = time.monotonic()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        return self.output, time.monotonic() - started


# Almost all of the demonstration content, its pictures small; the last event is left to the start itself.
INTERRUPTED = """
import django
django.setup()
from django.core.management import call_command
from portal.management.commands.prepare import make_data_folder
make_data_folder()
call_command("migrate", verbosity=0)
call_command("load_demo", small_pictures=True)
from news.models import Event
Event.objects.get(demo_key="csc-extraordinary-2022").delete()
"""


def first_started(shared: Path) -> Path:
    """A folder with what the first ``make run`` of a portal makes and says, stopped again.

    Drawing the demonstration content takes long: the first process of a run of tests that asks has it made, and
    ``make run`` finds a load that was interrupted, of which it draws the rest.
    """
    folder = shared / "portal-started-once"
    with (shared / "portal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            scratch = shared / "portal-starting"
            scratch.mkdir()
            subprocess.run(
                [sys.executable, "-c", INTERRUPTED],
                cwd=ROOT,
                env=surroundings(scratch / "data") | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
                check=True,
            )
            start(str(scratch)).stop()
            scratch.rename(folder)
    return folder


def surroundings(data_dir: Path) -> dict[str, str]:
    """The environment of a portal with its data in ``data_dir``."""
    environ = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    return environ | {"PORTAL_DATA_DIR": str(data_dir), "PYTHONIOENCODING": "utf-8"}


def start(folder: str, **settings: str) -> Portal:
    """Run ``make run`` with its data in ``folder``; returns when it is ready, with the password that it showed.

    ``settings`` are variables that it is started with.
    """
    data_dir, log, port = Path(folder) / "data", Path(folder) / "output.txt", free_port()
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=ROOT,
            env=surroundings(data_dir) | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    portal = Portal(f"http://127.0.0.1:{port}", data_dir, process, log)
    try:
        wait_until_ready(portal)
    except BaseException:
        portal.stop()
        raise
    portal.password = found[1] if (found := re.search(r"Password: (\S+)", portal.output)) else ""
    return portal


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(portal: Portal) -> None:
    """Until it says so itself, as a person waits: it says it after the first answer, so asking it could be too early."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and portal.process.poll() is None:
        if f"Ready: {portal.url}/" in portal.output:
            return
        time.sleep(0.2)
    raise RuntimeError(f"The portal did not start:\n{portal.output[-4000:]}")


def is_ready(port: int) -> bool:
    """The portal on ``port`` answers that it can work."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def visit(browser: Browser, url: str, language: str) -> BrowserContext:
    """Somebody's browser, without the service worker: that would hide from the tests what it fetches."""
    return browser.new_context(base_url=url, locale=language, reduced_motion="reduce", service_workers="block")
