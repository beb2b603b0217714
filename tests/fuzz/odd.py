"""Requests made of what the portal has and of what nobody should send. The same seed and number: the same request."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from .known import LANGUAGES, Known
from .wire import HEADER, HOST, MARKUP, Request

SPLIT = b"a\r\n" + HEADER + b": 1\r\n\r\n"
ODD = [
    b"", b" ", b"\0", b"a\0b", b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xed\xb0\x80\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xae",
    b"\xef\xbf\xbd", b"\xef\xbb\xbf", "Ҷумҳурӣ".encode(), "қ̃" .encode() * 400, "٣٤".encode(), "²".encode(), "Ⅷ".encode(), "𝟗".encode(),
    b"0", b"-1", b"1", b"00001", b"+1", b"1_000", b" 7 ", b"1.5", b"1e309", b"NaN", b"-Infinity", b"0x10", b"9" * 18, b"9" * 19, b"9" * 5000,
    b"2147483648", b"9223372036854775808", b"true", b"null", b"None", b"on", b"[]", b"{}", b'{"a":' * 2000, b"[" * 100_000,
    b"0000-00-00", b"0001-01-01", b"9999-12-31", b"10000-01-01", b"2024-02-30", b"-2024-01-01", b"2024-13-01T25:61:61Z", b"20240101T000000000000-1",
    b"99999999T999999999999-999999999999999999", b"00010101T000000000000-0", b"99991231T235959999999-1",
    b"'", b'"', b"`", b"\\", b"%", b"%s%n%d", b"%00", b"%25", b"{{ 7|add:7 }}", b"{% now %}", b"${7*7}", b"' OR 1=1 --", b"'; DROP TABLE news_report;--",
    b"*", b"&|!<->:*'", b"a:*b & ! (", b"a AND NEAR(", b'"a', b"( ( (", b"-a OR", b"a" * 300, b"x" * 70_000, "ӣ".encode() * 40_000,
    MARKUP, b'">' + MARKUP, b"<script>" + MARKUP, b"javascript:" + MARKUP, b"]]>" + MARKUP, b"--><!--" + MARKUP, SPLIT, b"a\nb", b"a\rb",
    b"../../../../etc/passwd", b"..\\..\\x", b"/etc/passwd", b"file:///etc/passwd", f"//{HOST}/".encode(), f"https://{HOST}/".encode(),
    f"/\\{HOST}".encode(), f"http:{HOST}".encode(), b"http://[", b"http://[::1", b"//", b"/tg/", b"?", b"#", b";", b"a@b", b"a@b.tj", b"@" * 300,
    b"nobody@" + "президент.тҷ".encode(), b"\x1b[31m", b"\x7f", b"tg", b"ru", b"TG", b"xx", b"t" * 64, b"0" * 64, b"a" * 40, b"A" * 43, b"news", b"1",
]  # fmt: skip
METHODS = (
    ["GET"] * 45
    + ["POST"] * 36
    + ["HEAD"] * 6
    + ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "A" * 40]
)
TAILS = [b"/", b"//", b"/.", b"/x.css", b".css", b";x.css", b"%00", b"%0a", b"%2f", b"%2f..%2f", b"%5c", b"%3f", b"%23", b"?", b"??", b"?#", b"/../",
         b"/%2e%2e/", b"%ff", b"%c0%af", b"%ed%a0%80", b"%", b"%g1", b"%u0041", b"\xd2\xb7", b"\xff", b"/index.php", b"~", b"'", b"+", b"/" + b"a/" * 300]  # fmt: skip
HEADERS: list[tuple[bytes, list[bytes]]] = [
    (b"Accept-Language", [b"tg", b"ru", b"en", b"xx", b"*", b"tg;q=9", b"a" * 5000, b",".join([b"a;q=0.1"] * 800), b"tg-\xff", b"zh-hant-\0"]),
    (b"Accept-Encoding", [b"gzip", b"br", b"gzip;q=0", b"identity;q=0, *;q=0", b"br;q=x", b"\xff", b"gzip," * 900]),
    (b"Accept", [b"*/*", b"image/avif", b"text/html;q=x", b";;;", b"\xff/\xff", b"application/json"]),
    (b"Range", [b"bytes=0-0", b"bytes=-1", b"bytes=5-1", b"bytes=99999999999999999999-", b"bytes=a-b", b"bytes=0-,1-,2-", b"x", b"bytes=-0"]),
    (b"If-Range", [b"x", b'"x"']),
    (b"If-None-Match", [b"*", b'"x"', b'W/"', b"," * 500, b"\xff"]),
    (b"If-Match", [b"*", b'"x"', b"\xff"]),
    (b"If-Modified-Since", [b"x", b"Thu, 01 Jan 1970 00:00:00 GMT", b"Fri, 32 Xxx 9999 99:99:99 GMT", b"Mon, 01 Jan 0000 00:00:00 GMT", b"Sun Feb 31 25:61:61 0000"]),
    (b"If-Unmodified-Since", [b"x", b"Fri, 31 Dec 9999 23:59:60 GMT"]),
    (b"Referer", [b"", b"x", b"http://[", f"http://{HOST}/".encode(), b"//\xff", b"http://127.0.0.1/tg/\xff", b"http://127.0.0.1:99999/"]),
    (b"Origin", [b"null", f"https://{HOST}".encode(), b"http://[", b"\xff", b"x"]),
    (b"X-Forwarded-For", [b"6.6.6.6", b"x", b"," * 50, b"::ffff:1.2.3.4", b"fe80::1%eth0", b"1" * 999]),
    (b"X-Forwarded-Host", [HOST.encode()]), (b"X-Forwarded-Proto", [b"https", b"http", b"https,http", b"x"]), (b"X-Forwarded-Port", [b"99999"]),
    (b"X-Original-URL", [b"/admin/"]), (b"X-Rewrite-URL", [b"/admin/"]), (b"X-HTTP-Method-Override", [b"DELETE"]), (b"Forwarded", [b"for=6;host=evil.example"]),
    (b"X-Request-ID", [b"x", b"a" * 3000, b"\xff"]), (b"X-Requested-With", [b"XMLHttpRequest"]), (b"User-Agent", [b"", b"\xff" * 50, MARKUP, b"u" * 4000]),
    (b"Authorization", [b"Bearer x", b"Bearer \xff", b"Basic \xff", b"Bearer"]), (b"Upgrade", [b"h2c", b"websocket"]), (b"Expect", [b"100-continue", b"x"]),
    (b"Cookie", [b"=", b";;;", b"a", b"sessionid=\xff", b"sessionid=" + b"x" * 32, b"csrftoken=x", b"view=s9", b"view=s1p1c1i1f1", b"view=\xff; view=s1p1c1i1f1",
                 b"appeal_case=x", b"appeal_case=\xff", b"appeal_case=AAAA", b"appeal_draft=" + b"a" * 43, b"messages=x", b"django_language=\xff", b"a=b;" * 1500, b'x="\\777\\000']),
    (b"Sec-Fetch-Site", [b"cross-site"]), (b"DNT", [b"1"]), (b"Save-Data", [b"on"]), (b"Content-Encoding", [b"gzip", b"x"]),
    (b"A" * 300, [b"a"]), (b"X-Long", [b"a" * 6000]), (b"X_Y", [b"1"]), (b"Proxy", [b"http://evil.example"]), (b"Content-Language", [b"\xff"]),
]  # fmt: skip
HOSTS = [HOST.encode(), b"", b"127.0.0.1:99999", b"127.0.0.1:x", b"u@127.0.0.1", b"[::1", b"[::1]", b"127.0.0.1.", b"LOCALHOST", b"localhost,evil.example",
         b"\xff", b"a" * 300, b"127.0.0.1/evil", b"127.0.0.1:80#", b"\xd0\xb9.tj", b"."]  # fmt: skip
KINDS = [
    b"application/x-www-form-urlencoded", b"application/x-www-form-urlencoded; charset=utf-16", b"application/x-www-form-urlencoded; charset=zlib",
    b"application/x-www-form-urlencoded; charset=", b"application/x-www-form-urlencoded; charset=\xff", b"application/json", b"application/csp-report",
    b"text/plain", b"", b";", b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/form-data; boundary=\xff", b"multipart/mixed; boundary=X",
    b'multipart/form-data; boundary="' + b"b" * 500 + b'"', b"multipart/form-data; boundary=X; charset=zlib", b"multipart/form-data; boundary=X; charset=rot13",
    b"multipart/form-data; boundary=X; charset=idna", b"multipart/form-data; boundary=X; charset=nothing", b"multipart/form-data; boundary*=utf-8''X", b"multipart/form-data; boundary*=nothing''%58", b"text/html; charset*=zlib''%41",
    b"MULTIPART/FORM-DATA; BOUNDARY=X", b"multipart/form-data; boundary=X; boundary=Y",
]  # fmt: skip
PART_HEADS = [
    b'Content-Disposition: form-data; name="%n"', b"Content-Disposition: form-data; name=%n", b"Content-Disposition: form-data", b"Content-Disposition: attachment; name=%n",
    b'Content-Disposition: form-data; name="%n"; filename="a.png"\r\nContent-Type: image/png', b'Content-Disposition: form-data; name="%n"; filename="../../x.pdf"',
    b'Content-Disposition: form-data; name="%n"; filename=""', b'Content-Disposition: form-data; name="%n"; filename="\xff\0.png"',
    b"Content-Disposition: form-data; name=%n; filename*=utf-8''%D2%ff%00.png", b"Content-Disposition: form-data; name*=nothing''%n; filename*=x'y'z.png",
    b'Content-Disposition: form-data; name="%n"\r\nContent-Transfer-Encoding: base64', b'Content-Disposition: form-data; name="%n"; filename="a.jpg"\r\nContent-Transfer-Encoding: base64',
    b'Content-Disposition: form-data; name="%n"; filename="a.txt"\r\nContent-Type: text/plain; charset=zlib', b'Content-Disposition: form-data; name="%n"\r\nContent-Type: x; charset=rot13',
    b"Content-Disposition: form-data; name=%n; filename*=nothing''%41.png", b"Content-Disposition: form-data; name=%n; filename*=unicode_escape''%5cud800.png",
    b"Content-Disposition: form-data; name*=unicode_escape''%5cud800",
    b'Content-Disposition: form-data; name="%n"\r\nContent-Length: 5', b'Content-Disposition: form-data; name="%n"; filename="' + b"x" * 3000 + b'"', b"X", b"", b"\xff: \xff",
    b'Content-Disposition: form-data; name="%n"; filename="a.p7s"\r\nContent-Type: ' + b"a" * 2000,
]  # fmt: skip
FILES = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0" + b"\0" * 500, b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>", b"PK\x03\x04" + b"\0" * 60, b"GIF89a", b"0\x80\x06\t*\x86H\x86\xf7\r\x01\x07\x02",
         b"II*\0\x08\0\0\0" + b"\xff" * 40, b"RIFF\xff\xff\xff\xffWEBPVP8 ", b"\0\0\0\x20ftypavif" + b"\xff" * 40, b"<svg onload=1>", b"{\\rtf1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"", b"\0" * 300_000]  # fmt: skip


@dataclass
class Maker:
    """``cookies``: of browsers that have come some way, one taken for each request; ``hosts``: under which it is known."""

    seed: int
    known: Known
    host: bytes
    cookies: list[bytes] = field(default_factory=list)
    extra: bytes = b""  # lines of headers that every request carries
    first: int = 0
    reads_alone: frozenset[str] = frozenset()  # paths to which nothing is sent: it would end what the others need

    def request(self, number: int) -> Request:
        return _Making(self, number, random.Random(f"{self.seed}:{number}")).made()


class _Making:
    def __init__(self, maker: Maker, number: int, chance: random.Random) -> None:
        self.maker, self.known, self.number, self.chance = maker, maker.known, number, chance
        self.pick = chance.choice
        self.token = f"{chance.getrandbits(128):032x}"

    def sometimes(self, probability: float) -> bool:
        return self.chance.random() < probability

    def value(self, usual: str = "") -> bytes:
        if usual and self.sometimes(0.5):
            return usual.encode()
        odd = self.pick(ODD)
        return odd + self.pick(ODD)[:1000] if self.sometimes(0.15) else odd

    def made(self) -> Request:
        form = self.pick(self.known.forms) if self.known.forms and self.sometimes(0.45) else None
        method = self.pick(METHODS)
        if form and self.sometimes(0.85):
            method = form.method
        path = form.action.encode() if form else self.path()
        if path.split(b"?")[0].decode(errors="replace") in self.maker.reads_alone:
            method = "GET"
        odd_path = self.sometimes(0.2)
        target = self.odd(path) if odd_path else path
        fields = self.fields(form.fields if form else [])
        body, kind = (b"", b"") if method in {"GET", "HEAD"} and self.sometimes(0.9) else self.body(fields)
        if method == "GET" and form:
            target += b"?" + self.encoded(fields)
        elif self.sometimes(0.35):
            target += b"?" + self.encoded(self.fields([]))
        target = target.replace(b"\r", b"%0D").replace(b"\n", b"%0A").replace(b" ", b"%20")[:60_000]
        lines, whole = self.headers(kind, body)
        head = method.encode() + b" " + target + b" HTTP/1.1\r\n" + b"\r\n".join(lines) + b"\r\n\r\n"
        far = self.maker.first + self.number // 3  # Few from each address: no limit of the portal's stands in the way.
        source = f"127.{1 + far // 62500 % 250}.{far // 250 % 250}.{1 + far % 250}"
        return Request(head + body, f"{method} {path[:100].decode(errors='replace')}", source, whole)

    def path(self) -> bytes:
        known = [paths for route, paths in self.known.paths.items() if route]
        if known and self.sometimes(0.5):
            return self.pick(self.pick(known)).encode()
        route = self.pick(self.known.routes)
        if route.startswith("/tg/"):
            route = f"/{self.pick(LANGUAGES)}/{route[4:]}"
        parts = route.encode().split(b"\0")
        return b"".join(part if place % 2 == 0 else self.argument(part) for place, part in enumerate(parts))

    def argument(self, converter: bytes) -> bytes:
        if self.sometimes(0.3):
            return quote_from_bytes(self.value()[:2000], safe=self.pick(["", "/", ":;=@"])).encode() or b"%20"
        if converter in {b"row", b"int", b"year"}:
            return self.pick(
                [b"0", b"1", b"2", b"3", b"12", b"31", b"99", b"2022", b"0000", b"9999", b"9" * 18, b"9" * 30, b"007"]
            )
        return self.pick(
            [
                b"a",
                b"tg",
                b"ru",
                b"jpeg",
                b"avif",
                b"mp4",
                b"x-y_z",
                b"0" * 64,
                b"a" * 40,
                b"A" * 16,
                b"events",
                b"pages",
                b"2022",
                b"1-a",
                b"MTIz:1abc:x",
            ]
        )

    def odd(self, path: bytes) -> bytes:
        way = self.chance.randrange(6)
        if way < 3:
            return path.rstrip(b"/") + self.pick(TAILS)
        if way == 3:
            place = self.chance.randrange(len(path) + 1)
            return path[:place] + self.pick([*TAILS, b"\0", b"\x01", b"\x7f"]) + path[place:]
        if way == 4:
            return b"/" + b"".join(b"%%%02x" % byte for byte in path[1:])
        return self.pick(
            [
                b"*",
                b"http://evil.example" + path,
                b"//evil.example" + path,
                b"/" + path,
                path.upper(),
                path.rstrip(b"/"),
                b"x",
                b"/\\evil.example/..",
            ]
        )

    def fields(self, usual: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
        """Those of a form, some of them odd, missing or twice; with some that a view might read."""
        chosen = [
            (name.encode(), self.value(value) if self.sometimes(0.4) else value.encode())
            for name, value in usual
            if self.sometimes(0.9)
        ]
        for _ in range(self.chance.randrange(4)):
            chosen.append(
                (self.pick(self.known.parameters).encode() if self.sometimes(0.8) else self.value(), self.value())
            )
        if chosen and self.sometimes(0.1):
            chosen += chosen[:3] * self.pick([1, 400])
        chosen = [(name, value) for name, value in chosen if name != b"csrfmiddlewaretoken"]
        return chosen if self.sometimes(0.05) else [*chosen, (b"csrfmiddlewaretoken", self.token.encode())]

    def encoded(self, fields: list[tuple[bytes, bytes]]) -> bytes:
        raw = self.sometimes(0.05)
        quote = (lambda text: text) if raw else (lambda text: quote_from_bytes(text).encode())
        return b"&".join(quote(name) + self.pick([b"="] * 9 + [b""]) + quote(value) for name, value in fields)

    def body(self, fields: list[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
        way = self.chance.random()
        if way < 0.5:
            return self.encoded(fields), KINDS[0] if self.sometimes(0.9) else self.pick(KINDS)
        if way < 0.9:
            return self.multipart(fields), b"multipart/form-data; boundary=X" if self.sometimes(0.85) else self.pick(
                KINDS
            )
        if way < 0.95:
            told = {name.decode(errors="replace"): value.decode(errors="replace")[:5000] for name, value in fields}
            return json.dumps(self.pick([told, [told], 1, None, "x"])).encode(), b"application/json"
        return self.value(), self.pick(KINDS)

    def multipart(self, fields: list[tuple[bytes, bytes]]) -> bytes:
        parts = []
        for name, value in fields:
            plain = name == b"csrfmiddlewaretoken" or self.sometimes(0.7)
            head = PART_HEADS[0] if plain else self.pick(PART_HEADS)
            content = self.pick(FILES) if b"filename" in head else value
            parts.append(b"--X\r\n" + head.replace(b"%n", name) + b"\r\n\r\n" + content)
        if self.sometimes(0.02):
            parts += [b'--X\r\nContent-Disposition: form-data; name="attachments"; filename="a"\r\n\r\n'] * 600
        ends = [b"\r\n--X--\r\n"] * 9 + [b"", b"\r\n--X", b"--X--", b"\r\n--X--\r\n--X\r\n", b"\n--X--\n"]
        return self.pick([b""] * 9 + [b"preamble\r\n", b"\r\n"]) + b"\r\n".join(parts) + self.pick(ends)

    def headers(self, kind: bytes, body: bytes) -> tuple[list[bytes], bool]:
        host = self.pick(HOSTS) if self.sometimes(0.05) else self.maker.host
        lines = [b"Host: " + host] if self.sometimes(0.99) else []
        cookies = [b"csrftoken=" + self.token.encode(), b"__Host-csrftoken=" + self.token.encode()]
        if self.maker.cookies and self.sometimes(0.8):
            cookies.append(self.pick(self.maker.cookies))
        for name, values in self.chance.sample(HEADERS, self.pick([0, 0, 1, 1, 2, 3, 6])):
            value = self.value()[:3000] if self.sometimes(0.1) else self.pick(values)
            value = value.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")
            if name == b"Cookie":
                cookies.insert(self.pick([0, 9]), value)
            else:
                lines.append(name + b": " + value)
        lines += [b"Cookie: " + b"; ".join(cookies), b"Connection: close"]
        if self.maker.extra:
            lines.append(self.maker.extra)
        if kind or self.sometimes(0.02):
            lines.append(b"Content-Type: " + kind)
        lengths = [b"%d" % len(body)] * 60 + [
            b"%d" % (len(body) + 7),
            b"-1",
            b"x",
            b"9" * 30,
            b"%d" % (2**40),
            b"+5",
            b"0x5",
        ]
        length = self.pick(lengths) if body or self.sometimes(0.02) else b""
        if length:
            lines.append(b"Content-Length: " + length)
        if body and self.sometimes(0.01):
            lines.append(b"Transfer-Encoding: " + self.pick([b"chunked", b"identity", b"x", b"chunked, chunked"]))
        return lines, length in {b"", b"%d" % len(body)} and b"Transfer-Encoding" not in lines[
            -1
        ] and b"Upgrade" not in b"".join(lines)
