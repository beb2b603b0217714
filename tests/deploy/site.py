"""A site as it stands in production: nginx with the configuration of ``deploy/``, and the portal behind it."""

from __future__ import annotations

import getpass
import http.client
import http.server
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy import render
from tests.appeals.served import Served
from tests.browser.portal import ROOT, free_port
from tests.kinds import nginx_path

PUBLIC, OFFICE = "portal.test", "office.portal.test"
# The desk: a process with the portal's settings that does what it is told, a line at a time.
DESK = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.contrib.auth.models import User
from news import workflow
from news.models import Report
from portal.roles import PRESS_CHIEF
from tests.news import factories

def chief():
    return User.objects.filter(username="chief").first() or factories.staff(PRESS_CHIEF, username="chief")

def write(title, draft=False):
    made = factories.report(title=title, **({"status": "draft", "published_at": None} if draft else {}))
    return [made.pk, made.get_absolute_url()]

def add_photo(pk):
    photo = factories.photo(Report.objects.get(pk=pk).event)
    return [photo.image.name, f"/media/photos/{photo.token}/60.jpeg"]

def add_film(pk, content):
    video = Report.objects.get(pk=pk).event.videos.create(file=factories.ContentFile(content, name="film.mp4"))
    return [video.file.name, f"/media/videos/{video.token}.mp4"]

def publish(pk):
    return workflow.publish(Report.objects.get(pk=pk), chief()).pk

def withdraw(pk):
    return workflow.withdraw(Report.objects.get(pk=pk), chief()).pk

for line in sys.stdin:
    print(json.dumps(eval(line)), flush=True)
"""


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for both names, signed by itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, PUBLIC)])
    names = x509.SubjectAlternativeName([x509.DNSName(PUBLIC), x509.DNSName(OFFICE)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, encoding = serialization.PrivateFormat.PKCS8, serialization.Encoding.PEM
    paths = folder / "site.pem", folder / "site.key"
    paths[0].write_bytes(made.public_bytes(encoding))
    paths[1].write_bytes(key.private_bytes(encoding, pem, serialization.NoEncryption()))
    return paths


class Listener(http.server.ThreadingHTTPServer):
    """Stands where the office's portal would: answers with what reached it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Tell)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Tell(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        port = self.server.server_address[1]
        told = json.dumps({"path": self.path, "headers": self.headers.items(), "port": port}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_POST = do_GET

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


class Site:
    """nginx, the portal, the listener in the office's place, and the desk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.http, self.https = folder, free_port(), free_port()
        database = folder / "data" / "portal.sqlite3"
        self.portal = Served(
            folder, PORTAL_ENV="production", SECRET_KEY="a" * 30 + "bcdefghij" * 4, OFFICE_KEY="1f" * 32,
            ALLOWED_HOSTS=f"{PUBLIC},127.0.0.1", DATABASE_URL=f"sqlite:///{database}", BEHIND_PROXY="1",
            MEDIA_BY_PROXY="1", EMAIL_HOST="localhost", TASKS_EAGER="1",
        )  # fmt: skip
        self.listener = Listener()
        self.certificate, key = certificate(folder)
        self.static, self.logs = folder / "data" / "static", folder / "logs"
        values = {
            "PUBLIC_HOST": PUBLIC, "OFFICE_HOST": OFFICE, "ADDRESS": "127.0.0.1", "IPV6": "#",
            "PUBLIC_UPSTREAM": f"127.0.0.1:{self.portal.port}",
            "APPEALS_UPSTREAM": f"127.0.0.1:{self.portal.port}",
            "OFFICE_UPSTREAM": f"127.0.0.1:{self.listener.server_port}",
            "HTTP_PORT": self.http, "HTTPS_PORT": self.https, "CERTIFICATE": self.certificate, "CERTIFICATE_KEY": key,
            "ACME_ROOT": folder / "acme", "STATIC_ROOT": self.static, "MEDIA_ROOT": folder / "data" / "media",
            "CHANGED_FLAG": folder / "data" / "public-changed",
            "BODY_LIMIT_MB": 160, "NGINX_USER": getpass.getuser(), "PID": folder / "nginx.pid", "LOGS": self.logs,
            "CACHE": folder / "cache", "BODIES": folder / "bodies",
        }  # fmt: skip
        for name in ("logs", "cache", "bodies", "acme"):
            (folder / name).mkdir()
        render.render({name: str(value) for name, value in values.items()}, folder / "etc")
        self.nginx: subprocess.Popen[bytes] | None = None
        self.desk: subprocess.Popen[str] | None = None

    def check(self) -> str:
        """What ``nginx -t`` says."""
        done = subprocess.run([*self.command, "-t"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stderr

    @property
    def command(self) -> list[str]:
        return [str(nginx_path()), "-c", str(self.folder / "etc" / "nginx.conf"), "-e", str(self.logs / "error.log")]

    def start(self) -> None:
        self.portal.prepare()
        self.portal.start(workers=1)
        self.desk = subprocess.Popen(
            [sys.executable, "-c", DESK], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=self.portal.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        )  # fmt: skip
        self.start_nginx()

    def start_nginx(self) -> None:
        self.nginx = subprocess.Popen([*self.command, "-g", "daemon off;"])
        end = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", self.https)):
            assert time.monotonic() < end and self.nginx.poll() is None, (self.logs / "error.log").read_text()
            time.sleep(0.1)

    def stop(self) -> None:
        for process in (self.desk, self.nginx):
            if process:
                process.terminate()
                process.wait(timeout=30)
        if self.portal.process:
            self.portal.kill()
        self.listener.shutdown()
        self.listener.server_close()

    def do(self, expression: str) -> Any:
        """Have the desk do something; returns what comes of it."""
        assert self.desk and self.desk.stdin and self.desk.stdout
        self.desk.stdin.write(expression + "\n")
        self.desk.stdin.flush()
        return json.loads(self.desk.stdout.readline())

    def socket(self, host: str = PUBLIC, source: str = "127.0.0.1", *protocols: str) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.set_alpn_protocols(list(protocols) or ["http/1.1"])
        bare = socket.create_connection(("127.0.0.1", self.https), timeout=60, source_address=(source, 0))
        return context.wrap_socket(bare, server_hostname=host)

    def ask(
        self, path: str, host: str = PUBLIC, method: str = "GET", body: bytes | None = None,
        source: str = "127.0.0.1", **headers: str,
    ) -> Answer:  # fmt: skip
        """Ask by HTTPS, the path just as it is written; ``accept_encoding=…`` is a header."""
        connection = http.client.HTTPConnection(host)
        connection.sock = self.socket(host, source)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def error_page(self, language: str, status: int) -> bytes:
        """As ``manage.py error_pages`` wrote it."""
        return (self.static / "errors" / language / f"{status}.html").read_bytes()

    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.logs / "access.log").read_text(errors="replace").splitlines()]


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cache(self) -> str:
        return self.headers.get("X-Cache", "")


def until(what: Any, seconds: float) -> Answer:
    """Ask again until ``what`` gives an answer that will do."""
    end = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)
    return answer
