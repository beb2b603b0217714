"""Static files as the server answers for them, before Django is asked."""

from __future__ import annotations

import gzip
import io
import sys

import pytest

from portal.middleware import COMPANIONS
from portal.static_server import StaticFiles

SHEET = "p { color: red }\n" * 100


@pytest.fixture
def ask(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "site.css").write_text(SHEET)
    (tmp_path / "css" / "site.css.gz").write_bytes(gzip.compress(SHEET.encode()))

    def django(environ, start_response):
        start_response("418 X", [])
        return [environ["PATH_INFO"].encode()]

    application = StaticFiles(django)

    def run(path, method="GET", **headers):
        said = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = application(environ, lambda status, sent: said.extend((status, dict(sent))))
        return said[0][:3], said[1], b"".join(body)

    return run


def test_a_file_comes_whole_in_the_form_that_was_asked_for_and_with_what_every_answer_carries(ask):
    status, headers, body = ask("/static/css/site.css")
    assert status == "200" and body == SHEET.encode() and headers["Content-Type"].startswith("text/css")
    assert COMPANIONS.items() <= headers.items() and "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    status, headers, body = ask("/static/css/site.css", accept_encoding="gzip")
    assert headers["Content-Encoding"] == "gzip" and gzip.decompress(body) == SHEET.encode()


def test_who_has_it_who_asks_for_its_head_or_for_a_part_gets_no_more(ask):
    _status, headers, _body = ask("/static/css/site.css")
    assert ask("/static/css/site.css", if_none_match=headers["ETag"])[0::2] == ("304", b"")
    assert ask("/static/css/site.css", "HEAD")[0::2] == ("200", b"")
    assert ask("/static/css/site.css", range="bytes=2-6")[0::2] == ("206", SHEET[2:7].encode())
    assert ask("/static/css/site.css", "POST")[0] == "405"


@pytest.mark.parametrize(
    "path", ["/static/css/none.css", "/static/css/", "/static/../settings.py", "/static/css/site.css.gz/", "/tg/"]
)
def test_everything_else_is_djangos(ask, path):
    assert ask(path) == ("418", {}, path.encode())
