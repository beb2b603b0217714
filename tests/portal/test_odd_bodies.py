"""A body that is no form, or claims to be what Python cannot read, is refused before anybody reads it."""

import io

import pytest
from django.core.exceptions import BadRequest
from django.core.wsgi import get_wsgi_application

from portal.incoming import Incoming, plain
from portal.middleware import BodyLimitMiddleware

from .cached_site import environ

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PART = b"--X\r\n%s\r\n\r\na\r\n--X--\r\n"
NAMED = b'Content-Disposition: form-data; name="surname"'


def answer(path: str, body: bytes, kind: str) -> tuple[str, dict[str, str], str]:
    """What the server gets from the portal, the request being as it came."""
    said: list = []
    request = environ(path, "POST") | {
        "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
    }  # fmt: skip
    application = Incoming(get_wsgi_application())
    page = b"".join(application(request, lambda status, headers, exc_info=None: said.extend((status, headers))))
    return said[0], dict(said[1]), page.decode()


@pytest.mark.parametrize("charset", ["zlib", "rot13", "idna", "utf-16", "nothing", "utf-7", "", "\xff"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=X", "application/x-www-form-urlencoded", "text/html"])
def test_no_claimed_encoding_is_believed(charset, kind):
    status, headers, _page = answer("/en/appeals/track/", PART % NAMED, f"{kind}; charset={charset}")
    assert status.startswith("403 ") and "Content-Security-Policy" in headers  # Read, and its token missed.


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        ("multipart/form-data; charset=zlib; boundary=ab", 'multipart/form-data; boundary="ab"'),
        ('Multipart/Form-Data; boundary="a b"; x=y', 'multipart/form-data; boundary="a b"'),
        ("multipart/form-data; boundary*=nothing''%41", "multipart/form-data"),
        ("application/json; charset=utf-8", "application/json"),
        ("text/plain; boundary=X", "text/plain"),
        ("", ""), (";", ""), ("\xff", ""), ("multipart/form-data; boundary=\xff", "multipart/form-data"),
    ],
)  # fmt: skip
def test_of_the_type_only_what_is_needed_is_believed(claimed, believed):
    assert plain(claimed) == believed


BROKEN = {
    "a part with endless headers": PART % (NAMED + b"\r\nContent-Type: " + b"a" * 3000),
    "no boundary": b"",
}


@pytest.mark.parametrize("path", ["/tg/appeals/track/", "/tg/nothing/", "/media/photos/x/1.5.a", "/tg/news/verify/"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_form_gets_the_page_for_it_at_every_address(path, name):
    kind = "multipart/form-data; boundary=X" if BROKEN[name] else "multipart/form-data"
    status, headers, page = answer(path, BROKEN[name], kind)
    assert status.startswith("400 ") and '<html lang="tg"' in page
    assert headers["Cache-Control"] == "no-store" and "Content-Security-Policy" in headers


def test_who_goes_away_while_sending_is_no_fault_of_the_portal(rf):
    class Gone(io.BytesIO):
        def read(self, *args):
            raise OSError("connection reset")

    request = rf.post("/en/appeals/track/", {"number": "1"})
    request._stream = Gone()
    with pytest.raises(BadRequest):
        BodyLimitMiddleware(lambda request: None)(request)
    assert not request.POST and not request.FILES


MANY_FILES = PART[:-7] % b'Content-Disposition: form-data; name=attachments; filename="a.png"' + b"\r\n"
TOO_MUCH = {
    "a text of three megabytes": (b"text=" + b"a" * 3 * 2**20, "application/x-www-form-urlencoded", "413"),
    "the same in parts": (
        PART.replace(b"a\r\n--X--", b"a" * 3 * 2**20 + b"\r\n--X--") % NAMED,
        "multipart/form-data; boundary=X",
        "413",
    ),
    "5001 fields": (b"&".join([b"a=1"] * 5001), "application/x-www-form-urlencoded", "400"),
    "501 files": (MANY_FILES * 501 + b"--X--\r\n", "multipart/form-data; boundary=X", "400"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_gets_a_page_in_the_language_of_the_address(name):
    body, kind, expected = TOO_MUCH[name]
    status, headers, page = answer("/ru/appeals/write/", body, kind)
    assert status.startswith(f"{expected} ") and '<html lang="ru"' in page
    assert headers["Cache-Control"] == "no-store" and (": 2." in page) == (expected == "413")
