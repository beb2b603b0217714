"""Trying an address on the internet without reaching anything that is not public.

The addresses come from texts, and a text can be made to point anywhere: at this machine, at its neighbours, at a
cloud's own services. So the host's name is looked up once, every address found must be public, the connection goes to
an address that was judged, and each redirect is judged anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing
from urllib.parse import SplitResult, quote, urljoin, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
STEP_SECONDS, TOTAL_SECONDS = 5, 20
REDIRECTS = 3
MAX_ADDRESSES = 3
USER_AGENT = "PortalLinkCheck/1.0"
# The page is there, but not for a program: no reader is led astray.
NOT_FOR_PROGRAMS = {401, 403, 407, 429, 451}
_MOVED = {301, 302, 303, 307, 308}
# IPv6 addresses that carry an IPv4 one, of which a gateway makes a connection to the latter.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TUNNELS = tuple(ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32", "::/96", "64:ff9b:1::/48"))


class Unreachable(Exception):
    """The address leads nowhere; the text is one of ``news.links.REASONS``, or an HTTP status."""


def is_public(address: Address) -> bool:
    """Whether ``address`` is one of the open internet, in whatever form it is written."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local or any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def look_up(host: str, port: int) -> list[Address]:
    """Every address of ``host``. Raises ``Unreachable``."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("no_host") from None
    # An address of a link carries the name of an interface after a percent sign.
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


class _Connection(http.client.HTTPConnection):
    """A connection to one of ``addresses``, whatever the name of the host would lead to by now."""

    def __init__(self, host: str, port: int, addresses: list[Address], context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=STEP_SECONDS)
        self._addresses, self._context = addresses[:MAX_ADDRESSES], context
        self.is_cut = False

    def connect(self) -> None:
        self.sock = self._call()
        if self._context:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()  # Only now, so that it can be cut.

    def _call(self) -> socket.socket:
        """The first address that answers: a machine may have no way to those of IPv6."""
        *others, last = self._addresses
        for address in others:
            try:
                return socket.create_connection((str(address), self.port), timeout=STEP_SECONDS)
            except OSError:
                continue
        return socket.create_connection((str(last), self.port), timeout=STEP_SECONDS)

    def cut(self) -> None:
        """End whatever is going on: a server that sends a byte now and then would hold us for hours."""
        self.is_cut = True
        if self.sock:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                pass


class Prober:
    """Tries addresses. The predicate and the ports are for tests: a portal has no reason to change them."""

    def __init__(
        self, allowed: Callable[[Address], bool] = is_public, ports: frozenset[int] = frozenset(PORTS.values())
    ) -> None:
        self._allowed, self._ports = allowed, ports
        self._context = ssl.create_default_context()

    def reason(self, url: str) -> str:
        """Why ``url`` leads nowhere: one of ``news.links.REASONS`` or an HTTP status; "" if it leads somewhere."""
        try:
            for _step in range(REDIRECTS + 1):
                status, location = self._ask(url)
                if status not in _MOVED or not location:
                    return "" if status < 400 or status in NOT_FOR_PROGRAMS else str(status)
                url = urljoin(url, location)
        except Unreachable as error:
            return str(error)
        except ValueError:  # of urllib.parse: brackets that hold no address, a port that is no number
            return "bad_address"
        return "redirects"

    def _ask(self, url: str) -> tuple[int, str]:
        """The status and where it sends one. A server that does not understand the brief question is asked fully."""
        parts = urlsplit(url)
        try:
            status, location = self._request(parts, "HEAD")
        except Unreachable as error:
            if str(error) != "no_answer":
                raise
            status, location = 400, ""
        return self._request(parts, "GET") if status >= 400 else (status, location)

    def _request(self, parts: SplitResult, method: str) -> tuple[int, str]:
        host, port, addresses = self._judge(parts)
        connection = _Connection(host, port, addresses, self._context if parts.scheme == "https" else None)
        watch = threading.Timer(TOTAL_SECONDS, connection.cut)
        watch.daemon = True
        watch.start()
        try:
            with closing(connection):
                connection.request(method, _target(parts), headers={"User-Agent": USER_AGENT, "Accept": "*/*"})
                answer = connection.getresponse()
                # The page itself is not read: that it begins is enough.
                if connection.is_cut:  # What came of the headers until then looks like an answer.
                    raise TimeoutError
                # Headers are read as Latin-1, but addresses are sent in UTF-8.
                location = answer.headers.get("Location", "").encode("latin-1", "replace").decode(errors="replace")
                return answer.status, location
        except ssl.SSLCertVerificationError:
            raise Unreachable("certificate") from None
        except TimeoutError:
            raise Unreachable("timeout") from None
        except (OSError, http.client.HTTPException, UnicodeError):
            raise Unreachable("timeout" if connection.is_cut else "no_answer") from None
        finally:
            watch.cancel()

    def _judge(self, parts: SplitResult) -> tuple[str, int, list[Address]]:
        """The host, its port, and the addresses that may be called. Raises ``Unreachable``."""
        if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
            raise Unreachable("bad_address")
        port = parts.port or PORTS[parts.scheme]
        if port not in self._ports:
            raise Unreachable("not_public")
        try:
            host = parts.hostname.rstrip(".").encode("idna").decode()
        except UnicodeError:
            raise Unreachable("bad_address") from None
        addresses = look_up(host, port)
        # One that is not public among public ones is no mistake either.
        if not addresses or not all(self._allowed(address) for address in addresses):
            raise Unreachable("not_public")
        return host, port, list(dict.fromkeys(addresses))


def _target(parts: SplitResult) -> str:
    """Path and query as they go over the wire: letters of any script are escaped, escapes stay."""
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(target, safe="/%:=&?~+!$,;'@()*[]|")
