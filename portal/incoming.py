"""What comes in, before Django sees it: what is believed of ``Content-Type``, and that all that was sent is taken.

Of the header counts the type, and of a form in parts the boundary between them. Django would also read a form in
whatever encoding it claims, and fails before any page is asked if Python knows that encoding but not as one of text.
Our pages send UTF-8, and browsers say nothing of it.

Who is answered before the body was read is cut off by the server, perhaps before the answer has come: the proxy would
say that the portal is down, where the portal said that there is no such page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream

Environ = dict[str, Any]
PIECE = 2**16
_TYPE = re.compile(r"\s*([a-z]+/[a-z0-9.+-]{1,100})", re.IGNORECASE)
_BOUNDARY = re.compile(
    r";\s*boundary=(?:\"([^\"\x00-\x1f\x7f-\xff]{1,200})\"|([^\s;\"\x00-\x1f\x7f-\xff]{1,200}))", re.I
)


class Incoming:
    """A WSGI application before another."""

    def __init__(self, application: Callable[[Environ, Any], Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if "CONTENT_TYPE" in environ:
            environ["CONTENT_TYPE"] = plain(environ["CONTENT_TYPE"])
        length = environ.get("CONTENT_LENGTH", "")
        # More than is allowed at all is left to the server.
        if not length.isdecimal() or not 0 < int(length[:12]) <= settings.BODY_LIMIT:
            return self.application(environ, start_response)
        body = environ["wsgi.input"] = LimitedStream(environ["wsgi.input"], int(length))
        answer = self.application(environ, start_response)
        take_the_rest(body)
        return answer


def take_the_rest(body: LimitedStream) -> None:
    """Read what nobody read, and forget it."""
    try:
        while body.read(PIECE):
            pass
    except OSError:
        pass  # Who sent it went away.


def plain(claimed: str) -> str:
    """``claimed`` without what is not believed; "" if it names no type."""
    kind = _TYPE.match(claimed)
    if not kind:
        return ""
    found = _BOUNDARY.search(claimed) if kind[1].lower().startswith("multipart/") else None
    return f'{kind[1].lower()}; boundary="{found[1] or found[2]}"' if found else kind[1].lower()
