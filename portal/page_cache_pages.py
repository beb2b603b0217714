"""The pages that are kept: which requests they answer, which responses may be kept, and what is sent of them.

A page depends on scheme, host, path and the parameters below, and on nothing else: Django is asked for it with these
alone. No other header and no cookie reaches it, so none can change what others read.
"""

from __future__ import annotations

import gzip
import io
import re
import time
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import brotli
from django.conf import settings
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils.http import parse_http_date_safe

from . import preferences

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Key = tuple[str, str, str, str]  # scheme, host, path, query

# What is not named here is never looked at: appeals, the admin, previews, search and what else answers what somebody
# typed, pages without a language in their address.
_LANGUAGE = "|".join(code for code, _name in settings.LANGUAGES)
_PATH = re.compile(
    rf"/(?:{_LANGUAGE})/(?:text/)?(?:news/(?!verify/)[A-Za-z0-9/._-]*|feeds/[A-Za-z0-9/._-]*|accessibility/|offline/)?"
)
# All that these pages read of a query. Anything else in it (the marks that social networks put on links) is left out.
PARAMETERS = frozenset({"after", "before", "category", "date", "missing", "part", "place", "topic", "with"})
LONGEST = 300  # path or query
LARGEST = 2**20  # response
OVERHEAD = 6000  # bytes of memory for headers and objects
FRESH = 60
_NOT_FOR_ALL = {"private", "no-store", "no-cache"}
_REFUSED = re.compile(r"q=0(\.0*)?")
_TEXT = re.compile(r"text/|image/svg|application/(?:[a-z]+\+)?(?:xml|json)")
_OF_304 = {"age", "cache-control", "content-location", "etag", "expires", "last-modified", "vary"}
_SESSION, _SECURE = settings.SESSION_COOKIE_NAME, settings.SECURE_PROXY_SSL_HEADER
_SERVER = """SERVER_NAME SERVER_PORT SERVER_PROTOCOL wsgi.version wsgi.errors wsgi.multithread wsgi.multiprocess
    wsgi.run_once""".split()


def wants_what_all_get(environ: Environ) -> bool:
    """It reads, sends no body, and its cookies ask for nothing else: no wish of the reader's, no session of staff."""
    method = environ["REQUEST_METHOD"]
    if method not in {"GET", "HEAD"} or environ["SCRIPT_NAME"] or "HTTP_TRANSFER_ENCODING" in environ:
        return False
    if "CONTENT_LENGTH" in environ and environ["CONTENT_LENGTH"] not in {"", "0"}:
        return False
    return "HTTP_COOKIE" not in environ or _are_plain(environ["HTTP_COOKIE"])


def _are_plain(header: str) -> bool:
    if preferences.COOKIE not in header and _SESSION not in header:
        return True
    cookies = parse_cookie(header)
    return _SESSION not in cookies and not preferences.parse(cookies.get(preferences.COOKIE, ""))


def plain_key(environ: Environ) -> Key:
    """The key as the request has it; under ``key_of`` it a page is found, if one is kept."""
    scheme = environ["wsgi.url_scheme"]
    if _SECURE and _SECURE[0] in environ:
        scheme = "https" if environ[_SECURE[0]].partition(",")[0].strip() == _SECURE[1] else "http"
    return scheme, environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ["QUERY_STRING"]


def key_of(key: Key, port: str) -> Key | None:
    """What the page depends on; None for a request that is Django's alone."""
    scheme, host, path, query = key
    if len(path) > LONGEST or not _PATH.fullmatch(path) or not _is_ours(host, port):
        return None
    known = _known(query)
    return None if known is None else (scheme, host.lower(), path, known)


@lru_cache(maxsize=100)
def _is_ours(host: str, port: str) -> bool:
    """An allowed name with a port under which the site is known: thousands of ports are not thousands of sites."""
    domain, own = split_domain_port(host)
    known = {"", port, settings.SITE_URL.partition("://")[2].rpartition(":")[2]}
    return bool(domain) and own in known and bool(validate_host(domain, settings.ALLOWED_HOSTS))


def _known(query: str) -> str | None:
    """The parameters that pages know, in one order, each as Django reads it: the last counts."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return None
    known = urlencode(sorted((name, value) for name, value in dict(pairs).items() if name in PARAMETERS))
    return known if len(known) <= LONGEST and query.isascii() else None


def request_for(key: Key, environ: Environ) -> Environ:
    """The request by which Django is asked for the page: of the reader's own nothing but the key."""
    scheme, host, path, query = key
    return {name: environ[name] for name in _SERVER if name in environ} | {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": host,
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
    }


