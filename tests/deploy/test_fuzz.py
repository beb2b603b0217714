"""A slice of the odd requests of ``make fuzz``: to the portal itself, and through nginx."""

import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deploy.site import PUBLIC, Site
from tests.fuzz.known import Known, crawl, known
from tests.fuzz.odd import Maker
from tests.fuzz.wire import Answer, Request, faults, send

pytestmark = pytest.mark.nginx
SEED, AT_A_TIME = 20261127, 4


@pytest.fixture(scope="module")
def what(site: Site) -> Known:
    """What a reader finds on the portal; the first pages of each kind."""
    site.do("add_photo(write('Fuzzed')[0])")
    found = known(staff=False)

    def read(path: str) -> str | None:
        answer = site.ask(path)
        return answer.text if answer.status == 200 and "html" in answer.headers["Content-Type"] else None

    crawl(found, read, ["/tg/", "/en/appeals/write/", "/ru/appeals/track/"], most=25)
    return found


def judged(maker: Maker, count: int, ask: Callable[[Request], Answer]) -> tuple[list[str], list[Answer]]:
    def take(number: int) -> tuple[list[str], Answer]:
        request = maker.request(number)
        answer = ask(request)
        return [f"{number} {request.what}: {fault}" for fault in faults(request, answer)], answer

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        done = list(pool.map(take, range(count)))
    return sum((found for found, _answer in done), []), [answer for _found, answer in done]


def test_the_portal_has_an_answer_to_every_oddity(site, what):
    assert len(what.routes) > 70 and len(what.forms) > 3 and len(what.parameters) > 20
    maker = Maker(SEED, what, PUBLIC.encode(), extra=b"X-Forwarded-Proto: https\r\nReferer: https://portal.test/")
    found, answers = judged(maker, 300, lambda request: send(site.portal.port, request))
    assert "\n".join(found) == ""
    assert {200, 302, 400, 404, 405} <= {answer.status for answer in answers}, "it did not come far"


def test_so_has_nginx_before_it(site, what):
    tls = ssl.create_default_context(cafile=str(site.certificate))
    maker = Maker(SEED + 1, what, PUBLIC.encode(), extra=b"Referer: https://portal.test/")
    found, answers = judged(maker, 200, lambda request: send(site.https, request, tls, PUBLIC))
    # nginx closes the connection of who sends what it does not take.
    assert "\n".join(fault for fault in found if "closed without" not in fault) == ""
    assert {200, 400, 404, 405} <= {answer.status for answer in answers}


def test_the_judge_sees_what_is_wrong():
    asked, good = Request(b"", "GET /"), [(b"x-request-id", b"1"), (b"content-type", b"text/html")]
    for answer, word in (
        (Answer(500), "status 500"), (Answer(0), "closed"), (Answer(200, good), "no content-security-policy"),
        (Answer(200, good, b"a <zz9>"), "markup"), (Answer(302, [(b"x-zz9", b"1")]), "a header"),
        (Answer(302, [(b"location", b"//evil.example/")]), "leads to"),
        (Answer(302, [(b"location", b"https://a@evil.example")]), "leads to"),
    ):  # fmt: skip
        assert word in "; ".join(faults(asked, answer))
    assert faults(asked, Answer(302, [(b"location", b"/tg/?next=//evil.example")])) == []
