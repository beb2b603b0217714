"""The servers that are measured, each in processes of its own, and what they use of the machine."""

from __future__ import annotations

import contextlib
import getpass
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
SECONDS_TO_START, SECONDS_TO_STOP = 90, 15
TICK = os.sysconf("SC_CLK_TCK")
NGINX = "/usr/sbin/nginx"
OFFICE = "office.test"  # the staff's host behind nginx
# Nothing of this run's own surroundings may change how the portal starts.
NOT_PASSED_ON = {"ALLOWED_HOSTS", "BEHIND_PROXY", "DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "HTTPS",
                 "PAGE_CACHE_MB", "PORTAL_ENV", "PORTAL_ROLE", "SITE_URL"}  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def surroundings(folder: Path, database: str, **more: str) -> dict[str, str]:
    """The environment of a portal in production, but for TLS, with its data in ``folder``."""
    keys = folder / "keys.json"
    if not keys.exists():
        keys.write_text(json.dumps({"SECRET_KEY": secrets.token_hex(40), "OFFICE_KEY": secrets.token_hex(32)}))
    own = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    set_here = {
        "PORTAL_ENV": "production", "HTTPS": "0", "ALLOWED_HOSTS": "127.0.0.1,localhost", "DATABASE_URL": database,
        "PORTAL_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings", "EMAIL_HOST": "localhost",
    }  # fmt: skip
    return own | set_here | json.loads(keys.read_text()) | more


@dataclass
class Served:
    """A server that answers on ``port`` until ``stop``; also a context manager."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{'localhost' if self.scheme == 'https' else '127.0.0.1'}:{self.port}"

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # It was started as the first of a group of its own.
            self.process.wait()

    def pids(self) -> list[int]:
        """Its processes, the first of them first."""
        parents = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(entry.parent.name)] = int(stat_fields(entry)[1])
            except OSError:
                pass  # It has just ended.
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu(self) -> float:
        """Seconds of processor time that its processes have used so far, user and system."""
        return sum(int(field) for pid in self.pids() for field in stat_fields(Path(f"/proc/{pid}/stat"))[11:13]) / TICK

    def memory(self, what: str = "VmRSS") -> float:
        """Megabytes of the largest worker: all that is resident, or without mapped files (``RssAnon``)."""
        found = [Path(f"/proc/{pid}/status").read_text() for pid in self.pids()[1:]]
        return max(int(line.split()[1]) for text in found for line in text.splitlines() if line.startswith(what)) / 1024


def stat_fields(stat: Path) -> list[str]:
    """The fields of /proc/PID/stat behind the name, which may hold anything: state, parent, group and so on."""
    return stat.read_text().rpartition(")")[2].split()


def start(name: str, command: list[str], folder: Path, port: int, **options: object) -> Served:
    """Run a server; returns when it takes connections. What it says goes to a file in ``folder``."""
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True, env=options.get("env"),
        )  # fmt: skip
    served = Served(name, port, process, str(options.get("scheme", "http")))
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        ready = f"Ready: {served.url}/" in log.read_text(errors="replace") if name.startswith("portal") else True
        try:
            if ready:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return served
        except OSError:
            pass
        time.sleep(0.1)
    served.stop()
    raise SystemExit(f"{name} did not start:\n{log.read_text(errors='replace')[-3000:]}")


def portal(
    folder: Path, database: str, name: str = "portal", task_workers: int = 0, threads: int = 32, **settings: str
) -> Served:
    """The portal as in production. Without ``task_workers`` what is done later (letters, indexes) is left undone."""
    port = free_port()
    command = [sys.executable, "-m", "portal", "serve", "--port", str(port), "--workers", str(WORKERS)]
    command += ["--threads", str(threads), "--task-workers", str(task_workers)]
    (folder / f"{name}.log").unlink(missing_ok=True)
    return start(name, command, folder, port, env=surroundings(folder, database, **settings))


def worker(folder: Path, database: str, **settings: str) -> Served:
    """What does later what was asked for, by itself, as in production: it has no port."""
    with (folder / "portal-worker.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal", "work", "--processes", "2"], cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            env=surroundings(folder, database, **settings),
        )  # fmt: skip
    return Served("worker", 0, process)


def nice(served: Served, steps: int) -> None:
    """Weigh its session against others: below 0 it goes before them, where this process may say so."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{served.process.pid}/autogroup").write_text(str(steps))


