"""The production server in a process of its own, started as often as a test kills it; and who talks to it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.portal import ROOT, free_port, is_ready

NO_ANSWER = (OSError, http.client.HTTPException)
# As the real command, but without the compression, which takes ten times as long and which nobody here asks for.
COLLECT = """
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
"""


def collect_static(environ: dict[str, str]) -> None:
    environ = environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    subprocess.run([sys.executable, "-c", COLLECT], cwd=ROOT, env=environ, check=True)


class Served:
    """``manage.py serve`` on a port of its own, with its data in ``folder``."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.port, self.log = free_port(), folder / "log"
        self.environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(folder / "data")} | environ
        (folder / "data").mkdir()
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=self.environ, check=True
        )
        collect_static(self.environ)

    def start(self, workers: int = 2, task_workers: int = 0, threads: int = 8) -> None:
        command = [sys.executable, "manage.py", "serve", f"--port={self.port}", f"--workers={workers}"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, f"--threads={threads}", f"--task-workers={task_workers}"],
                cwd=ROOT, env=self.environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + 60
        while not is_ready(self.port):
            assert time.monotonic() < end and self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def kill(self) -> None:
        """``kill -9``, all its processes at once: none of them can finish anything."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)
        while True:  # Until the last of them has let go of the port.
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.02)
        self.process = None


@dataclass
class Answer:
    status: int
    location: str
    page: str

    def find(self, pattern: str) -> str:
        found = re.search(pattern, self.page)
        assert found, f"{self.status}: {re.sub('<[^>]+>', ' ', self.page)[:3000]}"
        return found[1]


@dataclass
class Visitor:
    """A browser of somebody with an address of his own. Asks again what was not answered, as a person does."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    unanswered: int = 0
    patience: float = 30  # seconds for an answer

    def ask(self, method: str, path: str, body: bytes | None = None, seconds: float = 60) -> Answer:
        """The answer to a request, however often it must be sent."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.ask_once(method, path, body)
            except NO_ANSWER:
                self.unanswered += 1
                assert time.monotonic() < end, f"{method} {path} is not answered"
                time.sleep(0.1)

    def ask_once(self, method: str, path: str, body: bytes | None = None) -> Answer:
        with self.say(method, path, body) as connection:
            response = connection.getresponse()
            page = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), page)

    def say(self, method: str, path: str, body: bytes | None) -> closing[http.client.HTTPConnection]:
        """Send a request and do not wait for the answer."""
        connection = self.connection()
        try:
            connection.request(method, path, body, self.headers())
        except BaseException:
            connection.close()
            raise
        return closing(connection)

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)

    def headers(self) -> dict[str, str]:
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": self.address,
            "Content-Type": "multipart/form-data; boundary=X",
        }


def form(page: Answer, fields: dict[str, str], **files: bytes) -> bytes:
    """The body of a POST, with the page's token; of each file the name is that of its field."""
    fields = fields | {"csrfmiddlewaretoken": page.find(r'name="csrfmiddlewaretoken" value="(\w+)"')}
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [(f'name="{name}"; filename="{name}.png"', content) for name, content in files.items()]
    body = b"".join(
        b"--X\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + value + b"\r\n"
        for head, value in parts
    )
    return body + b"--X--\r\n"
