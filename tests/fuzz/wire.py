"""Bytes to a server and back, and what is wrong with an answer."""

from __future__ import annotations

import re
import socket
import ssl
import time
from dataclasses import dataclass, field

SECONDS = 30
# What a payload would leave in an answer if it were not escaped, or if a line's end got through.
MARKUP, HEADER, HOST = b"<zz9>", b"x-zz9", "evil.example"
NEEDED = (b"content-security-policy", b"x-content-type-options", b"referrer-policy", b"cross-origin-resource-policy")


@dataclass
class Request:
    """``whole``: the server can tell that nothing more comes; else it may answer nothing and close."""

    data: bytes
    what: str
    source: str = "127.0.0.1"
    whole: bool = True


@dataclass
class Answer:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    seconds: float = 0.0

    def get(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key == name), b"")


class Hangs(Exception):
    """No whole answer within the time."""


def send(port: int, request: Request, tls: ssl.SSLContext | None = None, host: str = "") -> Answer:
    """The answer; its status is 0 if the server closed without one."""
    began, received = time.monotonic(), b""
    bare = socket.create_connection(("127.0.0.1", port), timeout=SECONDS, source_address=(request.source, 0))
    with tls.wrap_socket(bare, server_hostname=host) if tls else bare as connection:
        try:
            connection.sendall(request.data)
            if not request.whole and not tls:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # It has said what it wants to say already.
        head = request.data.startswith(b"HEAD ")
        while not _is_whole(received, head):
            connection.settimeout(max(0.01, SECONDS - (time.monotonic() - began)))
            try:
                part = connection.recv(2**16)
            except TimeoutError:
                raise Hangs from None
            except OSError:
                break
            if not part:
                break
            received += part
    answer = _parse(received)
    answer.seconds = time.monotonic() - began
    return answer


def _parse(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    line, *lines = head.split(b"\r\n")
    found = re.fullmatch(rb"HTTP/1\.[01] (\d{3})(?: .*)?", line)
    if not found:
        return Answer()
    if found[1] == b"100":
        return _parse(body)
    pairs = [each.partition(b":") for each in lines]
    return Answer(int(found[1]), [(name.lower(), value.strip()) for name, _, value in pairs], body)


def _is_whole(received: bytes, head: bool) -> bool:
    if b"\r\n\r\n" not in received:
        return False
    answer = _parse(received)
    if head or answer.status in {204, 304}:
        return answer.status >= 200
    if b"chunked" in answer.get(b"transfer-encoding"):
        return answer.body.endswith(b"0\r\n\r\n")
    length = answer.get(b"content-length")
    return bool(length) and len(answer.body) >= int(length)


def faults(request: Request, answer: Answer) -> list[str]:
    """In words; empty for an answer that may be."""
    found = []
    if answer.status >= 500:
        found.append(f"status {answer.status}")
    if not answer.status and request.whole:
        found.append("closed without an answer")
    if any(HEADER in name for name, _value in answer.headers):
        found.append("a header out of what was sent")
    kind = answer.get(b"content-type")
    if kind.startswith((b"text/html", b"image/svg", b"application/xhtml")) and MARKUP in answer.body:
        found.append("markup out of what was sent")
    location = answer.get(b"location").decode(errors="replace")
    if re.match(rf"(?:https?:)?[/\\]*(?:[^/?#]*@)?[^/?#]*{re.escape(HOST)}", location):
        found.append(f"leads to {location}")
    # What the server refuses before the portal sees it has no headers of the portal's.
    # What has not changed has those of the first answer; the server's own 400 is empty.
    bare = answer.status in {0, 304} or (answer.status == 400 and not answer.body)
    if not bare and answer.get(b"x-request-id") and (lacking := [n for n in NEEDED if not answer.get(n)]):
        found.append(f"{answer.status} with no {b', '.join(lacking).decode()}")
    return found
