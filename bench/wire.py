"""A browser that costs little: HTTP/1.1 on kept connections, each from an address of its own, in one event loop."""

from __future__ import annotations

import asyncio
import re
import secrets
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.arrivals import Tally

SECONDS_TO_ANSWER = 60
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=\r]+)=([^;\r]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)


class Gone(Exception):
    """The connection ended before an answer began: a browser asks again on a new one."""


class Odd(Exception):
    """An answer that was not expected, in a word or two."""


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        found = _LOCATION.search(self.head)
        return found[1].decode() if found else ""


@dataclass(frozen=True)
class Place:
    """Where the portal is reached. ``name``: the host that is asked for; with TLS nobody looks at the certificate."""

    port: int
    name: str = "127.0.0.1"
    tls: bool = False

    def context(self) -> ssl.SSLContext | None:
        return _trusting() if self.tls else None

    @property
    def origin(self) -> str:
        return f"https://{self.name}" if self.tls else f"http://{self.host}"

    @property
    def host(self) -> str:
        # Over TLS as if it were port 443: nginx tells the portal the name alone.
        return self.name if self.tls else f"{self.name}:{self.port}"


_contexts: list[ssl.SSLContext] = []


def _trusting() -> ssl.SSLContext:
    if not _contexts:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        _contexts.append(context)
    return _contexts[0]


class Line(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self.buffer, self.need, self.begins = bytearray(), -1, 0
        self.waiting: asyncio.Future[Answer] | None = None
        self.transport: asyncio.Transport | None = None
        self.open, self.used = False, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.open = transport, True  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        self.open, self.transport = False, None  # It holds a quarter of a megabyte; thousands wait to come again.
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(Odd("cut short") if self.buffer else Gone())

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        self.buffer.clear()
        self.need, self.begins = -1, 0
        self.waiting = asyncio.get_running_loop().create_future()
        if self.open and self.transport and not self.transport.is_closing():
            self.transport.write(request)
        else:
            self.waiting.set_exception(Gone())
        return self.waiting

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.begins:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.begins = end + 4
            length = _LENGTH.search(self.buffer, 0, end)
            self.need = int(length[1]) if length else -1 if _CHUNKED.search(self.buffer, 0, end) else 0
        body: bytes | None
        if self.need >= 0:
            body = bytes(self.buffer[self.begins :]) if len(self.buffer) - self.begins >= self.need else None
        else:
            body = unchunked(self.buffer, self.begins)
        if body is not None and self.waiting and not self.waiting.done():
            head = bytes(self.buffer[: self.begins])
            self.used = True
            if _CLOSE.search(head):
                self.close()
            self.waiting.set_result(Answer(int(head[9:12]), head, body))

    def close(self) -> None:
        self.open = False
        if self.transport:
            self.transport.close()


def unchunked(buffer: bytearray, place: int) -> bytes | None:
    """The body from ``place`` on, if its last chunk is there."""
    parts = []
    while (end := buffer.find(b"\r\n", place)) > 0:
        size = int(bytes(buffer[place:end]).partition(b";")[0], 16)
        place = end + 2
        if len(buffer) < place + size + 2:
            return None
        if not size:
            return b"".join(parts)
        parts.append(bytes(buffer[place : place + size]))
        place += size + 2
    return None


def address_of(number: int) -> str:
    """A network of one's own on this machine, for each of 15 million people."""
    return f"127.{1 + number // 62500 % 250}.{number // 250 % 250}.{1 + number % 250}"


@dataclass
class Browser:
    """Somebody at ``address``. ``lines``: how many connections are kept open at most."""

    place: Place
    address: str
    tally: Tally
    lines: int = 1
    token: str = field(default_factory=lambda: secrets.token_hex(16))  # against forged requests
    cookies: dict[str, str] = field(default_factory=dict)
    free: list[Line] = field(default_factory=list)
    opened: int = 0

    def write_to(self) -> None:
        """Carry the cookie of ``token``, as a browser does that has seen a form."""
        self.cookies[f"{'__Host-' if self.place.origin.startswith('https:') else ''}csrftoken"] = self.token

    async def ask(
        self, what: str, method: str, path: str, body: bytes = b"", kind: str = "", since: float = 0
    ) -> Answer:
        """The answer to one request; its wait is noted from ``since`` (now, if none is given), in ``time.monotonic``.

        Raises ``OSError``, ``TimeoutError`` or ``Odd``.
        """
        since = since or time.monotonic()
        request = self._written(method, path, body, kind)
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            while True:
                line = self._kept() or await self._connect()
                try:
                    answer = await line.ask(request)
                    break
                except Gone:
                    if not line.used:
                        raise Odd("hung up") from None
                except BaseException:
                    line.close()
                    raise
        self.tally.wait(what, time.monotonic() - since)
        if line.open:
            self.free.append(line)
        for name, value in _COOKIE.findall(answer.head):
            self.cookies[name.decode()] = value.decode()
        return answer

    def _kept(self) -> Line | None:
        while self.free:
            line = self.free.pop()
            if line.open:
                return line
        return None

    async def _connect(self) -> Line:
        loop, tls = asyncio.get_running_loop(), self.place.context()
        name = {"server_hostname": self.place.name} if tls else {}
        _, line = await loop.create_connection(
            Line, "127.0.0.1", self.place.port, local_addr=(self.address, 0), ssl=tls, **name
        )
        self.opened += 1
        return line

    def _written(self, method: str, path: str, body: bytes, kind: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.place.host}", "Accept-Encoding: gzip, br"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += [f"Origin: {self.place.origin}", f"Content-Length: {len(body)}", f"Content-Type: {kind}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def close(self) -> None:
        for line in self.free:
            line.close()
        self.free.clear()
