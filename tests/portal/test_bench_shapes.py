"""The load shapes of ``make bench``: people come when they mean to, waits are counted from then, faults are seen."""

import asyncio
import itertools
import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench import shapes
from bench.arrivals import Tally, moments, percentile
from bench.desk import visible
from bench.figures import DOCUMENT, write
from bench.people import assets, attempt, expect, launch, multipart
from bench.wire import Answer, Browser, Odd, Place, address_of, unchunked


def in_a_loop(scene):
    """In a thread of its own: in that of the tests a browser's loop may run."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, scene).result()


# Arrivals and waits ---------------------------------------------------------------------------------------------------


def test_as_many_come_as_are_meant_to_in_order_and_within_the_time():
    found = moments(1000, 60, seed=3)
    assert len(found) == 1000 and found == sorted(found) and found[0] >= 0 and found[-1] <= 60
    assert found == moments(1000, 60, seed=3) != moments(1000, 60, seed=4)


def test_they_come_by_chance_and_not_at_a_beat():
    found = moments(6000, 60, seed=1)
    gaps = [after - before for before, after in itertools.pairwise(found)]
    # Of a Poisson process 1 - 1/e of the gaps are shorter than the average.
    assert sum(gap < 0.01 for gap in gaps) / len(gaps) == pytest.approx(1 - 1 / math.e, abs=0.03)


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (0.991, 100), (1, 100), (0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share, value):
    assert percentile(range(100, 0, -1), share) == value


def test_nothing_measured_has_no_percentile():
    assert math.isnan(percentile([], 0.5))


def test_a_tally_comes_whole_out_of_another_process():
    tally = Tally(lags=[0.0, 0.06, 0.01, 0.2])
    tally.wait("page", 0.25)
    tally.fail("page", "503")
    tally.fail("page", "503")
    found = Tally.of_json(tally.as_json())
    assert found == tally and found.failed == 2 and found.ms("page", 0.5) == 250 and found.late() == 0.5


def test_nobody_waits_for_those_before_him():
    async def scene() -> int:
        here, all_here = [], asyncio.Event()

        async def come(number: int, _intended: float) -> None:
            here.append(number)
            if len(here) == 20:
                all_here.set()
            await all_here.wait()

        async with asyncio.timeout(20):
            await launch(moments(20, 0.05, seed=1), tally, come)
        return len(here)

    tally = Tally()
    assert in_a_loop(scene()) == len(tally.lags) == 20


# When something is seen -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("looks", "seconds"),
    [
        ([(9.9, False), (10.3, False), (10.5, True), (12.0, True)], 0.5),
        ([(10.1, True), (10.2, False), (10.4, True)], 0.4),  # one process had it, another did not
        ([(9.8, False), (9.9, True), (10.5, True)], 0.0),  # before the editor was told
    ],
)
def test_a_page_is_new_when_no_old_one_comes_any_more(looks, seconds):
    assert visible(looks, saved=10) == pytest.approx(seconds)


@pytest.mark.parametrize("looks", [[], [(10.1, True), (25.0, False)]])
def test_a_page_that_is_not_new_at_the_end_never_was(looks):
    assert math.isnan(visible(looks, saved=10))


# The browser ----------------------------------------------------------------------------------------------------------


def test_a_browser_fetches_what_belongs_to_a_page_once():
    page = """<link rel="canonical" href="/tg/"><link rel="stylesheet" href="/static/a.css"><script src="/static/a.js">
    <link rel="preload" href="/static/f.woff2" as="font"><img alt="" src="/media/p.jpeg" srcset="/media/q.jpeg 2x">
    <img src="/media/p.jpeg"><img src="https://elsewhere.example/x.png"><a href="/tg/news/">"""
    assert assets(page) == ["/static/a.css", "/static/a.js", "/static/f.woff2", "/media/p.jpeg"]


def test_everybody_has_a_network_of_his_own():
    some = [address_of(number) for number in range(0, 15_000_000, 997)]
    assert len(set(some)) == len(some)
    assert all(1 <= int(part) <= 250 for address in some for part in address.split(".")[3:])


@pytest.mark.parametrize("cut", range(1, 28))
def test_a_body_in_chunks_is_whole_only_with_its_last_one(cut):
    body = bytearray(b"5\r\nhello\r\n3;x=1\r\n, y\r\n0\r\n\r\n")
    assert unchunked(body, 0) == b"hello, y"
    assert unchunked(body[:-cut], 0) is None or cut < 3


async def _served(answers: list[bytes], ask: object) -> tuple[object, int]:
    """``ask(place)``, with a server that gives each request an answer, and hangs up after one that is not whole."""
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                answer = answers.pop(0)
                writer.write(answer)
                if not answer.endswith(b"hi"):
                    break
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, asyncio.timeout(20):
        return await ask(Place(server.sockets[0].getsockname()[1])), connections


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b; Path=/\r\n\r\nhi"


async def _twice(place: Place) -> tuple[list[bytes], Browser]:
    browser = Browser(place, "127.0.0.9", Tally())
    found = [(await browser.ask("page", "GET", "/")).body for _ in range(2)]
    browser.close()
    return found, browser


def test_a_connection_is_kept_for_the_next_request():
    (found, browser), connections = in_a_loop(_served([OK, OK], _twice))
    assert found == [b"hi", b"hi"] and connections == browser.opened == 1
    assert browser.cookies["a"] == "b" and len(browser.tally.waits["page"]) == 2


def test_who_is_hung_up_on_a_kept_connection_asks_again_on_a_new_one():
    (found, _browser), connections = in_a_loop(_served([OK, b"", OK], _twice))
    assert found == [b"hi", b"hi"] and connections == 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "citizen: hung up"),
        (OK[:-1], "citizen: cut short"),
        (OK.replace(b"200", b"503"), "citizen: page 503"),
    ],
)
def test_what_goes_wrong_is_counted(answer, why):
    tally = Tally()

    async def ask(place: Place) -> bool:
        browser = Browser(place, "127.0.0.9", tally)

        async def look() -> None:
            expect(await browser.ask("page", "GET", "/"), 200, "page")

        came_through = await attempt(tally, "citizen", look())
        browser.close()
        return came_through

    came_through, _ = in_a_loop(_served([answer], ask))
    assert not came_through and dict(tally.failures) == {why: 1}


def test_a_file_in_a_form_is_sent_as_it_is():
    sent = multipart({"send": "1"}, "file", "a.pdf", "application/pdf", b"%PDF\r\n\x00")
    assert (
        sent.count(b"--bench-boundary") == 3 and b'filename="a.pdf"' in sent and b"\r\n\r\n%PDF\r\n\x00\r\n--" in sent
    )


# What is judged -------------------------------------------------------------------------------------------------------


def broken(found: list[shapes.Verdict]) -> list[str]:
    return [one.what for one in found if one.kept is not True]


def day(
    whole: int = 3, told: int = 2, opened: int = 2, seen: tuple[float, ...] = (0.4, 0.9), failed: int = 0
) -> list[str]:
    readers, staff = Tally({"reader: page with everything on it": [0.1] * whole}), Tally()
    for _ in range(failed):
        staff.fail("staff", "403")
    published = [{"visible": one} for one in seen]
    found = {"told": ["2026-000001"] * told, "opened": opened}
    return broken(
        shapes.news_day(3, {"readers": readers}, 2, found, {"published": published, "tally": staff.as_json()})
    )


def test_a_good_day_keeps_everything():
    assert day() == []


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"whole": 2}, "readers who saw"), ({"told": 1, "opened": 1}, "appeals acknowledged"),
        ({"opened": 1}, "acknowledged appeals that open"), ({"seen": (0.4, 1.01)}, "until a reader sees"),
        ({"seen": (0.4, math.nan)}, "until a reader sees"), ({"seen": ()}, "until a reader sees"),
        ({"failed": 1}, "failures of the staff's"),
    ],
)  # fmt: skip
def test_what_went_wrong_in_a_day_is_named(wrong, what):
    assert [one.startswith(what) for one in day(**wrong)] == [True]


def storm(
    slow: float = 0.015, sent: int = 2, failed: int = 0, delivered: tuple[str, ...] = ("a@b.tj",), **seen: int
) -> list[str]:
    calm, during = Tally({"public page": [0.01] * 100}), Tally({"public page": [slow] * 100})
    found = {"told": ["1", "2"], "in_database": 2, "acknowledged_found": 2, "in_queue": 2, "opened": 2, "not_opened": 0}
    letters = {"addresses": ["a@b.tj", "c@d.tj"], "waiting_to": ["c@d.tj"]}
    return broken(shapes.storm(calm, during, sent, failed, found | letters | seen, set(delivered)))


def test_a_storm_in_which_nothing_is_lost_keeps_everything():
    assert storm() == []
    assert storm(sent=3, failed=1, in_database=3) == ["appeals acknowledged, of those that were sent"]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"slow": 0.0151}, "p99 of public pages"), ({"acknowledged_found": 1}, "acknowledged appeals that are in"),
        ({"in_queue": 1}, "acknowledged appeals that stand"), ({"in_database": 3}, "appeals in the database"),
        ({"not_opened": 1}, "appeals opened"), ({"delivered": ()}, "letters neither"),
    ],
)  # fmt: skip
def test_what_was_lost_in_a_storm_is_named(wrong, what):
    assert [one.startswith(what) for one in storm(**wrong)] == [True]


def test_a_generator_that_was_late_says_so():
    assert "**The generator was the limit.**" in shapes.late("readers", Tally(lags=[0.0] * 50 + [0.06]))
    assert "limit" not in shapes.late("readers", Tally(lags=[0.0] * 100 + [0.06]))


def test_the_table_tells_calm_from_storm():
    shape = shapes.Shape(
        "PostgreSQL", "15", {"calm": Tally({"public page": [0.01]}), "storm": Tally({"public page": [1]})}
    )
    lines = shapes.table([shape]).splitlines()
    assert lines[3:] == [
        "| public page (calm) | 1 | 10.0 | 10.0 | 10.0 | 10.0 |",
        "| public page (storm) | 1 | 1,000 | 1,000 | 1,000 | 1,000 |",
    ]


@pytest.mark.parametrize("name", ["news-day", "storm"])
def test_the_document_has_a_place_for_the_result(name):
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [text.count(mark) for mark in shapes.marks(name)] == [1, 1]


def test_a_result_takes_its_own_place_in_the_document(tmp_path):
    document, (begin, end) = tmp_path / "performance.md", shapes.marks("storm")
    document.write_text(f"{begin}\nold\n{end}\n<!-- figures -->\nkept\n", encoding="utf-8")
    write("new", document, shapes.marks("storm"))
    assert document.read_text() == f"{begin}\nnew\n{end}\n<!-- figures -->\nkept\n"


def test_an_answer_tells_where_it_leads():
    assert Answer(302, b"HTTP/1.1 302 Found\r\nLocation: /tg/appeals/receipt/\r\n\r\n", b"").location.endswith(
        "/receipt/"
    )
    with pytest.raises(Odd, match="page 302"):
        expect(Answer(302, b"", b""), 200, "page")