def _words(header: str) -> set[str]:
    return {word.strip().lower() for word in header.split(",")} - {""}


@lru_cache(maxsize=200)
def preferred(accepted: str) -> str:
    """The best encoding that ``Accept-Encoding`` allows: br, gzip or none."""
    named = [part.partition(";") for part in accepted[:200].lower().split(",")]
    allowed = {name.strip() for name, _mark, weight in named if not _REFUSED.fullmatch(weight.replace(" ", ""))}
    return next((name for name in ("br", "gzip") if name in allowed), "")


def read(application: Any, request: Environ, generation: int) -> Page | None:
    """What ``application`` answers, as a page; None if it is too large, or is meant for one reader."""
    said: list[Any] = []
    body = application(request, lambda status, headers, exc_info=None: said.extend((status, headers)))
    try:
        status, headers = said
        lower = {name.lower(): value for name, value in headers}
        size = lower.get("content-length", "")
        if "set-cookie" in lower or not size.isdigit() or int(size) > LARGEST:
            return None
        return Page(status, headers, b"".join(body), generation)
    finally:
        body.close()


class Page:
    """A response, in each encoding."""

    def __init__(self, status: str, headers: Headers, body: bytes, generation: int) -> None:
        self.status, self.generation, self.made_at = status, generation, time.monotonic()
        self.fresh_until, self.retry_at = self.made_at + FRESH, 0.0
        said = {name.lower(): value for name, value in headers}
        rules = _words(said.get("cache-control", ""))
        varies = _words(said.get("vary", "")) - {"accept-encoding"}
        # It says itself that it is the same for everybody: see ``portal.caching``.
        self.may_be_kept = status == "200 OK" and "public" in rules and not rules & _NOT_FOR_ALL and not varies
        self.tag = said.get("etag", "").removeprefix("W/") if self.may_be_kept else ""
        self.modified = parse_http_date_safe(said.get("last-modified", "")) if self.may_be_kept else None
        pressed = _compressed(body) if _TEXT.match(said.get("content-type", "")) else {}
        self.variants = {name: (_encoded(headers, name, pressed[name]), [pressed[name]]) for name in pressed}
        self.variants[""] = (headers, [body])
        self.size = len(body) + sum(map(len, pressed.values())) + OVERHEAD

    def send(self, environ: Environ, start_response: Any, age: int = 0) -> list[bytes]:
        """Answer with it, or with 304 if the reader has it. Only a copy that may be old tells its ``Age``."""
        variant = preferred(environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers, body = self.variants.get(variant) or self.variants[""]
        if age:
            headers = [*headers, ("Age", str(age))]
        if settings.BEHIND_PROXY:
            # For nginx, which counts in whole seconds: keep it until the next one begins, not for the one after it too.
            headers = [*headers, ("X-Accel-Expires", f"@{int(time.time())}")]
        if ("HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ) and self._is_known(environ):
            start_response("304 Not Modified", [pair for pair in headers if pair[0].lower() in _OF_304])
            return []
        start_response(self.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body

    def _is_known(self, environ: Environ) -> bool:
        """Whether the reader has it: by its tag, else by its time."""
        if "HTTP_IF_NONE_MATCH" in environ:
            had = {tag.strip().removeprefix("W/") for tag in environ["HTTP_IF_NONE_MATCH"].split(",")}
            return bool(self.tag) and bool({self.tag, "*"} & had)
        since = parse_http_date_safe(environ["HTTP_IF_MODIFIED_SINCE"])
        return None not in (self.modified, since) and self.modified <= since


def _compressed(body: bytes) -> dict[str, bytes]:
    """In the encodings that browsers take, if it gets smaller by it."""
    made = {"gzip": gzip.compress(body, 6, mtime=0), "br": brotli.compress(body, quality=5)}
    return made if max(map(len, made.values())) < len(body) else {}


def _encoded(headers: Headers, name: str, body: bytes) -> Headers:
    """The headers of the same page in an encoding; its tag is a weak one then, as Django's own."""
    changed = {"Content-Length": str(len(body)), "Content-Encoding": name}
    changed |= {key: f"W/{value}" for key, value in headers if key == "ETag" and value.startswith('"')}
    return [pair for pair in headers if pair[0] not in changed] + list(changed.items())