def reference(kind: str, folder: Path, page: Path) -> Served:
    """``bare`` or ``plain`` (see ``bench.bare``)."""
    port = free_port()
    return start(kind, [sys.executable, "-m", "bench.bare", kind, str(port), str(page)], folder, port)


FILE_SITE = """
daemon off; pid {folder}/file.pid; error_log {folder}/file.log crit; user {user}; worker_processes {workers};
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; open_file_cache max=10;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} {tls}; default_type "text/html; charset=utf-8";
        location / {{ root {folder}/file; try_files /page =404; {headers} }}
    }}
}}
"""


def nginx_file(folder: Path, headers: list[tuple[str, str]], body: bytes, tls: bool = False) -> Served:
    """nginx with the page as a file, and nothing else; with ``tls`` as the site of ``nginx_site`` has it."""
    port, own = free_port(), {"content-type", "content-length", "date", "etag", "last-modified", "server"}
    (folder / "file").mkdir(exist_ok=True)
    (folder / "file" / "page").write_bytes(body)
    added = " ".join(f'add_header {name} "{value}";' for name, value in headers if name.lower() not in own)
    how = f"ssl http2; include {folder}/nginx/etc/portal/tls.conf" if tls else ""
    text = FILE_SITE.format(folder=folder, port=port, headers=added, user=getpass.getuser(), workers=WORKERS, tls=how)
    (folder / "file.conf").write_text(text)
    return start(
        "nginx-file", [NGINX, "-c", str(folder / "file.conf")], folder, port, scheme="https" if tls else "http"
    )


def nginx_site(folder: Path, upstream: int, twin: int = 0) -> Served:
    """nginx before the portal with the configuration of ``deploy/``, and a certificate that it signs itself.

    ``twin``: the port of a second portal, if there is one.
    """
    from deploy import render

    port, site = free_port(), folder / "nginx"
    for name in ("logs", "cache", "bodies", "acme"):
        (site / name).mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", str(site / "key.pem"), "-out", str(site / "site.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    values = {
        "PUBLIC_HOST": "localhost", "OFFICE_HOST": OFFICE, "PUBLIC_UPSTREAM": f"127.0.0.1:{upstream}",
        "APPEALS_UPSTREAM": f"127.0.0.1:{twin or upstream}", "OFFICE_UPSTREAM": f"127.0.0.1:{upstream}",
        "ADDRESS": "127.0.0.1", "IPV6": "#", "HTTP_PORT": free_port(),
        "HTTPS_PORT": port, "CERTIFICATE": site / "site.pem", "CERTIFICATE_KEY": site / "key.pem",
        "ACME_ROOT": site / "acme", "STATIC_ROOT": folder / "static", "MEDIA_ROOT": folder / "media",
        "CHANGED_FLAG": folder / "public-changed",
        "BODY_LIMIT_MB": 160, "NGINX_USER": getpass.getuser(), "PID": site / "pid", "LOGS": site / "logs",
        "CACHE": site / "cache", "BODIES": site / "bodies",
    }  # fmt: skip
    render.render({name: str(value) for name, value in values.items()}, site / "etc")
    command = [NGINX, "-c", str(site / "etc" / "nginx.conf"), "-g", "daemon off;"]
    return start("nginx", command, folder, port, scheme="https")


def get(url: str, **headers: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """One request over plain HTTP: status, headers, body as it came."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        connection.request("GET", f"/{path}", headers={name.replace("_", "-"): text for name, text in headers.items()})
        response = connection.getresponse()
        return response.status, response.getheaders(), response.read()
    finally:
        connection.close()
